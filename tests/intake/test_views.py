"""The intake's pages, as staff use them: what they show, keep, refuse and change."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from intake import actions, defaults
from intake.models import Consent, IntakeAnswers, IssuedDocument, Patient, PatternGrade
from smpclinic import storage
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests.make import make_lot, make_manager, make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db
SIGNATURE = '{"width": 400, "height": 150, "strokes": [[[10, 10], [200, 100], [380, 20]]]}'


@pytest.fixture(autouse=True)
def _defaults():
    defaults.install()


@pytest.fixture
def reception():
    return make_user(display_name="Rosa Reception")


@pytest.fixture
def practitioner():
    return make_practitioner(display_name="Pia Practitioner")


@pytest.fixture
def desk(client, reception):
    client.force_login(reception)
    return client


@pytest.fixture
def chair(client, practitioner):
    client.force_login(practitioner)
    return client


@pytest.fixture
def patient():
    return make_patient(full_name="Anna Kowalska", phone="07700 900123")


@pytest.fixture
def intake(patient, reception):
    return actions.start_intake(patient=patient, by=staff(reception))


def page_of(name, *args):
    return reverse(f"intake:{name}", args=args)


def step_of(intake, slug):
    return page_of("step", intake.public_id, slug)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def registration(**fields):
    return {"full_name": "Ben Ohlsen", "phone": "030 7654321", "sex": "not_said", "language": "en"} | fields


class TestRegister:
    def test_name_and_phone_are_enough(self, desk):
        answer = desk.post(page_of("register"), registration())
        assert answer.status_code == 302
        assert answer.url == Patient.objects.get().get_absolute_url()

    def test_sent_twice_one_patient_is_registered(self, desk):
        first, second = (desk.post(page_of("register"), registration()) for _ in range(2))
        assert (first.status_code, second.status_code) == (302, 200)
        assert "same phone" in text_of(second)
        assert Patient.objects.count() == 1

    @pytest.mark.parametrize("name", ["مريم بنت يوسف", "שרה כהן", "山田 花子", "Zoë 🙂 O'Néill", "\u202eNora\u202c"])
    def test_a_name_in_any_script_is_kept_as_typed_and_found(self, desk, name):
        patient = Patient.objects.get(public_id=desk.post(page_of("register"), registration(full_name=name)).url[10:46])
        assert patient.full_name == name
        found = desk.get(page_of("patients"), {"q": name.split()[0]})
        assert patient.record_number in text_of(found)

    def test_a_likely_duplicate_is_shown_side_by_side_and_nothing_is_saved(self, desk, reception):
        by = staff(reception)
        known = actions.register_patient(full_name="Anna Kowalska", phone="07700 900123", by=by)
        typed = registration(full_name="Ana Kowalska", phone="07700 900123")
        answer = desk.post(page_of("register"), typed)
        assert Patient.objects.count() == 1
        words = text_of(answer)
        assert "Ana Kowalska" in words
        assert known.record_number in words
        assert "same phone" in words
        desk.post(page_of("register"), typed | {"sure": "yes"})
        assert Patient.objects.count() == 2

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("full_name", ""),
            ("full_name", "A\0nna"),
            ("full_name", "x" * 10_000),
            ("phone", ""),
            ("born_on", "3 May 2999"),
            ("born_on", "1800"),
            ("born_on", "31 February 1990"),
            ("born_on", "9" * 10_000),
            ("email", "nobody"),
            ("sex", "dragon"),
        ],
    )
    def test_a_refusal_stands_beside_its_field_and_keeps_the_rest(self, desk, field, typed):
        answer = desk.post(page_of("register"), registration(notes="Came with her sister.") | {field: typed})
        assert answer.status_code == 200
        assert field in answer.context["form"].errors
        assert "Came with her sister." in text_of(answer)
        assert not Patient.objects.exists()

    def test_a_far_birth_date_is_refused_in_its_own_words(self, desk):
        year = timezone.localdate().year + 2
        answer = desk.post(page_of("register"), registration(born_on=f"3 May {year}"))
        assert f"The birth date 3 May {year} is in the future." in text_of(answer)


class TestFinding:
    def test_the_list_and_the_type_ahead_share_one_address(self, desk, reception):
        actions.register_patient(full_name="Zoë Ångström", phone="1234", by=staff(reception))
        url = page_of("patients")
        whole = desk.get(url, {"q": "angs"})
        partial = desk.get(url, {"q": "angs"}, headers={"HX-Request": "true"})
        assert "Zoë Ångström" in text_of(whole)
        assert "<html" not in text_of(partial)
        assert 'role="option"' in text_of(partial)
        assert "HX-Request" in partial["Vary"]

    def test_nobody_found_is_said(self, desk):
        assert "Nobody found for" in text_of(desk.get(page_of("patients"), {"q": "xyz"}))

    @pytest.mark.parametrize("query", ["\0", "x" * 10_000, "%", "' OR 1=1"])
    def test_nonsense_finds_nobody_and_breaks_nothing(self, desk, patient, query):
        answer = desk.get(page_of("patients"), {"q": query}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "Kowalska" not in text_of(answer)

    @pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 50])
    def test_a_page_that_is_not_there_shows_one_that_is(self, desk, patient, page):
        assert "Anna Kowalska" in text_of(desk.get(page_of("patients"), {"page": page}))

    def test_one_patient_and_three_cost_the_same_queries(self, desk):
        make_patient()
        for_one = _queries(desk, page_of("patients"))
        for _ in range(2):
            make_patient()
        assert _queries(desk, page_of("patients")) == for_one

    def test_a_list_is_no_look_into_a_record(self, desk, patient):
        desk.get(page_of("patients"))
        assert not AccessEntry.objects.exists()


def _queries(client, url) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


class TestEditing:
    def test_saves_and_returns_to_the_patient(self, desk, patient):
        details = registration(full_name="Anna Kowalska-Smith", phone="600 1001", born_on="3 May 1984")
        answer = desk.post(page_of("edit", patient.public_id), details)
        assert answer.url == patient.get_absolute_url()
        patient.refresh_from_db()
        assert (patient.full_name, patient.born_on.isoformat()) == ("Anna Kowalska-Smith", "1984-05-03")

    def test_a_second_writer_is_told_and_replaces_only_knowingly(self, desk, patient):
        url = page_of("edit", patient.public_id)
        seen = desk.get(url).context["form"]["seen"].value()
        details = registration(full_name=patient.full_name, phone=patient.phone, born_on="17 May 1990", seen=seen)
        assert desk.post(url, details | {"phone": "07700 900999"}).status_code == 302

        answer = desk.post(url, details | {"large_print": "on"})

        assert answer.status_code == 409
        assert "Stored is phone: 07700 900999." in text_of(answer)
        patient.refresh_from_db()
        assert (patient.phone, patient.large_print) == ("07700 900999", False)
        again = details | {"large_print": "on", "seen": answer.context["form"]["seen"].value()}
        assert desk.post(url, again).status_code == 302

    def test_shows_the_birth_date_as_it_is_read_aloud(self, desk, patient):
        assert 'value="17 May 1990"' in text_of(desk.get(page_of("edit", patient.public_id)))


class TestQuestionnaire:
    def test_starting_leads_to_the_first_page_and_twice_to_the_same_intake(self, desk, patient):
        url = page_of("intake", patient.public_id)
        answers = [desk.post(url) for _ in range(2)]
        assert answers[0].url == answers[1].url
        assert answers[0].url.endswith("/reasons/")
        assert patient.intakes.count() == 1

    def test_looking_starts_nothing(self, desk, patient):
        assert "Start the intake" in text_of(desk.get(page_of("intake", patient.public_id)))
        assert not patient.intakes.exists()

    def test_every_page_opens_and_says_where_one_is(self, desk, intake):
        from intake.questionnaire import Questionnaire

        slugs = list(Questionnaire(intake).titles)
        assert len(slugs) == 14
        for place, slug in enumerate(slugs, start=1):
            assert f"page {place} of 14" in text_of(desk.get(step_of(intake, slug)))

    def test_a_page_is_saved_and_leads_to_the_next(self, desk, intake):
        answer = desk.post(step_of(intake, "reasons"), {"reasons": ["thinning", "scar"], "seen": "0"})
        assert answer.url == step_of(intake, "causes")
        assert intake.latest().reasons == ["thinning", "scar"]

    def test_several_causes_with_their_details(self, desk, intake):
        answer = desk.post(
            step_of(intake, "causes"),
            {
                "hereditary-is": "on",
                "hereditary-detail": "father",
                "medication-chemotherapy-is": "on",
                "medication-chemotherapy-name": "TC",
                "medication-chemotherapy-since": "March 2025",
                "medication-chemotherapy-until": "June 2025",
                "trauma-is": "on",
                "trauma-name": "A death in the family",
                "trauma-since": "2024",
            },
        )
        assert answer.status_code == 302
        causes = intake.latest().causes.order_by("id")
        assert [(row.cause, row.group, row.name) for row in causes] == [
            ("hereditary", "", ""),
            ("medication", "chemotherapy", "TC"),
            ("trauma", "", "A death in the family"),
        ]
        assert causes[1].until.isoformat() == "2025-06-30"

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({}, None, "Choose at least one cause"),
            ({"hereditary-is": "on", "not_known-is": "on"}, None, "cannot stand beside another"),
            ({"other-is": "on"}, "other-name", "give it a name"),
            ({"trauma-is": "on", "trauma-since": "2099"}, "trauma-since", "99 "),
            ({"trauma-is": "on", "trauma-since": "soon"}, "trauma-since", "is not a date"),
            ({"trauma-is": "on", "trauma-since": "1950"}, "trauma-since", "before the patient was born"),
            (
                {
                    "medication-radiation-is": "on",
                    "medication-radiation-since": "2025",
                    "medication-radiation-until": "2024",
                },
                "medication-radiation-until",
                "before it began",
            ),
        ],
    )
    def test_a_cause_that_cannot_be_is_refused_beside_its_field(self, desk, intake, typed, field, words):
        beside = {"areata-is": "on", "areata-detail": "Two patches."} if field else {}
        answer = desk.post(step_of(intake, "causes"), typed | beside)
        form = answer.context["form"]
        assert words in str(form.errors[field] if field else form.non_field_errors())
        assert not IntakeAnswers.objects.exists()
        if field:
            assert "Two patches." in text_of(answer)

    def test_health_questions_keep_details_of_a_yes_alone(self, desk, intake):
        desk.post(
            step_of(intake, "health-medicines"),
            {
                "isotretinoin-answer": "yes",
                "isotretinoin-on_date": "3 May 2026",
                "blood_thinning-answer": "no",
                "blood_thinning-detail": "left from before",
                "topical_retinoid-answer": "not_sure",
            },
        )
        given = {row.question: row for row in intake.latest().health.all()}
        assert {code: row.answer for code, row in given.items()} == {
            "isotretinoin": "yes",
            "blood_thinning": "no",
            "topical_retinoid": "not_sure",
        }
        assert given["isotretinoin"].on_date.isoformat() == "2026-05-03"
        assert given["blood_thinning"].detail == ""

    def test_a_fact_told_before_stands_filled_in(self, desk, intake, reception):
        cause = {"cause": "medication", "group": "chemotherapy", "name": "TC"}
        actions.save_answers(intake=intake, answers={"causes": [cause]}, by=staff(reception))
        answer = desk.get(step_of(intake, "health-medicines"))
        assert answer.context["form"]["chemotherapy_or_radiation-answer"].value() == "yes"
        assert "Told before: TC. This counts as a yes." in text_of(answer)

    def test_medicines_are_a_list_without_its_empty_lines(self, desk, intake):
        rows = {
            "medicines-TOTAL_FORMS": "3",
            "medicines-INITIAL_FORMS": "0",
            "medicines-0-name": "Xarelto",
            "medicines-0-is_ongoing": "on",
            "medicines-2-name": "Ramipril",
        }
        assert desk.post(step_of(intake, "medicines"), rows).status_code == 302
        assert [row.name for row in intake.latest().medications.order_by("id")] == ["Xarelto", "Ramipril"]

    @pytest.mark.parametrize("total", ["", "x", "999999", "-1"])
    def test_a_broken_list_of_medicines_is_refused_not_a_fault(self, desk, intake, total):
        rows = {"medicines-TOTAL_FORMS": total, "medicines-INITIAL_FORMS": "0", "medicines-0-name": "Xarelto"}
        assert desk.post(step_of(intake, "medicines"), rows).status_code in (200, 302)

    def test_a_second_person_on_the_page_is_told_and_loses_nothing(self, desk, intake, practitioner):
        actions.save_answers(intake=intake, answers={"wishes": "Sharp."}, by=staff(practitioner))
        answer = desk.post(step_of(intake, "wishes"), {"wishes": "Soft, please.", "seen": "0"})
        assert answer.status_code == 409
        words = text_of(answer)
        assert "Pia Practitioner saved this page" in words
        assert "Sharp." in words
        assert "Soft, please." in words
        assert intake.latest().wishes == "Sharp."
        again = {"wishes": "Soft, please.", "seen": str(answer.context["seen"])}
        assert desk.post(step_of(intake, "wishes"), again).status_code == 302
        assert intake.latest().wishes == "Soft, please."

    def test_sent_twice_a_page_makes_one_version(self, desk, intake):
        for _ in range(2):
            desk.post(step_of(intake, "reasons"), {"reasons": ["scar"], "seen": "0"})
        assert intake.versions.count() == 1

    @pytest.mark.parametrize("seen", ["", "x", "-5", "9" * 40])
    def test_a_version_that_cannot_be_read_overwrites_nothing(self, desk, intake, practitioner, seen):
        actions.save_answers(intake=intake, answers={"wishes": "Sharp."}, by=staff(practitioner))
        assert desk.post(step_of(intake, "wishes"), {"wishes": "Soft.", "seen": seen}).status_code == 409

    @pytest.mark.parametrize("text", ["a\0b", "x" * 10_000])
    def test_text_that_cannot_be_kept_is_refused(self, desk, intake, text):
        answer = desk.post(step_of(intake, "wishes"), {"wishes": text})
        assert "wishes" in answer.context["form"].errors

    def test_save_and_leave_goes_back_to_the_patient_and_can_be_taken_up_again(self, desk, intake, patient):
        answer = desk.post(step_of(intake, "reasons"), {"reasons": ["scar"], "leave": "yes"})
        assert answer.url == patient.get_absolute_url()
        assert desk.post(page_of("intake", patient.public_id)).url == step_of(intake, "causes")

    def test_an_unknown_page_is_not_found(self, desk, intake):
        assert desk.get(step_of(intake, "feelings")).status_code == 404

    def test_choices_are_separate_consents_under_one_signature(self, desk, intake, patient):
        form = desk.get(step_of(intake, "choices")).context["form"]
        versions = {f"{kind}-version": text.pk for kind, text in form.texts.items()}
        choices = {"privacy": "yes", "photos_record": "yes", "photos_marketing": "no"}
        signed = {"signed_name": "Anna Kowalska", "strokes": SIGNATURE}
        answer = desk.post(step_of(intake, "choices"), versions | choices | signed)
        assert answer.url == step_of(intake, "photos")
        kept = {row.kind: row.granted for row in patient.consents.all()}
        assert kept == {"privacy": True, "photos_record": True, "photos_marketing": False}
        assert "Messages" in text_of(desk.get(step_of(intake, "choices")))

    def test_a_yes_without_a_name_is_refused_beside_the_name(self, desk, intake):
        form = desk.get(step_of(intake, "choices")).context["form"]
        typed = {"privacy": "yes", "privacy-version": form.texts["privacy"].pk}
        answer = desk.post(step_of(intake, "choices"), typed)
        assert "signed_name" in answer.context["form"].errors
        assert not Consent.objects.exists()

    def test_a_text_changed_while_it_was_read_is_not_signed(self, desk, intake):
        typed = {"privacy": "yes", "privacy-version": "999999", "signed_name": "Anna"}
        answer = desk.post(step_of(intake, "choices"), typed)
        assert "privacy" in answer.context["form"].errors
        assert not Consent.objects.exists()

    def test_handing_in_leads_to_the_review_with_the_findings_in_words(self, desk, intake, reception):
        answers = {
            "reasons": ["thinning"],
            "causes": [{"cause": "hereditary"}],
            "health": {"keloid": {"answer": "yes", "detail": "chest"}},
        }
        actions.save_answers(intake=intake, answers=answers, by=staff(reception))
        answer = desk.post(step_of(intake, "check"), follow=True)
        words = text_of(answer)
        assert "Keloid or raised scars: no treatment. Told: chest." in words
        assert "Accept the intake" in words
        assert desk.get(step_of(intake, "check")).url == page_of("review", intake.public_id)

    def test_an_intake_without_a_cause_is_not_handed_in(self, desk, intake, reception):
        actions.save_answers(intake=intake, answers={"reasons": ["thinning"]}, by=staff(reception))
        answer = desk.post(step_of(intake, "check"))
        assert "Choose at least one cause" in text_of(answer)
        intake.refresh_from_db()
        assert intake.state == "draft"


class TestReview:
    @pytest.fixture
    def handed_in(self, intake, reception):
        answers = {"reasons": ["thinning"], "causes": [{"cause": "hereditary"}]}
        actions.save_answers(intake=intake, answers=answers, by=staff(reception))
        return actions.submit_intake(intake=intake, by=staff(reception))

    def test_accepting(self, desk, handed_in, patient):
        answer = desk.post(page_of("review", handed_in.public_id), {"accept": "yes"})
        assert answer.url == patient.get_absolute_url()
        handed_in.refresh_from_db()
        assert handed_in.state == "accepted"

    def test_the_desk_reads_the_answers_until_the_review_is_done(self, client, handed_in, reception, practitioner):
        seen = []
        for reader, state in ((reception, "submitted"), (reception, "accepted"), (practitioner, "accepted")):
            if state == "accepted":
                actions.accept_intake(intake=handed_in, by=staff(reception))
            client.force_login(reader)
            seen.append("Thinning hair" in text_of(client.get(page_of("review", handed_in.public_id))))
        assert seen == [True, False, True]

    def test_sending_back_needs_a_note(self, desk, handed_in):
        url = page_of("review", handed_in.public_id)
        answer = desk.post(url, {"send_back": "yes", "note": " "})
        assert "Say what should be looked at again." in text_of(answer)
        desk.post(url, {"send_back": "yes", "note": "The dates of the chemotherapy."})
        handed_in.refresh_from_db()
        assert (handed_in.state, handed_in.review_note) == ("sent_back", "The dates of the chemotherapy.")

    def test_pressed_late_it_explains_and_changes_nothing(self, desk, handed_in, reception):
        actions.send_back_intake(intake=handed_in, note="Look.", by=staff(reception))
        answer = desk.post(page_of("review", handed_in.public_id), {"accept": "yes"})
        assert "Only an intake that was handed in can be accepted." in text_of(answer)


class TestAssess:
    def test_three_scales_first_and_the_rest_below(self, chair, patient):
        answer = chair.get(page_of("assess", patient.public_id))
        assert [tab["label"] for tab in answer.context["first_scales"]] == ["Norwood-Hamilton", "Ludwig", "Sinclair"]
        assert len(answer.context["more_scales"]) == 5
        assert "Deep corners at the temples, bare or nearly so." in text_of(answer)

    @pytest.mark.parametrize("scale", ["ludwig", "sinclair", "olsen", "basp", "salt", "areata", "scar"])
    def test_every_scale_opens(self, chair, patient, scale):
        assert chair.get(page_of("assess", patient.public_id), {"scale": scale}).status_code == 200

    def test_a_grade_is_kept_and_shown(self, chair, patient):
        today = timezone.localdate().isoformat()
        url = f"{page_of('assess', patient.public_id)}?scale=norwood"
        typed = {"grade": "III vertex", "assessed_on": today, "note": "", "grade_it": "yes"}
        assert "Norwood-Hamilton III vertex" in text_of(chair.post(url, typed, follow=True))

    @pytest.mark.parametrize(
        ("scale", "typed", "grade"),
        [
            ("basp", {"basic": "M2", "front": "", "crown": "V1"}, "M2V1"),
            ("salt", {"top": "50", "back": "25", "right": "0", "left": "10"}, "S2"),
            ("norwood", {"grade": "not_graded"}, ""),
        ],
    )
    def test_put_together_reckoned_and_not_graded(self, chair, patient, scale, typed, grade):
        url = f"{page_of('assess', patient.public_id)}?scale={scale}"
        typed = typed | {"assessed_on": timezone.localdate().isoformat(), "grade_it": "yes"}
        assert chair.post(url, typed).status_code == 302
        assert PatternGrade.objects.get().grade == grade

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"grade": "IX"}, "grade"),
            ({"assessed_on": "2999-01-01"}, "assessed_on"),
            ({"assessed_on": "yesterday"}, "assessed_on"),
            ({"note": "x" * 401}, "note"),
        ],
    )
    def test_a_grade_that_cannot_be_is_refused_beside_its_field(self, chair, patient, typed, field):
        whole = {"grade": "II", "assessed_on": timezone.localdate().isoformat(), "note": "", "grade_it": "yes"}
        answer = chair.post(page_of("assess", patient.public_id), whole | typed)
        assert field in answer.context["grade"].errors
        assert not PatternGrade.objects.exists()

    def test_hair_is_kept_and_refused_beside_its_field(self, chair, patient):
        url = page_of("assess", patient.public_id)
        wrong = {"level": "4", "is_shaved": "on", "length_mm": "20", "record_hair": "yes"}
        assert "length_mm" in chair.post(url, wrong).context["hair"].errors
        right = {"level": "4", "calibre": "fine", "length_mm": "20", "measured_colour": "#2b2a29", "record_hair": "yes"}
        words = text_of(chair.post(url, right, follow=True))
        assert "Medium brown (level 4), Fine hair, 20 mm long" in words

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("measured_colour", "brown"),
            ("length_mm", "-1"),
            ("length_mm", "99999"),
            ("grey_percent", "101"),
            ("head_circumference_cm", "20"),
            ("head_circumference_cm", "NaN"),
            ("level", "11"),
        ],
    )
    def test_impossible_hair_is_refused(self, chair, patient, field, typed):
        answer = chair.post(page_of("assess", patient.public_id), {field: typed, "record_hair": "yes"})
        assert field in answer.context["hair"].errors

    def test_reception_does_not_grade(self, desk, patient):
        assert desk.get(page_of("assess", patient.public_id)).status_code == 403


class TestScreening:
    @pytest.fixture
    def answered(self, intake, reception, patient):
        health = {
            "keloid": {"answer": "yes", "detail": "chest"},
            "scalp_damage": {"answer": "yes"},
            "heart_valve_disease": {"answer": "yes"},
            "scalp_infection": {"answer": "yes"},
        }
        actions.save_answers(intake=intake, answers={"health": health}, by=staff(reception))
        return page_of("screening", patient.public_id)

    def test_reception_reads_the_findings_and_has_no_override(self, desk, answered):
        words = text_of(desk.get(answered))
        assert "Keloid or raised scars: no treatment. Told: chest." in words
        assert 'name="override"' not in words
        assert 'name="clear"' not in words

    def test_reception_cannot_override_by_hand_either(self, desk, answered, patient):
        desk.post(answered, {"override": "yes", "rule": "keloid", "reason": "I want to."})
        assert not patient.screening_overrides.exists()

    def test_a_practitioner_overrides_by_name_and_reason(self, chair, answered):
        answer = chair.post(answered, {"override": "yes", "rule": "keloid", "reason": "Old scar."}, follow=True)
        assert "Overridden by Pia Practitioner on " in text_of(answer)

    def test_a_missing_reason_stands_beside_its_field(self, chair, answered, patient):
        answer = chair.post(answered, {"override": "yes", "rule": "keloid", "reason": ""})
        assert "Write the reason; it stays in the record." in text_of(answer)
        assert not patient.screening_overrides.exists()

    def test_an_infection_offers_no_override_and_takes_none(self, chair, answered, patient):
        rows = chair.get(answered).context["rows"]
        offered = {row.judged.finding.code for row in rows if row.override}
        assert offered == {"keloid", "scalp_damage", "heart_valve_disease"}
        chair.post(answered, {"override": "yes", "rule": "scalp_infection", "reason": "They insist."})
        assert not patient.screening_overrides.exists()

    def test_clearing(self, chair, answered):
        answer = chair.post(answered, {"clear": "yes", "rule": "scalp_damage", "note": "Healed."}, follow=True)
        assert "Cleared by Pia Practitioner on " in text_of(answer)

    def test_the_life_of_a_letter(self, chair, answered, patient):
        chair.post(answered, {"request": "yes", "rule": "heart_valve_disease"})
        letter = patient.doctor_letters.get()
        early = {"receive": "yes", "letter": letter.public_id, "doctor": "Dr Vogel", "dated_on": "2999-01-01"}
        refused = chair.post(answered, early)
        assert "This date is in the future." in text_of(refused)
        assert "Dr Vogel" in text_of(refused)
        chair.post(answered, early | {"dated_on": timezone.localdate().isoformat()})
        answer = chair.post(answered, {"accept": "yes", "letter": letter.public_id}, follow=True)
        assert "Letter of Dr Vogel accepted" in text_of(answer)

    @pytest.mark.parametrize(
        "sent",
        [{}, {"clear": "yes"}, {"accept": "yes", "letter": "x"}, {"request": "yes", "rule": "x" * 999}, {"rule": "\0"}],
    )
    def test_nonsense_changes_nothing(self, chair, answered, patient, sent):
        assert chair.post(answered, sent).status_code == 200
        assert not patient.doctor_letters.exists()


class TestConsents:
    def test_asking_signing_reading_and_taking_back(self, desk, patient):
        url = page_of("ask", patient.public_id, "photos_marketing")
        text = desk.get(url).context["text"]
        signed = {"photos_marketing": "yes", "photos_marketing-version": text.pk, "signed_name": "Anna Kowalska"}
        assert desk.post(url, signed).url == page_of("consents", patient.public_id)
        consent = Consent.objects.get()
        assert (consent.exact_text, consent.witness.display_name) == (text.body, "Rosa Reception")
        one = page_of("consent", consent.public_id)
        assert "Take the photos down" in text_of(desk.get(one))
        desk.post(one, {"note": "By phone."})
        consent.refresh_from_db()
        assert consent.withdrawn_at is not None
        assert "Taken back on" in text_of(desk.get(page_of("consents", patient.public_id)))

    def test_neither_yes_nor_no_is_asked_for(self, desk, patient):
        answer = desk.post(page_of("ask", patient.public_id, "messages"), {})
        assert "Choose one of the two." in text_of(answer)

    def test_a_scribble_that_is_none_is_refused(self, desk, patient):
        url = page_of("ask", patient.public_id, "messages")
        text = desk.get(url).context["text"]
        signed = {"messages": "yes", "messages-version": text.pk, "signed_name": "Anna", "strokes": "[[1"}
        assert "strokes" in desk.post(url, signed).context["form"].errors
        assert not Consent.objects.exists()

    def test_the_treatment_consent_has_no_page_here(self, desk, patient):
        answer = desk.get(page_of("consents", patient.public_id) + "treatment/")
        assert answer.status_code == 404


class TestPatchTests:
    def test_placing_and_reading(self, chair, patient, practitioner):
        url = page_of("patch_tests", patient.public_id)
        lot = make_lot()
        chair.post(url, {"place": "yes", "lot": lot.pk, "site": "Behind the left ear"})
        test = patient.patch_tests.get()
        answer = chair.post(url, {"read": "yes", "test": test.public_id, "result": "pass"})
        assert "48 hours after it was done" in text_of(answer)
        earlier = {"placed_at": timezone.now() - timedelta(hours=49), "read_from": timezone.now() - timedelta(hours=1)}
        type(test).objects.filter(pk=test.pk).update(**earlier)
        words = text_of(chair.post(url, {"read": "yes", "test": test.public_id, "result": "pass"}, follow=True))
        assert "read by Pia Practitioner" in words

    def test_an_expired_lot_is_not_offered(self, chair, patient):
        lot = make_lot(expires_on=timezone.localdate() - timedelta(days=1))
        answer = chair.post(page_of("patch_tests", patient.public_id), {"place": "yes", "lot": lot.pk, "site": "Neck"})
        assert "This lot cannot be used any more." in text_of(answer)


def picture(colour="grey"):
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    file.name = "head.jpg"
    file.seek(0)
    return file


class TestPhotos:
    @pytest.fixture
    def agreed(self, patient, reception):
        facts = {"kind": "photos_record", "granted": True, "signed_name": "Anna", "witness": reception}
        return actions.give_consent(patient=patient, by=staff(reception), **facts)

    def test_without_consent_there_is_no_upload_and_none_is_taken(self, chair, patient):
        url = page_of("photos", patient.public_id)
        assert "No consent to photos" in text_of(chair.get(url))
        chair.post(url, {"view": "front", "photo": picture()})
        assert not patient.photos.exists()

    def test_a_photo_is_kept_shown_and_every_look_noted(self, chair, patient, agreed):
        url = page_of("photos", patient.public_id)
        assert chair.post(url, {"view": "front", "photo": picture()}).status_code == 302
        photo = patient.photos.get()
        answer = chair.get(page_of("photo", photo.public_id))
        assert answer["Content-Type"] == "image/jpeg"
        assert answer.content.startswith(b"\xff\xd8")
        assert AccessEntry.objects.filter(what="photo", subject_id=str(photo.public_id)).count() == 1

    def test_what_is_no_photo_is_refused_beside_the_field(self, chair, patient, agreed):
        fake = io.BytesIO(b"GIF89a not really")
        fake.name = "head.jpg"
        answer = chair.post(page_of("photos", patient.public_id), {"view": "front", "photo": fake})
        assert "photo" in answer.context["form"].errors

    def test_reception_sees_the_portrait_alone(self, client, patient, agreed, practitioner, reception):
        photos = [
            actions.add_photo(patient=patient, view=view, upload=picture(colour), by=staff(practitioner))
            for view, colour in (("front", "red"), ("top", "blue"))
        ]
        Patient.objects.filter(pk=patient.pk).update(photo=photos[0])
        client.force_login(reception)
        assert client.get(page_of("photo", photos[0].public_id)).status_code == 200
        assert client.get(page_of("photo", photos[1].public_id)).status_code == 403


def test_an_issued_paper_comes_back_byte_for_byte(desk, patient):
    content = b"%PDF-1.7 a paper"
    stored = storage.store(content, folder="documents", suffix="pdf")
    paper = IssuedDocument.objects.create(
        patient=patient,
        kind="care",
        title="Care sheet",
        file=stored.name,
        sha256=stored.sha256,
        issued_at=timezone.now(),
    )
    answer = desk.get(page_of("document", paper.public_id))
    assert (answer.content, answer["Content-Type"]) == (content, "application/pdf")
    assert 'filename="care-sheet.pdf"' in answer["Content-Disposition"]


def test_a_manager_alone_sees_no_patient(client, patient):
    client.force_login(make_manager())
    for name in ("edit", "intake", "assess", "screening", "consents", "patch_tests", "photos"):
        assert client.get(page_of(name, patient.public_id)).status_code == 403
    assert client.get(page_of("patients")).status_code == 403
