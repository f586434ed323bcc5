"""Days and moments as the language in force writes them: English "3 May 2026" is "3 de mayo de 2026" in Spanish.

Templates and modules name a pattern in English, ``"j F Y"``; each language may have its own for it in its catalogue.
"""

from datetime import date, datetime, time

from django.utils import formats
from django.utils.translation import gettext, gettext_noop

PATTERNS = frozenset(
    {
        gettext_noop("j F Y"),
        gettext_noop("j F Y, H:i"),
        gettext_noop("l j F Y"),
        gettext_noop("l j F Y, H:i"),
        gettext_noop("l j F"),
        gettext_noop("j F"),
        gettext_noop("F Y"),
        gettext_noop("D j F Y, H:i"),
    }
)


def local_pattern(pattern: str) -> str:
    """The pattern that this language has in the place of an English one; any other stays as it is."""
    return gettext(pattern) if pattern in PATTERNS else pattern


def date_format(value: date | datetime | time, pattern: str) -> str:
    """A day or moment in words, by an English pattern of Django's ``date`` filter."""
    return formats.date_format(value, local_pattern(pattern))  # type: ignore[arg-type]  # a time is fine as well
