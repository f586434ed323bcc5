"""Calendar arithmetic for people: months, ages, and dates as they are spoken and typed.

Plain dates in, plain dates out; nothing here reads the clock.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
OLDEST_AGE_YEARS = 130
MIN_YEAR = 1880
LOOSE_YEARS_AHEAD = 10

_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b")
_WORD_OR_NUMBER = re.compile(r"\d+|[^\W\d_]+")


def in_words(day: date) -> str:
    """A date as it is read aloud.

    >>> in_words(date(2026, 9, 3))
    '3 September 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def add_months(day: date, months: int) -> date:
    """The same day of the month, ``months`` later (or earlier), or the last day of a shorter month.

    A day past the year 9999 is the last day of the calendar: a mistyped year must not break a page.

    >>> add_months(date(2027, 8, 31), 6)
    datetime.date(2028, 2, 29)
    >>> add_months(date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_days(day: date, days: int) -> date:
    """The day ``days`` later (or earlier), at most the last day of the calendar.

    >>> add_days(date(2026, 12, 31), 2)
    datetime.date(2027, 1, 2)
    """
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def reaches_age_on(born_on: date, years: int) -> date:
    """The birthday on which a person turns ``years``; born on 29 February, it is 1 March in a common year.

    >>> reaches_age_on(date(2008, 2, 29), 18)
    datetime.date(2026, 3, 1)
    """
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def age_on(born_on: date, on: date) -> int:
    """Full years of age on the day ``on``; a ``ValueError`` when born later than that.

    >>> age_on(date(2008, 5, 4), date(2026, 5, 3)), age_on(date(2008, 5, 4), date(2026, 5, 4))
    (17, 18)
    """
    if born_on > on:
        raise ValueError(f"A birth date of {in_words(born_on)} is later than {in_words(on)}.")
    before_birthday = reaches_age_on(born_on, on.year - born_on.year) > on
    return on.year - born_on.year - before_birthday


def problems_with_birth_date(born_on: date, *, on: date) -> list[str]:
    """What is wrong with a birth date, in words; empty is fine.

    >>> problems_with_birth_date(date(2027, 1, 1), on=date(2026, 9, 3))
    ['The birth date 1 January 2027 is in the future.']
    """
    if born_on > on:
        return [f"The birth date {in_words(born_on)} is in the future."]
    if age_on(born_on, on) > OLDEST_AGE_YEARS:
        return [f"The birth date {in_words(born_on)} makes the person more than {OLDEST_AGE_YEARS} years old."]
    return []


def parse_birth_date(text: str, *, on: date, month_first: bool = False) -> date:
    """The birth date meant by what was typed, in any usual form; a ``ValueError`` in words when none fits.

    ``month_first`` decides 03/05/1984 for clinics that write the month first.

    >>> parse_birth_date("3.5.84", on=date(2026, 9, 3))
    datetime.date(1984, 5, 3)
    """
    readings = birth_date_readings(text, on=on, month_first=month_first)
    if not readings:
        raise ValueError(f"{text.strip()!r} is not a birth date. Write it like 3 May 1984 or 1984-05-03.")
    return readings[0]


def birth_date_readings(text: str, *, on: date, month_first: bool = False) -> tuple[date, ...]:
    """Every date this could mean, the likeliest first; empty when it is no date of a living person's birth.

    >>> birth_date_readings("03/05/1984", on=date(2026, 9, 3))
    (datetime.date(1984, 5, 3), datetime.date(1984, 3, 5))
    >>> birth_date_readings("19840503", on=date(2026, 9, 3))
    (datetime.date(1984, 5, 3),)
    """
    found: list[date] = []
    for year, month, day in _orders(_pieces(text), month_first=month_first):
        possible = [
            born_on for born_on in _dates(year, month, day, on=on) if not problems_with_birth_date(born_on, on=on)
        ]
        # Of a two-digit year the latest that has been is meant: 24 is 2024 in 2026, 84 is 1984.
        found += [born_on for born_on in possible[:1] if born_on not in found]
    return tuple(found)


def parse_loose_date(text: str, *, on: date, latest: bool = False, month_first: bool = False) -> date:
    """A date of the past or future that may lack its day or month: "2019", "March 2019", "03/2019", "3.3.2019".

    The first day of the period is meant, or with ``latest`` its last day, so that a wait
    counted from it is never too short. A ``ValueError`` in words when nothing fits.

    >>> parse_loose_date("March 2019", on=date(2026, 9, 3), latest=True)
    datetime.date(2019, 3, 31)
    """
    pieces = _pieces(text)
    for year, month in _year_and_month(pieces):
        first, last = (1, 12) if month is None else (month, month)
        if 1 <= first <= 12 and MIN_YEAR <= year <= 9998:
            return date(year, last, monthrange(year, last)[1]) if latest else date(year, first, 1)
    for year_text, month_text, day_text in _orders(pieces, month_first=month_first):
        for reading in _dates(year_text, month_text, day_text, on=on):
            if reading.year <= on.year + LOOSE_YEARS_AHEAD:
                return reading
    raise ValueError(f"{text.strip()!r} is not a date. Write it like 3 May 2024, May 2024 or 2024.")


def ascii_digits(text: str) -> str:
    """The text with digits of any script written 0-9, and nothing else changed.

    >>> ascii_digits("٠٧ ７")
    '07 7'
    """
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _pieces(text: str) -> list[str]:
    plain = _ORDINAL.sub("", ascii_digits(text).casefold())
    words = [word for word in _WORD_OR_NUMBER.findall(plain) if word not in {"of", "the"}]
    if len(words) == 1 and words[0].isdigit() and len(words[0]) in (6, 8):
        return words
    return [_month_number(word) for word in words]


def _month_number(word: str) -> str:
    """ "may" -> "m5": a month by name, marked so that it can only be the month."""
    if word.isdigit():
        return word
    matches = [n for n, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.startswith(word)]
    if word == "sept":
        matches = [9]
    return f"m{matches[0]}" if len(matches) == 1 else "?"


def _orders(pieces: list[str], *, month_first: bool) -> list[tuple[str, str, str]]:
    """The (year, month, day) texts these pieces may stand for, likeliest first."""
    if len(pieces) == 1:
        return _undivided(pieces[0], month_first=month_first)
    if len(pieces) != 3 or "?" in pieces:
        return []
    named = [piece for piece in pieces if piece.startswith("m")]
    if len(named) > 1:
        return []
    if named:
        a, b = (piece for piece in pieces if not piece.startswith("m"))
        month = named[0][1:]
        return [(a, month, b)] if len(a) == 4 else [(b, month, a)]
    a, b, c = pieces
    if len(a) == 4:
        return [(a, b, c)]
    day_first = [(c, b, a), (c, a, b)]
    return list(reversed(day_first)) if month_first else day_first


def _undivided(digits: str, *, month_first: bool) -> list[tuple[str, str, str]]:
    if not digits.isdigit() or len(digits) not in (6, 8):
        return []
    year_size = len(digits) - 4
    year, rest = digits[-year_size:], digits[:4]
    tail_year = [(year, rest[2:], rest[:2]), (year, rest[:2], rest[2:])]
    if month_first:
        tail_year.reverse()
    if len(digits) == 6:
        return tail_year
    return [(digits[:4], digits[4:6], digits[6:]), *tail_year]


def _dates(year: str, month: str, day: str, *, on: date) -> list[date]:
    """The real dates these texts name, a two-digit year in this century and in the one before."""
    if max(len(month), len(day)) > 2 or len(year) not in (2, 4):
        return []
    century = on.year // 100 * 100
    years = [int(year)] if len(year) == 4 else [century + int(year), century - 100 + int(year)]
    return [date(y, int(month), int(day)) for y in years if _is_date(y, int(month), int(day))]


def _year_and_month(pieces: list[str]) -> list[tuple[int, int | None]]:
    """(year, month) of a date without a day; no month when only a year is written."""
    if len(pieces) == 1 and pieces[0].isdigit() and len(pieces[0]) == 4:
        return [(int(pieces[0]), None)]
    if len(pieces) != 2 or "?" in pieces:
        return []
    years = [piece for piece in pieces if len(piece) == 4]
    months = [piece.removeprefix("m") for piece in pieces if len(piece) <= 2 or piece.startswith("m")]
    return [(int(years[0]), int(months[0]))] if len(years) == len(months) == 1 else []


def _is_date(year: int, month: int, day: int) -> bool:
    return MIN_YEAR <= year <= 9998 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
