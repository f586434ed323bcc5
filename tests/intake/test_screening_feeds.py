"""Facts told once answer the health questions they touch."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.causes import Cause, CauseKind, TreatmentGroup
from intake.screening import Answer, Kind, Reply, findings, rule_findings
from intake.screening_feeds import (
    MEDICINES,
    Medicine,
    Transplant,
    answers_from_causes,
    answers_from_medicines,
    answers_from_transplants,
    codes_for_medicine,
    completed,
    joined,
)
from intake.screening_rules import DEFAULT_RULES

ON = date(2026, 9, 3)
ENDED = date(2026, 8, 1)
LONG_AGO = date(2020, 1, 1)
CHEMO = "chemotherapy_or_radiation"
RULES = {rule.code: rule for rule in DEFAULT_RULES}
YES, NO, UNKNOWN = Answer(Reply.YES), Answer(Reply.NO), Answer(Reply.UNKNOWN)


def medication(group, name="", **given):
    return Cause(CauseKind.MEDICATION, group, name, **given)


def fed(*causes):
    return answers_from_causes(causes, on=ON)


def test_no_causes_answer_nothing():
    assert fed() == {}


@pytest.mark.parametrize("group", [TreatmentGroup.CHEMOTHERAPY, TreatmentGroup.RADIATION])
def test_chemotherapy_as_a_cause_answers_its_question_with_its_dates(group):
    answer = fed(medication(group, started_on=LONG_AGO, ended_on=ENDED))[CHEMO]
    assert (answer.reply, answer.started_on, answer.ended_on) == (Reply.YES, LONG_AGO, ENDED)
    assert [finding.kind for finding in rule_findings(RULES[CHEMO], answer, on=ON)] == [
        Kind.WAIT_UNTIL,
        Kind.DOCTORS_LETTER,
    ]


def test_chemotherapy_is_told_by_its_name_or_else_by_its_group():
    assert fed(medication(TreatmentGroup.RADIATION))[CHEMO].words == "radiation"
    assert fed(medication(TreatmentGroup.RADIATION, "of the neck"))[CHEMO].words == "of the neck"


def test_chemotherapy_that_goes_on_is_told_as_going_on():
    assert fed(medication(TreatmentGroup.CHEMOTHERAPY, is_ongoing=True))[CHEMO].is_ongoing


def test_blood_pressure_medicine_asks_for_a_letter_until_control_is_told():
    answers = fed(medication(TreatmentGroup.HYPERTENSION_DRUGS, "ramipril", started_on=LONG_AGO))
    assert set(answers) == {"high_blood_pressure"}
    (finding,) = rule_findings(RULES["high_blood_pressure"], answers["high_blood_pressure"], on=ON)
    assert finding.kind is Kind.DOCTORS_LETTER
    controlled = completed(answers, {"high_blood_pressure": replace(YES, option="controlled")})
    (finding,) = rule_findings(RULES["high_blood_pressure"], controlled["high_blood_pressure"], on=ON)
    assert finding.kind is Kind.CAUTION


def test_blood_pressure_medicine_stopped_before_today_answers_nothing():
    assert fed(medication(TreatmentGroup.HYPERTENSION_DRUGS, "ramipril", ended_on=date(2026, 9, 2))) == {}
    assert set(fed(medication(TreatmentGroup.HYPERTENSION_DRUGS, "ramipril", ended_on=ON))) == {"high_blood_pressure"}


def test_recent_trauma_answers_that_the_loss_may_be_temporary():
    assert set(fed(Cause(CauseKind.TRAUMA, started_on=date(2025, 9, 4)))) == {"temporary_alopecia"}
    assert fed(Cause(CauseKind.TRAUMA, started_on=date(2025, 9, 3))) == {}


@pytest.mark.parametrize("kind", [kind for kind in CauseKind if kind not in (CauseKind.MEDICATION, CauseKind.TRAUMA)])
def test_other_causes_answer_no_health_question(kind):
    assert fed(Cause(kind, name="aspirin", started_on=ON)) == {}


def test_a_medicine_named_as_a_cause_is_recognised():
    assert set(fed(medication(TreatmentGroup.OTHER, "Warfarin 3 mg", started_on=LONG_AGO))) == {"blood_thinning"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Xarelto 20", "blood_thinning"),
        ("ASPIRIN", "blood_thinning"),
        ("acetylsalicylic acid", "blood_thinning"),
        ("Isotretinoin", "isotretinoin"),
        ("Roaccutane", "isotretinoin"),
        ("Tretinoin cream", "topical_retinoid"),
        ("Prednisolone", "weakened_immunity"),
        ("Metformin", "diabetes"),
        ("Keppra", "epilepsy_or_fainting"),
        ("cisplatin", CHEMO),
    ],
)
def test_a_medicine_touches_its_rule(name, code):
    assert codes_for_medicine(name) == (code,)


def test_a_medicine_of_no_concern_touches_nothing():
    assert codes_for_medicine("Vitamin D 1000") == codes_for_medicine("") == ()


def test_every_medicine_is_listed_under_a_rule_that_exists():
    assert set(MEDICINES) <= set(RULES)
    assert all(codes_for_medicine(name) == (code,) for code, names in MEDICINES.items() for name in names)


def test_a_stopped_medicine_counts_only_where_its_end_does():
    stopped = [Medicine("warfarin", ended_on=ENDED), Medicine("isotretinoin", ended_on=ENDED)]
    assert answers_from_medicines(stopped, on=ON) == {
        "isotretinoin": replace(YES, ended_on=ENDED, words="isotretinoin", answered_on=ON)
    }


def test_medicines_of_one_rule_are_named_together():
    answers = answers_from_medicines([Medicine("warfarin"), Medicine("aspirin"), Medicine("warfarin")], on=ON)
    assert answers["blood_thinning"].words == "warfarin, aspirin"
    assert answers["blood_thinning"].more == ()


def test_every_transplant_is_waited_for_with_its_own_length():
    transplants = [Transplant("fue", date(2026, 6, 1)), Transplant("fut", date(2026, 1, 1))]
    answer = answers_from_transplants(transplants, on=ON)["hair_transplant"]
    found = rule_findings(RULES["hair_transplant"], answer, on=ON)
    assert [finding.earliest for finding in found] == [date(2026, 12, 1), date(2027, 1, 1)]


def test_a_transplant_of_unknown_method_is_asked_about():
    answer = answers_from_transplants([Transplant()], on=ON)["hair_transplant"]
    assert {finding.kind for finding in rule_findings(RULES["hair_transplant"], answer, on=ON)} == {Kind.MISSING}


@pytest.mark.parametrize(("one", "other", "stands"), [(YES, NO, YES), (YES, UNKNOWN, YES), (UNKNOWN, NO, UNKNOWN)])
def test_yes_comes_before_not_known_and_not_known_before_no(one, other, stands):
    assert joined({"a": one}, {"a": other}) == joined({"a": other}, {"a": one}) == {"a": stands}


courses = st.builds(
    Answer,
    st.just(Reply.YES),
    started_on=st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    ended_on=st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    is_ongoing=st.booleans(),
)


@given(st.lists(courses, min_size=1, max_size=4))
def test_joining_loses_no_wait_of_any_course(told):
    together: dict[str, Answer] = {}
    for course in told:
        together = joined(together, {CHEMO: course})
    found = {(f.kind, f.earliest) for f in rule_findings(RULES[CHEMO], together[CHEMO], on=ON)}
    alone = {(f.kind, f.earliest) for course in told for f in rule_findings(RULES[CHEMO], course, on=ON)}
    assert found == alone


@pytest.mark.parametrize("given_answer", [NO, UNKNOWN])
def test_a_told_yes_is_not_undone_by_a_no(given_answer):
    assert completed({"a": YES}, {"a": given_answer}) == {"a": YES}


def test_a_given_answer_stands_where_nothing_was_told():
    assert completed({"a": YES}, {"b": NO}) == {"a": YES, "b": NO}
    assert completed({"a": NO}, {"a": YES}) == {"a": YES}


@pytest.mark.parametrize(
    ("course", "given_answer", "is_kept"),
    [
        (replace(YES, ended_on=ENDED), replace(YES, ended_on=LONG_AGO), True),
        (replace(YES, ended_on=ENDED), replace(YES, ended_on=ENDED), False),
        (replace(YES, ended_on=LONG_AGO), replace(YES, ended_on=ENDED), False),
        (replace(YES, is_ongoing=True), replace(YES, ended_on=LONG_AGO), True),
        (replace(YES, is_ongoing=True), replace(YES, is_ongoing=True), False),
        (replace(YES, ended_on=ENDED), YES, False),
    ],
)
def test_a_course_that_outlasts_the_given_answer_is_kept_beside_it(course, given_answer, is_kept):
    answer = completed({"a": course}, {"a": given_answer})["a"]
    assert answer == replace(given_answer, more=(course,) if is_kept else ())


def test_what_is_told_is_no_longer_missing():
    answers = fed(medication(TreatmentGroup.CHEMOTHERAPY, ended_on=LONG_AGO))
    missing = {
        f.code for f in findings(answers, DEFAULT_RULES, born_on=date(1984, 5, 3), on=ON) if f.kind is Kind.MISSING
    }
    assert missing == set(RULES) - {CHEMO}
