"""The sheet before a session, with its real date and times. Hours are real ones, also across a clock change."""

from dataclasses import dataclass
from datetime import datetime

from sessions.aftercare_texts import BEFORE_SESSION, Look, RuleText
from sessions.care_words import day_in_words, filled_rules, hours_later, length_in_words, minutes_later, moment_in_words
from smpclinic.tongue import say


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
    ends_about = minutes_later(starts, facts.longest_min)
    cut_from = hours_later(starts, -facts.cut_within_hours)
    length = _length_words(facts.shortest_min, facts.longest_min)
    marks = {"cut_from": moment_in_words(cut_from), "day": day_in_words(starts.date())}
    your_time = say("Your time: %(day)s at %(time)s. It will likely take %(length)s, until about %(end)s.") % {
        "day": day_in_words(starts.date()),
        "time": f"{starts:%H:%M}",
        "length": length,
        "end": _time_words(ends_about, starts),
    }
    return PreparationSheet(starts, ends_about, cut_from, (your_time, *filled_rules(rules, facts.look, marks)))


def _length_words(shortest_min: int, longest_min: int) -> str:
    shortest, longest = length_in_words(shortest_min), length_in_words(longest_min)
    return longest if shortest == longest else say("%(low)s to %(high)s") % {"low": shortest, "high": longest}


def _time_words(moment: datetime, start: datetime) -> str:
    return f"{moment:%H:%M}" if moment.date() == start.date() else moment_in_words(moment)
