"""Our own line drawings of hair loss: the head from above or from behind, made of dots where hair stands.

``densities`` says how dense the hair is at a place; ``svg`` turns that into dots. ``write`` puts the drawings where the
pages find them: ``python -m intake.drawings``.
"""

import math
from pathlib import Path

from intake.drawings.densities import (
    BASP_BASIC,
    CROWN_Y,
    HORSESHOE,
    LUDWIG,
    NORWOOD,
    SINCLAIR,
    THINNER,
    Density,
    Loss,
    among_rings,
    beside_seam,
    burnt,
    horseshoe,
    norwood,
    ophiasis,
    parting,
    patches,
    scarred,
    thin_top,
    thinner_at,
    without_line,
)
from intake.hair_colours import LEVEL_COLOURS

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "intake" / "patterns"
WIDTH, HEIGHT = 120, 144
CENTRE_X, CENTRE_Y, RADIUS_X, RADIUS_Y = 60, 76, 47, 60
DOTS_APART = 4.7
FEWEST_HAIRS = 0.12
SIZES = (1.1, 1.8, 2.6)  # dot widths of thin, thinner and full hair
SOFT = 0.035  # an edge of hair is never cut with a knife


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
        "scar_fue_dots": svg(among_rings, head=_BEHIND, more=f'<g stroke-width="1">{rings}</g>'),
        "scar_trauma": svg(beside_seam, head=_BEHIND, more=seam),
        "scar_burn": svg(burnt, head=_BEHIND),
        "scar_cicatricial": svg(scarred),
    }


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
