"""The default table: every row as the clinics' sheet has it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.screening import (
    NEVER_OVERRIDDEN,
    Action,
    Answer,
    Asked,
    Detail,
    Kind,
    Option,
    Reply,
    Rule,
    findings,
    rule_findings,
)
from intake.screening_rules import DEFAULT_RULES, SESSION_DAY_QUESTIONS, problems_with_rule

ON = date(2026, 9, 3)
ADULT = date(1984, 5, 3)
RULES = {rule.code: rule for rule in DEFAULT_RULES + SESSION_DAY_QUESTIONS}
YES = Answer(Reply.YES)
ENDED = replace(YES, ended_on=date(2026, 8, 31))
CONTROLLED, UNCONTROLLED, NOT_KNOWN = (replace(YES, option=o) for o in ("controlled", "uncontrolled", "not_known"))

TABLE = [
    ("keloid", YES, ["block"]),
    ("scalp_skin_disease", YES, ["until_cleared"]),
    ("scalp_infection", YES, ["until_cleared"]),
    ("scalp_lesion", YES, ["do_not_treat_mark", "doctors_letter"]),
    ("scalp_damage", YES, ["until_cleared"]),
    ("pregnant_or_breastfeeding", YES, ["block"]),
    ("blood_thinning", YES, ["doctors_letter"]),
    ("isotretinoin", ENDED, ["wait_until"]),
    ("topical_retinoid", YES, ["caution"]),
    ("chemotherapy_or_radiation", ENDED, ["wait_until", "doctors_letter"]),
    ("chemotherapy_or_radiation", replace(YES, started_on=ON + timedelta(28)), ["doctors_letter", "block"]),
    ("chemotherapy_or_radiation", replace(YES, started_on=ON + timedelta(29)), ["doctors_letter"]),
    ("laser_tattoo_removal", ENDED, ["wait_until"]),
    ("chemical_peel", ENDED, ["wait_until"]),
    ("botulinum_toxin", ENDED, ["wait_until"]),
    ("hair_transplant", replace(ENDED, option="fue"), ["wait_until"]),
    ("hair_transplant", replace(ENDED, option="fut"), ["wait_until"]),
    ("hair_transplant", ENDED, ["missing"]),
    ("diabetes", YES, ["caution"]),
    ("epilepsy_or_fainting", YES, ["caution"]),
    ("vitiligo", YES, ["caution"]),
    ("heart_valve_disease", YES, ["doctors_letter"]),
    ("high_blood_pressure", CONTROLLED, ["caution"]),
    ("high_blood_pressure", UNCONTROLLED, ["doctors_letter"]),
    ("high_blood_pressure", NOT_KNOWN, ["doctors_letter"]),
    ("high_blood_pressure", YES, ["doctors_letter"]),
    ("weakened_immunity", YES, ["doctors_letter"]),
    ("allergy_product", YES, ["patch_test", "product_block"]),
    ("allergy_anaesthetic", YES, ["product_block", "doctors_letter"]),
    ("temporary_alopecia", YES, ["caution"]),
    ("mri_planned", YES, ["information"]),
    ("blood_donor", YES, ["information"]),
    ("alcohol_or_drugs_today", YES, ["block"]),
    ("no_food_in_4_hours", YES, ["caution"]),
    ("nsaid_in_24_hours", YES, ["caution"]),
]


@pytest.mark.parametrize(("code", "answer", "kinds"), TABLE)
def test_a_yes_leads_to_the_actions_of_its_row(code, answer, kinds):
    assert [str(finding.kind) for finding in rule_findings(RULES[code], answer, on=ON)] == kinds


def test_the_table_has_these_rows_and_no_others():
    assert {code for code, _, _ in TABLE} == set(RULES)
    assert len(RULES) == len(DEFAULT_RULES) + len(SESSION_DAY_QUESTIONS)


@pytest.mark.parametrize(
    ("code", "option", "earliest"),
    [
        ("isotretinoin", "", date(2027, 2, 28)),
        ("chemotherapy_or_radiation", "", date(2027, 2, 28)),
        ("laser_tattoo_removal", "", date(2026, 11, 29)),
        ("chemical_peel", "", date(2026, 10, 12)),
        ("botulinum_toxin", "", date(2026, 10, 31)),
        ("hair_transplant", "fue", date(2027, 2, 28)),
        ("hair_transplant", "fut", date(2027, 8, 31)),
    ],
)
def test_a_wait_has_the_length_of_its_row(code, option, earliest):
    answer = replace(ENDED, option=option)
    assert rule_findings(RULES[code], answer, on=ON)[0].earliest == earliest
    assert "wait_until" in {str(f.kind) for f in rule_findings(RULES[code], answer, on=earliest - timedelta(days=1))}
    assert "wait_until" not in {str(f.kind) for f in rule_findings(RULES[code], answer, on=earliest)}


def test_only_an_infection_cannot_be_overridden_among_the_rules():
    assert {code for code, rule in RULES.items() if not rule.overridable} == {"scalp_infection"}
    assert {"scalp_infection", "minimum_age"} == NEVER_OVERRIDDEN


def test_an_infection_blocks_until_it_is_cleared():
    (finding,) = rule_findings(RULES["scalp_infection"], YES, on=ON)
    assert (finding.blocking, finding.overridable) == (True, False)


@pytest.mark.parametrize("code", ["scalp_infection", "scalp_skin_disease", "scalp_damage"])
def test_what_must_clear_is_checked_again_in_14_days(code):
    (finding,) = rule_findings(RULES[code], replace(YES, answered_on=ON), on=date(2026, 9, 10))
    assert finding.words.endswith("Check again on 17 September 2026.")


def test_the_three_questions_of_the_day_are_asked_every_session():
    assert [rule.code for rule in SESSION_DAY_QUESTIONS] == [
        "alcohol_or_drugs_today",
        "no_food_in_4_hours",
        "nsaid_in_24_hours",
    ]
    assert {rule.asked for rule in SESSION_DAY_QUESTIONS} == {Asked.EVERY_SESSION}
    assert {rule.asked for rule in DEFAULT_RULES} == {Asked.INTAKE}


def test_a_healthy_adult_has_no_findings():
    answers = dict.fromkeys(RULES, Answer(Reply.NO))
    assert findings(answers, RULES.values(), born_on=ADULT, on=ON) == ()


def test_nothing_answered_leaves_every_question_missing():
    found = findings({}, DEFAULT_RULES, born_on=ADULT, on=ON)
    assert [finding.code for finding in found] == [rule.code for rule in DEFAULT_RULES]
    assert all(finding.kind is Kind.MISSING and finding.blocking for finding in found)


def test_every_question_is_a_question_in_plain_words():
    for rule in RULES.values():
        assert rule.question.split("?")[0]
        assert "?" in rule.question


def test_a_rule_asks_for_every_date_and_option_its_actions_need():
    for rule in RULES.values():
        kinds = {action.kind for action in rule.actions}
        assert (Kind.WAIT_UNTIL in kinds) == (Detail.ENDED_ON in rule.asks)
        assert bool(rule.options) == (Detail.OPTION in rule.asks)
        assert any(a.starting_within_days is not None for a in rule.actions) == (Detail.STARTED_ON in rule.asks)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_default_rule_could_be_saved(rule):
    assert problems_with_rule(rule) == []


ENDS = (Detail.ENDED_ON,)


def make_rule(**given):
    return Rule(**{"code": "x", "title": "X", "question": "X?", "actions": (Action(Kind.BLOCK),)} | given)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (make_rule(question=" "), "X: write the question."),
        (make_rule(actions=()), "X: choose at least one action."),
        (
            make_rule(code="scalp_infection", overridable=False, actions=(Action(Kind.CAUTION),)),
            "X must keep an action that stops the treatment.",
        ),
        (make_rule(code="scalp_infection"), "X can never be overridden."),
        (make_rule(code="minimum_age", overridable=False), "The minimum age is a setting of its own, not a rule."),
        (make_rule(actions=(Action(Kind.MISSING),)), "X: an answer still owed is no action."),
        (make_rule(actions=(Action(Kind.WAIT_UNTIL),), asks=ENDS), "X: say how long to wait."),
        (make_rule(actions=(Action(Kind.WAIT_UNTIL, months=-1),), asks=ENDS), "X: a time span cannot be negative."),
        (make_rule(actions=(Action(Kind.WAIT_UNTIL, days=-1),), asks=ENDS), "X: a time span cannot be negative."),
        (
            make_rule(actions=(Action(Kind.BLOCK, starting_within_days=-1),), asks=(Detail.STARTED_ON,)),
            "X: a time span cannot be negative.",
        ),
        (
            make_rule(actions=(Action(Kind.WAIT_UNTIL, months=1),)),
            "X: a wait counts from a day. Ask for the last day.",
        ),
        (
            make_rule(actions=(Action(Kind.BLOCK, starting_within_days=7),)),
            "X: to know when it begins, ask for the first day.",
        ),
        (
            make_rule(asks=(Detail.OPTION,), options=(Option("a", "A"),)),
            "X: to ask which one, write two choices or more; else leave both out.",
        ),
        (
            make_rule(options=(Option("a", "A"), Option("b", "B"))),
            "X: to ask which one, write two choices or more; else leave both out.",
        ),
        (
            make_rule(asks=(Detail.OPTION,), options=(Option("a", "Yes"), Option("b", "yes"))),
            "X: two choices say the same.",
        ),
        (
            make_rule(asked=Asked.EVERY_SESSION, asks=(Detail.WORDS,)),
            "X: a question of every session is answered with yes or no alone, and has no wait.",
        ),
        (make_rule(actions=(Action(Kind.BLOCK, only_if=("b", "a")),)), "X has no option a, b."),
    ],
)
def test_a_wrong_rule_is_explained(rule, problem):
    assert problems_with_rule(rule) == [problem]
