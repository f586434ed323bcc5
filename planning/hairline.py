"""The hairline of a plan: its shapes, its line, and what can be measured of it in millimetres.

Points run from the patient's right to the left. On the map they lie on the front view of planning.scalp_views, on a
photo in thousandths of the photo's width. A flat picture foreshortens a round forehead: along the skin the height is a
little more than is worked out here, so it supports the measure taken on the patient and never replaces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import dist

Place = tuple[float, float]

# On the front view: the glabella, between the brows, and how broad the head is drawn there, in units of the drawing.
GLABELLA: Place = (100, 110)
DRAWN_BREADTH = 128
# Head breadth is 0.27 of the circumference (154 of 574 mm in a large survey of adults; others differ by about 5 %).
BREADTH_OF_CIRCUMFERENCE = Decimal("0.27")
PIECES = 12
SHARP = "sharp"
CUSTOM = "custom"

# Seven points each, as drawn on a head of 57 cm.
HAIRLINES: dict[str, tuple[tuple[int, int], ...]] = {
    "natural": ((47, 104), (51, 80), (66, 52), (100, 57), (134, 52), (149, 80), (153, 104)),
    "soft": ((47, 104), (53, 83), (69, 61), (100, 55), (131, 61), (147, 83), (153, 104)),
    "sharp": ((47, 104), (50, 80), (62, 55), (100, 55), (138, 55), (150, 80), (153, 104)),
    "receded": ((47, 104), (48, 78), (65, 40), (100, 57), (135, 40), (152, 78), (153, 104)),
}


@dataclass(frozen=True)
class Measures:
    """Whole millimetres. Recession: how far the deepest point of a side lies above the line's middle; 0 for none."""

    height_mm: int
    right_recession_mm: int
    left_recession_mm: int


def points_of(shape: str, points: Sequence[Sequence[float]] = ()) -> list[Place]:
    """The points of a shape, of the drawn ones where it is custom; none where there is no hairline."""
    return [(x, y) for x, y in points] if shape == CUSTOM else list(HAIRLINES.get(shape, ()))


def straight(points: Sequence[Place]) -> str:
    """A path from point to point."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def smooth(points: Sequence[Place]) -> str:
    """A smooth path through every point (Catmull-Rom, a sixth of the chord), places to one decimal."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for _, first, second, end in _curves(points):
        parts.append(f"C{first[0]:.1f} {first[1]:.1f} {second[0]:.1f} {second[1]:.1f} {end[0]:g} {end[1]:g}")
    return "".join(parts)


def line_of(points: Sequence[Place], *, is_straight: bool = False) -> list[Place]:
    """Places along the line through ``points``, close enough to measure it."""
    if is_straight:
        return list(points)
    places = [points[0]]
    for start, first, second, end in _curves(points):
        for piece in range(1, PIECES + 1):
            t = piece / PIECES
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            corners = (start, first, second, end)
            x, y = (sum(w * corner[axis] for w, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
            places.append((x, y))
    return places


def _curves(points: Sequence[Place]) -> list[tuple[Place, Place, Place, Place]]:
    around = [points[0], *points, points[-1]]
    return [
        (
            start,
            (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6),
            (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6),
            end,
        )
        for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False)
    ]


def measures(line: Sequence[Place], *, glabella: Place, mm_per_unit: float) -> Measures:
    """Height of the line's middle above the glabella, and the recession at both sides.

    ``line`` from ``line_of``, y growing downwards; the head is upright. ValueError where the line has no middle over
    the glabella, or the scale is not more than 0.

    >>> measures([(0, 10), (50, 20), (100, 12)], glabella=(50, 80), mm_per_unit=1)
    Measures(height_mm=60, right_recession_mm=10, left_recession_mm=8)
    """
    if not mm_per_unit > 0:
        raise ValueError(f"A scale of {mm_per_unit} mm is not more than 0.")
    middle_y = _y_over(line, glabella[0])
    right = min([y for x, y in line if x < glabella[0]], default=middle_y)
    left = min([y for x, y in line if x > glabella[0]], default=middle_y)
    return Measures(
        round((glabella[1] - middle_y) * mm_per_unit),
        max(0, round((middle_y - right) * mm_per_unit)),
        max(0, round((middle_y - left) * mm_per_unit)),
    )


def _y_over(line: Sequence[Place], x: float) -> float:
    """Where the line passes over ``x``; the highest place where it passes more than once."""
    found = [
        start[1] + (end[1] - start[1]) * (x - start[0]) / (end[0] - start[0] or 1)
        for start, end in pairwise(line)
        if min(start[0], end[0]) <= x <= max(start[0], end[0])
    ]
    if not found:
        raise ValueError("The line does not pass over the glabella.")
    return min(found)


def scale_from_circumference(circumference_cm: Decimal, *, breadth: float = DRAWN_BREADTH) -> float:
    """Millimetres to a unit, where the head is ``breadth`` units broad: 0.27 of the circumference.

    >>> round(scale_from_circumference(Decimal(57)), 2)
    1.2
    """
    return float(circumference_cm * 10 * BREADTH_OF_CIRCUMFERENCE) / breadth


def scale_from_marks(one: Place, other: Place, *, apart_mm: float) -> float:
    """Millimetres to a unit from two marked points that lie ``apart_mm`` apart. ValueError where they are one place.

    >>> scale_from_marks((0, 0), (30, 40), apart_mm=100)
    2.0
    """
    apart = dist(one, other)
    if not apart > 0:
        raise ValueError("The two marked points are the same place.")
    return apart_mm / apart


def placed(points: Sequence[Place], *, height_mm: float, mm_per_unit: float) -> list[Place]:
    """The points moved so that the middle lies ``height_mm`` above the glabella of the front view.

    The ends at the ears stay; the points beside them follow by half.
    """
    middle_y = _y_over(line_of(points), GLABELLA[0])
    shift = GLABELLA[1] - height_mm / mm_per_unit - middle_y
    last = len(points) - 1
    follow = {0: 0.0, 1: 0.5, last - 1: 0.5, last: 0.0}
    return [(x, round(y + shift * follow.get(place, 1.0))) for place, (x, y) in enumerate(points)]


def mirrored_points(points: Sequence[Place], *, axis: float = GLABELLA[0]) -> list[Place]:
    """The right half of a line, and its mirror image on the left; a middle point comes to lie on the axis."""
    half = len(points) // 2
    right = list(points[:half])
    middle = [(axis, points[half][1])] if len(points) % 2 else []
    return [*right, *middle, *((2 * axis - x, y) for x, y in reversed(right))]
