"""What settles a finding: a doctor's letter, a clearance, a patch test, an override.

A letter lives: requested -> received (dated, valid 12 months) -> accepted. One that says "not now" settles nothing
until the day it names. A patch test waits 48 hours before it is read and holds for 6 months. Pure: the day or moment
is always given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from intake.dates import add_months, in_words
from intake.screening import Finding, Kind

LETTER_VALID_MONTHS = 12
PATCH_TEST_WAIT_HOURS = 48
PATCH_TEST_VALID_MONTHS = 6
PATCH_TEST_FAILED = "patch_test_result"
PATCH_TEST_REMARK = "A clear patch test never excludes a later allergy."


class LetterState(StrEnum):
    REQUESTED = "requested"
    RECEIVED = "received"
    NOT_NOW = "not_now"
    ACCEPTED = "accepted"
    EXPIRED = "expired"


ASKED_ANEW = (LetterState.EXPIRED, LetterState.NOT_NOW)  # a letter that settles nothing any more, or not yet


class LetterAnswer(StrEnum):
    """The three boxes of the paper; empty is a letter in the doctor's own words, which a practitioner reads."""

    CLEAR = "clear"
    WITH_CARE = "with_care"
    NOT_NOW = "not_now"
    OWN_WORDS = ""


class PatchResult(StrEnum):
    PASSED = "pass"
    FAILED = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_READ = "not_read"
    DECLINED = "declined"


@dataclass(frozen=True)
class Letter:
    """A doctor's letter for one finding; ``dated_on`` is the date the doctor wrote on it.

    ``possible_from`` is the first day that a doctor who says "not now" names, if any.
    """

    code: str
    requested_on: date
    received_on: date | None = None
    dated_on: date | None = None
    doctor: str = ""
    accepted_on: date | None = None
    answer: LetterAnswer = LetterAnswer.OWN_WORDS
    possible_from: date | None = None

    def forbids(self, *, on: date) -> bool:
        """Whether the doctor says that there is to be no treatment on the day ``on``."""
        return self.answer is LetterAnswer.NOT_NOW and (self.possible_from is None or on < self.possible_from)


@dataclass(frozen=True)
class Clearance:
    """That a condition was found gone, by whom and when; it holds until the question is answered anew."""

    code: str
    cleared_on: date
    cleared_by: str


@dataclass(frozen=True)
class PatchTest:
    """One patch test; ``result`` is what was read at ``read_at``.

    ``readable_from`` and ``valid_until`` are what the clinic's figures said when it was placed and read; without them
    the defaults count.
    """

    done_at: datetime
    read_at: datetime | None = None
    result: PatchResult = PatchResult.NOT_READ
    readable_from: datetime | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Override:
    """A practitioner's or manager's word against a finding, by name and reason."""

    code: str
    kind: Kind
    overridden_by: str
    reason: str


def letter_valid_until(letter: Letter) -> date | None:
    """The last day a letter counts, 12 months after its date; None until it has come.

    >>> letter_valid_until(Letter("diabetes", date(2026, 1, 5), date(2026, 2, 1), date(2026, 1, 31)))
    datetime.date(2027, 1, 31)
    """
    written_on = letter.dated_on or letter.received_on
    return add_months(written_on, LETTER_VALID_MONTHS) if letter.received_on and written_on else None


def letter_state(letter: Letter, *, on: date) -> LetterState:
    """Where a letter stands on the day ``on``.

    >>> letter_state(Letter("diabetes", date(2026, 1, 5)), on=date(2026, 2, 1))
    <LetterState.REQUESTED: 'requested'>
    """
    valid_until = letter_valid_until(letter)
    if valid_until is None:
        return LetterState.REQUESTED
    if on > valid_until:
        return LetterState.EXPIRED
    if letter.forbids(on=on):
        return LetterState.NOT_NOW
    return LetterState.ACCEPTED if letter.accepted_on and letter.accepted_on <= on else LetterState.RECEIVED


def problems_with_letter(letter: Letter) -> list[str]:
    """What is wrong with a letter's life, in words; empty is fine."""
    problems = []
    if letter.received_on and letter.received_on < letter.requested_on:
        problems.append(
            f"The letter came on {in_words(letter.received_on)}, before it was requested "
            f"on {in_words(letter.requested_on)}."
        )
    if letter.received_on and not letter.doctor.strip():
        problems.append("Name the doctor who wrote the letter.")
    if letter.dated_on and letter.received_on and letter.dated_on > letter.received_on:
        problems.append(f"The letter is dated {in_words(letter.dated_on)}, after the day it came.")
    if letter.possible_from and letter.answer is not LetterAnswer.NOT_NOW:
        problems.append("Only an answer “not now” names the day from which treatment is possible.")
    if letter.accepted_on and letter.forbids(on=letter.accepted_on):
        problems.append("The doctor says that there is to be no treatment now. Ask for another letter later.")
    if letter.accepted_on and not letter.received_on:
        problems.append("A letter can be accepted only after it has come.")
    if letter.accepted_on and letter.received_on and letter.accepted_on < letter.received_on:
        problems.append(f"The letter was accepted on {in_words(letter.accepted_on)}, before it came.")
    return problems


