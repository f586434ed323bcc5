"""When the result of a treatment is looked at again: after 1, 6 and 12 months, then every year.

Pure: dates in, dates out. The checks and the usual life of the pigment are of docs/formulas.md.
"""

from collections.abc import Iterable
from datetime import date

from intake.dates import add_months

FIRST_CHECKS = (1, 6, 12)
THEN_EVERY = 12
TOUCH_UP_AFTER_MONTHS = 48
LAST_MONTHS = 600
SHOWN_BEFORE_DAYS = 14


def next_check(after_months: int) -> int:
    """The months of the first check later than ``after_months``.

    >>> [next_check(months) for months in (0, 1, 6, 12, 13, 24)]
    [1, 6, 12, 24, 24, 36]
    """
    for months in FIRST_CHECKS:
        if months > after_months:
            return months
    return (after_months // THEN_EVERY + 1) * THEN_EVERY


def check_due(counted_from: date, from_months: int, on: date) -> int:
    """Which check is due on a day: a missed one gives way to the next whose day has come.

    ``from_months`` is the earliest check still open. Before its day it is the one that comes.

    >>> check_due(date(2026, 1, 10), 1, date(2026, 3, 1))
    1
    >>> check_due(date(2026, 1, 10), 1, date(2027, 2, 1))
    12
    """
    months = from_months
    while (later := next_check(months)) <= LAST_MONTHS and add_months(counted_from, later) <= on:
        months = later
    return months


def nearest_check(counted_from: date, seen_on: date, settled: Iterable[int]) -> int:
    """Which check a visit on ``seen_on`` counts as: the nearest one that is not settled, 0 where none is near.

    Near: within a quarter of the months since the treatment, and at least two weeks.

    >>> nearest_check(date(2026, 1, 10), date(2026, 2, 20), [])
    1
    >>> nearest_check(date(2026, 1, 10), date(2026, 4, 20), [])
    0
    """
    days = (seen_on - counted_from).days
    checks = [months for months in _checks_until(days) if months not in set(settled)]
    if not checks:
        return 0
    best = min(checks, key=lambda months: abs((add_months(counted_from, months) - seen_on).days))
    is_near = abs((add_months(counted_from, best) - seen_on).days) <= max(SHOWN_BEFORE_DAYS, days // 4)
    return best if is_near else 0


def _checks_until(days: int) -> list[int]:
    """The checks of so many days, and the one that comes after them."""
    checks: list[int] = []
    months = 0
    while months < LAST_MONTHS and (not checks or months * 30 <= days):
        months = next_check(months)
        checks.append(months)
    return checks
