"""Lay one photo over another by two points marked in both: a turn, one scale, a shift; nothing is ever bent.

Pure. Points are (x, y) in permille of a photo's width and height, as they are stored.
"""

from dataclasses import dataclass

Point = tuple[int, int]
LEAST_APART_PERMILLE = 50


@dataclass(frozen=True)
class Picture:
    """A photo's size in pixels, and its two marks."""

    width_px: int
    height_px: int
    first: Point
    second: Point

    def pixels(self) -> tuple[complex, complex]:
        """Both marks in pixels, as complex numbers: turning and scaling is then one multiplication."""
        return self._pixel(self.first), self._pixel(self.second)

    def _pixel(self, point: Point) -> complex:
        return complex(point[0] * self.width_px / 1000, point[1] * self.height_px / 1000)


@dataclass(frozen=True)
class Similarity:
    """x' = a x - b y + e and y' = b x + a y + f."""

    a: float
    b: float
    e: float
    f: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a pixel of the laid photo comes to lie on the other."""
        return self.a * x - self.b * y + self.e, self.b * x + self.a * y + self.f

    @property
    def svg(self) -> str:
        """The transform attribute of an SVG image.

        >>> Similarity(1, 0, 10, 5).svg
        'matrix(1 0 0 1 10 5)'
        """
        numbers = (self.a, self.b, -self.b, self.a, self.e, self.f)
        return f"matrix({' '.join(f'{round(number, 5) + 0:.10g}' for number in numbers)})"


def problems_with_marks(first: Point, second: Point) -> list[str]:
    """Why two marks cannot align anything, as codes ``outside`` and ``too_near``; empty where they can.

    >>> problems_with_marks((100, 500), (900, 500))
    []
    >>> problems_with_marks((100, 500), (120, 510))
    ['too_near']
    """
    if not all(0 <= value <= 1000 for value in (*first, *second)):
        return ["outside"]
    apart = abs(complex(*first) - complex(*second))
    return ["too_near"] if apart < LEAST_APART_PERMILLE else []


def laid_over(ground: Picture, laid: Picture) -> Similarity:
    """The similarity that puts both marks of ``laid`` onto those of ``ground``. ValueError where they are one point.

    >>> laid_over(Picture(100, 100, (0, 0), (1000, 0)), Picture(50, 50, (0, 0), (1000, 0))).svg
    'matrix(2 0 0 2 0 0)'
    """
    to_first, to_second = ground.pixels()
    from_first, from_second = laid.pixels()
    if from_first == from_second:
        raise ValueError("two marks on one point align nothing")
    turn = (to_second - to_first) / (from_second - from_first)
    shift = to_first - turn * from_first
    return Similarity(turn.real, turn.imag, shift.real, shift.imag)
