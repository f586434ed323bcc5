"""The clock of a zone: when work on it started, paused and stopped, in real minutes.

Moments carry a time zone and are compared as real time, so a clock change adds or takes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise, product

LONGEST_USUAL_HOURS = 8


@dataclass(frozen=True)
class Interval:
    """Work without a pause; ``stop`` is None while the clock runs."""

    start: datetime
    stop: datetime | None = None


def problems_with_clock(intervals: Sequence[Interval]) -> list[str]:
    """Why these times cannot be saved, in words; empty is fine."""
    if any(not _has_zone(interval) for interval in intervals):
        return ["A start or stop has no time zone."]
    problems = []
    for interval in intervals:
        if interval.stop is not None and _real(interval.stop) < _real(interval.start):
            problems.append(f"The stop at {interval.stop:%H:%M} is before the start at {interval.start:%H:%M}.")
    in_order = sorted(intervals, key=lambda interval: _real(interval.start))
    for earlier, later in pairwise(in_order):
        if earlier.stop is None:
            problems.append(f"The clock started at {earlier.start:%H:%M} still runs at {later.start:%H:%M}.")
        elif _real(later.start) < _real(earlier.stop):
            problems.append(f"The start at {later.start:%H:%M} lies before the stop at {earlier.stop:%H:%M}.")
    return problems


def warnings_for_clock(intervals: Sequence[Interval]) -> list[str]:
    """What is unusual about these times, in words: a clock that was left running."""
    stopped = last_stop(intervals)
    started = min((interval.start for interval in intervals), key=_real, default=None)
    if stopped is None or started is None or _real(stopped) - _real(started) <= timedelta(hours=LONGEST_USUAL_HOURS):
        return []
    return [f"From {started:%H:%M} to {stopped:%H:%M} is more than {LONGEST_USUAL_HOURS} hours."]


def warnings_between(clocks: Mapping[str, Sequence[Interval]], *, now: datetime) -> list[str]:
    """Clocks that run at the same time, in words: one hand works one zone. A running clock counts up to ``now``.

    >>> nine, half = datetime(2026, 9, 3, 9, tzinfo=UTC), datetime(2026, 9, 3, 9, 30, tzinfo=UTC)
    >>> ten = datetime(2026, 9, 3, 10, tzinfo=UTC)
    >>> warnings_between({"Pass 1": [Interval(nine, ten)], "Pass 2": [Interval(half, ten)]}, now=ten)
    ['The clocks of Pass 1 and Pass 2 overlap from 09:30 to 10:00.']
    """
    found = []
    for (name, intervals), (other_name, others) in combinations(clocks.items(), 2):
        for one, other in product(intervals, others):
            start = max(one.start, other.start, key=_real)
            stop = min(one.stop or now, other.stop or now, key=_real)
            if _real(start) < _real(stop):
                words = f"The clocks of {name} and {other_name} overlap from {start:%H:%M} to {stop:%H:%M}."
                found.append(words)
                break
    return found


def worked_minutes(intervals: Sequence[Interval], *, now: datetime | None = None) -> int:
    """Full minutes of work, pauses left out; a running clock counts up to ``now``.

    A ``ValueError`` in words when the times cannot be, or when the clock runs and ``now`` is not given.

    >>> nine = datetime(2026, 9, 3, 9, tzinfo=UTC)
    >>> worked_minutes([Interval(nine, nine.replace(minute=20)), Interval(nine.replace(minute=30))],
    ...                now=nine.replace(minute=45))
    35
    """
    return worked_seconds(intervals, now=now) // 60


def worked_seconds(intervals: Sequence[Interval], *, now: datetime | None = None) -> int:
    """Full seconds of work; see ``worked_minutes``."""
    if problems := problems_with_clock(intervals):
        raise ValueError(" ".join(problems))
    worked = timedelta()
    for interval in intervals:
        stop = interval.stop or now
        if stop is None:
            raise ValueError(f"The clock started at {interval.start:%H:%M} still runs.")
        # A device's clock may lag a little behind the start that the server noted.
        worked += max(timedelta(), _real(stop) - _real(interval.start))
    return int(worked.total_seconds())


def is_running(intervals: Sequence[Interval]) -> bool:
    """Whether the clock of the zone runs."""
    return any(interval.stop is None for interval in intervals)


def last_stop(intervals: Sequence[Interval]) -> datetime | None:
    """The last stop; None while nothing has stopped."""
    return max((interval.stop for interval in intervals if interval.stop is not None), key=_real, default=None)


def intervals_around(start: datetime, stop: datetime | None, pauses: Sequence[Interval] = ()) -> tuple[Interval, ...]:
    """The work that start, stop and pauses leave, for a late entry from paper.

    A ``ValueError`` in words when a pause lies outside, is open, or overlaps another.
    """
    if problems := problems_with_clock([Interval(start, stop)]) + problems_with_clock(pauses):
        raise ValueError(" ".join(problems))
    work, since = [], start
    for pause in sorted(pauses, key=lambda pause: _real(pause.start)):
        if pause.stop is None:
            raise ValueError(f"The pause at {pause.start:%H:%M} has no end.")
        if _real(pause.start) < _real(start) or (stop is not None and _real(pause.stop) > _real(stop)):
            raise ValueError(f"The pause {pause.start:%H:%M}-{pause.stop:%H:%M} lies outside the work.")
        work.append(Interval(since, pause.start))
        since = pause.stop
    return (*work, Interval(since, stop))


def _has_zone(interval: Interval) -> bool:
    return interval.start.tzinfo is not None and (interval.stop is None or interval.stop.tzinfo is not None)


def _real(moment: datetime) -> datetime:
    # Two moments of one zone are subtracted by their wall clocks; only UTC gives real time.
    return moment.astimezone(UTC)
