"""What must be known before treatment, and what follows from each answer.

A rule asks one question in plain words; a yes leads to a list of actions. The program
supports a decision and never makes a medical one: every limit is a rule that the clinic
edits (``screening_rules`` holds the defaults), and only the minimum age and an active
infection cannot be overridden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from intake.dates import add_days, add_months, age_on, in_words, reaches_age_on

MINIMUM_AGE_YEARS = 18
RECHECK_DAYS = 14
AGE = "minimum_age"
NEVER_OVERRIDDEN = frozenset({AGE, "scalp_infection"})


class Kind(StrEnum):
    """What an action asks for; ``MISSING`` is no action but an answer still owed."""

    INFORMATION = "information"
    CAUTION = "caution"
    DOCTORS_LETTER = "doctors_letter"
    WAIT_UNTIL = "wait_until"
    UNTIL_CLEARED = "until_cleared"
    PATCH_TEST = "patch_test"
    PRODUCT_BLOCK = "product_block"
    DO_NOT_TREAT_MARK = "do_not_treat_mark"
    BLOCK = "block"
    MISSING = "missing"


BLOCKING = frozenset(
    {Kind.DOCTORS_LETTER, Kind.WAIT_UNTIL, Kind.UNTIL_CLEARED, Kind.PATCH_TEST, Kind.BLOCK, Kind.MISSING}
)


class Reply(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Detail(StrEnum):
    """A field that a yes opens."""

    OPTION = "option"
    STARTED_ON = "started_on"
    ENDED_ON = "ended_on"
    WORDS = "words"


class Asked(StrEnum):
    INTAKE = "intake"
    EVERY_SESSION = "every_session"


@dataclass(frozen=True)
class Action:
    """One thing that follows from a yes.

    A wait lasts ``months`` and ``days`` from the day it ended. A block with
    ``starting_within_days`` holds only before something that begins that soon.
    With ``only_if`` the action holds for these options alone ("" is: option not told).
    """

    kind: Kind
    words: str = ""
    months: int = 0
    days: int = 0
    starting_within_days: int | None = None
    only_if: tuple[str, ...] = ()

    def holds_for(self, option: str) -> bool:
        return not self.only_if or option in self.only_if


@dataclass(frozen=True)
class Option:
    code: str
    words: str


@dataclass(frozen=True)
class Rule:
    """A question and its consequences. ``title`` names it in findings, ``asks`` are the fields a yes opens."""

    code: str
    title: str
    question: str
    actions: tuple[Action, ...]
    asks: tuple[Detail, ...] = ()
    options: tuple[Option, ...] = ()
    overridable: bool = True
    asked: Asked = Asked.INTAKE


@dataclass(frozen=True)
class Answer:
    """What was answered. ``ended_on`` is the last day of a course, or the day of a single procedure.

    ``more`` holds further courses of the same kind: each is followed on its own.
    """

    reply: Reply
    option: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    is_ongoing: bool = False
    words: str = ""
    answered_on: date | None = None
    more: tuple["Answer", ...] = ()


@dataclass(frozen=True)
class Finding:
    """One consequence for this patient, ready to show; ``earliest`` is the first possible day, where one is known."""

    code: str
    kind: Kind
    words: str
    earliest: date | None = None
    blocking: bool = False
    overridable: bool = True


def findings(
    answers: Mapping[str, Answer],
    rules: Iterable[Rule],
    *,
    born_on: date | None,
    on: date,
    minimum_age_years: int = MINIMUM_AGE_YEARS,
) -> tuple[Finding, ...]:
    """Everything that follows from these answers for a treatment on the day ``on``.

    ``answers`` are by rule code; a question without a yes or a no is missing, and so is an
    unknown birth date: both block approval.
    """
    found = list(age_findings(born_on, on=on, minimum_age_years=minimum_age_years))
    for rule in rules:
        found += rule_findings(rule, answers.get(rule.code), on=on)
    return tuple(found)


def age_findings(born_on: date | None, *, on: date, minimum_age_years: int = MINIMUM_AGE_YEARS) -> tuple[Finding, ...]:
    """The finding of an unknown or too low age on the day ``on``; never overridable.

    >>> age_findings(date(2008, 9, 4), on=date(2026, 9, 3))[0].words
    'Too young: 17 years old. The minimum age of 18 is reached on 4 September 2026.'
    >>> age_findings(date(2008, 9, 3), on=date(2026, 9, 3))
    ()
    """
    if born_on is None or born_on > on:
        words = "The birth date is not known." if born_on is None else f"The birth date {in_words(born_on)} is to come."
        return (_blocked(AGE, Kind.MISSING, f"{words} Without it the age cannot be checked."),)
    age_years = age_on(born_on, on)
    if age_years >= minimum_age_years:
        return ()
    earliest = reaches_age_on(born_on, minimum_age_years)
    words = (
        f"Too young: {age_years} years old. The minimum age of {minimum_age_years} is reached on {in_words(earliest)}."
    )
    return (_blocked(AGE, Kind.BLOCK, words, earliest),)


def rule_findings(rule: Rule, answer: Answer | None, *, on: date) -> tuple[Finding, ...]:
    """What follows from one answer to one rule on the day ``on``."""
    if answer is None or answer.reply is Reply.UNKNOWN:
        asked = "not answered yet" if answer is None else "the patient does not know; ask again"
        return (_missing(rule, asked),)
    if answer.reply is Reply.NO:
        return ()
    found = _course_findings(rule, answer, on=on)
    for course in answer.more:
        found += [finding for finding in _course_findings(rule, course, on=on) if finding not in found]
    return tuple(found)


def _course_findings(rule: Rule, answer: Answer, *, on: date) -> list[Finding]:
    holding = [action for action in rule.actions if action.holds_for(answer.option)]
    found = [finding for action in holding for finding in _follow(rule, action, answer, on=on)]
    if rule.options and not holding and answer.option not in {option.code for option in rule.options}:
        found.append(_missing(rule, "say which: " + " or ".join(option.words for option in rule.options)))
    return found


def is_blocked(found: Iterable[Finding]) -> bool:
    """Whether anything stands against approval.

    >>> is_blocked([Finding("mri_planned", Kind.INFORMATION, "...")])
    False
    """
    return any(finding.blocking for finding in found)


def earliest_day(found: Iterable[Finding], *, on: date) -> date | None:
    """The first day on which no wait is left; None when something stands that no date can end."""
    blocking = [finding for finding in found if finding.blocking]
    if any(finding.earliest is None for finding in blocking):
        return None
    return max([on, *(finding.earliest for finding in blocking if finding.earliest)])


def _follow(rule: Rule, action: Action, answer: Answer, *, on: date) -> tuple[Finding, ...]:
    if action.kind is Kind.WAIT_UNTIL:
        return _wait(rule, action, answer, on=on)
    if action.kind is Kind.BLOCK and action.starting_within_days is not None:
        return _block_before_start(rule, action, answer, on=on)
    earliest = None
    words = action.words or PLAIN_WORDS[action.kind]
    if action.kind is Kind.UNTIL_CLEARED:
        recheck_on = add_days(answer.answered_on or on, action.days or RECHECK_DAYS)
        words = f"{words} Check again on {in_words(recheck_on)}."
    if action.kind is Kind.BLOCK and rule.asked is Asked.EVERY_SESSION:
        earliest = on + timedelta(days=1)
    return (_finding(rule, action.kind, _with_answer(words, answer), earliest),)


def _wait(rule: Rule, action: Action, answer: Answer, *, on: date) -> tuple[Finding, ...]:
    length = " and ".join(filter(None, [_counted(action.months, "month"), _counted(action.days, "day")]))
    if _is_planned_only(answer, on=on):
        return ()
    if answer.is_ongoing and (answer.ended_on is None or answer.ended_on <= on):
        return (_finding(rule, Kind.WAIT_UNTIL, f"wait until {length} after it has ended."),)
    if answer.ended_on is None:
        return (_missing(rule, f"the day it ended is not known. The wait is {length} from then"),)
    earliest = add_days(add_months(answer.ended_on, action.months), action.days)
    if earliest <= on:
        return ()
    words = f"wait until {in_words(earliest)} ({length} after {in_words(answer.ended_on)})."
    return (_finding(rule, Kind.WAIT_UNTIL, f"{words} {action.words}".strip(), earliest),)


def _is_planned_only(answer: Answer, *, on: date) -> bool:
    """Whether the course is still to begin, and no earlier one has ended that a wait could count from."""
    if answer.started_on is None or answer.started_on <= on:
        return False
    return answer.ended_on is None or answer.ended_on >= answer.started_on


def _block_before_start(rule: Rule, action: Action, answer: Answer, *, on: date) -> tuple[Finding, ...]:
    within_days = action.starting_within_days
    if answer.started_on is None or within_days is None or not on < answer.started_on <= add_days(on, within_days):
        return ()
    words = f"it begins on {in_words(answer.started_on)}, within {_counted(within_days, 'day')}. No treatment now."
    return (_finding(rule, Kind.BLOCK, words),)


def _finding(rule: Rule, kind: Kind, words: str, earliest: date | None = None) -> Finding:
    return Finding(rule.code, kind, f"{rule.title}: {words}", earliest, kind in BLOCKING, rule.overridable)


def _missing(rule: Rule, words: str) -> Finding:
    return _finding(rule, Kind.MISSING, f"{words}.")


def _blocked(code: str, kind: Kind, words: str, earliest: date | None = None) -> Finding:
    return Finding(code, kind, words, earliest, blocking=True, overridable=False)


def _with_answer(words: str, answer: Answer) -> str:
    told = answer.words.strip().rstrip(".")
    return f"{words} Told: {told}." if told else words


def _counted(number: int, unit: str) -> str:
    """ "6 months", "1 day", and nothing for 0."""
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""


PLAIN_WORDS = {
    Kind.INFORMATION: "please note.",
    Kind.CAUTION: "take care.",
    Kind.DOCTORS_LETTER: "a doctor's letter is needed. Never advise anyone to stop a prescribed medicine.",
    Kind.UNTIL_CLEARED: "no treatment until it is cleared.",
    Kind.PATCH_TEST: "a patch test is needed; a clear test never excludes a later allergy.",
    Kind.PRODUCT_BLOCK: "products that contain it must not be used.",
    Kind.DO_NOT_TREAT_MARK: "mark the place on the scalp map; it is not treated.",
    Kind.BLOCK: "no treatment.",
}
