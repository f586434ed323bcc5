"""Which backups stay: all of a week, one of each week of a month, one of each month of a year."""

from collections.abc import Iterable
from datetime import datetime, timedelta

ALL_DAYS = 7
WEEKS = 5
MONTHS = 12


def kept(moments: Iterable[datetime], *, now: datetime) -> set[datetime]:
    """The moments to keep: the newest always; of the rest the oldest of its ISO week or month, so that none ages away.

    >>> from datetime import UTC
    >>> days = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=n) for n in range(25)]
    >>> [day.day for day in sorted(kept(days, now=days[-1]))]
    [1, 2, 9, 16, 18, 19, 20, 21, 22, 23, 24, 25]
    """
    ordered = sorted(moments)
    stay = {moment for moment in ordered if moment > now - timedelta(days=ALL_DAYS)} | set(ordered[-1:])
    weeks: dict[tuple[int, int], datetime] = {}
    months: dict[tuple[int, int], datetime] = {}
    for moment in ordered:
        if moment > now - timedelta(weeks=WEEKS):
            weeks.setdefault(moment.isocalendar()[:2], moment)
        if moment > now - timedelta(days=31 * MONTHS):
            months.setdefault((moment.year, moment.month), moment)
    return stay | set(weeks.values()) | set(months.values())
