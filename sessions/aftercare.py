"""The care sheet a patient takes home, and the sheet before a session, with real dates and times.

Counted from the last zone's stop in the clinic's local time. Hours are real hours, also across a
clock change; days are calendar days. Rows stop at the next session, which brings its own sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from intake.dates import add_months, in_words
from sessions.aftercare_texts import BEFORE_SESSION, DEFAULT_TEXTS, CareTexts, Look, PeriodText, RuleText

LEAST_GAP_DAYS = 2
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOT_HEALED_YET = "Your scalp may not have healed by then; we check it first."
THEN_THE_NEW_SHEET = "From then on, follow the sheet you get that day."


@dataclass(frozen=True)
class CareProtocol:
    """The clinic's figures behind the sheet."""

    redness_from_hours: int = 2
    redness_to_hours: int = 4
    rare_redness_days: int = 2
    worse_after_hours: int = 48
    healed_from_day: int = 5
    touch_up_years: int = 4
    emergency_number: str = "112"


DEFAULT_PROTOCOL = CareProtocol()


@dataclass(frozen=True)
class CareFacts:
    """What the sheet is made from; ``last_stop_local`` carries the clinic's time zone."""

    last_stop_local: datetime
    look: Look
    next_session_on: date | None = None
    gap_days: int = LEAST_GAP_DAYS
    protocol: CareProtocol = DEFAULT_PROTOCOL


