"""Our own line drawings of hair loss: the head from above, made of dots where hair stands.

The head is an ellipse from -1 to 1 in both directions; the face looks up (y = -1), the crown lies at y = 0.4.
Each drawing says how dense the hair is at a place, from 0 to 1; ``svg`` turns that into dots. ``write`` puts the
drawings where the pages find them: ``python -m intake.drawings``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "intake" / "patterns"
WIDTH, HEIGHT = 120, 144
CENTRE_X, CENTRE_Y, RADIUS_X, RADIUS_Y = 60, 76, 47, 60
DOTS_APART = 5.6
FEWEST_HAIRS = 0.12
SIZES = (1.5, 2.3, 3.1)  # dot widths of thin, thinner and full hair
CROWN_Y = 0.42

Density = Callable[[float, float], float]


@dataclass(frozen=True)
class Loss:
    """What is gone. Depths and sizes are shares of the half head.

    ``temples`` is how far the corners have gone back, ``front`` the whole edge, ``crown`` the radius of the bare
    crown, ``bridge`` the density of the hair between the two, ``low`` says that only a low band is left.
    """

    temples: float = 0.0
    front: float = 0.0
    crown: float = 0.0
    bridge: float = 1.0
    low: float = 0.0


NORWOOD: Mapping[str, Loss] = {
    "I": Loss(),
    "II": Loss(temples=0.18),
    "IIa": Loss(temples=0.18, front=0.14),
    "III": Loss(temples=0.42),
    "IIIa": Loss(temples=0.36, front=0.34),
    "III_vertex": Loss(temples=0.22, crown=0.3),
    "IV": Loss(temples=0.55, front=0.1, crown=0.34),
    "IVa": Loss(temples=0.6, front=0.62),
    "V": Loss(temples=0.72, front=0.3, crown=0.42, bridge=0.4),
    "Va": Loss(temples=0.86, front=0.95),
    "VI": Loss(temples=0.9, front=0.7, crown=0.5, bridge=0.0),
    "VII": Loss(low=1.0),
}
LUDWIG = {"I": (0.55, 0.3), "II": (0.28, 0.44), "III": (0.04, 0.56)}  # density left on top, half width of the top
SINCLAIR = {"1": (0.03, 1.0), "2": (0.09, 1.0), "3": (0.14, 0.55), "4": (0.2, 0.45), "5": (0.48, 0.12)}
PATCHES = ((-0.35, -0.15, 0.2), (0.4, 0.2, 0.24), (-0.1, 0.6, 0.16))


def norwood(loss: Loss) -> Density:
    """Temples, front and crown going bare."""

    def density(x: float, y: float) -> float:
        if loss.low:
            return 1.0 if math.hypot(x, y) > 0.86 and y > -0.2 else 0.0
        corner = math.exp(-(((abs(x) - 0.58) / 0.24) ** 2))
        edge = -0.74 + 0.12 * x * x + loss.front * max(0.0, 1 - (x / 0.8) ** 4) + loss.temples * corner
        if y < edge and abs(x) < 0.86:
            return 0.0
        if loss.crown and math.hypot(x / 1.1, y - CROWN_Y) < loss.crown:
            return 0.0
        between = abs(x) < 0.62 and y < CROWN_Y
        return loss.bridge if between and loss.bridge < 1 else 1.0

    return density


def thin_top(left: float, half_width: float) -> Density:
    """Thinning of the top behind a kept front edge."""

    def density(x: float, y: float) -> float:
        if y < -0.76 + 0.12 * x * x:
            return 0.0
        depth = math.hypot(x / half_width, (y + 0.02) / 0.6)
        if y < -0.6 or depth >= 1.25:
            return 1.0
        return left if depth < 0.9 else (1 + left) / 2

    return density


def parting(half_width: float, beside: float, *, front_bare: bool = False) -> Density:
    """A parting of some width, and how dense the hair beside it is."""

    def density(x: float, y: float) -> float:
        if y < -0.76 + 0.12 * x * x:
            return 0.0
        if front_bare and math.hypot(x / 0.3, (y + 0.5) / 0.26) < 1:
            return 0.0
        if y > 0.55 or abs(x) > half_width + 0.34:
            return 1.0
        return 0.0 if abs(x) < half_width else beside

    return density


def patches(x: float, y: float) -> float:
    """A full head with round bare places."""
    bare = any(math.hypot(x - at_x, y - at_y) < radius for at_x, at_y, radius in PATCHES)
    return 0.0 if bare else norwood(Loss())(x, y)


def drawings() -> dict[str, str]:
    """Every drawing by its file name without ending."""
    found = {f"norwood_{grade}": svg(norwood(loss)) for grade, loss in NORWOOD.items()}
    found |= {f"ludwig_{grade}": svg(thin_top(*top)) for grade, top in LUDWIG.items()}
    found |= {
        f"sinclair_{grade}": svg(parting(*line, front_bare=grade in ("4", "5"))) for grade, line in SINCLAIR.items()
    }
    return found | {
        "picture_full": svg(norwood(Loss())),
        "picture_temples": svg(norwood(NORWOOD["III"])),
        "picture_crown": svg(norwood(Loss(crown=0.36))),
        "picture_front_and_crown": svg(norwood(NORWOOD["V"])),
        "picture_thin_top": svg(thin_top(*LUDWIG["II"])),
        "picture_patches": svg(patches),
    }


def svg(density: Density) -> str:
    """One drawing: the outline of the head with nose and ears, and a path of dots for each size.

    >>> svg(lambda x, y: 0.0).count("<path")
    2
    """
    dots: list[list[str]] = [[] for _ in SIZES]
    for x, y in _lattice():
        amount = density((x - CENTRE_X) / RADIUS_X, (y - CENTRE_Y) / RADIUS_Y)
        if amount >= FEWEST_HAIRS:
            dots[min(len(SIZES) - 1, int(amount * len(SIZES)))].append(f"M{x:g} {y:g}h0")
    paths = [
        f'<path d="{"".join(places)}" stroke-width="{size}" stroke-linecap="round"/>'
        for size, places in zip(SIZES, dots, strict=True)
        if places
    ]
    return f"{_HEAD}{''.join(paths)}</svg>\n"


_HEAD = (
    f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true" focusable="false" '
    'fill="none" stroke="currentColor">'
    f'<ellipse cx="{CENTRE_X}" cy="{CENTRE_Y}" rx="{RADIUS_X + 3}" ry="{RADIUS_Y + 3}" stroke-width="1.5"/>'
    '<path d="M53 14.5q7-13 14 0" stroke-width="1.5"/>'
    '<path d="M10.5 66q-8 8 0 20M109.5 66q8 8 0 20" stroke-width="1.5"/>'
)


def _lattice() -> list[tuple[float, float]]:
    """Places of dots inside the head, every second row moved by half a step."""
    places = []
    rows = int(2 * RADIUS_Y / (DOTS_APART * 0.87))
    for row in range(rows + 1):
        y = CENTRE_Y - RADIUS_Y + row * DOTS_APART * 0.87
        shift = DOTS_APART / 2 if row % 2 else 0.0
        for column in range(-9, 10):
            x = CENTRE_X + column * DOTS_APART + shift
            if math.hypot((x - CENTRE_X) / RADIUS_X, (y - CENTRE_Y) / RADIUS_Y) <= 0.985:
                places.append((round(x, 1), round(y, 1)))
    return places


def write(folder: Path = FOLDER) -> None:
    """Write every drawing as a template that pages include."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawing in drawings().items():
        (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    write()
