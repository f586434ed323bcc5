"""The days between treatment sessions: how many there must be, and how a series must run. Days are local calendar days.

A day is an integer: days since 1970-01-01 on the clinic's calendar. Comparing calendar days, not hours, keeps the rule
right across clock changes, where "two days later" is 47 or 49 hours.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from planning.availability import written_day
from planning.protocol import LEAST_GAP_DAYS

SESSION_COUNTS = (2, 3)


def problems_with_gap(days: Iterable[int], gap_days: int = LEAST_GAP_DAYS) -> list[str]:
    """Which of one patient's treatment days are too close together, in words; empty where none are.

    ``days`` in any order, over every plan, version and touch-up. A ``gap_days`` under 2 raises ValueError.

    >>> problems_with_gap([20513, 20515])
    []
    >>> problems_with_gap([20513, 20514])
    ['Sunday 1 March 2026 and Monday 2 March 2026 are 1 day apart; sessions are at least 2 days apart.']
    """
    _require_gap(gap_days)
    return [
        f"{written_day(earlier)} and {written_day(later)} are {_days(later - earlier)} apart; "
        f"sessions are at least {gap_days} days apart."
        if later > earlier
        else f"Two sessions are on {written_day(later)}; sessions are at least {gap_days} days apart."
        for earlier, later in pairwise(sorted(days))
        if later - earlier < gap_days
    ]


def problems_with_series(days: Sequence[int], gap_days: int = LEAST_GAP_DAYS) -> list[str]:
    """Why a plan's sessions 1, 2 (and 3) cannot lie on these days, in words: their number, order and distance.

    >>> problems_with_series([20513, 20514])
    ['Session 2 can be on Tuesday 3 March 2026 at the earliest.']
    """
    _require_gap(gap_days)
    if len(days) not in SESSION_COUNTS:
        return [f"A plan has 2 or 3 sessions, not {len(days)}."]
    return [
        f"Session {number} can be on {written_day(earliest_next(previous, gap_days=gap_days))} at the earliest."
        for number, (previous, day) in enumerate(pairwise(days), start=2)
        if day < earliest_next(previous, gap_days=gap_days)
    ]


def earliest_next(previous: int, *, gap_days: int = LEAST_GAP_DAYS) -> int:
    """The first day on which a session may follow one held on ``previous``.

    >>> written_day(earliest_next(20511))
    'Sunday 1 March 2026'
    """
    _require_gap(gap_days)
    return previous + gap_days


def latest_before(following: int, *, gap_days: int = LEAST_GAP_DAYS) -> int:
    """The last day on which a session may precede one held on ``following``."""
    _require_gap(gap_days)
    return following - gap_days


def keeps_gap(day: int, others: Iterable[int], *, gap_days: int = LEAST_GAP_DAYS) -> bool:
    """Whether ``day`` is far enough from each of the other days, before and after."""
    return all(abs(day - other) >= gap_days for other in others)


def _require_gap(gap_days: int) -> None:
    if gap_days < LEAST_GAP_DAYS:
        raise ValueError(f"Sessions are at least {LEAST_GAP_DAYS} days apart; a gap of {gap_days} cannot be set.")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
