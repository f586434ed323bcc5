"""A true colour from a photo: the grey card in it says how the light and the camera have shifted everything else.

    true = seen x 0.18 / seen_of_card        per channel of linear light

An 18 % grey card reflects 0.18 of the light in every channel. Sources: docs/formulas.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smpclinic.colour import Srgb, lab_of

CARD_REFLECTANCE = 0.18
MOST_UNEVEN = 12  # standard deviation of the brightness inside the patch, 0-255
DARKEST_CARD, BRIGHTEST_CARD = 40, 235
MOST_TINT = 28.0  # chroma of the card as seen: beyond it, it is no grey card or no light to judge colours in


@dataclass(frozen=True)
class Patch:
    """The middle colour of a small place of a photo, and how uneven it is."""

    colour: Srgb
    spread: int = 0


def problems_with_card(card: Patch) -> list[str]:
    """Why a marked place cannot be the grey card, in words; empty where it can.

    >>> problems_with_card(Patch(Srgb(120, 118, 112)))
    []
    """
    parts = (card.colour.red, card.colour.green, card.colour.blue)
    lab = lab_of(card.colour)
    problems = []
    if min(parts) < DARKEST_CARD:
        problems.append("The marked card is too dark. Take the photo in more light, or mark the card's middle.")
    if max(parts) > BRIGHTEST_CARD:
        problems.append("The marked card is overexposed. Take the photo with less light, or mark the card's middle.")
    if (lab.a**2 + lab.b**2) ** 0.5 > MOST_TINT:
        problems.append("What is marked is no grey card: it is coloured. Mark the card, or take the photo in daylight.")
    if card.spread > MOST_UNEVEN:
        problems.append("The marked place is not even: a shadow, an edge or a pattern. Mark the card's middle.")
    return problems


def balanced(seen: Srgb, *, card: Srgb) -> Srgb:
    """The colour a place would have in neutral light, by what the 18 % card became; clipped to what a screen shows.

    The card itself comes out neutral; the order of lighter and darker never changes.

    >>> balanced(Srgb(120, 110, 90), card=Srgb(120, 110, 90))
    Srgb(red=118, green=118, blue=118)
    """
    parts = zip((seen.red, seen.green, seen.blue), (card.red, card.green, card.blue), strict=True)
    red, green, blue = (_encoded(_linear(one) * CARD_REFLECTANCE / _linear(other)) for one, other in parts)
    return Srgb(red, green, blue)


def problems_with_reading(places: Sequence[str]) -> list[str]:
    """What is still to be marked before a colour can be read; ``places``: what is marked so far."""
    if "card" not in places:
        return [
            "Mark the grey card first. Without one a photo says nothing true of a colour: take one with a card, "
            "or choose the natural level by eye."
        ]
    if not {"hair", "skin"} & set(places):
        return ["Mark the hair, or the skin."]
    return []


def _linear(part: int) -> float:
    share = max(part, 1) / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _encoded(linear: float) -> int:
    share = min(1.0, max(0.0, linear))
    return round(255 * (12.92 * share if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055))
