"""The pace a clinic really works at, learned from its signed sessions: a median, a range, and what stands behind it.

    y = log(sum over zones of dots / factor  /  minutes)                       one number a session, log dots per minute
    y ~ Student(3 degrees of freedom, centre c(p, k), scale s)                 k: session number; a slip pulls little
    c(p, k) ~ Normal(c(p), 0.06)    c(p) ~ Normal(c, 0.20)    c ~ prior around the usual pace of the protocol

That is partial pooling: practitioner p with session number k leans on p's other sessions, p on the clinic, the clinic
on the usual pace, each the less the more sessions there are. The tree is small and each centre is one number, so it is
solved exactly, on a grid, by passing beliefs up and down (Pearl 1982); no chance is involved, the same sessions always
teach the same. The range is P10 to P90 of the *next session*, so it holds scatter and doubt alike.

Student's t with few degrees of freedom as the robust choice: Lange, Little, Taylor, J. Am. Stat. Assoc. 84 (1989) 881.
Symbols, units and sources of the constants: docs/formulas.md. It imports NumPy: import it where it is needed, not at
start.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from planning.past_work import NUMBERS, PastSession, PastWork, grouped, newest, sessions_of, usual_miss
from planning.protocol import DEFAULT_PROTOCOL, Protocol
from planning.zone_pace import LearnedZone, learn_zones

Floats = NDArray[np.float64]

PRACTITIONER_SPREAD, NUMBER_SPREAD = 0.20, 0.06  # sd of log pace between practitioners, between session numbers
USUAL_SCATTER, SCATTER_WEIGHT = 0.15, 30  # scale of y within one practitioner before a clinic has shown its own
SLOWEST, FASTEST = 58 / 70, 117 / 70  # published paces (58-117) beside the usual 70
MEDIAN_OF_STUDENT = 0.7649  # median of |t| with 3 degrees of freedom
FEWEST_FOR_SCATTER = 5  # sessions of one practitioner and number
_STEP, _REACH = 0.01, 1.3  # of the grid, in log pace


@dataclass(frozen=True)
class LearnedPace:
    """Dots per minute at factor 1: the median, and P10 and P90 of the next session.

    ``sessions`` of the practitioner (of the clinic where nothing is known of the practitioner) stand behind it;
    ``error``: by how much the needle time of half of them missed the plan, as a part of the plan; None: too few.
    """

    median: float
    low: float
    high: float
    sessions: int
    error: float | None = None


@dataclass(frozen=True)
class Calibration:
    """What the sessions taught.

    ``paces`` by (practitioner, session number); ``zones`` by (zone, among hair, needle).
    """

    clinic: LearnedPace
    paces: Mapping[tuple[Hashable, int], LearnedPace] = field(default_factory=dict)
    zones: Mapping[tuple[str, bool, str], LearnedZone] = field(default_factory=dict)
    scatter: float = USUAL_SCATTER

    def pace_for(self, practitioner: Hashable, number: int) -> LearnedPace:
        """The pace of a practitioner in session ``number`` (0: a touch-up); the clinic's where none is known."""
        return self.paces.get((practitioner, number), self.clinic)


def learn(work: Sequence[PastWork], *, protocol: Protocol = DEFAULT_PROTOCOL) -> Calibration:
    """What ``work`` teaches about pace and zones; without any, the usual pace and the published range.

    >>> learn([]).clinic.median
    70.0
    >>> done = [PastWork(n, "Ana", 1, "vertex", False, "3RL", 1800, 20) for n in range(40)]
    >>> round(learn(done).pace_for("Ana", 1).median)
    90
    """
    usual = float(protocol.pace_dots_per_min)
    grid = np.log(usual) + np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    sessions = newest(sessions_of(work, protocol))
    scatter = _scatter(sessions)
    seen = {
        key: _log_likelihood([each.log_pace for each in group], grid, scatter)
        for key, group in grouped(sessions, lambda each: (each.practitioner, each.number)).items()
    }
    centres, newcomer = _beliefs(seen, grid, usual)
    scattered = _student_cdf((grid[:, None] - grid[None, :]) / scatter)
    by_practitioner = grouped(sessions, lambda each: each.practitioner)
    paces = {
        (practitioner, number): _pace(belief, grid, scattered, by_practitioner[practitioner], number)
        for (practitioner, number), belief in centres.items()
    }
    clinic = _pace(newcomer, grid, scattered, sessions, None)
    if not sessions:
        clinic = LearnedPace(usual, clinic.low, clinic.high, 0)
    counted = {each.key for each in sessions}
    zones = learn_zones([each for each in work if each.session in counted], protocol=protocol)
    return Calibration(clinic, paces, zones, scatter)


