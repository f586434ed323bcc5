"""Choosing a shade: the preview, healed photos by skin type, mixes from the stock, and the light-to-dark rule."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageStat

from intake.hair_colours import LEVEL_COLOURS, SKIN_COLOURS, hair_colour, typology_angle
from intake.models import ExistingHair, Photo
from planning.actions.plan import approve_plan, revise_plan
from planning.dots_done import lighter_than_done, note_dots
from planning.lot_life import usable_until
from planning.mixing import on_skin
from planning.models import HealedPhoto, ShadeStep
from planning.plan_zones import rows_of
from planning.shade_look import healed_photos_of, mixes_for, person_of, preview_of, shade_look
from planning.shade_preview import preview_jpeg
from planning.shade_settings import clinic_healed_look
from planning.shade_stock import shelf
from smpclinic import storage
from smpclinic.actors import staff
from smpclinic.colour import Srgb, lab_of, srgb_from_hex
from smpclinic.limited.client import JobFailed
from smpclinic.limited.preview_job import HEIGHT_MM, WIDTH_MM, spread
from smpclinic.models import AccessEntry
from tests.make import make_consent, make_lot, make_patient, make_practitioner, make_product
from tests.planning.plan_makers import agreed, approved, drafted, whole_fields
from tests.sessions.room import jpeg, text

TODAY = date(2026, 6, 15)
FIGURES = {"skin": "#d8ae88", "hair": "#33261f", "dot": "#625e5a", "dots_per_cm2": 60, "among_hair": False}


def seen(patient, **fields):
    return ExistingHair.objects.create(patient=patient, observed_on=timezone.localdate(), **fields)


def healed(step, *, skin_type="III", consent=True, for_others=None, days=40):
    patient = make_patient()
    for kind, granted in (("photos_record", consent), ("photos_marketing", for_others)):
        if granted is not None:
            make_consent(patient=patient, kind=kind, granted=granted)
    kept = storage.store(jpeg().read(), folder="photos", suffix="jpg")
    photo = Photo.objects.create(
        patient=patient, view="treated", taken_at=timezone.now(), file=kept.name, sha256=kept.sha256,
        width_px=400, height_px=300,
    )  # fmt: skip
    return HealedPhoto.objects.create(
        photo=photo, shade_step=step, zone="vertex", skin_type=skin_type, healed_days=days
    )


class TestPicture:
    def brightness(self, **figures):
        return ImageStat.Stat(Image.open(io.BytesIO(preview_jpeg(**FIGURES | figures))).convert("L")).mean[0]

    def test_the_same_figures_give_the_same_bytes_and_others_do_not(self):
        first = preview_jpeg(**FIGURES)
        preview_jpeg.cache_clear()
        assert preview_jpeg(**FIGURES) == first
        assert preview_jpeg(**FIGURES | {"dots_per_cm2": 61}) != first

    def test_more_dots_make_it_darker(self):
        shades = [self.brightness(dots_per_cm2=dots) for dots in (0, 30, 60, 120)]
        assert shades == sorted(shades, reverse=True)
        assert len(set(shades)) == 4

    def test_kept_hair_stands_among_the_dots(self):
        assert self.brightness(among_hair=True) < self.brightness()

    @pytest.mark.parametrize("wrong", [{"skin": "#12"}, {"dots_per_cm2": 301}, {"dots_per_cm2": -1}])
    def test_absurd_figures_are_refused(self, wrong):
        with pytest.raises(JobFailed, match="figures"):
            preview_jpeg(**FIGURES | wrong)

    def test_fewer_dots_are_the_first_of_more(self):
        assert spread(90, left=0, right=WIDTH_MM, seed=1)[:30] == spread(30, left=0, right=WIDTH_MM, seed=1)

    def test_dots_keep_their_distance(self):
        points = spread(200, left=0, right=WIDTH_MM, seed=2)
        nearest = [min(abs(complex(*a) - complex(*b)) for b in points if b is not a) for a in points]
        even_mm = (WIDTH_MM * HEIGHT_MM / 200) ** 0.5
        assert sum(nearest) / len(nearest) > 0.65 * even_mm  # by chance alone it would be half


class TestColours:
    @pytest.mark.parametrize(
        ("skin_type", "least", "most"),
        [("I", 55, 90), ("II", 50, 62), ("III", 41, 55), ("IV", 10, 41), ("V", -30, 10), ("VI", -90, -30)],
    )
    def test_each_type_of_skin_has_the_angle_that_is_usual_for_it(self, skin_type, least, most):
        assert least < typology_angle(srgb_from_hex(SKIN_COLOURS[skin_type])) <= most

    def test_each_level_is_lighter_than_the_one_before(self):
        shades = [lab_of(srgb_from_hex(colour)).lightness for _level, colour in sorted(LEVEL_COLOURS.items())]
        assert shades == sorted(set(shades))

    def test_each_level_has_the_colour_it_is_chosen_by(self):
        for level, colour in LEVEL_COLOURS.items():
            assert f'fill="{colour}"' in render_to_string(f"intake/patterns/level_{level}.svg")

    def test_grey_lightens_dark_hair(self):
        assert lab_of(hair_colour(level=2, grey_percent=50)).lightness > lab_of(hair_colour(level=2)).lightness + 20

    @pytest.mark.parametrize("skin", SKIN_COLOURS.values())
    def test_a_dot_is_never_lighter_than_the_skin_it_lies_in(self, skin):
        for grey in (20, 105, 220):
            dot = lab_of(on_skin(Srgb(grey, grey, grey), srgb_from_hex(skin)))
            assert dot.lightness <= lab_of(srgb_from_hex(skin)).lightness + 0.5


@pytest.mark.django_db
class TestPanel:
    def test_the_skin_and_hair_are_those_last_seen_each_by_itself(self):
        patient = make_patient()
        seen(patient, skin_type="IV", level=5)
        seen(patient, measured_colour="#403530")
        person = person_of(patient)
        assert (person.skin_type, person.hair, person.hair_words) == ("IV", Srgb(64, 53, 48), "hair as measured")

    def test_the_picture_is_at_the_densest_zone_and_says_what_it_is_not(self):
        version = drafted(
            zones=[{"zone": "vertex", "dots_per_cm2": 70}, {"zone": "nape", "dots_per_cm2": 85}]
        ).newest_version()
        shown = preview_of(person_of(version.plan.patient), version.shade_step, rows_of(version), clinic_healed_look())
        assert shown["figures"]["dots_per_cm2"] == 85
        assert "85 dots per cm²" in shown["caption"]
        assert shown["caption"].startswith("Drawn, not a photo")

    def test_healed_photos_are_those_of_the_step_on_this_skin(self):
        approved()
        step, other = ShadeStep.objects.filter(number__in=(3, 4))
        healed(step), healed(step), healed(step, skin_type="V"), healed(other)
        shown = healed_photos_of(step, "III")
        assert (len(shown["for_staff"]), shown["others"]) == (2, 1)
        assert shown["for_staff"][0]["words"] == "Vertex (crown), 40 days after"

    def test_another_patient_is_shown_only_photos_of_people_who_agreed_to_that(self):
        approved()
        step = ShadeStep.objects.get(number=3)
        agreed_to = healed(step, for_others=True)
        for choice in (None, False):
            healed(step, for_others=choice)
        healed(step, consent=False, for_others=True)  # whoever wants none in the record has none shown either
        shown = healed_photos_of(step, "III")
        assert [photo["url"] for photo in shown["photos"]] == [
            reverse("planning:healed_photo", args=[agreed_to.public_id])
        ]
        assert len(shown["for_staff"]) == 2

    def test_what_was_taken_back_is_for_staff_again(self):
        approved()
        step = ShadeStep.objects.get(number=3)
        kept = healed(step, for_others=True)
        kept.photo.patient.consents.filter(kind="photos_marketing").update(withdrawn_at=timezone.now())
        shown = healed_photos_of(step, "III")
        assert (len(shown["photos"]), len(shown["for_staff"])) == (0, 1)

    def test_the_page_keeps_them_folded_and_says_whom_they_are_for(self, client):
        plan = approved()
        seen(plan.patient, skin_type="III")
        healed(ShadeStep.objects.get(number=3))
        client.force_login(plan.practitioner)
        page = client.get(reverse("planning:edit", args=[plan.public_id])).content.decode()
        assert "1 for staff only: do not show it to a patient" in page
        assert "agreed to photos in their record, not to photos shown to others" in page

    def test_a_screen_turned_to_a_patient_never_reaches_anothers_photo(self, client):
        plan = agreed()
        kept = healed(ShadeStep.objects.get(number=3), for_others=True)
        client.force_login(plan.practitioner)
        url, page = (
            reverse("planning:healed_photo", args=[kept.public_id]),
            reverse("planning:agree", args=[plan.public_id]),
        )
        client.post(page, {"turn": "yes"})
        assert client.get(url)["Location"] == page
        assert "healed-photos" not in client.get(page).content.decode()

    @pytest.mark.parametrize("consent", [False, None])
    def test_a_photo_without_consent_is_not_shown_and_that_is_said(self, consent):
        approved()
        step = ShadeStep.objects.get(number=3)
        healed(step, consent=consent)
        shown = healed_photos_of(step, "III")
        assert (shown["photos"], shown["for_staff"], shown["others"]) == ([], [], 0)
        assert shown["words"] == "No healed photo of step 3 Medium light on skin type III yet."

    def test_consent_withdrawn_takes_the_photo_away(self, client):
        approved()
        kept = healed(ShadeStep.objects.get(number=3))
        client.force_login(make_practitioner())
        url = reverse("planning:healed_photo", args=[kept.public_id])
        assert client.get(url)["Content-Type"] == "image/jpeg"
        assert AccessEntry.objects.filter(what="healed photo", patient_id=kept.photo.patient.public_id).count() == 1
        kept.photo.patient.consents.update(withdrawn_at=timezone.now())
        assert client.get(url).status_code == 404

    def test_session_1_is_offered_one_step_lighter(self):
        plan = approved()
        panel = shade_look(plan.patient, ShadeStep.objects.get(number=3), [], on=TODAY)
        assert panel["first"].number == 2
        assert shade_look(plan.patient, ShadeStep.objects.get(number=1), [], on=TODAY)["first"] is None

    def test_the_editor_answers_with_the_panel_alone(self, client):
        plan = drafted()
        seen(plan.patient, skin_type="III", level=3)
        client.force_login(plan.practitioner)
        url = reverse("planning:edit", args=[plan.public_id])
        whole = text(client.get(url))
        assert "Drawn, not a photo" in whole
        step = ShadeStep.objects.get(number=5)
        headers = {"HX-Request": "true", "HX-Target": "shade-look"}
        panel = client.post(url, {"shade_step": step.pk, "vertex-treat": "on"}, headers=headers)
        assert "step 5 Medium dark at" in text(panel)
        assert "<html" not in panel.content.decode()

    @pytest.mark.parametrize("query", ["", "?skin=%23ffffff&dots_per_cm2=120"])
    def test_the_picture_is_served_to_who_treats(self, client, query):
        client.force_login(make_practitioner())
        answer = client.get(reverse("planning:shade_preview") + query)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")

    @pytest.mark.parametrize("query", ["?skin=red", "?dots_per_cm2=9999", "?dot=%23fff"])
    def test_an_absurd_address_is_no_picture(self, client, query):
        client.force_login(make_practitioner())
        assert client.get(reverse("planning:shade_preview") + query).status_code == 404


@pytest.mark.django_db
class TestMixes:
    def words(self, **hair):
        patient = make_patient()
        if hair:
            seen(patient, **hair)
        return mixes_for(person_of(patient), clinic_healed_look(), on=TODAY)

    def test_only_lots_that_may_be_used_are_offered(self):
        good = make_lot(product=make_product(colour="#2b2a2a"), expires_on=TODAY)
        make_lot(product=make_product(colour="#2b2a2a"), expires_on=TODAY - timedelta(days=1))
        make_lot(product=make_product(colour="#2b2a2a"), recalled_at=timezone.now(), recall_reason="bacteria")
        old = make_product(colour="#2b2a2a", months_after_opening=6)
        make_lot(product=old, opened_on=date(2025, 12, 14))
        make_lot(product=make_product(colour="#2b2a2a", kind="needle"))
        assert [pigment.key for pigment in shelf(on=TODAY).pigments] == [str(good.public_id)]

    def test_a_pigment_without_a_colour_is_left_out_by_name(self):
        make_lot(product=make_product(brand="Ink", name="Nameless"))
        assert self.words(level=3)["words"] == [
            "Ink Nameless has no colour entered and is left out.",
            "No pigment in stock can be used today.",
        ]

    def test_unknown_hair_has_no_target(self):
        assert "Choose the hair's level" in self.words()["words"][0]

    def test_a_mix_is_told_in_drops_with_both_colours(self):
        make_lot(product=make_product(brand="Ink", name="Black", colour="#1b1a1a"), number="7")
        mix = self.words(measured_colour="#6a6a70")["mixes"][0]
        assert "1 drop Ink Black, lot 7" in mix["recipe"]
        assert mix["cup"] != mix["healed"]


def test_a_lot_is_good_to_the_earlier_of_both_ends():
    ends = {"expires_on": date(2026, 3, 1), "opened_on": date(2026, 1, 31), "months_after_opening": 1}
    assert usable_until(**ends) == date(2026, 2, 28)
    assert usable_until(**ends | {"months_after_opening": None}) == date(2026, 3, 1)


LIGHTER = ["Vertex (crown): step 2 is lighter than step 3, already placed there. Say why at this place."]


def placed(plan, *, step, on=TODAY):
    """A signed session of the plan that placed this step on the vertex."""
    note_dots(
        {"vertex": Decimal(36)},
        planned_session=plan.planned_sessions.first(),
        session_id=uuid4(),
        performed_on=on,
        steps={"vertex": ShadeStep.objects.get(number=step)},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "reason", "said"),
    [(3, "", []), (4, "", []), (2, "", LIGHTER), (2, " ", LIGHTER), (2, "Healed dark", [])],
)
def test_a_plan_lighter_than_what_was_done_there_wants_the_reason(number, reason, said):
    plan = approved()
    placed(plan, step=3)
    rows = rows_of(plan.current_version)
    for row in rows:
        row.note, row.lighter_reason = "What any zone may have.", reason
    step = ShadeStep.objects.get(number=number)
    assert lighter_than_done(plan.patient, rows, step=step, on=TODAY + timedelta(days=5)) == said


@pytest.mark.django_db
def test_a_lighter_plan_is_approved_once_the_zone_says_why():
    plan = approved()
    placed(plan, step=3, on=timezone.localdate())
    by, fields = staff(plan.practitioner), whole_fields(shade_step=ShadeStep.objects.get(number=2))
    revise_plan(plan=plan, fields=fields, zones=[{"zone": "vertex"}], by=by)
    with pytest.raises(ValidationError) as refusal:
        approve_plan(plan=plan, by=by)
    assert refusal.value.messages == LIGHTER

    revise_plan(plan=plan, fields=fields, zones=[{"zone": "vertex", "lighter_reason": "Healed dark."}], by=by)
    version = approve_plan(plan=plan, by=by)
    assert json.loads(version.sealed.content)["zones"][0]["lighter_reason"] == "Healed dark."


@pytest.mark.django_db
def test_what_a_scar_is_from_is_no_reason_to_treat_it_lighter():
    dark, light = ShadeStep.objects.filter(number__in=(2, 4)).order_by("-number") if approved() else ()
    scar = {"zone": "occipital", "treatment": "scar", "length_cm": 12, "width_cm": 1, "note": "Strip of 2019"}
    plan = drafted(zones=[scar | {"shade_step": light}])
    row = rows_of(plan.newest_version())[0]
    note_dots(
        {"scar_occipital": Decimal(36)}, planned_session=approved(patient=plan.patient).planned_sessions.first(),
        session_id=uuid4(), performed_on=TODAY, steps={"scar_occipital": dark},
    )  # fmt: skip
    on = TODAY + timedelta(days=5)
    [said] = lighter_than_done(plan.patient, [row], step=dark, on=on)
    assert "step 2 is lighter than step 4" in said
    row.lighter_reason = "The graft around it lightened."
    assert lighter_than_done(plan.patient, [row], step=dark, on=on) == []