@dataclass(frozen=True)
class Period:
    """Rules from one day to another, both included; ``until_on`` None is for good."""

    code: str
    title: str
    from_on: date
    until_on: date | None
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    code: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CareSheet:
    """The sheet in words, with the dates behind them for other formats and languages."""

    treated_on: date
    look: Look
    redness_gone_from: datetime
    redness_gone_by: datetime
    day0: tuple[str, ...]
    periods: tuple[Period, ...]
    earliest_next: date
    next_session_on: date | None
    next_session: tuple[str, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class PreparationFacts:
    """An appointment to prepare for; the likely length is a range in minutes."""

    starts_local: datetime
    shortest_min: int
    longest_min: int
    look: Look
    cut_within_hours: int = 48


@dataclass(frozen=True)
class PreparationSheet:
    starts_local: datetime
    ends_about_local: datetime
    cut_from_local: datetime
    lines: tuple[str, ...]


def earliest_next_session(treated_on: date, *, gap_days: int = LEAST_GAP_DAYS) -> date:
    """The first day on which the next session may be (clinic-local dates).

    >>> earliest_next_session(date(2026, 12, 31))
    datetime.date(2027, 1, 2)
    """
    return treated_on + timedelta(days=gap_days)


def problems_with_care_facts(facts: CareFacts) -> list[str]:
    """Why no sheet can be made from these facts, in words; empty is fine."""
    if facts.last_stop_local.tzinfo is None:
        return ["The last stop has no time zone."]
    problems = problems_with_protocol(facts.protocol)
    if facts.gap_days < LEAST_GAP_DAYS:
        problems.append(f"Sessions are at least {LEAST_GAP_DAYS} days apart, not {facts.gap_days}.")
    treated_on = facts.last_stop_local.date()
    if facts.next_session_on is not None and facts.next_session_on <= treated_on:
        problems.append(f"The next session, {in_words(facts.next_session_on)}, is not after {in_words(treated_on)}.")
    return problems


def problems_with_protocol(protocol: CareProtocol) -> list[str]:
    """Why a clinic's figures cannot be saved, in words; empty is fine.

    >>> problems_with_protocol(CareProtocol(redness_from_hours=5))
    ['Redness settles within 5 to 4 hours: the first must not be more than the second.']
    """
    problems = []
    if protocol.redness_from_hours > protocol.redness_to_hours:
        span = f"{protocol.redness_from_hours} to {protocol.redness_to_hours}"
        problems.append(f"Redness settles within {span} hours: the first must not be more than the second.")
    if protocol.redness_from_hours < 0 or protocol.redness_to_hours > 48:
        problems.append("Redness settles within 0 to 48 hours.")
    if not 1 <= protocol.touch_up_years <= 20:
        problems.append(f"The touch-up check is in 1 to 20 years, not {protocol.touch_up_years}.")
    return problems


def care_sheet(facts: CareFacts, texts: CareTexts = DEFAULT_TEXTS) -> CareSheet:
    """The care sheet; a ``ValueError`` in words when the facts cannot be.

    >>> from zoneinfo import ZoneInfo
    >>> stop = datetime(2026, 9, 3, 14, 30, tzinfo=ZoneInfo("Europe/Warsaw"))
    >>> care_sheet(CareFacts(stop, Look.SHAVED)).boxes[0].lines[0]
    'Redness and a tight feeling that settle by 16:30-18:30 today.'
    """
    if problems := problems_with_care_facts(facts):
        raise ValueError(" ".join(problems))
    marks = _marks(facts)
    treated_on = facts.last_stop_local.date()
    earliest_next = earliest_next_session(treated_on, gap_days=facts.gap_days)
    return CareSheet(
        treated_on=treated_on,
        look=facts.look,
        redness_gone_from=_hours_later(facts.last_stop_local, facts.protocol.redness_from_hours),
        redness_gone_by=_hours_later(facts.last_stop_local, facts.protocol.redness_to_hours),
        day0=_rules(texts.day0, facts.look, marks),
        periods=tuple(_period(text, facts, marks) for text in texts.periods if _begins_in_time(text, facts)),
        earliest_next=earliest_next,
        next_session_on=facts.next_session_on,
        next_session=_next_session(facts, earliest_next),
        boxes=tuple(
            Box(box.code, _filled(box.title, marks), tuple(_filled(line, marks) for line in box.lines))
            for box in texts.boxes
        ),
    )


def preparation_sheet(facts: PreparationFacts, rules: tuple[RuleText, ...] = BEFORE_SESSION) -> PreparationSheet:
    """The sheet before a session; a ``ValueError`` in words when the facts cannot be.

    >>> from zoneinfo import ZoneInfo
    >>> starts = datetime(2026, 9, 3, 14, tzinfo=ZoneInfo("Europe/Warsaw"))
    >>> preparation_sheet(PreparationFacts(starts, 120, 165, Look.SHAVED)).lines[0]
    'Your time: Thursday 3 September 2026 at 14:00. It will likely take 2 h to 2 h 45 min, until about 16:45.'
    """
    if facts.starts_local.tzinfo is None:
        raise ValueError("The start has no time zone.")
    if not 0 < facts.shortest_min <= facts.longest_min:
        raise ValueError(f"A length of {facts.shortest_min} to {facts.longest_min} minutes is no length.")
    starts = facts.starts_local
    ends_about = _minutes_later(starts, facts.longest_min)
    cut_from = _hours_later(starts, -facts.cut_within_hours)
    lengths = dict.fromkeys([length_in_words(facts.shortest_min), length_in_words(facts.longest_min)])
    marks = {"cut_from": _moment_words(cut_from), "day": day_in_words(starts.date())}
    your_time = (
        f"Your time: {day_in_words(starts.date())} at {starts:%H:%M}. "
        f"It will likely take {' to '.join(lengths)}, until about {_time_words(ends_about, starts)}."
    )
    return PreparationSheet(starts, ends_about, cut_from, (your_time, *_rules(rules, facts.look, marks)))


def day_in_words(day: date) -> str:
    """A day as it stands on paper.

    >>> day_in_words(date(2026, 9, 3))
    'Thursday 3 September 2026'
    """
    return f"{WEEKDAYS[day.weekday()]} {in_words(day)}"


def length_in_words(minutes: int) -> str:
    """A length as it is said.

    >>> length_in_words(45), length_in_words(120), length_in_words(150)
    ('45 min', '2 h', '2 h 30 min')
    """
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]))


