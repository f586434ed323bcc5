"""What the best whole series costs beside asking for free places day by day."""

import random
from collections.abc import Iterator
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
PRACTITIONERS, ROOMS = 8, 6
PATIENTS = 60
OPEN_MIN, CLOSE_MIN = 9 * 60, 19 * 60
FULL_DAYS, HALF_FULL = 30, 0.5  # the next month is nearly full, the time after it half
GAPS = (2, 10, 28)
LENGTHS = (60, 90, 120, 150, 180, 210)


def measure() -> Iterator[Figure]:
    chance = random.Random(1)
    people, rooms = _clinic(chance)
    shared = {"practitioners": people, "rooms": rooms, "zone": ZONE}
    ways = (_proposed, _every_day_asked, _first_series_found)
    patients = [_wanted(chance) for _ in range(PATIENTS)]
    taken = [[cpu_ms(partial(way, wanted, shared)) for way in ways] for wanted in patients]
    proposals, asking, hurried = map(list, zip(*taken, strict=True))
    middle = [percentile(times, 50) for times in (proposals, asking, hurried)]
    yield Figure("series", "asking for every day of the horizon, median CPU ms", middle[1])
    yield Figure("series", "asking day by day until a series is found, median CPU ms", middle[2])
    yield Figure("series", "best three series, median CPU ms", middle[0], middle[0] / middle[1])
    late = percentile(proposals, 95)
    yield Figure("series", "best three series, p95 CPU ms", late, late / percentile(asking, 95))
    yield Figure("series", "best three series against the first found, median CPU ms", middle[0], middle[0] / middle[2])


def _clinic(chance: random.Random) -> tuple[list[Practitioner], list[Room]]:
    whole = (day_start(FIRST, ZONE), day_start(FIRST + HORIZON_DAYS + 1, ZONE))
    people = []
    for number in range(PRACTITIONERS):
        hours = [_hours(day) for day in _days() if (day + 3) % 7 < 6]
        people.append(Practitioner(key=number, name=f"P{number}", free=difference(hours, _taken(chance))))
    rooms = [Room(key=number, name=f"R{number}", free=difference([whole], _taken(chance))) for number in range(ROOMS)]
    return people, rooms


def _days() -> range:
    return range(FIRST, FIRST + HORIZON_DAYS)


def _hours(day: int) -> Interval:
    return Interval(day_start(day, ZONE) + OPEN_MIN, day_start(day, ZONE) + CLOSE_MIN)


def _taken(chance: random.Random) -> list[Interval]:
    """Visits one after the other, with free time between them."""
    visits = []
    for day in _days():
        at, end = _hours(day)
        share = 0.95 if day < FIRST + FULL_DAYS else HALF_FULL
        while at < end:
            length = chance.choice((45, *LENGTHS))
            if chance.random() < share:
                visits.append(Interval(at, min(at + length, end)))
            at += length
    return visits


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
    if not found.series:
        raise RuntimeError(f"no series was found: {found.problems}")


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
