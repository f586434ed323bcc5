"""The hairline as it is drawn on the patient's photo, and what can be measured of it there.

Places are thousandths of the photo's width, x to the right, y downwards. The scale comes from two marked points: what
lies between them was measured, or they mark both sides of the head, which is as broad as its circumference says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning.hairline import (
    Measures,
    Place,
    line_of,
    measures,
    scale_from_circumference,
    scale_from_marks,
    smooth,
    straight,
)

MOST_POINTS = 40
LEAST_APART = 50
APART_MM = (20, 400)
TALLEST = 4000


@dataclass(frozen=True)
class OnPhoto:
    """A line on a photo that is ``box`` large; ``apart_mm`` of None: the marks are both sides of the head."""

    points: tuple[Place, ...]
    glabella: Place
    marks: tuple[Place, Place]
    apart_mm: int | None
    is_straight: bool
    box: tuple[int, int]

    @property
    def path(self) -> str:
        """The line as an SVG path in the photo's box."""
        return straight(self.points) if self.is_straight else smooth(self.points)

    def measures(self, circumference_cm: Decimal) -> Measures | None:
        """Height and recession in mm; None where the line does not pass over the glabella."""
        line = line_of(self.points, is_straight=self.is_straight)
        try:
            return measures(line, glabella=self.glabella, mm_per_unit=self._mm_per_unit(circumference_cm))
        except ValueError:
            return None

    def _mm_per_unit(self, circumference_cm: Decimal) -> float:
        one, other = self.marks
        if self.apart_mm is not None:
            return scale_from_marks(one, other, apart_mm=self.apart_mm)
        breadth = scale_from_marks(one, other, apart_mm=1)  # 1 / distance, in units
        return scale_from_circumference(circumference_cm, breadth=1 / breadth)


def on_photo(written: Mapping[str, Any]) -> OnPhoto:
    """What a page sent, as a line on a photo. ValueError where it is none, in words for the person who drew it."""
    try:
        points = tuple(_place(point) for point in written["points"])
        one, other = (_place(mark) for mark in written["marks"])
        width, height = (_whole(side, 1, TALLEST) for side in written["box"])
        glabella, apart_mm = _place(written["glabella"]), written["apart_mm"]
        is_straight = written["is_straight"] is True
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("The hairline on the photo did not arrive whole. Please draw it again.") from error
    if not 2 <= len(points) <= MOST_POINTS:
        raise ValueError(f"A hairline has 2 to {MOST_POINTS} points.")
    if abs(one[0] - other[0]) + abs(one[1] - other[1]) < LEAST_APART:
        raise ValueError("The two marks on the photo are too close together to measure by; drag them apart.")
    if apart_mm is not None and not _is_apart(apart_mm):
        raise ValueError(f"The distance is {APART_MM[0]} to {APART_MM[1]} mm. Leave it empty for the head's sides.")
    return OnPhoto(points, glabella, (one, other), apart_mm, is_straight, (width, height))


def _place(point: Any) -> Place:
    x, y = point
    return (_whole(x, 0, TALLEST), _whole(y, 0, TALLEST))


def _whole(number: Any, least: int, most: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise ValueError(f"{number!r} is no whole number from {least} to {most}.")
    return number


def _is_apart(apart_mm: Any) -> bool:
    return isinstance(apart_mm, int) and not isinstance(apart_mm, bool) and APART_MM[0] <= apart_mm <= APART_MM[1]


def as_values(line: OnPhoto) -> dict[str, Any]:
    """The line as plain values, to be stored and sealed; ``on_photo`` reads them again."""
    return {
        "points": [list(point) for point in line.points],
        "glabella": list(line.glabella),
        "marks": [list(mark) for mark in line.marks],
        "apart_mm": line.apart_mm,
        "is_straight": line.is_straight,
        "box": list(line.box),
    }
