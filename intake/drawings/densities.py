"""How dense the hair is at a place of the head, from 0 to 1, for each pattern of loss.

The head is an ellipse from -1 to 1 in both directions. From above the face looks up (y = -1) and the crown lies at
y = 0.42; from behind the top is up and the nape down.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

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


def among_rings(x: float, y: float) -> float:
    """From behind: thin where single grafts were taken."""
    return 0.3 if abs(x) < 0.74 and -0.1 < y < 0.58 else behind(x, y)


def beside_seam(x: float, y: float) -> float:
    """From behind: nothing along a scar that was sewn."""
    along, across = (x + 0.1) * 0.85 + (y + 0.05) * 0.6, (y + 0.05) * 0.85 - (x + 0.1) * 0.6
    return 0.0 if abs(across) < 0.12 and abs(along) < 0.44 else behind(x, y)
