"""How sure a share of a few patients is: the Wilson interval, and the words for it without false precision.

Pure. Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
"""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964
TOO_FEW = 5


@dataclass(frozen=True)
class Share:
    """``hits`` of ``count``, with the 95 % interval; parts of 1."""

    hits: int
    count: int
    low: float
    high: float

    @property
    def part(self) -> float:
        return self.hits / self.count if self.count else 0.0

    @property
    def is_telling(self) -> bool:
        """Whether there are enough to speak of a share at all."""
        return self.count >= TOO_FEW

    @property
    def percent(self) -> str:
        """The share in whole percent; empty where there are too few."""
        return f"{round(100 * self.part)} %" if self.is_telling else ""

    @property
    def range(self) -> str:
        """The interval in whole percent, "42–91 %"; empty where there are too few."""
        return f"{round(100 * self.low)}–{round(100 * self.high)} %" if self.is_telling else ""


def share_of(hits: int, count: int) -> Share:
    """The share with its Wilson 95 % interval. ValueError where there are more hits than tries.

    >>> share = share_of(8, 10)
    >>> share.percent, share.range
    ('80 %', '49–94 %')
    >>> share_of(0, 0).range
    ''
    """
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count}")
    if count == 0:
        return Share(0, 0, 0.0, 1.0)
    part, square = hits / count, Z_95**2
    middle = (part + square / (2 * count)) / (1 + square / count)
    half = Z_95 / (1 + square / count) * sqrt(part * (1 - part) / count + square / (4 * count**2))
    return Share(hits, count, 0.0 if hits == 0 else middle - half, 1.0 if hits == count else middle + half)
