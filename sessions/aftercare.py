"""The care sheet a patient takes home, with real dates and times.

Counted from the last zone's stop in the clinic's local time. Hours are real hours, also across a
clock change; days are calendar days. Rows stop at the next session, which brings its own sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from intake.dates import add_months, in_words
from sessions.aftercare_texts import DEFAULT_TEXTS, CareTexts, Look, PeriodText
from sessions.care_words import day_in_words, filled, filled_rules, hours_later, moment_in_words
from smpclinic.tongue import say, say_date

LEAST_GAP_DAYS = 2
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
    """What the sheet is made from; ``last_stop_local`` carries the clinic's time zone.

    ``closed_days``: holidays and other days on which the clinic sees nobody, as far ahead as they are known.
    """

    last_stop_local: datetime
    look: Look
    next_session_on: date | None = None
    gap_days: int = LEAST_GAP_DAYS
    protocol: CareProtocol = DEFAULT_PROTOCOL
    closed_days: frozenset[date] = frozenset()


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


def earliest_next_session(treated_on: date, *, gap_days: int = LEAST_GAP_DAYS) -> date:
    """The first day on which the next session may be (clinic-local dates).

    >>> earliest_next_session(date(2026, 12, 31))
    datetime.date(2027, 1, 2)
    """
    return treated_on + timedelta(days=gap_days)


def first_open_day(day: date, closed_days: frozenset[date]) -> date:
    """``day`` itself, or the first after it on which the clinic is open.

    >>> first_open_day(date(2027, 1, 1), frozenset({date(2027, 1, 1), date(2027, 1, 2)}))
    datetime.date(2027, 1, 3)
    """
    while day in closed_days:
        day += timedelta(days=1)
    return day


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
        redness_gone_from=hours_later(facts.last_stop_local, facts.protocol.redness_from_hours),
        redness_gone_by=hours_later(facts.last_stop_local, facts.protocol.redness_to_hours),
        day0=filled_rules(texts.day0, facts.look, marks),
        periods=tuple(_period(text, facts, marks) for text in texts.periods if _begins_in_time(text, facts)),
        earliest_next=earliest_next,
        next_session_on=facts.next_session_on,
        next_session=_next_session(facts, earliest_next),
        boxes=tuple(
            Box(box.code, filled(box.title, marks), tuple(filled(line, marks) for line in box.lines))
            for box in texts.boxes
        ),
    )


def _begins_in_time(text: PeriodText, facts: CareFacts) -> bool:
    begins_on = facts.last_stop_local.date() + timedelta(days=text.first_day)
    return facts.next_session_on is None or begins_on < facts.next_session_on


def _period(text: PeriodText, facts: CareFacts, marks: Mapping[str, str]) -> Period:
    treated_on = facts.last_stop_local.date()
    last_on = None if text.last_day is None else treated_on + timedelta(days=text.last_day)
    ends = [end for end in (last_on, facts.next_session_on) if end is not None]
    until_on = min(ends, default=None)
    numbers = {"first": text.first_day}
    marks = {**marks, "days": say("From day %(first)s") % numbers, "until": say("further notice")}
    if until_on is not None:
        numbers["last"] = (until_on - treated_on).days
        days = "Days %(first)s to %(last)s" if numbers["last"] > text.first_day else "Day %(last)s"
        marks |= {"days": say(days) % numbers, "until": day_in_words(until_on)}
    from_on = treated_on + timedelta(days=text.first_day)
    return Period(text.code, filled(text.title, marks), from_on, until_on, filled_rules(text.rules, facts.look, marks))


def _next_session(facts: CareFacts, earliest_next: date) -> tuple[str, ...]:
    lines = [say("The earliest day for a next session is %(day)s.") % {"day": day_in_words(earliest_next)}]
    open_on = first_open_day(earliest_next, facts.closed_days)
    if facts.next_session_on is None:
        if open_on != earliest_next:
            lines.append(say("We are closed then, and open again on %(day)s.") % {"day": day_in_words(open_on)})
        return tuple(lines)
    lines.append(say(THEN_THE_NEW_SHEET))
    healed_on = facts.last_stop_local.date() + timedelta(days=facts.protocol.healed_from_day)
    if facts.next_session_on < healed_on:
        lines.append(say(NOT_HEALED_YET))
    return tuple(lines)


def _marks(facts: CareFacts) -> dict[str, str]:
    stop, protocol = facts.last_stop_local, facts.protocol
    return {
        "redness": _redness_words(stop, protocol),
        "rarely_until": day_in_words(stop.date() + timedelta(days=protocol.rare_redness_days)),
        "two_days": moment_in_words(hours_later(stop, protocol.worse_after_hours)),
        "touch_up": say_date(add_months(stop.date(), 12 * protocol.touch_up_years)),
        "emergency": protocol.emergency_number,
    }


def _redness_words(stop: datetime, protocol: CareProtocol) -> str:
    begins = hours_later(stop, protocol.redness_from_hours)
    ends = hours_later(stop, protocol.redness_to_hours)
    if begins == ends:
        return say("by %(end)s") % {"end": _day_and_time(ends, stop)}
    if begins.utcoffset() != ends.utcoffset():
        # The clock changes in between: without the zone's name 02:30 could mean two moments.
        words = {"begin": f"{begins:%H:%M %Z}", "end": f"{ends:%H:%M %Z}", "day": day_in_words(ends.date())}
        return say("by %(begin)s to %(end)s on %(day)s") % words
    if begins.date() == ends.date():
        return say("by %(begin)s-%(end)s") % {"begin": f"{begins:%H:%M}", "end": _day_and_time(ends, stop)}
    return say("by %(begin)s to %(end)s") % {"begin": _day_and_time(begins, stop), "end": _day_and_time(ends, stop)}


def _day_and_time(moment: datetime, stop: datetime) -> str:
    if moment.date() == stop.date():
        return say("%(time)s today") % {"time": f"{moment:%H:%M}"}
    return moment_in_words(moment)
