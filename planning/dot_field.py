"""Dots spread evenly over a zone of the drawing: what is planned, and the part of it that is done.

The same zone always gives the same dots, and fewer dots are the first of more: so the dots done lie exactly on dots
planned. A layer is one SVG path with a round line cap, each dot a line of no length: far quicker to draw and to print
than many circles. static/js/map-dots.js spreads the same dots in the editor.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

Point = tuple[float, float]
Polygon = tuple[Point, ...]

# Roberts' R2 sequence: the most even spread in the plane, from the root of x^3 = x + 1.
_PLASTIC = 1.32471795724474602596
_STEP_X, _STEP_Y = 1 / _PLASTIC, 1 / _PLASTIC**2
_PIECES_OF_A_CURVE = 12
_COMMAND = re.compile(r"([MLHVCZ])([^MLHVCZ]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@lru_cache(maxsize=1024)
def spread(path: str, per_square: float, *, clip: str = "") -> tuple[Point, ...]:
    """Points inside ``path`` (and inside ``clip`` where one is given), ``per_square`` to a square unit of the drawing.

    Paths may use the absolute commands M, L, H, V, C and Z. ValueError where ``per_square`` is negative or the path
    has no inside.

    >>> [(round(x, 1), round(y, 1)) for x, y in spread("M0 0H10V10H0Z", 0.02)]
    [(7.5, 5.7), (5.1, 1.4)]
    """
    if per_square < 0:
        raise ValueError(f"There cannot be {per_square} dots to a square unit.")
    shape, mask = polygons(path), polygons(clip)
    left, top, width, height = _box(shape)
    side = max(width, height)  # One scale for both axes: a stretched spread falls into rows.
    places = (
        (left + side * ((tried * _STEP_X) % 1), top + side * ((tried * _STEP_Y) % 1))
        for tried in range(1, round(side * side * per_square) + 1)
    )
    return tuple(point for point in places if holds(shape, point) and (not mask or holds(mask, point)))


def as_dots(points: Sequence[Point]) -> str:
    """Points as the ``d`` of one path of dots.

    >>> as_dots([(7.5, 5.7)])
    'M7.5 5.7h0'
    """
    return "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points)


def as_hairs(points: Sequence[Point]) -> str:
    """Points as the ``d`` of one path of short hairs, each leaning its own way.

    >>> as_hairs([(7.5, 5.7)])
    'M7.5 5.7l2.1 4.2'
    """
    leans = ("l2.1 4.2", "l1.2 4.6", "l-1.4 4.4", "l2.8 3.6")
    return "".join(f"M{x:.1f} {y:.1f}{leans[place % 4]}" for place, (x, y) in enumerate(points))


@lru_cache(maxsize=256)
def polygons(path: str) -> tuple[Polygon, ...]:
    """The outlines of a path, curves cut into short straight lines."""
    outlines: list[list[Point]] = []
    for command, written in _COMMAND.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(written)]
        if command == "M":
            outlines.append([])
        if outlines:
            outlines[-1] += _points(command, numbers, outlines[-1][-1] if outlines[-1] else (0.0, 0.0))
    return tuple(tuple(outline) for outline in outlines if len(outline) > 2)


def _points(command: str, numbers: list[float], last: Point) -> list[Point]:
    if command == "H":
        return [(x, last[1]) for x in numbers]
    if command == "V":
        return [(last[0], y) for y in numbers]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    return points if command != "C" else list(_curves([last, *points]))


def _curves(points: list[Point]) -> Iterator[Point]:
    """Points along cubic curves: a start, then two handles and an end for each."""
    for first in range(0, len(points) - 3, 3):
        start, pull, push, end = points[first : first + 4]
        for piece in range(1, _PIECES_OF_A_CURVE + 1):
            t = piece / _PIECES_OF_A_CURVE
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            corners = (start, pull, push, end)
            yield (
                sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
                sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
            )


def holds(shape: tuple[Polygon, ...], point: Point) -> bool:
    """Whether a point lies inside: a line from it to the right crosses the outlines an odd number of times."""
    x, y = point
    crossings = 0
    for outline in shape:
        for (ax, ay), (bx, by) in pairwise((*outline, outline[0])):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                crossings += 1
    return crossings % 2 == 1


def _box(shape: tuple[Polygon, ...]) -> tuple[float, float, float, float]:
    if not shape:
        raise ValueError("A zone needs an outline of three points or more.")
    xs = [x for outline in shape for x, _ in outline]
    ys = [y for outline in shape for _, y in outline]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
