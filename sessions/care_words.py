"""Days, moments and lengths as they stand on the patient's paper, and the marks of its texts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from intake.dates import in_words
from sessions.aftercare_texts import Look, RuleText

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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


def moment_in_words(moment: datetime) -> str:
    """A moment as it stands on paper: the time, then the day."""
    return f"{moment:%H:%M} on {day_in_words(moment.date())}"


def hours_later(moment: datetime, hours: int) -> datetime:
    """Real hours later, also across a clock change; negative ones are earlier."""
    return minutes_later(moment, 60 * hours)


def minutes_later(moment: datetime, minutes: int) -> datetime:
    """Real minutes later, also across a clock change."""
    # In one zone Python adds to the wall clock; by way of UTC the hours are real ones.
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def filled_rules(rules: tuple[RuleText, ...], look: Look, marks: Mapping[str, str]) -> tuple[str, ...]:
    """The rules that are for this look, their marks filled."""
    return tuple(filled(rule.words, marks) for rule in rules if look in rule.looks)


def filled(words: str, marks: Mapping[str, str]) -> str:
    """``words`` with each known mark in braces replaced; unknown ones stay as they are."""
    # Not str.format: these words are edited by people, and format would read attributes for them.
    for mark, value in marks.items():
        words = words.replace(f"{{{mark}}}", value)
    return words
