"""Our own line drawings of hair loss: the head from above or from behind, made of dots where hair stands.

The head is an ellipse from -1 to 1 in both directions. From above the face looks up (y = -1) and the crown lies at
y = 0.42; from behind the top is up and the nape down. Each drawing says how dense the hair is at a place, from 0 to 1;
``svg`` turns that into dots. ``write`` puts the drawings where the pages find them: ``python -m intake.drawings``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from intake.hair import LEVEL_COLOURS

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "intake" / "patterns"
WIDTH, HEIGHT = 120, 144
CENTRE_X, CENTRE_Y, RADIUS_X, RADIUS_Y = 60, 76, 47, 60
DOTS_APART = 4.7
FEWEST_HAIRS = 0.12
SIZES = (1.1, 1.8, 2.6)  # dot widths of thin, thinner and full hair
SOFT = 0.035  # an edge of hair is never cut with a knife
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
    "II": Loss(temples=0.24),
    "IIa": Loss(temples=0.2, front=0.16),
    "III": Loss(temples=0.5),
    "IIIa": Loss(temples=0.36, front=0.36),
    "III_vertex": Loss(temples=0.24, crown=0.3),
    "IV": Loss(temples=0.58, front=0.1, crown=0.34),
    "IVa": Loss(temples=0.55, front=0.66),
    "V": Loss(temples=0.78, front=0.28, crown=0.44, bridge=0.45),
    "Va": Loss(temples=0.86, front=0.98),
    "VI": Loss(temples=0.9, front=0.7, crown=0.5, bridge=0.0),
    "VII": Loss(low=1.0),
}
LUDWIG = {"I": (0.55, 0.3), "II": (0.28, 0.44), "III": (0.04, 0.56)}  # density left on top, half width of the top
SINCLAIR = {"1": (0.055, 1.0), "2": (0.1, 1.0), "3": (0.15, 0.5), "4": (0.22, 0.45), "5": (0.5, 0.2)}
PATCHES = ((-0.35, -0.15, 0.2), (0.4, 0.2, 0.24), (-0.1, 0.6, 0.16))
BASP_BASIC: Mapping[str, Loss] = {
    "L": Loss(),
    "M0": Loss(temples=0.12),
    "M1": Loss(temples=0.3),
    "M2": Loss(temples=0.52),
    "M3": Loss(temples=0.78),
    "C0": Loss(front=0.08),
    "C1": Loss(front=0.24),
    "C2": Loss(front=0.46),
    "C3": Loss(front=0.7),
}
HORSESHOE = {"U1": -0.05, "U2": 0.32, "U3": 0.62}  # how far back the bare top reaches
THINNER = {"1": 0.6, "2": 0.3, "3": 0.0}  # density left, for the front and the crown


def edge_at(x: float) -> float:
    """Where a full hairline runs, seen from above."""
    return -0.8 + 0.32 * x * x


def norwood(loss: Loss) -> Density:
    """Temples, front and crown going bare."""

    def density(x: float, y: float) -> float:
        if loss.low:
            return 1.0 if math.hypot(x, y) > 0.85 and y > -0.1 else 0.0
        corner = math.exp(-(((abs(x) - 0.56) / 0.24) ** 2))
        edge = edge_at(x) + loss.front * max(0.0, 1 - (x / 0.8) ** 4) + loss.temples * corner
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
        if y < edge_at(x):
            return 0.0
        depth = math.hypot(x / half_width, (y + 0.02) / 0.6)
        if y < edge_at(x) + 0.16 or depth >= 1.25:
            return 1.0
        return left if depth < 0.9 else (1 + left) / 2

    return density


def parting(half_width: float, beside: float, *, front_bare: bool = False, fir: bool = False) -> Density:
    """A parting that closes toward the back, and how dense the hair beside it is; ``fir`` widens it to the front."""

    def density(x: float, y: float) -> float:
        if y < edge_at(x):
            return 0.0
        if front_bare and math.hypot(x / 0.34, (y + 0.56) / 0.3) < 1:
            return 0.0
        along = (0.55 - y) / 1.3
        if not 0 < along < 1:
            return 1.0
        width = half_width * (along * 1.6 if fir else math.sqrt(along * (1 - along)) * 2)
        if abs(x) < width:
            return 0.0
        return beside if abs(x) < width + 0.32 * math.sqrt(along) else 1.0

    return density


def horseshoe(back: float) -> Density:
    """Only sides and back stand: the bare top reaches to ``back``."""

    def density(x: float, y: float) -> float:
        inner = math.hypot(x / 0.74, (y + 0.5) / (back + 0.5)) if y > -0.5 else abs(x) / 0.74
        return 1.0 if inner > 1 and y > -0.45 else 0.0

    return density


def thinner_at(at_y: float, radius: float, left: float) -> Density:
    """A full head that is thinner around one place."""

    def density(x: float, y: float) -> float:
        if y < edge_at(x):
            return 0.0
        depth = math.hypot(x / (radius * 1.25), (y - at_y) / radius)
        return 1.0 if depth > 1 else left if depth < 0.75 else (1 + left) / 2

    return density


def patches(x: float, y: float) -> float:
    """A full head with round bare places."""
    bare = any(math.hypot(x - at_x, y - at_y) < radius for at_x, at_y, radius in PATCHES)
    return 0.0 if bare else norwood(Loss())(x, y)


def scarred(x: float, y: float) -> float:
    """Bare places that run into one another."""
    places = ((-0.12, 0.1, 0.24), (0.14, 0.24, 0.22), (0.0, 0.42, 0.18), (-0.3, 0.34, 0.13), (0.34, 0.02, 0.1))
    bare = any(math.hypot(x - at_x, y - at_y) < radius for at_x, at_y, radius in places)
    return 0.0 if bare else norwood(Loss())(x, y)


def behind(x: float, y: float) -> float:
    """A full head from behind, down to the nape."""
    return 1.0 if y < 0.74 - 0.1 * x * x else 0.0


def ophiasis(x: float, y: float) -> float:
    """From behind: a bare band low down, from ear to ear."""
    return 0.0 if y > 0.3 + 0.16 * (1 - x * x) else behind(x, y)


def burnt(x: float, y: float) -> float:
    """From behind: one large place without hair, with an uneven edge."""
    wave = 0.07 * math.sin(5 * math.atan2(y, x - 0.2))
    return 0.0 if math.hypot((x - 0.2) / 1.1, y + 0.05) < 0.42 + wave else behind(x, y)


def without_line(x: float, y: float) -> float:
    """From behind: hair above and below a long thin scar."""
    return 0.0 if abs(y - _strip_y(x)) < 0.045 and abs(x) < 0.78 else behind(x, y)


def _strip_y(x: float) -> float:
    return 0.34 - 0.12 * x * x


def drawings() -> dict[str, str]:
    """Every drawing by its file name without ending."""
    found = {f"norwood_{grade}": svg(norwood(loss)) for grade, loss in NORWOOD.items()}
    found |= {f"ludwig_{grade}": svg(thin_top(*top)) for grade, top in LUDWIG.items()}
    found |= {
        f"sinclair_{grade}": svg(parting(*line, front_bare=grade in ("4", "5"))) for grade, line in SINCLAIR.items()
    }
    found |= {f"basp_{code}": svg(norwood(loss)) for code, loss in BASP_BASIC.items()}
    found |= {f"basp_{code}": svg(horseshoe(back)) for code, back in HORSESHOE.items()}
    for step, left in THINNER.items():
        found |= {
            f"basp_F{step}": svg(thinner_at(-0.42, 0.34, left)),
            f"basp_V{step}": svg(thinner_at(CROWN_Y, 0.34, left)),
        }
    found |= {f"level_{level}": swatch(colour) for level, colour in LEVEL_COLOURS.items()}
    return found | _pictures() | _areata() | _scars() | {"olsen_frontal": svg(parting(0.24, 0.6, fir=True))}


def swatch(colour: str) -> str:
    """A field of one colour, with strands a little darker and lighter so that it reads as hair."""
    strands = "".join(f'<path d="M{x} 0q4 20 -1 40" stroke="{tone}"/>' for x, tone in _STRANDS)
    return (
        '<svg viewBox="0 0 60 40" width="60" height="40" aria-hidden="true" focusable="false" fill="none">'
        f'<rect width="60" height="40" rx="4" fill="{colour}"/><g stroke-width="1" opacity="0.22">{strands}</g></svg>\n'
    )


def _pictures() -> dict[str, str]:
    return {
        "picture_full": svg(norwood(Loss())),
        "picture_temples": svg(norwood(NORWOOD["III"])),
        "picture_crown": svg(norwood(Loss(crown=0.36))),
        "picture_front_and_crown": svg(norwood(NORWOOD["V"])),
        "picture_thin_top": svg(thin_top(*LUDWIG["II"])),
        "picture_patches": svg(patches),
    }


def _areata() -> dict[str, str]:
    brows = '<path d="M43 27q6-4 11-1M66 26q5-3 11 1" stroke-width="1.5"/>'
    return {
        "areata_patchy": svg(patches),
        "areata_ophiasis": svg(ophiasis, head=_BEHIND),
        "areata_totalis": svg(lambda x, y: 0.0, more=brows),
        "areata_universalis": svg(lambda x, y: 0.0),
        "areata_diffuse": svg(lambda x, y: 0.34 * norwood(Loss())(x, y)),
    }


def _scars() -> dict[str, str]:
    strip = f"M{CENTRE_X - 36} {CENTRE_Y + 16}q36 12 72 0"
    rings = "".join(
        f'<circle cx="{CENTRE_X + column * 9 + (4.5 if row % 2 else 0):g}" cy="{CENTRE_Y + row * 8 - 2}" r="1.6"/>'
        for row in range(5)
        for column in range(-3, 4)
    )
    seam = '<path d="M40 62l32 20M44 58l-5 9M54 64l-5 9M64 70l-5 9M73 76l-5 9" stroke-width="1.6"/>'
    return {
        "scar_fut_strip": svg(without_line, head=_BEHIND, more=f'<path d="{strip}" stroke-width="1.6"/>'),
        "scar_fue_dots": svg(_among_rings, head=_BEHIND, more=f'<g stroke-width="1">{rings}</g>'),
        "scar_trauma": svg(_beside_seam, head=_BEHIND, more=seam),
        "scar_burn": svg(burnt, head=_BEHIND),
        "scar_cicatricial": svg(scarred),
    }


def _among_rings(x: float, y: float) -> float:
    return 0.3 if abs(x) < 0.74 and -0.1 < y < 0.58 else behind(x, y)


def _beside_seam(x: float, y: float) -> float:
    along, across = (x + 0.1) * 0.85 + (y + 0.05) * 0.6, (y + 0.05) * 0.85 - (x + 0.1) * 0.6
    return 0.0 if abs(across) < 0.12 and abs(along) < 0.44 else behind(x, y)


def svg(density: Density, *, head: str = "", more: str = "") -> str:
    """One drawing: the outline of the head, from above unless ``head`` says another, and a path of dots for each size.

    >>> svg(lambda x, y: 0.0).count("<path")
    2
    """
    dots: list[list[str]] = [[] for _ in SIZES]
    for x, y in _lattice():
        amount = _softened(density, (x - CENTRE_X) / RADIUS_X, (y - CENTRE_Y) / RADIUS_Y)
        if amount >= FEWEST_HAIRS:
            dots[min(len(SIZES) - 1, int(amount * len(SIZES)))].append(f"M{x:g} {y:g}h0")
    paths = [
        f'<path d="{"".join(places)}" stroke-width="{size}" stroke-linecap="round"/>'
        for size, places in zip(SIZES, dots, strict=True)
        if places
    ]
    return f"{_OPEN}{head or _ABOVE}{''.join(paths)}{more}</svg>\n"


def _softened(density: Density, x: float, y: float) -> float:
    """The mean around a place, so that hair thins out toward an edge."""
    around = ((0.0, 0.0), (SOFT, 0.0), (-SOFT, 0.0), (0.0, SOFT), (0.0, -SOFT))
    return sum(density(x + right, y + down) for right, down in around) / len(around)


_STRANDS = tuple((x, "#000" if x % 8 == 3 else "#fff") for x in range(3, 60, 4))
_OPEN = (
    f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true" focusable="false" '
    'fill="none" stroke="currentColor">'
)
_OUTLINE = f'<ellipse cx="{CENTRE_X}" cy="{CENTRE_Y}" rx="{RADIUS_X + 3}" ry="{RADIUS_Y + 3}" stroke-width="1.5"/>'
_ABOVE = (
    f"{_OUTLINE}"
    '<path d="M53 14.5q7-13 14 0" stroke-width="1.5"/>'
    '<path d="M10.5 66q-8 8 0 20M109.5 66q8 8 0 20" stroke-width="1.5"/>'
)
_BEHIND = f'{_OUTLINE}<path d="M10.6 70q-7-3-7 9t9 14M109.4 70q7-3 7 9t-9 14M38 132v11M82 132v11" stroke-width="1.5"/>'


def _lattice() -> list[tuple[float, float]]:
    """Places of dots inside the head, every second row moved by half a step, each a little off its place."""
    places = []
    rows = int(2 * RADIUS_Y / (DOTS_APART * 0.87))
    for row in range(rows + 1):
        y = CENTRE_Y - RADIUS_Y + row * DOTS_APART * 0.87
        shift = DOTS_APART / 2 if row % 2 else 0.0
        for column in range(-11, 12):
            # The same drift on every run: a drawing that is written again is the same drawing.
            drift = (row * 7 + column * 13) % 11 / 11 - 0.5, (row * 5 + column * 3) % 7 / 7 - 0.5
            x = CENTRE_X + column * DOTS_APART + shift + drift[0]
            if math.hypot((x - CENTRE_X) / RADIUS_X, (y - CENTRE_Y) / RADIUS_Y) <= 0.985:
                places.append((round(x, 1), round(y + drift[1], 1)))
    return places


def write(folder: Path = FOLDER) -> None:
    """Write every drawing as a template that pages include."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawing in drawings().items():
        (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    write()
