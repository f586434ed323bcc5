"""A chart of sessions as dots: planned minutes to the right, minutes taken upward, and the line where both are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from planning.session_times import Took

WIDTH, HEIGHT = 360, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 28, 44
TICKS_AT_MOST = 6
TICK_MINUTES = (15, 30, 60, 120, 240)


@dataclass(frozen=True)
class Dot:
    """One session at its place, in the chart's own units."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A mark of both axes: its minutes, its place from the left and from the top."""

    minutes: int
    x: float
    y: float


@dataclass(frozen=True)
class Chart:
    """Everything a drawing needs; the last tick ends both axes, which have one scale."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart_of(sessions: Sequence[Took]) -> Chart:
    """The chart of ``sessions``, wide enough for the longest of them.

    >>> chart = chart_of([Took(7, 1, 50, 80)])
    >>> [tick.minutes for tick in chart.ticks]
    [0, 15, 30, 45, 60, 75, 90]
    """
    longest = max((max(each.planned_min, each.actual_min) for each in sessions), default=0)
    step = next((step for step in TICK_MINUTES if longest <= step * TICKS_AT_MOST), ceil(longest / TICKS_AT_MOST))
    end = step * max(1, ceil(longest / step))
    ticks = tuple(Tick(minutes, _x(minutes, end), _y(minutes, end)) for minutes in range(0, end + 1, step))
    dots = tuple(Dot(each.number, _x(each.planned_min, end), _y(each.actual_min, end)) for each in sessions)
    return Chart(dots, ticks)


def _x(minutes: float, end: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * minutes / end, 1)


def _y(minutes: float, end: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * minutes / end, 1)
