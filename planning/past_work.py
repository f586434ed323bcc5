"""Signed work as calibration reads it: zones of sessions, and sessions as one pace each."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from statistics import median
from typing import NamedTuple, TypeVar

from planning.needle_time import factor_of
from planning.protocol import Protocol

NUMBERS = (1, 2, 3, 0)  # 0: a touch-up
NEWEST = 200  # sessions of a practitioner that count: hands get quicker over the years
FEWEST_FOR_MISS = 3

Key = TypeVar("Key", bound=Hashable)


class PastWork(NamedTuple):
    """One zone of one signed session, newest sessions first. ``minutes``: of the zone clock, pauses left out."""

    session: Hashable
    practitioner: Hashable
    number: int  # 1 to 3; 0: a touch-up
    zone: str
    among_hair: bool
    needle: str
    dots: int
    minutes: float
    planned_minutes: float | None = None


@dataclass(frozen=True)
class PastSession:
    """One signed session. ``log_pace``: log of dots per minute at factor 1; ``missed``: |minutes / planned - 1|."""

    key: Hashable
    practitioner: Hashable
    number: int
    log_pace: float
    missed: float | None


def sessions_of(work: Sequence[PastWork], protocol: Protocol) -> list[PastSession]:
    """Each session as one pace: all its dots, those of slow zones weighed by their factor, by all its minutes."""
    factors = Factors(protocol)
    found: dict[Hashable, list[float]] = {}
    first: dict[Hashable, PastWork] = {}
    for each in work:
        total = found.setdefault(each.session, [0.0, 0.0, 0.0])
        first.setdefault(each.session, each)
        total[0] += each.dots / factors.of(each)
        total[1] += each.minutes
        total[2] += each.planned_minutes or 0.0
    return [
        PastSession(key, first[key].practitioner, first[key].number, log(dots / minutes), _missed(minutes, planned))
        for key, (dots, minutes, planned) in found.items()
    ]


class Factors:
    """How much slower than the usual pace each zone is planned, looked up once a zone."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._known: dict[tuple[str, bool], float] = {}

    def of(self, each: PastWork) -> float:
        key = (each.zone, each.among_hair)
        if key not in self._known:
            self._known[key] = float(factor_of(*key, protocol=self._protocol))
        return self._known[key]


def _missed(minutes: float, planned: float) -> float | None:
    return abs(minutes / planned - 1) if planned else None


def newest(sessions: Iterable[PastSession]) -> list[PastSession]:
    """The newest of each practitioner; ``sessions`` come newest first."""
    kept = []
    counted: dict[Hashable, int] = {}
    for each in sessions:
        counted[each.practitioner] = counted.get(each.practitioner, 0) + 1
        if counted[each.practitioner] <= NEWEST:
            kept.append(each)
    return kept


def grouped(sessions: Iterable[PastSession], key: Callable[[PastSession], Key]) -> dict[Key, list[PastSession]]:
    """The sessions by ``key``, each group in the order given."""
    groups: dict[Key, list[PastSession]] = {}
    for each in sessions:
        groups.setdefault(key(each), []).append(each)
    return groups


def usual_miss(sessions: Sequence[PastSession], number: int | None = None) -> float | None:
    """The median of how far needle times missed their plans, as a part of the plan: of this number, else of all.

    None where too few sessions were planned in minutes.
    """
    every = [(each.number, each.missed) for each in sessions if each.missed is not None]
    of_number = [missed for its_number, missed in every if number in (None, its_number)]
    counted = of_number if len(of_number) >= FEWEST_FOR_MISS else [missed for _number, missed in every]
    return median(counted) if len(counted) >= FEWEST_FOR_MISS else None