def patch_test_readable_from(test: PatchTest, *, wait_hours: int = PATCH_TEST_WAIT_HOURS) -> datetime:
    """The first moment at which a patch test may be read (real hours, also across a clock change)."""
    if test.done_at.tzinfo is None:
        raise ValueError(f"{test.done_at:%Y-%m-%d %H:%M} has no time zone.")
    if test.readable_from is not None:
        return test.readable_from
    return (test.done_at.astimezone(UTC) + timedelta(hours=wait_hours)).astimezone(test.done_at.tzinfo)


def problems_with_reading(test: PatchTest) -> list[str]:
    """Why a reading does not count, in words; empty is fine."""
    readable_from = patch_test_readable_from(test)
    if test.read_at is not None and test.read_at < readable_from:
        waited = (readable_from.astimezone(UTC) - test.done_at.astimezone(UTC)) / timedelta(hours=1)
        return [
            f"The patch test can be read from {in_words(readable_from.date())} at {readable_from:%H:%M}, "
            f"{waited:.0f} hours after it was done."
        ]
    return []


def patch_test_valid_until(test: PatchTest, *, valid_months: int = PATCH_TEST_VALID_MONTHS) -> date:
    """The last day on which a clear test counts: 6 months from the day it was done, unless it says another."""
    return test.valid_until or add_months(test.done_at.date(), valid_months)


def patch_test_clears(test: PatchTest, *, on: date) -> bool:
    """Whether a test was read late enough, passed, and still holds on the day ``on``."""
    if test.result is not PatchResult.PASSED or test.read_at is None or problems_with_reading(test):
        return False
    return test.read_at.date() <= on <= patch_test_valid_until(test)


def last_read(tests: Iterable[PatchTest], *, on: date) -> PatchTest | None:
    """The test that was read last by the day ``on``; it alone counts."""
    read = [(test.read_at, test) for test in tests if test.read_at is not None and test.read_at.date() <= on]
    return max(read, key=lambda pair: pair[0])[1] if read else None


def patch_tests_clear(tests: Iterable[PatchTest], *, on: date) -> bool:
    """Whether the test that was read last by the day ``on`` clears: a later failure takes an earlier pass back."""
    newest = last_read(tests, on=on)
    return newest is not None and patch_test_clears(newest, on=on)


def patch_test_findings(tests: Iterable[PatchTest], *, on: date) -> tuple[Finding, ...]:
    """What the test read last asks for, whether or not a rule wanted one: a reaction blocks."""
    newest = last_read(tests, on=on)
    if newest is None or newest.read_at is None:
        return ()
    day = in_words(newest.read_at.date())
    if newest.result is PatchResult.FAILED:
        words = f"Patch test: there was a reaction, read on {day}. No treatment with this pigment."
        return (Finding(PATCH_TEST_FAILED, Kind.BLOCK, words, blocking=True),)
    if newest.result is PatchResult.INCONCLUSIVE:
        return (Finding(PATCH_TEST_FAILED, Kind.CAUTION, f"Patch test: inconclusive on {day}. Place another one."),)
    return ()


def still_standing(
    found: Iterable[Finding],
    *,
    on: date,
    letters: Iterable[Letter] = (),
    clearances: Iterable[Clearance] = (),
    patch_tests: Iterable[PatchTest] = (),
    overrides: Iterable[Override] = (),
) -> tuple[Finding, ...]:
    """The blocking findings that nothing has settled by the day ``on``.

    An override of a finding that cannot be overridden, or without name or reason, changes nothing.
    """
    accepted = {letter.code for letter in letters if letter_state(letter, on=on) is LetterState.ACCEPTED}
    cleared = {clearance.code for clearance in clearances if clearance.cleared_on <= on}
    patch_clear = patch_tests_clear(patch_tests, on=on)
    overridden = {(o.code, o.kind) for o in overrides if o.overridden_by.strip() and o.reason.strip()}

    def is_settled(finding: Finding) -> bool:
        if finding.overridable and (finding.code, finding.kind) in overridden:
            return True
        return (
            (finding.kind is Kind.DOCTORS_LETTER and finding.code in accepted)
            or (finding.kind is Kind.UNTIL_CLEARED and finding.code in cleared)
            or (finding.kind is Kind.PATCH_TEST and patch_clear)
        )

    return tuple(finding for finding in found if finding.blocking and not is_settled(finding))
