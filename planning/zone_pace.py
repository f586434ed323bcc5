"""Which zones, and which needles in them, are worked quicker or slower than the protocol's factors say.

Compared within sessions: a zone's pace beside the pace of all of its session, so that a quick practitioner does not
make the zones look quick. r = log(pace of zone / pace of session); the ratio is exp of the robust mean of r, drawn
toward 0 while sessions are few: sum(w r) / (sum(w) + 4) with w = 4 / (3 + (r - mean)^2 / 0.2^2), the weights of
Student's t with 3 degrees of freedom. A needle group is compared with its zone in the same way.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from planning.past_work import Factors, PastWork
from planning.protocol import Protocol

SCATTER = 0.2  # of a zone within its session, log
PULL = 4.0  # sessions' worth of belief that the factor is right: (0.2 / 0.1)^2
FEWEST = 10  # sessions; with fewer the factor stands as it is
ROUNDS = 8
Place = tuple[str, bool, str]


@dataclass(frozen=True)
class LearnedZone:
    """How much quicker (above 1) a zone is worked than its factor says; by needle group where one is named."""

    ratio: float
    sessions: int


def learn_zones(work: Sequence[PastWork], *, protocol: Protocol) -> Mapping[Place, LearnedZone]:
    """By (zone, among hair, ""), and by (zone, among hair, needle) what the needle adds; only what sessions carry."""
    apart = _beside_their_session(work, protocol)
    zones = _learned(apart)
    beside_zone: dict[Place, list[tuple[Hashable, float]]] = {}
    for (zone, among_hair, _any), found in apart.items():
        mean = log(zones[zone, among_hair, ""].ratio) if (zone, among_hair, "") in zones else 0.0
        for needle, session, r in found:
            beside_zone.setdefault((zone, among_hair, needle), []).append((session, r - mean))
    by_needle = {
        place: LearnedZone(exp(mean_of([r for _session, r in found])), len({session for session, _r in found}))
        for place, found in beside_zone.items()
    }
    return {**zones, **{place: learned for place, learned in by_needle.items() if learned.sessions >= FEWEST}}


def _beside_their_session(
    work: Sequence[PastWork], protocol: Protocol
) -> dict[Place, list[tuple[str, Hashable, float]]]:
    """By zone: needle, session, and log of the zone's pace beside its session's; sessions of one zone say nothing."""
    factors = Factors(protocol)
    sessions: dict[Hashable, list[PastWork]] = {}
    for each in work:
        sessions.setdefault(each.session, []).append(each)
    found: dict[Place, list[tuple[str, Hashable, float]]] = {}
    for key, zones in sessions.items():
        if len(zones) < 2:
            continue
        pace = sum(each.dots / factors.of(each) for each in zones) / sum(each.minutes for each in zones)
        for each in zones:
            r = log(each.dots / factors.of(each) / each.minutes / pace)
            found.setdefault((each.zone, each.among_hair, ""), []).append((each.needle, key, r))
    return found


def _learned(apart: Mapping[Place, Sequence[tuple[str, Hashable, float]]]) -> dict[Place, LearnedZone]:
    learned = {
        place: LearnedZone(exp(mean_of([r for _n, _s, r in found])), len({session for _n, session, _r in found}))
        for place, found in apart.items()
    }
    return {place: one for place, one in learned.items() if one.sessions >= FEWEST}


def mean_of(apart: Sequence[float]) -> float:
    """The robust mean, drawn toward 0.

    >>> round(mean_of([0.3] * 36), 2), round(mean_of([0.0] * 30 + [3.0]), 2)
    (0.28, 0.0)
    """
    mean = 0.0
    for _round in range(ROUNDS):
        weights = [4 / (3 + ((r - mean) / SCATTER) ** 2) for r in apart]
        mean = sum(weight * r for weight, r in zip(weights, apart, strict=True)) / (sum(weights) + PULL)
    return mean
