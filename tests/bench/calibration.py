"""What learning the pace is worth, in simulated clinics whose truth is known, and what it costs.

Each practitioner has a pace of their own, even between the published 58 and 117 dots a minute; a session scatters
around it (log-normal, sd 0.15) and in 15 of 100 something else makes it 0.4 to 2.5 times as long. After n sessions of
each practitioner the next five are foretold, by the fixed formula and by what was learned. Medians over every clinic.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from statistics import median

from planning.calibration import learn
from planning.needle_time import factor_of
from planning.past_work import PastWork
from planning.protocol import DEFAULT_PROTOCOL
from planning.zones import ZONES
from tests.bench.limits import Figure
from tests.bench.timing import cpu_ms

SEED = 20_260
CLINICS, PRACTITIONERS, NEXT = 200, 3, 5
COUNTS = (0, 1, 2, 5, 10, 20, 60)
SLOWEST, FASTEST = 58, 117
SCATTER, OUTLIERS, SHORTEST, LONGEST = 0.15, 0.15, 0.4, 2.5
MANY_SESSIONS, MANY_PRACTITIONERS = 20_000, 25


@dataclass
class Foretold:
    """What became of the next sessions after one count: how far both estimates missed, and whether the range held."""

    fixed_min: list[float]
    learned_min: list[float]
    held: list[bool]

    @property
    def ratio(self) -> float:
        return median(self.learned_min) / median(self.fixed_min)

    @property
    def covered_percent(self) -> float:
        return 100 * sum(self.held) / len(self.held)


def measure() -> Iterator[Figure]:
    found = simulate(random.Random(SEED))
    last = found[COUNTS[-1]]
    yield Figure("calibration", "fixed formula, median error, min", median(last.fixed_min))
    yield Figure("calibration", "learned from 60 sessions, median error, min", median(last.learned_min), last.ratio)
    worst = max(found.values(), key=lambda one: one.ratio)
    yield Figure("calibration", "learned at its worst count, median error, min", median(worst.learned_min), worst.ratio)
    covered = [one.covered_percent for one in found.values()]
    yield Figure("calibration", "range P10 to P90 holds, the least of any count, %", min(covered))
    yield Figure("calibration", "range P10 to P90 holds, the most of any count, %", max(covered))
    work = list(many_sessions(random.Random(SEED)))
    yield Figure("calibration", "learning from 20,000 sessions, s", cpu_ms(partial(learn, work)) / 1000)


def simulate(chance: random.Random, *, clinics: int = CLINICS, counts: tuple[int, ...] = COUNTS) -> dict[int, Foretold]:
    """By count of sessions, what was foretold of the next session of every practitioner."""
    found = {number: Foretold([], [], []) for number in counts}
    for _clinic in range(clinics):
        paces = [chance.uniform(SLOWEST, FASTEST) for _person in range(PRACTITIONERS)]
        keys = count()
        past: list[PastWork] = []
        for done in range(max(counts) + 1):
            if done in found:
                _foretell(found[done], past, paces, done, chance)
            past = [*_sessions(paces, done, keys, chance), *past]
    return found


def many_sessions(chance: random.Random) -> Iterator[PastWork]:
    """The work of a large clinic's years."""
    paces = [chance.uniform(SLOWEST, FASTEST) for _person in range(MANY_PRACTITIONERS)]
    keys = count()
    for done in range(MANY_SESSIONS // MANY_PRACTITIONERS):
        yield from _sessions(paces, done, keys, chance)


def _foretell(found: Foretold, past: list[PastWork], paces: list[float], done: int, chance: random.Random) -> None:
    learned = learn(past)
    for person, pace in [each for each in enumerate(paces) for _next in range(NEXT)]:
        session = _session(person, pace, done, 0, chance)
        took_min = sum(each.minutes for each in session)
        work = sum(each.dots / _factor(each) for each in session)
        told = learned.pace_for(person, done % 3 + 1)
        found.fixed_min.append(abs(work / float(DEFAULT_PROTOCOL.pace_dots_per_min) - took_min))
        found.learned_min.append(abs(work / told.median - took_min))
        found.held.append(told.low <= work / took_min <= told.high)


def _sessions(paces: list[float], done: int, keys: Iterator[int], chance: random.Random) -> list[PastWork]:
    return [each for person, pace in enumerate(paces) for each in _session(person, pace, done, next(keys), chance)]


def _session(person: int, pace: float, done: int, key: int, chance: random.Random) -> list[PastWork]:
    """One session over one to five zones; all of it as quick or slow as the day was."""
    day = chance.lognormvariate(0, SCATTER)
    if chance.random() < OUTLIERS:
        day *= chance.uniform(SHORTEST, LONGEST)
    zones = chance.sample(ZONES, chance.randint(1, 5))
    return [_zone(zone, chance.random() < 0.3, person, pace, done, key, day) for zone in zones]


def _zone(zone, among_hair: bool, person: int, pace: float, done: int, key: int, day: float) -> PastWork:
    dots = round(float(zone.area_cm2) * (60 if among_hair else 90) / 3)
    minutes = dots / (pace * float(factor_of(zone.code, among_hair))) * day
    needle = "1RL" if zone.code == "hairline_band" else "3RL"
    return PastWork(key, person, done % 3 + 1, zone.code, among_hair, needle, dots, minutes)


def _factor(each: PastWork) -> float:
    return float(factor_of(each.zone, each.among_hair))
