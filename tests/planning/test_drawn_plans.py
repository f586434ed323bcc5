"""What is drawn on the map and on a photo: kept whole, sealed, shown to whom it should, refused in words."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from intake import actions as intake
from intake.models import Consent
from planning.actions.plan import approve_plan, draft_plan
from planning.hairline_shown import photo_of, photos_to_draw_on
from planning.zones import ZONES, Region, Scar, Surface, ZoneChoice, salt_of
from smpclinic import texts
from smpclinic.actors import staff
from tests.make import make_patient, make_practitioner
from tests.planning.plan_makers import drafted, install_treatment_text, whole_fields
from tests.planning.test_hairline import drawn
from tests.planning.test_plan_forms import editor, posted
from tests.sessions.room import jpeg

codes = st.sampled_from([zone.code for zone in ZONES])
choices = st.dictionaries(codes, st.sampled_from([25, 50, 75, 100]), max_size=12).map(
    lambda parts: [ZoneChoice(zone=code, part_percent=part) for code, part in parts.items()]
)


class TestSalt:
    def test_nothing_bare_is_0_and_everything_bare_is_100(self):
        whole = [ZoneChoice(zone=zone.code) for zone in ZONES]
        assert (salt_of([]).score, salt_of([]).band) == (0, "S0")
        assert (salt_of(whole).score, salt_of(whole).band) == (100, "S5")

    def test_each_side_weighs_what_salt_says(self):
        back = [ZoneChoice(zone=zone.code) for zone in ZONES if zone.region == Region.BACK]
        assert salt_of(back).score == Decimal("24.0")

    def test_kept_hair_is_not_lost_but_a_scar_in_it_is(self):
        kept = [ZoneChoice(zone="occipital", surface=Surface.AMONG_HAIR)]
        scar = Scar(zone="occipital", length_cm=Decimal(12), width_cm=Decimal(1))
        assert salt_of(kept).score == 0
        assert salt_of(kept, scars=[scar]).score == Decimal("2.4")

    @given(choices, codes)
    def test_one_bare_zone_more_never_lowers_it(self, chosen, code):
        more = [choice for choice in chosen if choice.zone != code] + [ZoneChoice(zone=code)]
        assert 0 <= salt_of(chosen).score <= salt_of(more).score <= 100

    @given(choices)
    def test_the_order_of_zones_does_not_matter(self, chosen):
        assert salt_of(chosen) == salt_of(list(reversed(chosen)))

    def test_a_zone_measured_larger_weighs_more_in_its_side(self):
        usual, large = ZoneChoice(zone="vertex"), ZoneChoice(zone="vertex", measured_cm2=Decimal(80))
        assert salt_of([usual]).lost_percent[Region.TOP] == 25
        assert salt_of([large]).lost_percent[Region.TOP] == Decimal("34.8")


pytestmark = pytest.mark.django_db


def with_photo(patient, *, view="front", colour="grey"):
    """The patient's photo, with consent to photos in the record."""
    practitioner = make_practitioner()
    by = staff(practitioner)
    texts.install(key="consent.photos_record", title="Photos", body="Photos may lie in my record.")
    intake.give_consent(
        patient=patient, kind="photos_record", granted=True, signed_name="Ada Test", witness=practitioner, by=by
    )
    upload = SimpleUploadedFile("a.jpg", jpeg(colour).read(), "image/jpeg")
    return intake.add_photo(patient=patient, view=view, upload=upload, by=by)


def with_line(patient, photo, **fields):
    """A plan of this patient with a hairline drawn on the photo."""
    return drafted(patient=patient, hairline_photo=photo, hairline_on_photo=drawn(), **fields)


class TestOnTheMap:
    def test_a_scar_is_kept_where_it_was_put(self):
        sent = posted(
            scars__0__zone="occipital",
            scars__0__length_cm="12",
            scars__0__width_cm="1",
            scars__0__spot='["back", 90, 110]',
        )
        made = editor(sent)
        assert made.is_valid()
        assert made.zone_rows()[-1]["spot"] == ["back", 90, 110]

    @pytest.mark.parametrize("spot", ["", "nonsense", "[" * 40, '["back", 1]', '["moon", 1, 2]', '["back", "1", 2]'])
    def test_what_is_no_place_is_the_zones_own_place(self, spot):
        made = editor(posted(marks__0__zone="nape", marks__0__note="Mole", marks__0__spot=spot))
        assert made.is_valid()
        assert made.zone_rows()[-1]["spot"] == []

    def test_an_empty_row_with_an_empty_place_is_not_looked_at(self):
        assert editor(posted(scars__0__spot="[]")).is_valid()

    def test_who_measured_stands_with_the_measure(self):
        colleague = make_practitioner(display_name="Dr Sato")
        measured = {"vertex__area_cm2": "44", "vertex__measured_by": "grid", "vertex__assessor": str(colleague.pk)}
        made = editor(posted(**measured))
        assert made.is_valid(), made.errors_beside_zones
        assert made.zone_rows()[0]["assessor"] == colleague

    def test_whoever_saves_a_measure_answers_for_it(self):
        plan = drafted(zones=[{"zone": "vertex", "area_cm2": 44, "measured_by": "grid"}])
        assert plan.newest_version().zones.get().assessor == plan.practitioner


