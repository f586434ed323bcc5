"""Who and which room is free when: the places where one visit fits.

Times are UTC minutes, days are local calendar days since 1970. A visit starts on the clinic's clock at a multiple of
the step; practitioner and patient are taken for its length, the room for its cleaning as well.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from planning.availability import MINUTES_A_DAY, Interval, day_start, union, utc_offset_min

Key = int | str
STEP_MIN = 15
SHORTEST_USEFUL_MIN = 60


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A practitioner at one location; one who works at two is given twice, with the same key. ``free``: UTC minutes."""

    key: Key
    name: str
    free: Sequence[tuple[int, int]]
    location: Key = ""


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room. ``free`` is where nobody has booked it (also past closing time: it is cleaned then)."""

    key: Key
    name: str
    free: Sequence[tuple[int, int]]
    location: Key = ""
    buffer_min: int = 15


class Place(NamedTuple):
    """Where and when one visit can be: UTC minutes, the local day, and the keys of practitioner, room and location."""

    starts_min: int
    ends_min: int
    local_day: int
    practitioner: Key
    room: Key
    location: Key


class Stretch(NamedTuple):
    """Minutes at which a visit may start (last included), and the practitioner's free time they lie in."""

    first_min: int
    last_min: int
    free_from_min: int
    free_until_min: int


class Segment(NamedTuple):
    """A part of a local day with one offset from UTC; most days are one."""

    starts_min: int
    ends_min: int
    offset_min: int


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the patient would like. Weekdays: 0 is Monday, empty for any. Times: minutes of the local day, None for any.

    A visit should start at ``from_min`` or later and end by ``until_min``.
    """

    weekdays: frozenset[int] = frozenset()
    from_min: int | None = None
    until_min: int | None = None
    practitioner: Key | None = None

    @property
    def has_window(self) -> bool:
        """Whether a time of day is wished for."""
        return self.from_min is not None or self.until_min is not None

    def misses_weekday(self, local_day: int) -> bool:
        """Whether a day is not among the weekdays wished for (1970-01-01 was a Thursday)."""
        return bool(self.weekdays) and (local_day + 3) % 7 not in self.weekdays

    def misses_window(self, starts_local_min: int, minutes: int) -> bool:
        """Whether a visit, by its start in minutes of the local day, lies outside the time wished for."""
        too_early = self.from_min is not None and starts_local_min < self.from_min
        return too_early or (self.until_min is not None and starts_local_min + minutes > self.until_min)

    def misses_practitioner(self, practitioner: Key) -> bool:
        """Whether another practitioner was wished for."""
        return self.practitioner is not None and practitioner != self.practitioner


def idle_minutes(starts_min: int, ends_min: int, free: tuple[int, int]) -> int:
    """The minutes a visit leaves in a practitioner's free time that are too short to book (under 60).

    >>> idle_minutes(600, 660, (570, 900))
    30
    """
    before, after = starts_min - free[0], free[1] - ends_min
    return (before if before < SHORTEST_USEFUL_MIN else 0) + (after if after < SHORTEST_USEFUL_MIN else 0)


@dataclass(frozen=True, kw_only=True)
class Diary:
    """Everybody's free time, and where in it a visit can start."""

    practitioners: Sequence[Practitioner]
    rooms: Sequence[Room]
    zone: tzinfo
    patient_busy: Sequence[tuple[int, int]] = ()
    not_before_min: int = 0
    step_min: int = STEP_MIN

    @cached_property
    def _free_of_practitioner(self) -> list[Sequence[tuple[int, int]]]:
        return [_tidy(practitioner.free) for practitioner in self.practitioners]

    @cached_property
    def _free_of_room(self) -> list[Sequence[tuple[int, int]]]:
        return [_tidy(room.free) for room in self.rooms]

    @cached_property
    def _patient_busy(self) -> list[Interval]:
        return union(self.patient_busy)

    @cached_property
    def _room_starts(self) -> dict[tuple[int, int, Key], list[Interval]]:
        return {}

    @cached_property
    def _free_on_day(self) -> dict[int, dict[int, Sequence[tuple[int, int]]]]:
        return {}

    @cached_property
    def _free_rooms_on_day(self) -> dict[int, list[tuple[Room, int, int]]]:
        return {}

    @cached_property
    def _segments(self) -> dict[int, tuple[Segment, ...]]:
        return {}

    def segments(self, local_day: int) -> tuple[Segment, ...]:
        """The local day in UTC minutes, cut where the clocks change."""
        if local_day not in self._segments:
            self._segments[local_day] = _cut_day(local_day, self.zone)
        return self._segments[local_day]

    def stretches(
        self,
        minutes: int,
        local_day: int,
        index: int,
        *,
        ignores_rooms: bool = False,
        ignores_patient: bool = False,
    ) -> list[Stretch]:
        """Where on ``local_day`` a visit of ``minutes`` with practitioner number ``index`` may start, in order."""
        segments = self.segments(local_day)
        day_from = max(segments[0].starts_min, self.not_before_min)
        day_until = segments[-1].ends_min
        found = []
        for free_from, free_until in self._free_on(local_day).get(index, ()):
            first, last = max(free_from, day_from), min(free_until - minutes, day_until - 1)
            if first <= last:
                found.append(Stretch(first, last, free_from, free_until))
        if found and not ignores_rooms:
            found = _within(found, self._starts_with_room(minutes, local_day, self.practitioners[index].location))
        if found and not ignores_patient:
            found = self._without_patient_busy(found, minutes)
        return found

    def starts(self, stretch: Stretch, local_day: int) -> Iterator[tuple[int, int]]:
        """The starts in a stretch that lie on the step: (UTC minute, minute of the local day)."""
        for starts_min, ends_min, offset_min in self.segments(local_day):
            first = max(stretch.first_min, starts_min)
            first += -(first + offset_min) % self.step_min
            to_local = offset_min - local_day * MINUTES_A_DAY
            for start in range(first, min(stretch.last_min, ends_min - 1) + 1, self.step_min):
                yield start, start + to_local

    def has_start(self, minutes: int, local_day: int, **ignores: bool) -> bool:
        """Whether a visit of ``minutes`` can start on ``local_day`` at all."""
        return any(
            True
            for index in self._free_on(local_day)
            for stretch in self.stretches(minutes, local_day, index, **ignores)
            for _ in self.starts(stretch, local_day)
        )

    def place(self, start: int, minutes: int, local_day: int, index: int) -> Place:
        """The place of a start found before, in the first room that is free."""
        practitioner = self.practitioners[index]
        for room, free in zip(self.rooms, self._free_of_room, strict=True):
            if room.location == practitioner.location and _covers(free, start, start + minutes + room.buffer_min):
                return Place(start, start + minutes, local_day, practitioner.key, room.key, practitioner.location)
        raise ValueError(f"No room is free at minute {start} for {minutes} min.")

    def _starts_with_room(self, minutes: int, local_day: int, location: Key) -> list[Interval]:
        """Starts (end excluded) at which some room of the location is free for the visit and its cleaning."""
        key = (minutes, local_day, location)
        if key not in self._room_starts:
            self._room_starts[key] = union(
                (free_from, free_until - minutes - room.buffer_min + 1)
                for room, free_from, free_until in self._free_rooms_on(local_day)
                if room.location == location
            )
        return self._room_starts[key]

    def _free_on(self, local_day: int) -> dict[int, Sequence[tuple[int, int]]]:
        """Who has free time that touches the day, by number, and when: found once, for visits of any length."""
        if local_day not in self._free_on_day:
            segments = self.segments(local_day)
            self._free_on_day[local_day] = {
                index: touching
                for index, free in enumerate(self._free_of_practitioner)
                if (touching := _overlapping(free, segments[0].starts_min, segments[-1].ends_min))
            }
        return self._free_on_day[local_day]

    def _free_rooms_on(self, local_day: int) -> list[tuple[Room, int, int]]:
        """Each stretch of the day in which a room is free, with its room: found once, for visits of any length."""
        if local_day not in self._free_rooms_on_day:
            segments = self.segments(local_day)
            self._free_rooms_on_day[local_day] = [
                (room, free_from, free_until)
                for room, free in zip(self.rooms, self._free_of_room, strict=True)
                for free_from, free_until in _overlapping(free, segments[0].starts_min, segments[-1].ends_min)
            ]
        return self._free_rooms_on_day[local_day]

    def _without_patient_busy(self, stretches: list[Stretch], minutes: int) -> list[Stretch]:
        for busy_from, busy_until in _overlapping(
            self._patient_busy, stretches[0].first_min, stretches[-1].last_min + minutes
        ):
            stretches = [
                part
                for stretch in stretches
                for part in (
                    stretch._replace(last_min=min(stretch.last_min, busy_from - minutes)),
                    stretch._replace(first_min=max(stretch.first_min, busy_until)),
                )
                if part.first_min <= part.last_min
            ]
        return stretches


