"""Two records turn out to be one person: what moves, what is refused, what is kept, what never changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from intake import merging
from intake.models import Intake, IntakeAnswers, KeptFindings, Patient, PatientAlert, PatientMerge
from intake.search import find_patients
from planning.actions.merging import merge_patients
from planning.merging import problems_with_merging
from planning.models import Appointment
from sessions.models import TreatmentSession
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, SealedRecord
from tests import make, sql
from tests.addresses import World

pytestmark = pytest.mark.django_db
PAST = datetime(2024, 3, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def practitioner():
    return make.make_practitioner()


@pytest.fixture
def stays():
    return make.make_patient(full_name="Anna Kowalska", phone="07700 900123")


@pytest.fixture
def goes():
    return make.make_patient(full_name="Ana Kowalska", phone="07700 900999", email="ana@example.org")


def merged(stays, goes, by, **choices):
    return merge_patients(winner=stays, loser=goes, choices=choices, by=staff(by))


def visit_of(patient, starts_at=make.MONDAY, *, signed=False, **fields):
    plan = make.make_plan(patient=patient, agreed=True)
    session = plan.planned_sessions.get(number=1)
    appointment = make.make_appointment(planned_session=session, starts_at=starts_at, **fields)
    if signed:
        make.make_session(appointment=appointment, signed=True)
    return appointment


class TestStructure:
    def test_every_relation_to_a_patient_is_classified(self):
        """A new model moves by itself; this asks its author to think of it: does it move, is it built anew, or kept?"""
        assert {key for key, _ in merging.moving()} == {
            "planning.TreatmentPlan.patient", "planning.Appointment.patient", "intake.Consent.patient",
            "intake.DoctorLetter.patient", "intake.ExistingHair.patient", "intake.Intake.patient",
            "intake.IssuedDocument.patient", "intake.PatchTest.patient", "intake.Patient.merged_into",
            "intake.PatientAlert.patient", "intake.PatternGrade.patient", "intake.Photo.patient",
            "intake.KeptFindings.patient", "planning.WaitingWish.patient",
            "intake.PrivateLink.patient", "intake.ScreeningClearance.patient", "intake.ScreeningOverride.patient",
            "treatment_sessions.AdverseEvent.patient", "treatment_sessions.RecallTelling.patient",
        }  # fmt: skip

    def test_what_does_not_move_is_there(self):
        assert {key for key, _ in merging.relations()} > merging.REBUILT | merging.KEPT

    def test_no_moving_row_is_unique_by_its_patient(self):
        """Two rows that are unique by their patient could not both move."""
        for key, relation in merging.moving():
            field, meta = relation.field, relation.related_model._meta
            named = [one.fields for one in meta.total_unique_constraints if field.name in one.fields]
            assert (field.unique, named) == (False, []), key


class TestMoving:
    def test_everything_of_the_other_record_moves_and_is_counted(self, stays, goes, practitioner):
        consent, visit = make.make_consent(patient=goes), visit_of(goes)
        alert = PatientAlert.objects.create(patient=goes, words="Faints easily")
        merged(stays, goes, practitioner)
        for row in (consent, visit, visit.planned_session.plan, alert):
            row.refresh_from_db()
            assert row.patient == stays
        assert PatientMerge.objects.get().moved == {
            "planning.TreatmentPlan.patient": 1, "planning.Appointment.patient": 1, "intake.Consent.patient": 2,
            "intake.PatientAlert.patient": 1,
        }  # fmt: skip
        assert merging.counts(goes) == {}

    def test_a_record_with_everything_a_record_can_have_moves_whole(self, stays, practitioner):
        """No guard of any table stands in the way: signed, issued, kept and answered rows move too."""
        world = World()
        make.sign(world.session)
        KeptFindings.objects.create(
            patient=world.patient, occasion="plan_approved", at=make.MONDAY, actor_kind="staff", actor_label="Staff"
        )
        moving = merging.counts(world.patient)
        merged(stays, world.patient, practitioner)
        assert merging.counts(stays) == moving | {"intake.Patient.merged_into": 1}
        assert merging.counts(world.patient) == {}

    def test_signed_records_stay_byte_for_byte_and_are_read_with_the_other(self, stays, goes, practitioner):
        visit_of(goes, signed=True)
        session = TreatmentSession.objects.get()
        sealed, row = list(SealedRecord.objects.values()), sql.values_of(session)
        merged(stays, goes, practitioner)
        assert (list(SealedRecord.objects.values()), sql.values_of(session)) == (sealed, row)
        assert list(TreatmentSession.objects.of(stays)) == [session]

    def test_the_trail_never_moves_and_is_read_with_the_other(self, stays, goes, practitioner):
        from smpclinic import audit

        entry = audit.record(by=staff(practitioner), verb="changed", subject=goes, patient=goes)
        merged(stays, goes, practitioner)
        entry.refresh_from_db()
        assert entry.patient_id == goes.public_id
        told = [each.verb for each in AuditEntry.objects.about(stays).order_by("id")]
        assert told == ["changed", "merged", "merged away"]

    def test_old_names_phones_and_numbers_still_find_the_person(self, stays, goes, practitioner):
        merged(stays, goes, practitioner)
        for text in ("ana kowalska", "900999", goes.record_number, "anna", "900123"):
            assert find_patients(text, user=practitioner, on=make.MONDAY.date()) == [stays]

    def test_a_record_merged_before_follows(self, stays, goes, practitioner):
        first = make.make_patient(full_name="Hanka K.")
        merged(goes, first, practitioner)
        merged(stays, goes, practitioner)
        first.refresh_from_db()
        assert first.merged_into == stays
        assert set(stays.public_ids()) == {stays.public_id, goes.public_id, first.public_id}
        assert find_patients("hanka", user=practitioner, on=make.MONDAY.date()) == [stays]

    def test_the_other_records_own_details_are_kept_for_ever(self, stays, goes, practitioner):
        merged(stays, goes, practitioner, full_name="winner", phone="winner")
        kept = Patient.objects.get(pk=goes.pk)
        assert (kept.full_name, kept.phone, kept.email) == ("Ana Kowalska", "07700 900999", "ana@example.org")


class TestDetails:
    def test_what_only_the_other_knows_is_taken_over_and_a_clash_is_chosen(self, stays, goes, practitioner):
        merged(stays, goes, practitioner, phone="loser")
        stays.refresh_from_db()
        assert (stays.full_name, stays.phone, stays.email) == ("Anna Kowalska", "07700 900999", "ana@example.org")
        entry = AuditEntry.objects.get(verb="merged")
        assert entry.fields == ["email", "phone"]

    def test_notes_of_both_are_kept_and_the_more_discreet_no_is_proposed(self, stays, goes):
        stays.notes, goes.notes, stays.may_leave_message = "Likes mornings.", "Afraid of needles.", True
        proposed = {row.name: row.choices[0] for row in merging.differences(stays, goes)}
        assert (proposed["notes"], proposed["may_leave_message"]) == ("both", "loser")
        assert merging.chosen_fields(stays, goes, {})["notes"] == "Likes mornings.\nAfraid of needles."

    def test_who_saw_the_document_goes_with_the_document(self, stays, goes, practitioner):
        goes.id_kind, goes.id_seen_by, goes.id_seen_at = "Passport", practitioner, make.MONDAY
        fresh = merging.chosen_fields(stays, goes, {})
        assert (fresh["id_seen_by"], fresh["id_seen_at"]) == (practitioner, make.MONDAY)


class TestClashes:
    @pytest.mark.parametrize(("days", "refused"), [(0, True), (1, True), (2, False)])
    def test_future_visits_that_exclude_each_other_refuse_the_merge_in_words(
        self, stays, goes, practitioner, days, refused
    ):
        visit_of(stays)
        visit_of(goes, make.MONDAY + timedelta(days=days))
        if not refused:
            merged(stays, goes, practitioner)
            return
        with pytest.raises(ValidationError, match="Move or cancel one of them first"):
            merged(stays, goes, practitioner)
        goes.refresh_from_db()
        assert (goes.merged_into, PatientMerge.objects.count()) == (None, 0)

    def test_past_ones_are_kept_as_incidents(self, stays, goes, practitioner):
        visit_of(stays, PAST, state="done", signed=True)
        late = visit_of(goes, PAST + timedelta(days=1), state="done", signed=True)
        merged(stays, goes, practitioner)
        late.refresh_from_db()
        assert (late.patient, late.breach_by) == (stays, practitioner)
        assert late.breach_reason.startswith("Found when two records were merged: ")
        assert "less than 2 days apart" in late.breach_reason

    def test_a_past_visit_nobody_closed_is_closed_first(self, stays, goes):
        visit_of(stays, PAST)
        visit_of(goes, PAST, state="done")
        [words] = problems_with_merging(stays, goes, on=make.MONDAY.date())
        assert "Say first of each whether it was done" in words

    def test_a_record_is_merged_once_and_never_with_itself(self, stays, goes, practitioner):
        merged(stays, goes, practitioner)
        for winner, loser in ((stays, goes), (goes, stays), (stays, stays)):
            with pytest.raises(ValidationError):
                merged(winner, loser, practitioner)


class TestScreening:
    def answered(self, patient, **answers):
        intake = Intake.objects.create(patient=patient, state="accepted")
        version = IntakeAnswers.objects.create(
            intake=intake, number=1, at=make.MONDAY, actor_kind="staff", actor_label="Staff"
        )
        for question, answer in answers.items():
            version.health.create(question=question, answer=answer)

    def test_a_yes_that_only_one_record_knows_becomes_an_alert(self, stays, goes, practitioner):
        from intake import defaults

        defaults.install()
        self.answered(stays, blood_thinning="yes", diabetes="yes")
        self.answered(goes, blood_thinning="no", diabetes="yes")
        merged(stays, goes, practitioner)
        [alert] = stays.alerts.all()
        assert "only one says yes to: " in alert.words
        assert stays.intakes.count() == 2

    def test_the_same_answers_raise_none(self, stays, goes, practitioner):
        from intake import defaults

        defaults.install()
        self.answered(stays, diabetes="yes")
        self.answered(goes, diabetes="yes")
        merged(stays, goes, practitioner)
        assert not stays.alerts.exists()


class TestTheTwoDaysAfterwards:
    """Past the program: a signed visit of the record that went holds the gap for the one that stayed."""

    def test_no_statement_books_near_a_signed_visit_of_the_other_record(self, stays, goes, practitioner):
        visit_of(goes, signed=True)
        merged(stays, goes, practitioner)
        plan = make.make_plan(patient=stays, agreed=True)
        near = make.make_appointment(
            planned_session=plan.planned_sessions.get(number=1), starts_at=make.MONDAY + timedelta(days=2)
        )
        with sql.refused("two_days"):
            sql.update(near, **make.appointment_times(make.MONDAY + timedelta(days=1), 60))

    def test_nothing_is_booked_for_the_record_that_went(self, stays, goes, practitioner):
        visit = visit_of(stays, make.MONDAY + timedelta(days=9))
        merged(stays, goes, practitioner)
        with sql.refused("this record was merged into another|name different patients"):
            sql.update(visit, patient_id=goes.pk)
        consultation = make.make_appointment(kind="consultation", starts_at=make.MONDAY + timedelta(days=20))
        with sql.refused("this record was merged into another"):
            sql.insert_like(
                consultation, patient_id=goes.pk, **make.appointment_times(make.MONDAY + timedelta(days=30), 60)
            )


class TestPages:
    @pytest.fixture
    def chair(self, client, practitioner):
        client.force_login(practitioner)
        return client

    def test_the_preview_shows_both_and_merging_leads_to_the_one_that_stays(self, chair, stays, goes):
        make.make_consent(patient=goes)
        preview = reverse("merge_preview", args=[stays.public_id, goes.public_id])
        page = chair.get(preview)
        words = page.content.decode()
        assert all(each in words for each in ("Ana Kowalska", "07700 900999", "consent: 1", "cannot be undone"))
        told = {"seen": page.context["form"].token, "sure": "on", "full_name": "winner", "phone": "loser"}
        answer = chair.post(reverse("merge", args=[stays.public_id, goes.public_id]), told)
        assert answer.url == stays.get_absolute_url()

    def test_without_the_word_that_it_is_one_person_nothing_happens(self, chair, stays, goes):
        answer = chair.post(reverse("merge", args=[stays.public_id, goes.public_id]), {"phone": "loser"})
        assert "Compare both records first" in answer.content.decode()
        assert not PatientMerge.objects.exists()

    def test_every_address_of_the_record_that_went_leads_to_the_other_with_a_notice(self, chair, stays, goes):
        make.make_merge(stays, goes)
        for name in ("patient", "intake:edit", "intake:consents", "planning:visit", "planning:draft"):
            answer = chair.get(reverse(name, args=[goes.public_id]), follow=True)
            assert answer.redirect_chain == [(stays.get_absolute_url(), 302)], name
            assert f"Record {goes.record_number} was merged into this one" in answer.content.decode()

    def test_the_page_offers_who_may_be_the_same_person(self, chair, stays, goes):
        goes.born_on = stays.born_on
        goes.save()
        page = chair.get(reverse("same_person", args=[stays.public_id]))
        assert [one.patient for one in page.context["likely"]] == [goes]


def test_visits_of_both_are_the_patients_own(stays, goes, practitioner):
    visits = [visit_of(stays), visit_of(goes, make.MONDAY + timedelta(days=7))]
    merged(stays, goes, practitioner)
    assert list(Appointment.objects.filter(patient=stays).order_by("starts_min")) == visits
