"""What stands against treating a patient, and what settles it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from intake import actions, defaults
from intake.findings import findings_for, is_screening_clear, judged_findings, standing_findings
from intake.models import ScreeningRule
from intake.screening import Kind
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from tests.make import make_lot, make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules():
    defaults.install()


@pytest.fixture
def practitioner():
    return staff(make_practitioner(display_name="Pia Practitioner"))


@pytest.fixture
def reception():
    return staff(make_user())


def answered(*, by, patient=None, **yes):
    """A patient who answered every question with no, but those named; other fields of the intake by ``answers``."""
    patient = patient or make_patient()
    health = {code: {"answer": "no"} for code in ScreeningRule.objects.values_list("code", flat=True)}
    health |= {code: {"answer": "yes"} | detail for code, detail in yes.items()}
    intake = actions.start_intake(patient=patient, by=by)
    answers = {"reasons": ["thinning"], "causes": [{"cause": "not_known"}], "health": health}
    actions.save_answers(intake=intake, answers=answers, by=by)
    return patient


def standing(patient, *, on=None):
    return [(finding.code, finding.kind) for finding in standing_findings(patient, on=on or timezone.localdate())]


def test_a_patient_who_was_never_asked_is_not_clear():
    patient = make_patient()
    found = findings_for(patient, on=timezone.localdate())
    assert {finding.kind for finding in found} == {Kind.MISSING}
    assert len(found) == ScreeningRule.objects.filter(every_session=False).count()


def test_all_no_is_clear(reception):
    assert is_screening_clear(answered(by=reception), on=timezone.localdate())


def test_an_unknown_birth_date_and_a_child_are_not_clear(reception):
    unknown = answered(by=reception, patient=make_patient(born_on=None))
    child = answered(by=reception, patient=make_patient(born_on=timezone.localdate() - timedelta(days=17 * 365)))
    assert standing(unknown) == [("minimum_age", Kind.MISSING)]
    assert standing(child) == [("minimum_age", Kind.BLOCK)]


def test_a_cause_told_once_answers_the_health_question_it_touches(reception):
    patient = answered(by=reception)
    cause = {"cause": "medication", "group": "chemotherapy", "until": date(2026, 1, 31)}
    actions.save_answers(intake=patient.intakes.get(), answers={"causes": [cause]}, by=reception)
    found = findings_for(patient, on=date(2026, 3, 1))
    waits = [finding.earliest for finding in found if finding.kind is Kind.WAIT_UNTIL]
    assert waits == [date(2026, 7, 31)]


def test_a_medicine_told_once_asks_for_the_letter(reception):
    patient = answered(by=reception)
    actions.save_answers(intake=patient.intakes.get(), answers={"medications": [{"name": "Xarelto"}]}, by=reception)
    assert standing(patient) == [("blood_thinning", Kind.DOCTORS_LETTER)]


def test_a_condition_is_cleared_by_a_practitioner_until_it_is_answered_anew(reception, practitioner):
    patient = answered(by=reception, scalp_damage={})
    actions.clear_finding(patient=patient, rule="scalp_damage", note="Healed.", by=practitioner)
    assert standing(patient) == []
    [judged] = judged_findings(patient, on=timezone.localdate())
    assert judged.settled.startswith("Cleared by Pia Practitioner on ")
    again = {"health": {"scalp_damage": {"answer": "yes", "detail": "burnt again"}}}
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        actions.save_answers(intake=patient.intakes.get(), answers=again, by=reception)
        assert standing(patient) == [("scalp_damage", Kind.UNTIL_CLEARED)]


def test_reception_clears_and_overrides_nothing(reception):
    patient = answered(by=reception, scalp_damage={})
    with pytest.raises(ValidationError):
        actions.clear_finding(patient=patient, rule="scalp_damage", by=reception)
    with pytest.raises(ValidationError):
        actions.override_finding(patient=patient, rule="scalp_damage", reason="It is fine.", by=reception)
    assert standing(patient) == [("scalp_damage", Kind.UNTIL_CLEARED)]


def test_an_override_holds_for_every_finding_of_the_rule_and_is_in_the_trail(reception, practitioner):
    patient = answered(by=reception, scalp_lesion={"detail": "mole, left"}, keloid={})
    actions.override_finding(patient=patient, rule="keloid", reason="One old scar on the knee.", by=practitioner)
    assert standing(patient) == [("scalp_lesion", Kind.DOCTORS_LETTER)]
    entry = AuditEntry.objects.filter(verb="overrode").get()
    assert (entry.fields, entry.details) == (["kind", "reason", "rule"], {})
    assert entry.values.get(field="rule").after == "keloid"


def test_an_override_does_not_hold_for_other_facts(reception, practitioner):
    patient = answered(by=reception, keloid={"detail": "knee"})
    actions.override_finding(patient=patient, rule="keloid", reason="Old.", by=practitioner)
    answers = {"health": {"keloid": {"answer": "yes", "detail": "scalp"}}}
    actions.save_answers(intake=patient.intakes.get(), answers=answers, by=reception)
    assert standing(patient) == [("keloid", Kind.BLOCK)]


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_override_needs_a_reason(reception, practitioner, reason):
    patient = answered(by=reception, keloid={})
    with pytest.raises(ValidationError) as error:
        actions.override_finding(patient=patient, rule="keloid", reason=reason, by=practitioner)
    assert set(error.value.message_dict) == {"reason"}


def test_neither_an_infection_nor_the_minimum_age_is_overridden(reception, practitioner):
    child = make_patient(born_on=timezone.localdate() - timedelta(days=17 * 365))
    patient = answered(by=reception, patient=child, scalp_infection={})
    for rule in ("scalp_infection", "minimum_age"):
        with pytest.raises(ValidationError) as error:
            actions.override_finding(patient=patient, rule=rule, reason="They insist.", by=practitioner)
        assert error.value.messages == ["This can never be overridden."]


def test_a_letter_settles_its_finding_only_when_it_has_been_accepted(reception, practitioner):
    patient = answered(by=reception, heart_valve_disease={})
    letter = actions.request_letter(patient=patient, rule="heart_valve_disease", by=reception)
    actions.receive_letter(letter=letter, doctor="Dr Vogel", dated_on=timezone.localdate(), by=reception)
    assert standing(patient) == [("heart_valve_disease", Kind.DOCTORS_LETTER)]
    with pytest.raises(ValidationError):
        actions.accept_letter(letter=letter, by=reception)
    actions.accept_letter(letter=letter, by=practitioner)
    assert standing(patient) == []
    assert standing(patient, on=timezone.localdate() + timedelta(days=367)) == [
        ("heart_valve_disease", Kind.DOCTORS_LETTER)
    ]


def test_a_letter_that_came_too_old_is_asked_for_anew(reception):
    patient = answered(by=reception, heart_valve_disease={})
    letter = actions.request_letter(patient=patient, rule="heart_valve_disease", by=reception)
    old = timezone.localdate() - timedelta(days=367)
    actions.receive_letter(letter=letter, doctor="Dr Vogel", dated_on=old, by=reception)
    assert actions.request_letter(patient=patient, rule="heart_valve_disease", by=reception) != letter


def test_a_letter_is_asked_for_once_and_only_where_needed(reception):
    patient = answered(by=reception, heart_valve_disease={})
    facts = {"patient": patient, "by": reception}
    letters = [actions.request_letter(rule="heart_valve_disease", **facts) for _ in range(2)]
    assert letters[0] == letters[1]
    with pytest.raises(ValidationError):
        actions.request_letter(rule="diabetes", **facts)


@pytest.mark.parametrize(("doctor", "days"), [("", 0), ("Dr Vogel", 1)])
def test_a_letter_needs_a_doctor_and_a_date_that_has_been(reception, doctor, days):
    patient = answered(by=reception, heart_valve_disease={})
    letter = actions.request_letter(patient=patient, rule="heart_valve_disease", by=reception)
    dated_on = timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError):
        actions.receive_letter(letter=letter, doctor=doctor, dated_on=dated_on, by=reception)


def test_a_passed_patch_test_settles_the_patch_test_and_a_failed_one_does_not(reception, practitioner):
    patient = answered(by=reception, allergy_product={"detail": "nickel"})
    placed_at = timezone.now() - timedelta(hours=49)
    failed = [("allergy_product", Kind.PATCH_TEST), ("patch_test_result", Kind.BLOCK)]
    for result, left in (("fail", failed), ("pass", [])):
        test = actions.place_patch_test(
            patient=patient, lot=make_lot(), site="Neck", placed_at=placed_at, by=practitioner
        )
        actions.read_patch_test(test=test, result=result, by=practitioner)
        assert standing(patient) == left


def test_screening_reads_the_handed_in_intake_and_not_a_newer_draft(reception):
    patient = answered(by=reception, keloid={})
    intake = patient.intakes.get()
    actions.submit_intake(intake=intake, by=reception)
    actions.start_intake(patient=patient, by=reception)
    assert standing(patient) == [("keloid", Kind.BLOCK)]


def test_queries_do_not_grow_with_the_answers(reception, django_assert_max_num_queries):
    patient = answered(by=reception, keloid={}, scalp_damage={}, heart_valve_disease={}, allergy_product={})
    with django_assert_max_num_queries(18):
        judged_findings(patient, on=timezone.localdate())


class TestAnIntakeThatNobodyAccepted:
    """It can add to what stands against treating; only an accepted one takes something away."""

    @pytest.fixture
    def patient(self, reception):
        patient = answered(by=reception)
        taken = patient.intakes.get()
        actions.submit_intake(intake=taken, by=reception)
        actions.accept_intake(intake=taken, by=reception)
        return patient

    def test_a_yes_in_a_newer_draft_counts_at_once(self, patient, reception):
        assert standing(patient) == []
        draft = actions.start_intake(patient=patient, by=reception)
        actions.save_answers(intake=draft, answers={"health": {"keloid": {"answer": "yes"}}}, by=reception)
        assert standing(patient) == [("keloid", Kind.BLOCK)]

    def test_what_a_newer_draft_leaves_open_is_no_finding(self, patient, reception):
        draft = actions.start_intake(patient=patient, by=reception)
        actions.save_answers(intake=draft, answers={"reasons": ["scar"]}, by=reception)
        assert standing(patient) == []

    def test_a_no_takes_an_accepted_yes_away_only_once_it_is_accepted(self, reception):
        patient = answered(by=reception, keloid={})
        first = patient.intakes.get()
        actions.submit_intake(intake=first, by=reception)
        actions.accept_intake(intake=first, by=reception)
        again = answered(by=reception, patient=patient).intakes.first()
        assert standing(patient) == [("keloid", Kind.BLOCK)]
        actions.submit_intake(intake=again, by=reception)
        assert standing(patient) == [("keloid", Kind.BLOCK)]
        actions.accept_intake(intake=again, by=reception)
        assert standing(patient) == []

    def test_a_yes_said_again_in_a_draft_asks_for_a_new_look(self, reception, practitioner):
        noon = timezone.now().replace(hour=12)  # the five minutes must not reach into another day
        with time_machine.travel(noon, tick=False):
            patient = answered(by=reception, scalp_damage={})
            actions.submit_intake(intake=patient.intakes.get(), by=reception)
            actions.clear_finding(patient=patient, rule="scalp_damage", note="Healed.", by=practitioner)
            assert standing(patient) == []
        with time_machine.travel(noon + timedelta(minutes=5), tick=False):
            draft = actions.start_intake(patient=patient, by=reception)
            actions.save_answers(intake=draft, answers={"health": {"scalp_damage": {"answer": "yes"}}}, by=reception)
            assert standing(patient) == [("scalp_damage", Kind.UNTIL_CLEARED)]
