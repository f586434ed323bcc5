"""A chart of lying bars, as places in its own units: one or two bars a row, a whisker where a value is unsure.

Pure: values in, geometry out; the template writes the SVG.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, LEFT, RIGHT, TOP = 640, 190, 24, 8
BAR, GAP_IN, GAP_ROWS, FOOT = 14, 3, 14, 30
STEPS = (1, 2, 2.5, 5, 10)
TICKS_AT_MOST = 6
LONGEST_LABEL = 26
LEAST_SHOWN = 0.01  # what is smaller is drawn as nothing


@dataclass(frozen=True)
class Value:
    """One row: its name, one or two values, and the interval around the first where there is one."""

    label: str
    values: tuple[float, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bar:
    """``kind`` 1 or 2: the first or the second value of a row."""

    kind: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    text: str
    y: float


@dataclass(frozen=True)
class Whisker:
    x1: float
    x2: float
    y: float


@dataclass(frozen=True)
class Tick:
    text: str
    x: float


@dataclass(frozen=True)
class BarChart:
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    whiskers: tuple[Whisker, ...]
    ticks: tuple[Tick, ...]
    height: int
    bottom: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP


def bar_chart(rows: Sequence[Value], *, most: float | None = None) -> BarChart:
    """The chart of ``rows``; the axis ends at ``most``, else at the next round value above the largest.

    >>> chart = bar_chart([Value("Anna", (30, 45)), Value("Ben", (60, 50))])
    >>> [tick.text for tick in chart.ticks]
    ['0', '10', '20', '30', '40', '50', '60']
    """
    largest = max((max(*row.values, row.high or 0, 0) for row in rows), default=0) if most is None else most
    step = _step(largest)
    end = step * max(1, ceil(largest / step))
    per_row = max((len(row.values) for row in rows), default=1)
    row_height = per_row * BAR + (per_row - 1) * GAP_IN + GAP_ROWS
    bottom = TOP + row_height * len(rows)
    scale = (WIDTH - LEFT - RIGHT) / end
    return BarChart(
        bars=tuple(bar for number, row in enumerate(rows) for bar in _bars(row, TOP + number * row_height, scale)),
        labels=tuple(_label(row, TOP + number * row_height, row_height) for number, row in enumerate(rows)),
        whiskers=tuple(
            Whisker(_x(row.low, scale), _x(row.high, scale), TOP + number * row_height + (GAP_ROWS + BAR) / 2)
            for number, row in enumerate(rows)
            if row.low is not None and row.high is not None
        ),
        ticks=tuple(Tick(f"{index * step:g}", _x(index * step, scale)) for index in range(round(end / step) + 1)),
        height=bottom + FOOT,
        bottom=bottom,
    )


def _bars(row: Value, top: float, scale: float) -> Iterator[Bar]:
    for index, value in enumerate(row.values):
        y = top + GAP_ROWS / 2 + index * (BAR + GAP_IN)
        yield Bar(index + 1, LEFT, y, round(max(0.0, value) * scale, 1), BAR)


def _label(row: Value, top: float, row_height: float) -> Label:
    text = row.label if len(row.label) <= LONGEST_LABEL else f"{row.label[: LONGEST_LABEL - 1]}…"
    return Label(text, top + row_height / 2)


def _x(value: float, scale: float) -> float:
    return round(LEFT + value * scale, 1)


def _step(largest: float) -> float:
    if largest < LEAST_SHOWN:
        return 1
    size = 10.0 ** (ceil(log10(largest)) - 2)
    return next(
        size * each * ten for ten in (1, 10) for each in STEPS if largest / (size * each * ten) <= TICKS_AT_MOST
    )
