"""Single places: the next free ones, or those nearest to a place that was taken."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from planning.availability import local_day_at
from planning.protocol import LEAST_GAP_DAYS
from planning.scheduling.diary import STEP_MIN, Diary, Place, Practitioner, Room
from planning.scheduling.gaps import keeps_gap

Found = tuple[int, int, int, int]  # distance in minutes, start, practitioner's index, local day


def free_places(
    *,
    duration_min: int,
    practitioners: Sequence[Practitioner],
    rooms: Sequence[Room],
    zone: tzinfo,
    earliest_min: int,
    horizon_days: int = 60,
    near_min: int | None = None,
    apart_min: int | None = None,
    patient_busy: Sequence[tuple[int, int]] = (),
    existing_days: Iterable[int] = (),
    gap_days: int = LEAST_GAP_DAYS,
    after_day: int | None = None,
    before_day: int | None = None,
    step_min: int = STEP_MIN,
    limit: int = 3,
) -> tuple[Place, ...]:
    """The ``limit`` places for one visit nearest to ``near_min``, or without it the next ones from ``earliest_min``.

    None starts before ``earliest_min`` (UTC minutes) or later than ``horizon_days`` local days from it. Two offered
    starts are ``apart_min`` apart: by default the visit's length for the next places, the step for the nearest.
    ``existing_days``: the patient's treatment days to keep ``gap_days`` from; empty for a consultation. ``after_day``
    and ``before_day``: days of the sessions before and after this one, which the place lies between.
    """
    if duration_min <= 0:
        raise ValueError(f"A visit takes more than 0 minutes, not {duration_min}.")
    diary = Diary(
        practitioners=practitioners,
        rooms=rooms,
        zone=zone,
        patient_busy=patient_busy,
        not_before_min=earliest_min,
        step_min=step_min,
    )
    first_day = local_day_at(earliest_min, zone)
    others = tuple(existing_days)
    first = first_day if after_day is None else max(first_day, after_day + 1)
    last = first_day + horizon_days if before_day is None else min(first_day + horizon_days, before_day)
    days = [day for day in range(first, last) if keeps_gap(day, others, gap_days=gap_days)]
    near = earliest_min if near_min is None else near_min
    default_apart = duration_min if near_min is None else step_min
    found = _nearest(diary, days, duration_min, near, apart_min or default_apart, limit)
    return tuple(diary.place(start, duration_min, day, index) for _, start, index, day in found)


def _nearest(diary: Diary, days: Sequence[int], minutes: int, near: int, apart_min: int, limit: int) -> list[Found]:
    """Day by day outward from ``near``, until no later day can hold a nearer start."""
    candidates: list[Found] = []
    chosen: list[Found] = []
    for nearest_possible, day in sorted((_least_distance(diary, day, near), day) for day in days):
        if len(chosen) >= limit and nearest_possible > chosen[-1][0]:
            break
        candidates += _starts_on(diary, day, minutes, near)
        chosen = _apart(sorted(candidates), apart_min, limit)
    return chosen


def _least_distance(diary: Diary, day: int, near: int) -> int:
    segments = diary.segments(day)
    return max(0, segments[0].starts_min - near, near - segments[-1].ends_min + 1)


def _starts_on(diary: Diary, day: int, minutes: int, near: int) -> Iterator[Found]:
    for index in range(len(diary.practitioners)):
        for stretch in diary.stretches(minutes, day, index):
            for start, _ in diary.starts(stretch, day):
                yield abs(start - near), start, index, day


def _apart(candidates: Iterable[Found], apart_min: int, limit: int) -> list[Found]:
    """The first ``limit`` of the candidates whose starts keep apart from those before them."""
    chosen: list[Found] = []
    for candidate in candidates:
        if len(chosen) == limit:
            break
        if all(abs(candidate[1] - other[1]) >= apart_min for other in chosen):
            chosen.append(candidate)
    return chosen
