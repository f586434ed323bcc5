"""When people and rooms are free: weekly hours, opening hours, breaks and time off, as stretches of UTC minutes.

Hours are written on the local clock ("09:00-17:00 on Mondays"); everything handed out is whole minutes (UTC) since
1970, so a clock change shifts the stretch and never loses or doubles an hour. Where an hour begins or ends at a local
time that is missing or comes twice, it begins at the first moment and ends at the last one that fits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple, TypeVar

MINUTES_A_DAY = 1440
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Interval(NamedTuple):
    """Minutes (UTC) since 1970, the end excluded."""

    starts_min: int
    ends_min: int


class LocalTimeProblem(ValueError):
    """A local time that does not exist, or that exists twice, on a day the clocks change."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Hours or a break that return each week: ``weekday`` 0 is Monday, minutes of the local day, the end excluded."""

    weekday: int
    starts_min: int
    ends_min: int
    location: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether these hours apply on ``day`` (``valid_until`` is the last day they do)."""
        starts_later = self.valid_from is not None and day < self.valid_from
        has_ended = self.valid_until is not None and day > self.valid_until
        return self.weekday == day.weekday() and not starts_later and not has_ended


@dataclass(frozen=True, kw_only=True)
class TimeOff:
    """Away or closed from ``first_day`` to ``last_day``, all day or between two minutes of each local day.

    ``location`` of "" means everywhere.
    """

    first_day: date
    last_day: date
    starts_min: int = 0
    ends_min: int = MINUTES_A_DAY
    location: str = ""


Row = TypeVar("Row", Hours, TimeOff)


def to_local_day(day: date) -> int:
    """A date as days since 1970-01-01.

    >>> to_local_day(date(1970, 1, 2))
    1
    """
    return day.toordinal() - EPOCH_ORDINAL


def to_date(local_day: int) -> date:
    """The date of a number of days since 1970-01-01.

    >>> to_date(20513)
    datetime.date(2026, 3, 1)
    """
    return date.fromordinal(local_day + EPOCH_ORDINAL)


def written_day(local_day: int) -> str:
    """A local day in words, whatever the computer's own language.

    >>> written_day(20513)
    'Sunday 1 March 2026'
    """
    day = to_date(local_day)
    return f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def to_local(minutes: int, zone: tzinfo) -> datetime:
    """What the local clock shows at a UTC minute."""
    return datetime.fromtimestamp(minutes * 60, UTC).astimezone(zone)


def utc_offset_min(minutes: int, zone: tzinfo) -> int:
    """How far the local clock is ahead of UTC at a UTC minute, in minutes."""
    return (to_local(minutes, zone).utcoffset() or timedelta()) // timedelta(minutes=1)


def local_day_at(minutes: int, zone: tzinfo) -> int:
    """The local calendar day of a UTC minute, as days since 1970."""
    return (minutes + utc_offset_min(minutes, zone)) // MINUTES_A_DAY


def problems_with_local_time(day: date, at: time, zone: tzinfo) -> list[str]:
    """Why a local time cannot be booked on ``day``, in words: missing or doubled by a clock change.

    >>> from zoneinfo import ZoneInfo
    >>> problems_with_local_time(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Berlin"))
    ['There is no 02:30 on Sunday 29 March 2026: the clocks go forward. Choose an earlier or later time.']
    """
    written = f"{at:%H:%M} on {written_day(to_local_day(day))}"
    moments = _moments(to_local_day(day), at.hour * 60 + at.minute, zone)
    if not moments:
        return [f"There is no {written}: the clocks go forward. Choose an earlier or later time."]
    if len(moments) > 1:
        return [f"There are two moments of {written}: the clocks go back. Choose an earlier or later time."]
    return []


def local_to_minutes(day: date, at: time, zone: tzinfo) -> int:
    """The UTC minute of a local time; raises LocalTimeProblem, in words, where it is missing or doubled.

    >>> from zoneinfo import ZoneInfo
    >>> local_to_minutes(date(1970, 1, 2), time(1, 0), ZoneInfo("Europe/Berlin"))
    1440
    """
    if problems := problems_with_local_time(day, at, zone):
        raise LocalTimeProblem(" ".join(problems))
    return _moments(to_local_day(day), at.hour * 60 + at.minute, zone)[0]


@lru_cache(maxsize=16384)
def minute_of(local_day: int, minute_of_day: int, zone: tzinfo, *, is_end: bool = False) -> int:
    """The UTC minute at which a stretch of hours begins or ends; 1440 is the end of the day.

    A missing time gives the moment of the clock change; a doubled one its first moment, for an end its last. But a day
    ends where the next begins.
    """
    if moments := _moments(local_day, minute_of_day, zone):
        return moments[-1] if is_end and minute_of_day < MINUTES_A_DAY else moments[0]
    return _clock_change(local_day * MINUTES_A_DAY + minute_of_day, zone)


def day_start(local_day: int, zone: tzinfo) -> int:
    """The first UTC minute of a local day (the next day's start is its end)."""
    return minute_of(local_day, 0, zone)


def _moments(local_day: int, minute_of_day: int, zone: tzinfo) -> list[int]:
    """Every UTC minute at which the local clock shows this time: none, one or two, in order."""
    wall = local_day * MINUTES_A_DAY + minute_of_day
    offsets = {utc_offset_min(wall - MINUTES_A_DAY, zone), utc_offset_min(wall + MINUTES_A_DAY, zone)}
    return sorted(wall - offset for offset in offsets if utc_offset_min(wall - offset, zone) == offset)


def _clock_change(wall: int, zone: tzinfo) -> int:
    """The UTC minute of the clock change that leaves out the local minute ``wall``."""
    before, after = wall - MINUTES_A_DAY, wall + MINUTES_A_DAY
    while after - before > 1:
        middle = (before + after) // 2
        if middle + utc_offset_min(middle, zone) <= wall:
            before = middle
        else:
            after = middle
    return after


def union(intervals: Iterable[tuple[int, int]]) -> list[Interval]:
    """The same minutes as sorted stretches that neither overlap nor touch.

    >>> union([(5, 9), (1, 3), (3, 5), (20, 20)])
    [Interval(starts_min=1, ends_min=9)]
    """
    merged: list[Interval] = []
    kept = sorted(interval for interval in intervals if interval[0] < interval[1])
    if not kept:
        return merged
    from_min, until_min = kept[0]
    for start, end in kept:
        if start > until_min:
            merged.append(Interval(from_min, until_min))
            from_min, until_min = start, end
        elif end > until_min:
            until_min = end
    merged.append(Interval(from_min, until_min))
    return merged


def intersection(left: Iterable[tuple[int, int]], right: Iterable[tuple[int, int]]) -> list[Interval]:
    """The minutes that lie in both.

    >>> intersection([(0, 10)], [(2, 4), (8, 12)])
    [Interval(starts_min=2, ends_min=4), Interval(starts_min=8, ends_min=10)]
    """
    ours, theirs = union(left), union(right)
    shared, mine, other = [], 0, 0
    while mine < len(ours) and other < len(theirs):
        start = max(ours[mine].starts_min, theirs[other].starts_min)
        end = min(ours[mine].ends_min, theirs[other].ends_min)
        if start < end:
            shared.append(Interval(start, end))
        if ours[mine].ends_min < theirs[other].ends_min:
            mine += 1
        else:
            other += 1
    return shared


def difference(whole: Iterable[tuple[int, int]], taken: Iterable[tuple[int, int]]) -> list[Interval]:
    """The minutes of ``whole`` that ``taken`` leaves.

    >>> difference([(0, 10)], [(2, 4)])
    [Interval(starts_min=0, ends_min=2), Interval(starts_min=4, ends_min=10)]
    """
    stretches = union(whole)
    if not stretches:
        return []
    gaps, last_end = [], stretches[0].starts_min
    for start, end in union(taken):
        gaps.append((last_end, start))
        last_end = max(last_end, end)
    return intersection(stretches, [*gaps, (last_end, max(last_end, stretches[-1].ends_min))])


def weekly_intervals(hours: Iterable[Hours], *, first_day: date, last_day: date, zone: tzinfo) -> list[Interval]:
    """Weekly hours between two local dates, both included, as UTC minutes."""
    rows = list(hours)
    days = (to_date(number) for number in range(to_local_day(first_day), to_local_day(last_day) + 1))
    return union(_on_day(day, row.starts_min, row.ends_min, zone) for day in days for row in rows if row.holds_on(day))


def time_off_intervals(time_off: Iterable[TimeOff], *, first_day: date, last_day: date, zone: tzinfo) -> list[Interval]:
    """Time off between two local dates, both included, as UTC minutes."""
    taken = []
    for row in time_off:
        first, last = max(first_day, row.first_day), min(last_day, row.last_day)
        taken += [
            _on_day(to_date(number), row.starts_min, row.ends_min, zone)
            for number in range(to_local_day(first), to_local_day(last) + 1)
        ]
    return union(taken)


def _on_day(day: date, starts_min: int, ends_min: int, zone: tzinfo) -> Interval:
    local_day = to_local_day(day)
    return Interval(minute_of(local_day, starts_min, zone), minute_of(local_day, ends_min, zone, is_end=True))


def free_intervals(
    *,
    hours: Iterable[Hours],
    opening: Iterable[Hours],
    breaks: Iterable[Hours] = (),
    time_off: Iterable[TimeOff] = (),
    busy: Iterable[tuple[int, int]] = (),
    first_day: date,
    last_day: date,
    zone: tzinfo,
    location: str = "",
) -> tuple[Interval, ...]:
    """When somebody can be booked at ``location``: own hours within opening hours, less breaks, time off and visits.

    ``hours``, ``opening`` and ``breaks`` return weekly; rows of another location are left out, rows without a location
    hold everywhere. ``busy`` is UTC minutes, of every location. Both dates are local and included.
    """
    worked = weekly_intervals(_at(location, hours), first_day=first_day, last_day=last_day, zone=zone)
    opened = weekly_intervals(_at(location, opening), first_day=first_day, last_day=last_day, zone=zone)
    resting = weekly_intervals(_at(location, breaks), first_day=first_day, last_day=last_day, zone=zone)
    away = time_off_intervals(_at(location, time_off), first_day=first_day, last_day=last_day, zone=zone)
    return tuple(difference(intersection(worked, opened), [*resting, *away, *busy]))


def _at(location: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.location in ("", location)]


def problems_with_hours(hours: Iterable[Hours]) -> list[str]:
    """Why weekly hours cannot be right, in words: they must lie within one day, and end after they start."""
    return [
        f"{WEEKDAY_NAMES[row.weekday]}: hours from {_clock(row.starts_min)} to {_clock(row.ends_min)} must end after "
        "they start, within one day."
        for row in hours
        if not 0 <= row.starts_min < row.ends_min <= MINUTES_A_DAY
    ]


def _clock(minute_of_day: int) -> str:
    return f"{minute_of_day // 60:02}:{minute_of_day % 60:02}"
