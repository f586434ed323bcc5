"""Colours between the screen and the eye: sRGB and CIE L*a*b* (D65, 2 degrees).

    linear = c / 12.92                       for c <= 0.04045,   c = sRGB / 255
           = ((c + 0.055) / 1.055) ** 2.4    otherwise
    XYZ    = M linear;   L* = 116 f(Y/Yn) - 16,  a* = 500 (f(X/Xn) - f(Y/Yn)),  b* = 200 (f(Y/Yn) - f(Z/Zn))

Sources: IEC 61966-2-1 (sRGB), CIE 15 (L*a*b*).
"""

import re
from dataclasses import dataclass
from math import hypot

WHITE_XYZ = (0.95047, 1.0, 1.08883)
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_TO_LINEAR = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
_EPSILON = 216 / 24389
_KAPPA = 24389 / 27
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


@dataclass(frozen=True)
class Srgb:
    """A screen colour, each part 0-255."""

    red: int
    green: int
    blue: int

    def __post_init__(self) -> None:
        for name, part in (("red", self.red), ("green", self.green), ("blue", self.blue)):
            if not 0 <= part <= 255:
                raise ValueError(f"{name} must be from 0 to 255, not {part}.")


@dataclass(frozen=True)
class Lab:
    """A colour as the eye orders it: lightness 0-100, a* green to red, b* blue to yellow."""

    lightness: float
    a: float
    b: float


def srgb_from_hex(text: str) -> Srgb:
    """A colour from its usual writing; a ``ValueError`` in words when it is none.

    >>> srgb_from_hex("#3a2B1c"), srgb_from_hex("fff")
    (Srgb(red=58, green=43, blue=28), Srgb(red=255, green=255, blue=255))
    """
    match = _HEX.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text.strip()!r} is not a colour. Write it like #3a2b1c.")
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    return Srgb(int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))


def hex_of(colour: Srgb) -> str:
    """The usual writing of a colour.

    >>> hex_of(Srgb(58, 43, 28))
    '#3a2b1c'
    """
    return f"#{colour.red:02x}{colour.green:02x}{colour.blue:02x}"


def lab_of(colour: Srgb) -> Lab:
    """A screen colour as L*a*b*.

    >>> red = lab_of(Srgb(255, 0, 0))
    >>> round(red.lightness, 1), round(red.a, 1), round(red.b, 1)
    (53.2, 80.1, 67.2)
    """
    linear = tuple(_linear(part / 255) for part in (colour.red, colour.green, colour.blue))
    x, y, z = (_compressed(part / white) for part, white in zip(_times(_TO_XYZ, linear), WHITE_XYZ, strict=True))
    return Lab(116 * y - 16, 500 * (x - y), 200 * (y - z))


def srgb_of(colour: Lab) -> Srgb:
    """The nearest screen colour of an L*a*b* colour, each part clipped to what a screen can show.

    >>> srgb_of(lab_of(Srgb(58, 43, 28)))
    Srgb(red=58, green=43, blue=28)
    """
    y = (colour.lightness + 16) / 116
    parts = (y + colour.a / 500, y, y - colour.b / 200)
    xyz = tuple(_expanded(part) * white for part, white in zip(parts, WHITE_XYZ, strict=True))
    red, green, blue = (round(255 * min(1.0, max(0.0, _gamma(part)))) for part in _times(_TO_LINEAR, xyz))
    return Srgb(red, green, blue)


def difference(one: Lab, other: Lab) -> float:
    """The distance of two colours (CIE 1976); about 2.3 is just seen.

    >>> difference(Lab(50, 3, 4), Lab(50, 0, 0))
    5.0
    """
    return hypot(one.lightness - other.lightness, one.a - other.a, one.b - other.b)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _compressed(part: float) -> float:
    return float(part ** (1 / 3)) if part > _EPSILON else (_KAPPA * part + 16) / 116


def _expanded(part: float) -> float:
    return float(part**3) if part**3 > _EPSILON else (116 * part - 16) / _KAPPA


def _times(matrix: tuple[tuple[float, ...], ...], vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