def _begins_in_time(text: PeriodText, facts: CareFacts) -> bool:
    begins_on = facts.last_stop_local.date() + timedelta(days=text.first_day)
    return facts.next_session_on is None or begins_on < facts.next_session_on


def _period(text: PeriodText, facts: CareFacts, marks: Mapping[str, str]) -> Period:
    treated_on = facts.last_stop_local.date()
    last_on = None if text.last_day is None else treated_on + timedelta(days=text.last_day)
    ends = [end for end in (last_on, facts.next_session_on) if end is not None]
    until_on = min(ends, default=None)
    marks = {**marks, "days": f"From day {text.first_day}", "until": "further notice"}
    if until_on is not None:
        last_day = (until_on - treated_on).days
        days = f"Days {text.first_day} to {last_day}" if last_day > text.first_day else f"Day {last_day}"
        marks |= {"days": days, "until": day_in_words(until_on)}
    from_on = treated_on + timedelta(days=text.first_day)
    return Period(text.code, _filled(text.title, marks), from_on, until_on, _rules(text.rules, facts.look, marks))


def _next_session(facts: CareFacts, earliest_next: date) -> tuple[str, ...]:
    earliest = f"The earliest day for a next session is {day_in_words(earliest_next)}."
    if facts.next_session_on is None:
        return (earliest,)
    lines = [earliest, f"Your next session is on {day_in_words(facts.next_session_on)}. {THEN_THE_NEW_SHEET}"]
    healed_on = facts.last_stop_local.date() + timedelta(days=facts.protocol.healed_from_day)
    if facts.next_session_on < healed_on:
        lines.append(NOT_HEALED_YET)
    return tuple(lines)


def _marks(facts: CareFacts) -> dict[str, str]:
    stop, protocol = facts.last_stop_local, facts.protocol
    return {
        "redness": _redness_words(stop, protocol),
        "rarely_until": day_in_words(stop.date() + timedelta(days=protocol.rare_redness_days)),
        "two_days": _moment_words(_hours_later(stop, protocol.worse_after_hours)),
        "touch_up": in_words(add_months(stop.date(), 12 * protocol.touch_up_years)),
        "emergency": protocol.emergency_number,
    }


def _redness_words(stop: datetime, protocol: CareProtocol) -> str:
    begins = _hours_later(stop, protocol.redness_from_hours)
    ends = _hours_later(stop, protocol.redness_to_hours)
    if begins == ends:
        return f"by {_day_and_time(ends, stop)}"
    if begins.utcoffset() != ends.utcoffset():
        # The clock changes in between: without the zone's name 02:30 could mean two moments.
        return f"by {begins:%H:%M %Z} to {ends:%H:%M %Z} on {day_in_words(ends.date())}"
    if begins.date() == ends.date():
        return f"by {begins:%H:%M}-{_day_and_time(ends, stop)}"
    return f"by {_day_and_time(begins, stop)} to {_day_and_time(ends, stop)}"


def _day_and_time(moment: datetime, stop: datetime) -> str:
    if moment.date() == stop.date():
        return f"{moment:%H:%M} today"
    return f"{moment:%H:%M} on {day_in_words(moment.date())}"


def _time_words(moment: datetime, start: datetime) -> str:
    return f"{moment:%H:%M}" if moment.date() == start.date() else _moment_words(moment)


def _moment_words(moment: datetime) -> str:
    return f"{moment:%H:%M} on {day_in_words(moment.date())}"


def _hours_later(moment: datetime, hours: int) -> datetime:
    return _minutes_later(moment, 60 * hours)


def _minutes_later(moment: datetime, minutes: int) -> datetime:
    # In one zone Python adds to the wall clock; by way of UTC the hours are real ones.
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def _rules(rules: tuple[RuleText, ...], look: Look, marks: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_filled(rule.words, marks) for rule in rules if look in rule.looks)


def _filled(words: str, marks: Mapping[str, str]) -> str:
    # Not str.format: these words are edited by people, and format would read attributes for them.
    for mark, value in marks.items():
        words = words.replace(f"{{{mark}}}", value)
    return words