class TestOnThePhoto:
    def test_only_photos_of_the_hairline_with_consent_are_offered(self):
        patient = make_patient()
        assert not photos_to_draw_on(patient)
        photo = with_photo(patient)
        with_photo(patient, view="back")
        assert list(photos_to_draw_on(patient)) == [photo]
        for consent in Consent.objects.filter(patient=patient):
            intake.withdraw_consent(consent=consent, note="", by=staff(make_practitioner()))
        assert not photos_to_draw_on(patient)

    def test_the_line_is_kept_with_its_photo(self):
        patient = make_patient()
        photo = with_photo(patient)
        sent = posted(hairline_photo=str(photo.public_id), hairline_on_photo=json.dumps(drawn()))
        made = editor(sent, photos=photos_to_draw_on(patient))
        assert made.is_valid(), made.form.errors
        fields = made.form.version_fields()
        assert (fields["hairline_photo"], fields["hairline_on_photo"]) == (photo, drawn())

    def test_a_photo_of_somebody_else_is_no_choice(self):
        patient, other = make_patient(), with_photo(make_patient())
        made = editor(posted(hairline_photo=str(other.public_id)), photos=photos_to_draw_on(patient))
        assert not made.is_valid()
        assert "hairline_photo" in made.form.errors

    @pytest.mark.parametrize("photo", ["nonsense", "0", "00000000-0000-0000-0000-000000000000"])
    def test_a_photo_that_is_no_photo_is_refused_beside_its_field(self, photo):
        patient = make_patient()
        with_photo(patient)
        made = editor(posted(hairline_photo=photo), photos=photos_to_draw_on(patient))
        assert not made.is_valid()
        assert list(made.form.errors) == ["hairline_photo"]

    @pytest.mark.parametrize("line", ["nonsense", "7", "[" * 2000, '{"points": 3}', '{"points": [[1, 2]]}'])
    def test_a_line_that_did_not_arrive_whole_is_refused_and_stays_typed(self, line):
        patient = make_patient()
        photo = with_photo(patient)
        sent = posted(hairline_photo=str(photo.public_id), hairline_on_photo=line)
        made = editor(sent, photos=photos_to_draw_on(patient))
        assert not made.is_valid()
        assert "draw it again" in str(made.form.errors["hairline_on_photo"])
        assert made.form["hairline_on_photo"].value() == line

    def test_the_seal_names_the_picture_and_the_line(self):
        patient = make_patient()
        photo = with_photo(patient)
        plan = with_line(patient, photo)
        version = approve_plan(plan=plan, by=staff(plan.practitioner))
        sealed = json.loads(version.sealed.content)
        assert (sealed["hairline_photo"], sealed["hairline_on_photo"]) == (photo.sha256, drawn())

    def test_without_consent_the_photo_is_shown_no_more(self):
        patient = make_patient()
        plan = with_line(patient, with_photo(patient))
        version = plan.newest_version()
        assert photo_of(version)["numbers"].height_mm == 82
        intake.withdraw_consent(consent=Consent.objects.get(), note="", by=staff(plan.practitioner))
        assert photo_of(version) is None


class TestShown:
    @pytest.fixture
    def plan(self, client):
        patient = make_patient()
        photo = with_photo(patient)
        plan = with_line(patient, photo)
        client.force_login(plan.practitioner)
        return plan

    def test_the_editor_gives_the_line_back(self, client, plan):
        page = client.get(reverse("planning:edit", args=[plan.public_id])).content.decode()
        assert str(plan.newest_version().hairline_photo.public_id) in page
        assert "by_hand" in page

    def test_the_plan_says_how_its_millimetres_are_known(self, client, plan):
        page = client.get(plan.get_absolute_url()).content.decode()
        assert "On the photo: 82 mm above the glabella" in page
        assert "Scale from the head&#x27;s circumference" in page or "Scale from the head's circumference" in page

    def test_the_patient_sees_before_and_after_on_a_screen_that_reaches_no_other_photo(self, client, plan):
        install_treatment_text()
        other = with_photo(plan.patient, colour="brown")
        approve_plan(plan=plan, by=staff(plan.practitioner))
        agree = reverse("planning:agree", args=[plan.public_id])
        page = client.post(agree, {"turn": "yes"}, follow=True).content.decode()
        own = reverse("intake:photo", args=[plan.newest_version().hairline_photo.public_id])
        assert page.count(own) == 2
        assert client.get(own).status_code == 200
        assert client.get(reverse("intake:photo", args=[other.public_id]))["Location"] == agree


def test_a_plan_of_four_sessions_with_every_other_fault_says_each_in_words():
    sent = posted(
        session_count="4",
        vertex__dots_per_cm2="301",
        mid_scalp__treat="on",
        mid_scalp__area_cm2="-3",
        mid_scalp__measured_by="ruler",
    )
    made = editor(sent)
    assert not made.is_valid()
    told = " ".join(words for _, words in made.errors_beside_zones)
    assert "300 dots per cm² is the most" in told
    assert "more than 0 cm²" in told
    assert "session_count" in made.form.errors
    assert made.form["session_count"].value() == "4"


def test_a_draft_without_a_hairline_has_no_numbers(client):
    practitioner = make_practitioner()
    plan = draft_plan(
        patient=make_patient(),
        practitioner=practitioner,
        fields=whole_fields(hairline_shape=""),
        zones=[{"zone": "vertex"}],
        by=staff(practitioner),
    )
    client.force_login(practitioner)
    assert "By the drawing" not in client.get(plan.get_absolute_url()).content.decode()
