"""Colours between the screen and the eye: sRGB (IEC 61966-2-1) and CIE L*a*b* (D65, 2 degrees), by ``coloraide``."""

import re
from dataclasses import dataclass

from coloraide import Color

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
    lightness, a, b = Color(hex_of(colour)).convert("lab-d65").coords()
    return Lab(lightness, a, b)


def srgb_of(colour: Lab) -> Srgb:
    """The nearest screen colour of an L*a*b* colour, each part clipped to what a screen can show.

    >>> srgb_of(lab_of(Srgb(58, 43, 28)))
    Srgb(red=58, green=43, blue=28)
    """
    red, green, blue = (round(255 * min(1.0, max(0.0, part))) for part in _of(colour).convert("srgb").coords())
    return Srgb(red, green, blue)


def difference(one: Lab, other: Lab) -> float:
    """The distance of two colours as the eye sees it (CIEDE2000); about 1 is just seen side by side, 5 at a glance.

    Source: Sharma, Wu, Dalal 2005, doi:10.1002/col.20070, whose test pairs are in the tests.

    >>> round(difference(Lab(50, 2.6772, -79.7751), Lab(50, 0, -82.7485)), 4)
    2.0425
    """
    return float(_of(one).delta_e(_of(other), method="2000"))


def _of(colour: Lab) -> Color:
    return Color("lab-d65", [colour.lightness, colour.a, colour.b])