def _scatter(sessions: Sequence[PastSession]) -> float:
    """The scale of a session around its practitioner's own median; near the usual one while sessions are few."""
    groups = grouped(sessions, lambda each: (each.practitioner, each.number)).values()
    apart = [
        np.abs(np.array(paces) - np.median(paces)) * np.sqrt(len(paces) / (len(paces) - 1))
        for paces in ([each.log_pace for each in group] for group in groups)
        if len(paces) >= FEWEST_FOR_SCATTER
    ]
    if not apart:
        return USUAL_SCATTER
    every = np.concatenate(apart)
    shown = max(float(np.median(every)) / MEDIAN_OF_STUDENT, 0.02)
    logs = len(every) * np.log(shown) + SCATTER_WEIGHT * np.log(USUAL_SCATTER)
    return float(np.exp(logs / (len(every) + SCATTER_WEIGHT)))


def _log_likelihood(log_paces: Sequence[float], grid: Floats, scatter: float) -> Floats:
    apart = (np.array(log_paces)[:, None] - grid[None, :]) / scatter
    return np.asarray(-2 * np.log1p(apart**2 / 3).sum(axis=0))


def _prior(grid: Floats, usual: float) -> Floats:
    """The clinic's centre before any session: half below the usual pace, half above, as far as published ones reach.

    The published spread is shared in equal parts between clinics and the practitioners of one.
    """
    apart = (grid - np.log(usual)) / np.sqrt(2)
    below, above = -np.log(SLOWEST) / 2, np.log(FASTEST) / 2
    is_below = (apart < 0) & (apart >= -below)
    is_above = (apart >= 0) & (apart <= above)
    density = np.where(is_below, 0.5 / below, 0) + np.where(is_above, 0.5 / above, 0) + 1e-9
    return np.asarray(np.log(density))


def _beliefs(
    seen: Mapping[tuple[Hashable, int], Floats], grid: Floats, usual: float
) -> tuple[dict[tuple[Hashable, int], Floats], Floats]:
    """For every known practitioner and number, and for a newcomer, how likely each centre on the grid is."""
    practitioners, numbers = _kernel(len(grid), PRACTITIONER_SPREAD), _kernel(len(grid), NUMBER_SPREAD)
    nothing = np.zeros_like(grid)
    people = list(dict.fromkeys(practitioner for practitioner, _number in seen))
    up = {p: {k: _spread(seen[p, k], numbers) if (p, k) in seen else nothing for k in NUMBERS} for p in people}
    of_person = {p: np.sum(list(up[p].values()), axis=0) for p in people}
    to_clinic = {p: _spread(of_person[p], practitioners) for p in people}
    clinic = _prior(grid, usual) + (np.sum(list(to_clinic.values()), axis=0) if people else nothing)
    found = {}
    for p in people:
        from_clinic = _spread(clinic - to_clinic[p], practitioners)
        for k in NUMBERS:
            from_person = _spread(from_clinic + of_person[p] - up[p][k], numbers)
            found[p, k] = _normalised(from_person + seen.get((p, k), nothing))
    newcomer = _spread(_spread(clinic, practitioners), numbers)
    return found, _normalised(newcomer)


@cache
def _kernel(points: int, spread: float) -> Floats:
    """One step of the tree between two centres on a grid of so many points."""
    places = np.arange(points) * _STEP
    return np.asarray(np.exp(-0.5 * ((places[:, None] - places[None, :]) / spread) ** 2))


def _spread(log_belief: Floats, kernel: Floats) -> Floats:
    """A belief seen through one step of the tree."""
    return np.asarray(np.log(kernel @ np.exp(log_belief - log_belief.max()) + 1e-300))


def _normalised(log_belief: Floats) -> Floats:
    belief = np.exp(log_belief - log_belief.max())
    return np.asarray(belief / belief.sum())


def _pace(
    belief: Floats, grid: Floats, scattered: Floats, sessions: Sequence[PastSession], number: int | None
) -> LearnedPace:
    """Median of the centre; P10 and P90 of the next session: ``scattered`` is how likely it lies below, by centre."""
    low, high = np.exp(np.interp((0.1, 0.9), scattered @ belief, grid))
    median = np.exp(np.interp(0.5, belief.cumsum() - belief / 2, grid))
    return LearnedPace(float(median), float(low), float(high), len(sessions), usual_miss(sessions, number))


def _student_cdf(t: Floats) -> Floats:
    x = t / np.sqrt(3)
    return np.asarray(0.5 + (np.arctan(x) + x / (1 + x**2)) / np.pi)