def _tidy(free: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Sorted, apart and not empty; free time from ``availability`` already is."""
    is_tidy = all(left[1] < right[0] for left, right in pairwise(free)) and all(start < end for start, end in free)
    return free if is_tidy else union(free)


def _overlapping(intervals: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """Those of sorted, disjoint intervals that share a minute with start to end."""
    first = bisect_left(intervals, (start, start))
    if first and intervals[first - 1][1] > start:
        first -= 1
    return intervals[first : bisect_left(intervals, (end, end))]


def _covers(free: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    place = bisect_right(free, start, key=lambda interval: interval[0]) - 1
    return place >= 0 and free[place][1] >= end


def _within(stretches: list[Stretch], starts: list[Interval]) -> list[Stretch]:
    return [
        Stretch(max(stretch.first_min, start), min(stretch.last_min, end - 1), *stretch[2:])
        for stretch in stretches
        for start, end in starts
        if start <= stretch.last_min and stretch.first_min < end
    ]


def _cut_day(local_day: int, zone: tzinfo) -> tuple[Segment, ...]:
    start, end = day_start(local_day, zone), day_start(local_day + 1, zone)
    first, last = utc_offset_min(start, zone), utc_offset_min(end - 1, zone)
    if first == last:
        return (Segment(start, end, first),)
    before, after = start, end - 1
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if utc_offset_min(middle, zone) == first else (before, middle)
    return (Segment(start, after, first), Segment(after, end, last))
