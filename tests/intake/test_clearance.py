"""What settles a finding."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.clearance import (
    Clearance,
    Letter,
    LetterAnswer,
    LetterState,
    Override,
    PatchResult,
    PatchTest,
    letter_state,
    letter_valid_until,
    patch_test_clears,
    patch_test_readable_from,
    problems_with_letter,
    problems_with_reading,
    still_standing,
)
from intake.screening import Finding, Kind

ON = date(2026, 9, 3)
WARSAW = ZoneInfo("Europe/Warsaw")
LETTER = Letter("immunity", date(2026, 1, 5), date(2026, 2, 1), date(2026, 1, 20), "Dr Lis", date(2026, 2, 2))
DONE = datetime(2026, 6, 1, 10, tzinfo=UTC)
PASSED = PatchTest(DONE, DONE + timedelta(hours=48), PatchResult.PASSED)


def finding(kind, code="immunity", overridable=True):
    return Finding(code, kind, "...", None, True, overridable)


def test_a_letter_is_requested_until_it_comes():
    letter = Letter("immunity", date(2026, 1, 5))
    assert letter_state(letter, on=date(2030, 1, 1)) is LetterState.REQUESTED
    assert letter_valid_until(letter) is None
    dated = Letter("immunity", date(2026, 1, 5), dated_on=date(2026, 1, 20))
    assert letter_valid_until(dated) is None


def test_a_letter_that_came_is_accepted_from_its_day():
    states = [letter_state(LETTER, on=day) for day in (date(2026, 2, 1), date(2026, 2, 2))]
    assert states == [LetterState.RECEIVED, LetterState.ACCEPTED]


def test_a_letter_is_valid_for_12_months_from_its_date():
    assert letter_valid_until(LETTER) == date(2027, 1, 20)
    states = [letter_state(LETTER, on=day) for day in (date(2027, 1, 20), date(2027, 1, 21))]
    assert states == [LetterState.ACCEPTED, LetterState.EXPIRED]


@pytest.mark.parametrize(
    ("possible_from", "on", "state"),
    [
        (None, date(2026, 12, 1), LetterState.NOT_NOW),
        (date(2026, 6, 1), date(2026, 5, 31), LetterState.NOT_NOW),
        (date(2026, 6, 1), date(2026, 6, 1), LetterState.RECEIVED),
        (date(2026, 6, 1), date(2027, 2, 1), LetterState.EXPIRED),
    ],
)
def test_a_doctors_no_holds_until_the_day_it_names(possible_from, on, state):
    dated = date(2026, 1, 20)
    told = {"answer": LetterAnswer.NOT_NOW, "possible_from": possible_from}
    assert letter_state(Letter("a", dated, dated, dated, "Dr Lis", **told), on=on) is state


def test_a_letter_without_a_date_counts_from_the_day_it_came():
    assert letter_valid_until(Letter("immunity", date(2026, 1, 5), date(2026, 2, 1))) == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("letter", "problems"),
    [
        (LETTER, []),
        (Letter("a", ON), []),
        (Letter("a", ON, ON, ON, "Dr Lis", ON), []),
        (
            Letter("a", ON, date(2026, 9, 2), None, "Dr Lis"),
            ["The letter came on 2 September 2026, before it was requested on 3 September 2026."],
        ),
        (Letter("a", ON, ON, None, " "), ["Name the doctor who wrote the letter."]),
        (
            Letter("a", ON, ON, date(2026, 9, 4), "Dr Lis"),
            ["The letter is dated 4 September 2026, after the day it came."],
        ),
        (Letter("a", ON, accepted_on=ON), ["A letter can be accepted only after it has come."]),
        (
            Letter("a", ON, ON, ON, "Dr Lis", ON, LetterAnswer.NOT_NOW),
            ["The doctor says that there is to be no treatment now. Ask for another letter later."],
        ),
        (
            Letter("a", ON, ON, ON, "Dr Lis", possible_from=ON),
            ["Only an answer “not now” names the day from which treatment is possible."],
        ),
        (
            Letter("a", date(2026, 9, 1), ON, None, "Dr Lis", date(2026, 9, 2)),
            ["The letter was accepted on 2 September 2026, before it came."],
        ),
    ],
)
def test_a_letters_life_has_an_order(letter, problems):
    assert problems_with_letter(letter) == problems


def test_a_patch_test_is_read_after_48_hours_and_not_a_minute_before():
    early = PatchTest(DONE, DONE + timedelta(hours=47, minutes=59), PatchResult.PASSED)
    assert problems_with_reading(PASSED) == []
    assert problems_with_reading(PatchTest(DONE)) == []
    assert problems_with_reading(early) == [
        "The patch test can be read from 3 June 2026 at 10:00, 48 hours after it was done."
    ]
    assert not patch_test_clears(early, on=ON)


def test_the_48_hours_are_real_ones_when_the_clock_changes():
    done = datetime(2026, 10, 24, 12, tzinfo=WARSAW)
    assert patch_test_readable_from(PatchTest(done)).isoformat() == "2026-10-26T11:00:00+01:00"


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="2026-06-01 10:00 has no time zone"):
        patch_test_readable_from(PatchTest(DONE.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("on", "clears"),
    [(date(2026, 6, 2), False), (date(2026, 6, 3), True), (date(2026, 12, 1), True), (date(2026, 12, 2), False)],
)
def test_a_passed_patch_test_holds_from_its_reading_for_6_months(on, clears):
    assert patch_test_clears(PASSED, on=on) == clears


@pytest.mark.parametrize("result", [result for result in PatchResult if result is not PatchResult.PASSED])
def test_only_a_passed_patch_test_clears(result):
    assert not patch_test_clears(PatchTest(DONE, DONE + timedelta(hours=48), result), on=ON)


@pytest.mark.parametrize("result", [PatchResult.FAILED, PatchResult.INCONCLUSIVE])
def test_a_later_reading_takes_an_earlier_pass_back(result):
    later = PatchTest(DONE + timedelta(days=1), DONE + timedelta(days=4), result)
    assert still_standing([finding(Kind.PATCH_TEST)], on=ON, patch_tests=[later, PASSED]) != ()


def test_a_pass_after_a_failure_clears():
    earlier = PatchTest(DONE - timedelta(days=9), DONE - timedelta(days=6), PatchResult.FAILED)
    unread = PatchTest(DONE + timedelta(days=1))
    assert still_standing([finding(Kind.PATCH_TEST)], on=ON, patch_tests=[PASSED, earlier, unread]) == ()


def test_an_unread_patch_test_clears_nothing():
    assert not patch_test_clears(PatchTest(DONE, None, PatchResult.PASSED), on=ON)


def test_what_does_not_block_does_not_stand():
    assert still_standing([Finding("a", Kind.CAUTION, "...")], on=ON) == ()


def test_nothing_is_settled_by_itself():
    found = [finding(kind) for kind in (Kind.DOCTORS_LETTER, Kind.UNTIL_CLEARED, Kind.PATCH_TEST, Kind.BLOCK)]
    assert still_standing(found, on=ON) == tuple(found)


@pytest.mark.parametrize(
    ("kind", "settled_by"),
    [
        (Kind.DOCTORS_LETTER, {"letters": [LETTER]}),
        (Kind.UNTIL_CLEARED, {"clearances": [Clearance("immunity", ON, "Dr Lis")]}),
        (Kind.PATCH_TEST, {"patch_tests": [PASSED]}),
    ],
)
def test_each_finding_is_settled_by_its_own_paper_and_no_other(kind, settled_by):
    others = [
        finding(other) for other in (Kind.DOCTORS_LETTER, Kind.UNTIL_CLEARED, Kind.PATCH_TEST) if other is not kind
    ]
    assert still_standing([finding(kind), *others], on=ON, **settled_by) == tuple(others)


def test_a_paper_for_another_finding_settles_nothing():
    found = (finding(Kind.DOCTORS_LETTER, "other"), finding(Kind.UNTIL_CLEARED, "other"))
    clearances = [Clearance("immunity", ON, "Dr Lis")]
    assert still_standing(found, on=ON, letters=[LETTER], clearances=clearances) == found


def test_a_clearance_holds_from_its_day():
    found = (finding(Kind.UNTIL_CLEARED),)
    tomorrow = [Clearance("immunity", date(2026, 9, 4), "Dr Lis")]
    assert still_standing(found, on=ON, clearances=tomorrow) == found
    assert still_standing(found, on=date(2026, 9, 4), clearances=tomorrow) == ()


def test_a_letter_that_has_expired_settles_nothing():
    found = (finding(Kind.DOCTORS_LETTER),)
    assert still_standing(found, on=date(2027, 1, 21), letters=[LETTER]) == found


def test_an_override_settles_its_finding_by_name_and_reason():
    found = (finding(Kind.BLOCK), finding(Kind.DOCTORS_LETTER))
    override = Override("immunity", Kind.BLOCK, "Dr Lis", "old scar, stable")
    assert still_standing(found, on=ON, overrides=[override]) == found[1:]


@pytest.mark.parametrize(("name", "reason"), [(" ", "stable"), ("Dr Lis", " ")])
def test_an_override_without_name_or_reason_settles_nothing(name, reason):
    found = (finding(Kind.BLOCK),)
    assert still_standing(found, on=ON, overrides=[Override("immunity", Kind.BLOCK, name, reason)]) == found


def test_an_infection_cannot_be_overridden_and_can_be_cleared():
    found = (finding(Kind.UNTIL_CLEARED, "scalp_infection", overridable=False),)
    override = Override("scalp_infection", Kind.UNTIL_CLEARED, "Dr Lis", "looks fine")
    assert still_standing(found, on=ON, overrides=[override]) == found
    assert still_standing(found, on=ON, clearances=[Clearance("scalp_infection", ON, "Dr Lis")]) == ()
