"""Days, moments and lengths as they stand on the patient's paper, and the marks of its texts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sessions.aftercare_texts import Look, RuleText
from smpclinic.tongue import say, say_day


def day_in_words(day: date) -> str:
    """A day as it stands on paper.

    >>> day_in_words(date(2026, 9, 3))
    'Thursday 3 September 2026'
    """
    return say_day(day)


def length_in_words(minutes: int) -> str:
    """A length as it is said.

    >>> length_in_words(45), length_in_words(120), length_in_words(150)
    ('45 min', '2 h', '2 h 30 min')
    """
    hours, rest = divmod(minutes, 60)
    if not hours:
        return say("%(rest)s min") % {"rest": rest}
    length = say("%(hours)s h %(rest)s min") if rest else say("%(hours)s h")
    return length % {"hours": hours, "rest": rest}


def moment_in_words(moment: datetime) -> str:
    """A moment as it stands on paper: the time, then the day."""
    return say("%(time)s on %(day)s") % {"time": f"{moment:%H:%M}", "day": say_day(moment.date())}


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
