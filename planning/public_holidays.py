"""Public holidays by country, part of the country and year, from the ``holidays`` package; no network is asked."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from babel import Locale, UnknownLocaleError

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Holiday:
    day: date
    name: str


@cache
def supported() -> dict[str, tuple[str, ...]]:
    """Two-letter country codes that are known, each with the codes of its parts."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in known.items() if len(code) == 2}


def countries(language: str) -> list[tuple[str, str]]:
    """Codes and names, by name in ``language``; English where the language is not known."""
    try:
        names = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        names = Locale("en").territories
    return sorted(((code, names.get(code, code)) for code in supported()), key=lambda pair: pair[1])


def holidays_of(country: str, year: int, *, part: str = "") -> list[Holiday]:
    """The public holidays of one year, in order.

    ``part``: a state or region of the country. ValueError, in words, where a country, part or year is not known.
    """
    if country not in supported():
        raise ValueError("The holidays of this country are not known.")
    if part and part not in supported()[country]:
        raise ValueError(f"{part} is not a part of this country; known: {', '.join(supported()[country]) or 'none'}.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Choose a year from {FIRST_YEAR} to {LAST_YEAR}.")
    found = holidays.country_holidays(country, subdiv=part or None, years=year)
    return [Holiday(day, name[:120]) for day, name in sorted(found.items()) if day.year == year]
