"""How pure modules speak the reader's language without knowing Django: the program tells them its ``gettext`` at start.

Without it, in a script or a doctest, everything is said in English. Words that are stored or compared (the findings of
a screening, sealed content) do not go through here: they must be the same whoever reads.
"""

from collections.abc import Callable
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def say(words: str) -> str:
    """``words`` in the language in force; ``%(name)s`` in them is filled by the caller."""
    return _translate[0](words)


def say_day(day: date) -> str:
    """A day with its weekday, as the language in force writes it.

    >>> say_day(date(2026, 9, 3))
    'Thursday 3 September 2026'
    """
    return _write[0](day, "l j F Y")


def say_date(day: date) -> str:
    """A day without its weekday.

    >>> say_date(date(2026, 9, 3))
    '3 September 2026'
    """
    return _write[0](day, "j F Y")


def speak_with(translate: Callable[[str], str], write_date: Callable[[date, str], str]) -> None:
    """From now on translate and write dates by these; ``write_date`` takes a pattern of ``smpclinic.local_dates``."""
    _translate[0], _write[0] = translate, write_date


def _plainly(day: date, pattern: str) -> str:
    weekday = f"{WEEKDAYS[day.weekday()]} " if pattern.startswith("l") else ""
    return f"{weekday}{day.day} {MONTHS[day.month - 1]} {day.year}"


_translate: list[Callable[[str], str]] = [str]
_write: list[Callable[[date, str], str]] = [_plainly]
