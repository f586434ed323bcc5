"""The intake's actions: what each changes, what it refuses in words, and that twice is as once."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from intake import actions, defaults
from intake.models import Intake, IntakeAnswers, Patient, ScreeningRule
from intake.rules import day_rules, intake_rules
from intake.screening_rules import DEFAULT_RULES, SESSION_DAY_QUESTIONS
from smpclinic.actors import SYSTEM, staff
from smpclinic.models import AuditEntry, Text
from tests.make import make_clinic, make_lot, make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db
SIGNATURE = '{"width": 400, "height": 150, "strokes": [[[10, 10], [200, 100], [380, 20]]]}'
FILLED = {"reasons": ["receding"], "causes": [{"cause": "hereditary"}]}


@pytest.fixture
def reception():
    return staff(make_user(display_name="Rosa Reception"))


@pytest.fixture
def practitioner():
    return staff(make_practitioner(display_name="Pia Practitioner"))


@pytest.fixture
def intake(reception):
    return actions.start_intake(patient=make_patient(), by=reception)


def jpeg(colour="grey"):
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    file.seek(0)
    return file


def words(error) -> str:
    return " ".join(error.value.messages)


class TestRegistering:
    def test_gives_consecutive_numbers_with_a_check_digit(self, reception):
        first, second = (
            actions.register_patient(full_name=name, phone="07700 900123", by=reception) for name in ("Ann", "Ben")
        )
        assert (first.record_number, second.record_number) == ("0001-3", "0002-1")

    def test_makes_the_patient_findable_and_leaves_a_trace(self, reception):
        patient = actions.register_patient(full_name=" Zoë Kowalska ", phone="07700 900123", by=reception)
        assert patient.full_name == "Zoë Kowalska"
        assert patient.search_terms.filter(term="kowalska").exists()
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.actor_label, entry.patient_id) == ("registered", "Rosa Reception", patient.public_id)

    def test_wants_a_phone_number(self, reception):
        with pytest.raises(ValidationError) as error:
            actions.register_patient(full_name="Ann", phone=" ", by=reception)
        assert set(error.value.message_dict) == {"phone"}

    @pytest.mark.parametrize("born_on", [date(2999, 1, 1), date(1800, 1, 1)])
    def test_refuses_an_impossible_birth_date(self, reception, born_on):
        with pytest.raises(ValidationError) as error:
            actions.register_patient(full_name="Ann", phone="1234", born_on=born_on, by=reception)
        assert set(error.value.message_dict) == {"born_on"}
        assert not Patient.objects.exists()

    @pytest.mark.parametrize("name", ["A\0nn", "x" * 10_000, ""])
    def test_refuses_a_name_the_register_cannot_hold(self, reception, name):
        with pytest.raises(ValidationError) as error:
            actions.register_patient(full_name=name, phone="1234", by=reception)
        assert set(error.value.message_dict) == {"full_name"}

    def test_goes_on_counting_after_an_imported_record(self, reception):
        actions.register_patient(full_name="Ann", phone="1234", by=reception)
        make_patient(record_number="OLD/77")
        assert actions.register_patient(full_name="Ben", phone="1234", by=reception).record_number == "0002-1"


class TestEditing:
    def test_names_what_changed_and_keeps_both_values(self, reception):
        patient = make_patient(phone="1111")
        actions.edit_patient(patient=patient, by=reception, phone="2222", email="")
        entry = AuditEntry.objects.get()
        assert entry.fields == ["phone"]
        assert [(value.before, value.after) for value in entry.values.all()] == [("1111", "2222")]

    def test_moves_the_search_terms(self, reception):
        patient = actions.register_patient(full_name="Ann Smith", phone="1111", by=reception)
        actions.edit_patient(patient=patient, by=reception, full_name="Ann Jones")
        assert not patient.search_terms.filter(term="smith").exists()
        assert patient.search_terms.filter(term="jones").exists()

    def test_writes_nothing_where_nothing_differs(self, reception):
        patient = make_patient()
        actions.edit_patient(patient=patient, by=reception, phone=patient.phone)
        assert not AuditEntry.objects.exists()

    def test_notes_who_saw_the_identity_document(self, reception):
        patient = actions.see_identity(patient=make_patient(), kind="Passport", by=reception)
        assert (patient.id_kind, patient.id_seen_by) == ("Passport", reception.user)
        assert AuditEntry.objects.get().fields == ["id_kind", "id_seen_at", "id_seen_by"]


class TestAnswers:
    def test_starting_twice_gives_the_same_intake(self, reception):
        patient = make_patient()
        assert actions.start_intake(patient=patient, by=reception) == actions.start_intake(
            patient=patient, by=reception
        )

    def test_a_step_is_a_new_version_that_carries_the_others_over(self, intake, reception):
        actions.save_answers(intake=intake, answers=FILLED, by=reception)
        health = {"keloid": {"answer": "yes", "detail": "chest"}}
        second = actions.save_answers(intake=intake, answers={"health": health}, by=reception)
        assert second.number == 2
        assert second.reasons == ["receding"]
        assert [cause.cause for cause in second.causes.all()] == ["hereditary"]
        assert IntakeAnswers.objects.get(number=1).health.count() == 0

    def test_health_questions_not_named_are_carried_over(self, intake, reception):
        actions.save_answers(intake=intake, answers={"health": {"keloid": {"answer": "no"}}}, by=reception)
        version = actions.save_answers(intake=intake, answers={"health": {"diabetes": {"answer": "yes"}}}, by=reception)
        assert {row.question: row.answer for row in version.health.all()} == {"keloid": "no", "diabetes": "yes"}

    def test_saving_the_same_again_makes_no_version(self, intake, reception):
        first = actions.save_answers(intake=intake, answers=FILLED, by=reception)
        assert actions.save_answers(intake=intake, answers=FILLED, by=reception, seen_number=0) == first

    def test_an_answer_said_again_keeps_the_moment_it_was_given(self, intake, reception):
        first = actions.save_answers(intake=intake, answers={"health": {"keloid": {"answer": "no"}}}, by=reception)
        second = actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=reception)
        assert second.health.get().answered_at == first.health.get().answered_at

    def test_two_people_on_different_pages_both_keep_their_answers(self, intake, reception):
        seen = actions.save_answers(intake=intake, answers=FILLED, by=reception)
        actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=reception, seen_number=seen.number)
        version = actions.save_answers(
            intake=intake, answers={"reasons": ["scar"]}, by=reception, seen_number=seen.number
        )
        assert (version.wishes, version.reasons) == ("Soft.", ["scar"])

    def test_the_second_of_two_people_on_one_page_is_told_and_overwrites_nothing(self, intake, reception, practitioner):
        seen = actions.save_answers(intake=intake, answers=FILLED, by=reception)
        theirs = actions.save_answers(
            intake=intake, answers={"wishes": "Sharp."}, by=practitioner, seen_number=seen.number
        )
        with pytest.raises(actions.StaleAnswers) as error:
            actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=reception, seen_number=seen.number)
        assert (error.value.newest, error.value.fields) == (theirs, ("wishes",))
        assert "Pia Practitioner" in words(error)
        assert intake.latest().wishes == "Sharp."

    def test_refuses_a_cause_that_ends_before_it_began_and_saves_nothing(self, intake, reception):
        cause = {"cause": "trauma", "since": date(2026, 2, 1), "until": date(2026, 1, 1)}
        with pytest.raises(ValidationError):
            actions.save_answers(intake=intake, answers={"causes": [cause]}, by=reception)
        assert not IntakeAnswers.objects.exists()


class TestReview:
    def test_an_empty_intake_is_not_handed_in(self, intake, reception):
        with pytest.raises(ValidationError) as error:
            actions.submit_intake(intake=intake, by=reception)
        assert words(error) == "The first page is empty: say what brings you here."

    def test_accepting_turns_the_hair_as_told_into_the_first_entry(self, intake, reception):
        answers = FILLED | {"hair_told": {"level": 4, "length_mm": 20}}
        actions.save_answers(intake=intake, answers=answers, by=reception)
        actions.submit_intake(intake=intake, by=reception)
        accepted = actions.accept_intake(intake=intake, by=reception)
        assert accepted.state == "accepted"
        hair = intake.patient.hair.get()
        assert (hair.level, hair.length_mm, hair.observer) == (4, 20, None)

    def test_an_accepted_intake_is_closed_until_it_is_sent_back(self, intake, reception):
        actions.save_answers(intake=intake, answers=FILLED, by=reception)
        actions.submit_intake(intake=intake, by=reception)
        actions.accept_intake(intake=intake, by=reception)
        with pytest.raises(ValidationError):
            actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=reception)
        actions.send_back_intake(intake=intake, note="Ask about the medicines.", by=reception)
        assert actions.save_answers(intake=intake, answers={"wishes": "Soft."}, by=reception).wishes == "Soft."
        assert Intake.objects.get().review_note == "Ask about the medicines."

    def test_only_a_handed_in_intake_is_accepted(self, intake, reception):
        with pytest.raises(ValidationError):
            actions.accept_intake(intake=intake, by=reception)


class TestAssessment:
    def test_grades_stand_beside_each_other(self, practitioner):
        patient = make_patient()
        for grade in ("II", "III"):
            actions.grade_pattern(
                patient=patient, scale="norwood", grade=grade, assessed_on=date(2026, 1, 5), note="", by=practitioner
            )
        assert [row.grade for row in patient.grades.all()] == ["III", "II"]

    def test_the_same_grade_sent_twice_is_kept_once(self, practitioner):
        patient = make_patient()
        for _ in range(2):
            actions.grade_pattern(
                patient=patient, scale="basp", grade="m2 v1", assessed_on=date(2026, 1, 5), by=practitioner
            )
        assert patient.grades.count() == 1

    def test_a_basp_code_is_kept_in_its_usual_writing(self, practitioner):
        row = actions.grade_pattern(
            patient=make_patient(), scale="basp", grade="m2 v1 f3", assessed_on=date(2026, 1, 5), by=practitioner
        )
        assert row.grade == "M2F3V1"

    def test_a_salt_grade_follows_from_the_four_losses(self, practitioner):
        row = actions.grade_pattern(
            patient=make_patient(),
            scale="salt",
            grade="",
            components={"top": 50, "back": 25, "right": 0, "left": 10},
            assessed_on=date(2026, 1, 5),
            by=practitioner,
        )
        assert row.grade == "S2"

    @pytest.mark.parametrize(
        ("scale", "grade", "field"), [("ludwig", "IV", "grade"), ("tarot", "I", "scale"), ("salt", "S9", "grade")]
    )
    def test_refuses_a_grade_the_scale_lacks(self, practitioner, scale, grade, field):
        with pytest.raises(ValidationError) as error:
            actions.grade_pattern(
                patient=make_patient(), scale=scale, grade=grade, assessed_on=date(2026, 1, 5), by=practitioner
            )
        assert set(error.value.message_dict) == {field}

    def test_refuses_a_grade_from_reception_and_from_the_future(self, reception, practitioner):
        facts = {"patient": make_patient(), "scale": "ludwig", "grade": "I"}
        with pytest.raises(ValidationError):
            actions.grade_pattern(**facts, assessed_on=date(2026, 1, 5), by=reception)
        with pytest.raises(ValidationError):
            actions.grade_pattern(**facts, assessed_on=timezone.localdate() + timedelta(days=1), by=practitioner)

    def test_hair_cannot_be_shaved_and_long(self, practitioner):
        with pytest.raises(ValidationError) as error:
            actions.record_hair(patient=make_patient(), is_shaved=True, length_mm=20, by=practitioner)
        assert set(error.value.message_dict) == {"length_mm"}

    def test_no_grey_at_all_is_a_fact(self, practitioner):
        assert actions.record_hair(patient=make_patient(), grey_percent=0, by=practitioner).grey_percent == 0

    def test_hair_without_a_fact_is_refused(self, practitioner):
        with pytest.raises(ValidationError):
            actions.record_hair(patient=make_patient(), by=practitioner)


class TestConsents:
    @pytest.fixture(autouse=True)
    def _texts(self):
        defaults.install()

    def give(self, patient, by, **fields):
        facts = {"kind": "photos_record", "granted": True, "signed_name": "Ann Smith", "witness": by.user}
        return actions.give_consent(patient=patient, by=by, **facts | fields)

    def test_keeps_the_exact_words_and_their_hash(self, reception):
        consent = self.give(make_patient(), reception)
        text = Text.objects.get(key="consent.photos_record", language="en")
        assert (consent.text, consent.exact_text, len(consent.text_sha256)) == (text, text.body, 64)

    def test_redraws_the_signature(self, reception):
        consent = self.give(make_patient(), reception, strokes=SIGNATURE)
        assert consent.signature_strokes[0][0] == [25, 25]
        assert bytes(consent.signature_png).startswith(b"\x89PNG")

    def test_sent_twice_is_kept_once(self, reception):
        patient = make_patient()
        assert self.give(patient, reception) == self.give(patient, reception)

    def test_a_yes_needs_a_name(self, reception):
        with pytest.raises(ValidationError) as error:
            self.give(make_patient(), reception, signed_name=" ")
        assert "needs the name" in words(error)

    def test_a_no_needs_none(self, reception):
        assert self.give(make_patient(), reception, granted=False, signed_name="").granted is False

    def test_an_older_yes_does_not_come_to_life_when_the_newer_is_withdrawn(self, reception):
        patient = make_patient()
        self.give(patient, reception)
        newer = self.give(patient, reception, signed_name="Ann Smith-Jones")
        actions.withdraw_consent(consent=newer, note="", by=reception)
        assert not patient.consents.in_force().exists()

    def test_a_refusal_is_not_withdrawn(self, reception):
        with pytest.raises(ValidationError):
            actions.withdraw_consent(consent=self.give(make_patient(), reception, granted=False), note="", by=reception)

    def test_refuses_an_unknown_kind(self, reception):
        with pytest.raises(ValueError):
            self.give(make_patient(), reception, kind="soul")


class TestPhotos:
    def test_are_kept_only_with_consent(self, reception):
        with pytest.raises(ValidationError) as error:
            actions.add_photo(patient=make_patient(), view="front", upload=jpeg(), by=reception)
        assert "has not agreed" in words(error)

    def test_are_kept_once(self, reception):
        defaults.install()
        patient = make_patient()
        actions.give_consent(
            patient=patient, kind="photos_record", granted=True, signed_name="Ann", witness=None, by=reception
        )
        photos = [actions.add_photo(patient=patient, view="front", upload=jpeg(), by=reception) for _ in range(2)]
        assert photos[0] == photos[1]
        assert (photos[0].width_px, photos[0].height_px) == (400, 300)


class TestPatchTests:
    def test_is_not_read_before_48_hours(self, reception):
        make_clinic()
        test = actions.place_patch_test(patient=make_patient(), lot=make_lot(), site="Behind the ear", by=reception)
        with pytest.raises(ValidationError) as error:
            actions.read_patch_test(test=test, result="pass", by=reception)
        assert "48 hours" in words(error)

    def test_is_valid_six_months_from_its_placing(self, reception):
        placed_at = timezone.now() - timedelta(hours=49)
        test = actions.place_patch_test(
            patient=make_patient(), lot=make_lot(), site="Behind the ear", placed_at=placed_at, by=reception
        )
        read = actions.read_patch_test(test=test, result="pass", by=reception)
        assert timedelta(days=180) < read.valid_until - timezone.localdate(placed_at) < timedelta(days=185)

    def test_a_recalled_lot_is_refused(self, reception):
        lot = make_lot(recalled_at=timezone.now())
        with pytest.raises(ValidationError) as error:
            actions.place_patch_test(patient=make_patient(), lot=lot, site="Neck", by=reception)
        assert set(error.value.message_dict) == {"lot"}


def test_defaults_installed_twice_are_there_once_and_leave_the_clinics_own_words():
    Text.objects.create(key="consent.privacy", title="Ours", body="Our own words.")
    defaults.install()
    counts = Text.objects.count(), ScreeningRule.objects.count()
    defaults.install()
    assert (Text.objects.count(), ScreeningRule.objects.count()) == counts
    assert Text.objects.get(key="consent.privacy", language="en").body == "Our own words."


def test_the_default_rules_come_back_from_the_table_as_they_were_written():
    defaults.install()
    assert intake_rules() == DEFAULT_RULES
    assert day_rules() == SESSION_DAY_QUESTIONS


def test_the_program_itself_may_register(reception):
    assert actions.register_patient(full_name="Ann", phone="1", by=SYSTEM).record_number == "0001-3"
