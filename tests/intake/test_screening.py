"""What follows from an answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dates import add_months
from intake.screening import (
    BLOCKING,
    PLAIN_WORDS,
    Action,
    Answer,
    Asked,
    Detail,
    Finding,
    Kind,
    Option,
    Reply,
    Rule,
    age_findings,
    earliest_day,
    findings,
    is_blocked,
    rule_findings,
)

ON = date(2026, 9, 3)
ADULT = date(1984, 5, 3)
NO = Answer(Reply.NO)
YES = Answer(Reply.YES)


def make_rule(*actions, **given):
    return Rule(
        **{"code": "peel", "title": "Peel", "question": "A peel?", "actions": actions or (Action(Kind.BLOCK),)} | given
    )


def follow(rule, answer, on=ON):
    return rule_findings(rule, answer, on=on)


def wait(months=6, days=0, **given):
    return make_rule(Action(Kind.WAIT_UNTIL, months=months, days=days), asks=(Detail.ENDED_ON,), **given)


def test_a_no_leads_to_nothing():
    assert follow(make_rule(), NO) == ()


def test_an_open_question_is_missing_and_blocks():
    assert follow(make_rule(), None) == (Finding("peel", Kind.MISSING, "Peel: not answered yet.", None, True, True),)


def test_not_knowing_is_missing_and_blocks():
    found = follow(make_rule(), Answer(Reply.UNKNOWN))
    assert found == (Finding("peel", Kind.MISSING, "Peel: the patient does not know; ask again.", None, True, True),)


def test_an_open_answer_to_a_rule_without_override_cannot_be_overridden():
    assert [finding.overridable for finding in follow(make_rule(overridable=False), None)] == [False]


@pytest.mark.parametrize("kind", list(PLAIN_WORDS))
def test_an_action_without_its_own_words_has_plain_ones(kind):
    (finding,) = follow(make_rule(Action(kind)), YES)
    assert finding.words.startswith(f"Peel: {PLAIN_WORDS[kind]}")
    assert finding.kind is kind


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.WAIT_UNTIL, Kind.MISSING)])
def test_only_what_stands_in_the_way_blocks(kind):
    harmless = {Kind.INFORMATION, Kind.CAUTION, Kind.PRODUCT_BLOCK, Kind.DO_NOT_TREAT_MARK}
    (finding,) = follow(make_rule(Action(kind)), YES)
    assert finding.blocking == (kind not in harmless)
    assert is_blocked([finding]) == (kind in BLOCKING)


def test_one_yes_can_have_several_consequences_in_their_order():
    rule = make_rule(Action(Kind.PATCH_TEST), Action(Kind.PRODUCT_BLOCK))
    assert [finding.kind for finding in follow(rule, YES)] == [Kind.PATCH_TEST, Kind.PRODUCT_BLOCK]


def test_what_the_patient_told_stands_in_the_finding():
    rule = make_rule(Action(Kind.CAUTION, "take care."))
    assert follow(rule, replace(YES, words=" warfarin. "))[0].words == "Peel: take care. Told: warfarin."
    assert follow(rule, YES)[0].words == "Peel: take care."


def test_a_letter_never_advises_to_stop_a_medicine():
    (finding,) = follow(make_rule(Action(Kind.DOCTORS_LETTER)), YES)
    assert "Never advise anyone to stop a prescribed medicine." in finding.words


# Waits


def test_a_wait_names_its_last_day_and_why():
    (finding,) = follow(wait(), replace(YES, ended_on=date(2026, 8, 31)))
    assert finding == Finding(
        "peel",
        Kind.WAIT_UNTIL,
        "Peel: wait until 28 February 2027 (6 months after 31 August 2026).",
        date(2027, 2, 28),
        True,
        True,
    )


@pytest.mark.parametrize(
    ("ended_on", "on", "waits"),
    [
        (date(2026, 8, 31), date(2027, 2, 27), True),
        (date(2026, 8, 31), date(2027, 2, 28), False),
        (date(2027, 8, 31), date(2028, 2, 28), True),
        (date(2027, 8, 31), date(2028, 2, 29), False),
        (date(2026, 3, 3), date(2026, 9, 2), True),
        (date(2026, 3, 3), date(2026, 9, 3), False),
    ],
)
def test_a_wait_is_over_on_its_day_and_not_the_day_before(ended_on, on, waits):
    assert bool(follow(wait(), replace(YES, ended_on=ended_on), on=on)) == waits


@pytest.mark.parametrize(("on", "waits"), [(date(2026, 11, 29), True), (date(2026, 11, 30), False)])
def test_a_wait_in_days_counts_days(on, waits):
    assert bool(follow(wait(months=0, days=90), replace(YES, ended_on=date(2026, 9, 1)), on=on)) == waits


def test_a_wait_can_add_days_to_months_and_says_so():
    (finding,) = follow(wait(months=1, days=1), replace(YES, ended_on=date(2026, 8, 31)))
    assert finding.earliest == date(2026, 10, 1)
    assert "(1 month and 1 day after 31 August 2026)" in finding.words


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 24), st.integers(-800, 800))
def test_a_wait_stands_exactly_until_its_day(ended_on, months, offset):
    on = add_months(ended_on, months) + timedelta(days=offset)
    found = follow(wait(months=months), replace(YES, ended_on=ended_on), on=on)
    assert [finding.earliest for finding in found] == ([add_months(ended_on, months)] if offset < 0 else [])


def test_a_wait_from_an_unknown_day_is_missing():
    (finding,) = follow(wait(), YES)
    assert (finding.kind, finding.blocking) == (Kind.MISSING, True)
    assert finding.words == "Peel: the day it ended is not known. The wait is 6 months from then."


def test_a_course_that_goes_on_waits_without_a_date():
    (finding,) = follow(wait(), replace(YES, is_ongoing=True))
    assert (finding.kind, finding.earliest, finding.blocking) == (Kind.WAIT_UNTIL, None, True)
    assert finding.words == "Peel: wait until 6 months after it has ended."


def test_a_course_with_a_planned_end_waits_from_there():
    going_on = replace(YES, is_ongoing=True, ended_on=date(2026, 10, 1))
    assert follow(wait(), going_on)[0].earliest == date(2027, 4, 1)


def test_going_on_outweighs_an_end_that_has_passed():
    assert follow(wait(), replace(YES, is_ongoing=True, ended_on=date(2020, 1, 1)))[0].earliest is None


def test_every_course_is_followed_on_its_own():
    answer = replace(YES, ended_on=date(2026, 8, 1), more=(replace(YES, ended_on=date(2026, 5, 1)),))
    assert [finding.earliest for finding in follow(wait(), answer)] == [date(2027, 2, 1), date(2026, 11, 1)]


def test_the_same_finding_of_two_courses_is_told_once():
    assert len(follow(make_rule(), replace(YES, more=(YES,)))) == 1


def test_a_course_that_goes_on_and_ends_today_waits_without_a_date():
    assert follow(wait(), replace(YES, is_ongoing=True, ended_on=ON))[0].earliest is None
    assert follow(wait(), replace(YES, is_ongoing=True, ended_on=date(2026, 9, 4)))[0].earliest == date(2027, 3, 4)


@pytest.mark.parametrize("months", [6, 0])
def test_a_mistyped_year_waits_until_the_end_of_the_calendar(months):
    far = replace(YES, ended_on=date(9999, 12, 31))
    assert follow(wait(months=months, days=90), far)[0].earliest == date.max


# Treatment that is still to come

PLANNED = make_rule(Action(Kind.WAIT_UNTIL, months=6), Action(Kind.BLOCK, starting_within_days=28))


@pytest.mark.parametrize(
    ("starts_on", "kinds"),
    [
        (date(2026, 10, 2), []),
        (date(2026, 10, 1), [Kind.BLOCK]),
        (date(2026, 9, 4), [Kind.BLOCK]),
        (date(2026, 9, 3), [Kind.MISSING]),
    ],
)
def test_a_course_that_begins_within_28_days_blocks(starts_on, kinds):
    assert [finding.kind for finding in follow(PLANNED, replace(YES, started_on=starts_on))] == kinds


def test_a_block_before_a_start_names_it():
    (finding,) = follow(PLANNED, replace(YES, started_on=date(2026, 10, 1)))
    assert finding.words == "Peel: it begins on 1 October 2026, within 28 days. No treatment now."


def test_a_planned_course_does_not_wait_for_its_own_end():
    answer = replace(YES, started_on=date(2026, 12, 1), ended_on=date(2027, 1, 1))
    assert follow(PLANNED, answer) == ()


def test_a_planned_course_of_one_day_does_not_wait_for_its_end():
    assert follow(PLANNED, replace(YES, started_on=date(2026, 12, 1), ended_on=date(2026, 12, 1))) == ()


def test_an_earlier_course_is_waited_for_beside_a_planned_one():
    answer = replace(YES, ended_on=date(2026, 8, 1), started_on=date(2026, 9, 20))
    assert [finding.kind for finding in follow(PLANNED, answer)] == [Kind.WAIT_UNTIL, Kind.BLOCK]


# Options

BY_OPTION = make_rule(
    Action(Kind.WAIT_UNTIL, months=6, only_if=("fue",)),
    Action(Kind.WAIT_UNTIL, months=12, only_if=("fut",)),
    options=(Option("fue", "grafts"), Option("fut", "strip")),
)


@pytest.mark.parametrize(("option", "earliest"), [("fue", date(2027, 2, 1)), ("fut", date(2027, 8, 1))])
def test_an_option_chooses_the_action(option, earliest):
    assert follow(BY_OPTION, replace(YES, option=option, ended_on=date(2026, 8, 1)))[0].earliest == earliest


@pytest.mark.parametrize("option", ["", "else"])
def test_an_option_that_is_not_told_is_missing(option):
    (finding,) = follow(BY_OPTION, replace(YES, option=option, ended_on=date(2026, 8, 1)))
    assert (finding.kind, finding.words) == (Kind.MISSING, "Peel: say which: grafts or strip.")


def test_an_option_without_a_consequence_is_fine():
    rule = make_rule(Action(Kind.CAUTION, only_if=("fue",)), options=BY_OPTION.options)
    assert follow(rule, replace(YES, option="fut")) == ()


# Until cleared, and the day itself


def test_a_recheck_is_14_days_after_the_answer():
    rule = make_rule(Action(Kind.UNTIL_CLEARED))
    told = replace(YES, answered_on=date(2026, 8, 25))
    assert follow(rule, told)[0].words.endswith("Check again on 8 September 2026.")
    assert follow(rule, YES)[0].words.endswith("Check again on 17 September 2026.")


def test_a_recheck_ends_nothing_by_itself():
    (finding,) = follow(make_rule(Action(Kind.UNTIL_CLEARED)), replace(YES, answered_on=date(2020, 1, 1)))
    assert (finding.earliest, finding.blocking) == (None, True)


def test_a_block_of_the_day_ends_tomorrow_and_a_block_of_the_intake_has_no_end():
    today = make_rule(Action(Kind.BLOCK), asked=Asked.EVERY_SESSION)
    assert follow(today, YES)[0].earliest == date(2026, 9, 4)
    assert follow(make_rule(), YES)[0].earliest is None


# Age


def test_a_person_may_be_treated_on_the_18th_birthday_and_not_the_day_before():
    assert age_findings(date(2008, 9, 3), on=ON) == ()
    (finding,) = age_findings(date(2008, 9, 4), on=ON)
    assert (finding.kind, finding.earliest) == (Kind.BLOCK, date(2026, 9, 4))
    assert (finding.blocking, finding.overridable) == (True, False)


def test_the_minimum_age_is_a_setting():
    assert age_findings(date(2006, 9, 4), on=ON) == ()
    assert age_findings(date(2006, 9, 4), on=ON, minimum_age_years=20)[0].earliest == date(2026, 9, 4)


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        (None, "The birth date is not known. Without it the age cannot be checked."),
        (date(2026, 9, 4), "The birth date 4 September 2026 is to come. Without it the age cannot be checked."),
    ],
)
def test_an_unknown_age_blocks_as_a_low_one_does(born_on, words):
    assert age_findings(born_on, on=ON) == (Finding("minimum_age", Kind.MISSING, words, None, True, False),)


def test_a_child_born_today_is_too_young_and_not_of_unknown_age():
    (finding,) = age_findings(ON, on=ON)
    assert (finding.kind, finding.earliest) == (Kind.BLOCK, date(2044, 9, 3))


def test_a_finding_can_be_overridden_unless_it_says_otherwise():
    assert Finding("a", Kind.BLOCK, "...").overridable


# Together


def test_findings_begin_with_age_and_follow_the_order_of_the_rules():
    rules = [make_rule(code="b"), make_rule(code="a"), make_rule(code="c")]
    found = findings({"b": YES, "a": NO}, rules, born_on=None, on=ON)
    assert [(finding.code, finding.kind) for finding in found] == [
        ("minimum_age", Kind.MISSING),
        ("b", Kind.BLOCK),
        ("c", Kind.MISSING),
    ]


def test_an_answer_to_no_rule_changes_nothing():
    assert findings({"unheard": YES}, [], born_on=ADULT, on=ON) == ()


def test_the_earliest_day_is_the_latest_of_all_waits():
    waits = [Finding("a", Kind.WAIT_UNTIL, "", date(2026, 10, day), True) for day in (1, 5, 3)]
    caution = Finding("b", Kind.CAUTION, "")
    assert earliest_day([*waits, caution], on=ON) == date(2026, 10, 5)
    assert earliest_day([caution], on=ON) == ON
    assert earliest_day([*waits, Finding("c", Kind.BLOCK, "", None, True)], on=ON) is None
