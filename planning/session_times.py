"""How long sessions really took beside what was planned: medians, a range and how far plans missed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

NUMBERS = (1, 2, 3, 0)  # 0: a touch-up
FEWEST_FOR_RANGE = 5
FEWEST_FOR_MISS = 3


@dataclass(frozen=True)
class Took:
    """The working time of one signed session, in minutes of the zones' clocks; ``number`` 0: a touch-up."""

    practitioner: int
    number: int
    planned_min: float
    actual_min: float

    @property
    def missed(self) -> float:
        """By how much it missed its plan, as a part of the plan."""
        return abs(self.actual_min / self.planned_min - 1)


@dataclass(frozen=True)
class Times:
    """Some sessions of one number: minutes, and in ``missed`` the part of the plan by which half of them missed it.

    ``low_min`` and ``high_min`` are P10 and P90 of what they took. None: too few sessions to say it.
    """

    number: int
    count: int
    planned_min: float
    actual_min: float
    low_min: float | None
    high_min: float | None
    missed: float | None


def times_by_number(sessions: Iterable[Took]) -> list[Times]:
    """The sessions of each number that there are, the touch-ups last.

    >>> [one] = times_by_number([Took(7, 1, 50, minutes) for minutes in (40, 50, 55, 60, 80)])
    >>> one.count, one.planned_min, one.actual_min, one.low_min, one.high_min, round(one.missed, 2)
    (5, 50, 55, 44.0, 72.0, 0.2)
    """
    found = list(sessions)
    groups = ((number, [each for each in found if each.number == number]) for number in NUMBERS)
    return [_times(number, group) for number, group in groups if group]


def _times(number: int, group: Sequence[Took]) -> Times:
    taken = [each.actual_min for each in group]
    low, high = _tenths(taken) if len(taken) >= FEWEST_FOR_RANGE else (None, None)
    return Times(
        number=number,
        count=len(group),
        planned_min=median(each.planned_min for each in group),
        actual_min=median(taken),
        low_min=low,
        high_min=high,
        missed=median(each.missed for each in group) if len(group) >= FEWEST_FOR_MISS else None,
    )


def _tenths(taken: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(taken, n=10, method="inclusive")
    return cuts[0], cuts[-1]


def longer_than_planned(sessions: Iterable[Took]) -> int:
    """How many took longer than planned."""
    return sum(each.actual_min > each.planned_min for each in sessions)
