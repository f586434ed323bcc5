"""The grades of one scale over time as a small drawing: where each dot stands, and the words beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from intake.grading import SCALES, Scale

WIDTH, HEIGHT = 320, 160
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 16, 32
FEWEST = 2
MARKS_OF_SALT = ("0", "25", "50", "75", "100")


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    assessed_on: date
    grade: str


@dataclass(frozen=True)
class Mark:
    """A grade written at the axis, at the height of its line."""

    y: int
    label: str


@dataclass(frozen=True)
class GradeChart:
    """One scale: dots from left (the first day) to right (the last), the mildest grade at the bottom."""

    name: str
    dots: tuple[Dot, ...]
    marks: tuple[Mark, ...]

    @property
    def line(self) -> str:
        """The dots as the points of an SVG polyline."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


def charts(grades: Iterable[tuple[str, str, date]]) -> list[GradeChart]:
    """A chart for each scale graded at least twice, from (scale, grade, day) in any order.

    Scales whose grades have no order (kinds of scar, codes of BASP) have none.
    """
    by_scale: dict[Scale, list[tuple[date, str]]] = {}
    for scale, grade, day in grades:
        by_scale.setdefault(Scale(scale), []).append((day, grade))
    found = [
        _chart(scale, sorted(rows)) for scale, rows in by_scale.items() if scale in _ORDERED or scale is Scale.SALT
    ]
    return [chart for chart in found if len(chart.dots) >= FEWEST]


_ORDERED = (Scale.NORWOOD, Scale.LUDWIG, Scale.SINCLAIR)


def _chart(scale: Scale, rows: Sequence[tuple[date, str]]) -> GradeChart:
    placed = [(day, grade, share) for day, grade in rows if (share := _share(scale, grade)) is not None]
    first, last = (placed[0][0], placed[-1][0]) if placed else (date.min, date.min)
    days = max((last - first).days, 1)
    dots = tuple(
        Dot(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days // days, _height(share), day, grade)
        for day, grade, share in placed
    )
    return GradeChart(SCALES[scale].name, dots, _marks(scale))


def _marks(scale: Scale) -> tuple[Mark, ...]:
    codes = MARKS_OF_SALT if scale is Scale.SALT else [grade.code for grade in SCALES[scale].grades]
    shown = codes if len(codes) <= 6 else codes[:: (len(codes) + 4) // 5]
    return tuple(Mark(_height(share), code) for code in shown if (share := _share(scale, code)) is not None)


def _share(scale: Scale, grade: str) -> Decimal | None:
    """How far up the scale a grade stands, from 0 to 1; None where it stands nowhere."""
    if scale is Scale.SALT:
        try:
            return Decimal(grade) / 100
        except InvalidOperation:
            return None
    codes = [one.code for one in SCALES[scale].grades]
    return Decimal(codes.index(grade)) / (len(codes) - 1) if grade in codes else None


def _height(share: Decimal) -> int:
    return HEIGHT - BOTTOM - round((HEIGHT - TOP - BOTTOM) * share)
