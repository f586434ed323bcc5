"""A drawn signature as a path, from the strokes that were kept with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

BOX_WIDTH = 1000  # smpclinic.photos.SIGNATURE_WIDTH: every pad is scaled to it
MARGIN = 12


@dataclass(frozen=True)
class Drawn:
    """``path`` in a box of ``width`` by ``height``, for an SVG."""

    path: str
    width: int
    height: int


def drawn(strokes: Sequence[Sequence[Sequence[int]]]) -> Drawn:
    """The strokes as one path, in a box that holds them all.

    >>> drawn([[[0, 0], [10, 5]], [[20, 20]]])
    Drawn(path='M0 0L10 5M20 20h0', width=1000, height=32)
    """
    lines = ["M" + "L".join(f"{x} {y}" for x, y in stroke) + ("h0" if len(stroke) == 1 else "") for stroke in strokes]
    lowest = max((y for stroke in strokes for _x, y in stroke), default=0)
    return Drawn("".join(lines), BOX_WIDTH, lowest + MARGIN)
