"""What the best whole series costs beside asking for free places day by day, in a large clinic with a full diary.

Both sides hand out the best three series of one patient. To miss none of them by the plain query, every session has to
be asked for on every day of the horizon; putting the answers together is not even counted on that side.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from planning.availability import Interval, day_start, difference, to_local_day
from planning.scheduling import Practitioner, Room, Wishes, free_places, propose_series
from tests.bench.limits import Figure
from tests.bench.timing import cpu_ms, percentile

ZONE = ZoneInfo("Europe/Madrid")
FIRST = to_local_day(date(2035, 1, 8))
HORIZON_DAYS = 180
PRACTITIONERS, ROOMS = 20, 10
PATIENTS = 40
PROPOSALS = 3
OPEN_MIN, CLOSE_MIN = 9 * 60, 19 * 60
FULL_DAYS, NEARLY_FULL, LATER = 30, 0.95, 0.53  # the next month is nearly full, the time after it less
GAPS = (2, 10, 28)
LENGTHS = (60, 90, 120, 150, 180, 210)


def measure() -> Iterator[Figure]:
    chance = random.Random(1)
    diary = _diary(chance)
    shared = {"practitioners": _people(diary), "rooms": _rooms(diary), "zone": ZONE}
    ways = (_proposed, _every_day_asked, _first_series_found)
    patients = [_wanted(chance) for _ in range(PATIENTS)]
    taken = [[cpu_ms(partial(way, wanted, shared)) for way in ways] for wanted in patients]
    proposals, asking, hurried = map(list, zip(*taken, strict=True))
    middle = [percentile(times, 50) for times in (proposals, asking, hurried)]
    yield Figure("series", "appointments in the diary", len(diary))
    yield Figure("series", "asking for every day of the horizon, median CPU ms", middle[1])
    yield Figure("series", "asking day by day until a series is found, median CPU ms", middle[2])
    yield Figure("series", "best three series, median CPU ms", middle[0], middle[0] / middle[1])
    yield Figure("series", "best three series, p95 CPU ms", percentile(proposals, 95))
    ours, plain = _a_second(proposals), _a_second(asking)
    yield Figure("series", "series proposed a second, against asking for every day", ours, ours / plain)
    yield Figure("series", "best three series against the first found, median CPU ms", middle[0], middle[0] / middle[2])


def _a_second(times_ms: list[float]) -> float:
    return PROPOSALS * 1000 * len(times_ms) / sum(times_ms)


@dataclass(frozen=True)
class Visit:
    room: int
    practitioner: int
    time: Interval


def _diary(chance: random.Random) -> list[Visit]:
    """In every room one visit after the other with free time between them, each with somebody who has none then."""
    visits, busy_until = [], [0] * PRACTITIONERS
    for day in filter(_is_open, _days()):
        share = NEARLY_FULL if day < FIRST + FULL_DAYS else LATER
        wanted = sorted(place for room in range(ROOMS) for place in _laid_out(room, day, share, chance))
        for time, room in wanted:
            who = chance.choice([number for number, until in enumerate(busy_until) if until <= time.starts_min])
            busy_until[who] = time.ends_min
            visits.append(Visit(room, who, time))
    return visits


def _laid_out(room: int, day: int, share: float, chance: random.Random) -> Iterator[tuple[Interval, int]]:
    at, end = _hours(day)
    while at < end:
        length = chance.choice((45, *LENGTHS))
        if chance.random() < share:
            yield Interval(at, min(at + length, end)), room
        at += length


def _people(diary: list[Visit]) -> list[Practitioner]:
    hours = [_hours(day) for day in _days() if _is_open(day)]
    taken = {number: [visit.time for visit in diary if visit.practitioner == number] for number in range(PRACTITIONERS)}
    return [Practitioner(key=n, name=f"P{n}", free=difference(hours, taken[n])) for n in range(PRACTITIONERS)]


def _rooms(diary: list[Visit]) -> list[Room]:
    whole = (day_start(FIRST, ZONE), day_start(FIRST + HORIZON_DAYS + 1, ZONE))
    taken = {number: [visit.time for visit in diary if visit.room == number] for number in range(ROOMS)}
    return [Room(key=number, name=f"R{number}", free=difference([whole], taken[number])) for number in range(ROOMS)]


def _days() -> range:
    return range(FIRST, FIRST + HORIZON_DAYS)


def _is_open(day: int) -> bool:
    return (day + 3) % 7 < 6


def _hours(day: int) -> Interval:
    return Interval(day_start(day, ZONE) + OPEN_MIN, day_start(day, ZONE) + CLOSE_MIN)


def _wanted(chance: random.Random) -> dict:
    first = chance.choice(LENGTHS[2:])
    wishes = Wishes(
        weekdays=frozenset(chance.sample(range(6), 3)) if chance.random() < 0.5 else frozenset(),
        from_min=chance.choice((None, 9 * 60, 15 * 60)),
        practitioner=chance.choice((None, *range(PRACTITIONERS))),
    )
    return {"durations": [first, first - 30, first - 60], "recommended_gap_days": chance.choice(GAPS), "wishes": wishes}


def _proposed(wanted: dict, shared: dict):
    found = propose_series(earliest_day=FIRST, horizon_days=HORIZON_DAYS, **wanted, **shared)
    if len(found.series) < PROPOSALS:
        raise RuntimeError(f"{len(found.series)} series were found: {found.problems}")


def _every_day_asked(wanted: dict, shared: dict) -> list:
    """The free places of every day for every session: what a search that must not miss the best has to look at."""
    return [_places_on(day, minutes, shared) for minutes in wanted["durations"] for day in _days()]


def _first_series_found(wanted: dict, shared: dict) -> list[int]:
    """Each session on the first day that has a place, at the recommended gap from the one before; no wish is heard."""
    days, day = [], FIRST
    for minutes in wanted["durations"]:
        while not _places_on(day, minutes, shared):
            day += 1
        days.append(day)
        day += wanted["recommended_gap_days"]
    return days


def _places_on(day: int, minutes: int, shared: dict):
    return free_places(duration_min=minutes, earliest_min=day_start(day, ZONE), horizon_days=1, **shared)
