"""What colour a mix of pigments and water has in the cup: Kubelka-Munk with a single constant, by wavelength.

    a = (1 - R)^2 / (2 R)                 absorption over scattering of each pigment, from its reflectance R
    a_mix = sum(volume x a) / sum(volume)
    R_mix = 1 + a_mix - sqrt(a_mix^2 + 2 a_mix)

Water counts as a white ground: the colour is that of a thin film on white paper. What this leaves out: every pigment is
taken as equally strong by volume and as scattering alike, and its spectrum is a guess from its colour on the label
(planning/spectra.py). So a prediction is a place to start from, never a healed result.
Sources: Kubelka and Munk 1931; Burns 2017, arXiv:1710.06364 (mixing by reflectance).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from intake.hair_colours import SKIN_COLOURS
from planning.spectra import WAVELENGTHS_NM, Array, reflectance_of, srgb_of_reflectance
from smpclinic.colour import Lab, Srgb, lab_of, srgb_from_hex, srgb_of

GROUND_REFLECTANCE = 0.95
REFERENCE_SKIN = srgb_from_hex(SKIN_COLOURS["II"])


@dataclass(frozen=True)
class HealedLook:
    """How a colour looks once healed, against the cup: differences of L*, a*, b*. Skin above makes it paler, cooler.

    The defaults are ours; a clinic sets its own from what has healed there.
    """

    lightness: float = 8.0
    a: float = -1.0
    b: float = -3.0

    def of(self, cup: Srgb) -> Srgb:
        """The screen colour that a colour in the cup is expected to heal to.

        >>> HealedLook(lightness=10, a=0, b=0).of(Srgb(60, 60, 60))
        Srgb(red=83, green=83, blue=83)
        """
        lab = lab_of(cup)
        lightness = min(100.0, max(0.0, lab.lightness + self.lightness))
        return srgb_of(Lab(lightness, lab.a + self.a, lab.b + self.b))


def on_skin(healed: Srgb, skin: Srgb) -> Srgb:
    """A healed dot as it shows in this skin: ``healed`` is its look in skin of type II, darker skin lets less through.

    By wavelength R = R_healed x R_skin / R_type_II, never above the skin's own: pigment only takes light away.

    >>> on_skin(Srgb(105, 108, 112), REFERENCE_SKIN)
    Srgb(red=105, green=108, blue=112)
    """
    dot, own, usual = (np.array(reflectance_of(colour)) for colour in (healed, skin, REFERENCE_SKIN))
    return srgb_of_reflectance(np.minimum(dot * own / usual, own))


def absorption(reflectance: Array) -> Array:
    """Absorption over scattering of a reflectance above 0 and at most 1."""
    return (1 - reflectance) ** 2 / (2 * reflectance)


def reflectance(absorbed: Array) -> Array:
    """The reflectance (0-1] of an absorption over scattering of 0 or more; undoes ``absorption``."""
    return 1 + absorbed - np.sqrt(absorbed**2 + 2 * absorbed)


@lru_cache(maxsize=512)
def _absorption_of(colour: Srgb) -> tuple[float, ...]:
    return tuple(absorption(np.array(reflectance_of(colour))))


def absorption_of(colour: Srgb) -> Array:
    """Absorption over scattering of a pigment by its colour, for each wavelength."""
    return np.array(_absorption_of(colour))


def absorption_of_water() -> Array:
    """The same of the water, which lets a white ground through."""
    return absorption(np.full(len(WAVELENGTHS_NM), GROUND_REFLECTANCE))


def predicted_colour(pigments: Sequence[tuple[Srgb, float]], *, water_ml: float = 0.0) -> Srgb:
    """The colour in the cup of pigments (colour, mL) with water (mL).

    ValueError in words without pigment or with a negative volume. Laws, tested: a pigment mixed with itself is
    itself, the order does not matter, more black or less water never makes a mix lighter.

    >>> predicted_colour([(Srgb(58, 43, 28), 1.0), (Srgb(58, 43, 28), 2.0)])
    Srgb(red=58, green=43, blue=28)
    """
    volumes = [ml for _colour, ml in pigments]
    if not sum(volumes) > 0 or min(volumes) < 0 or not water_ml >= 0:
        raise ValueError(f"A mix needs pigment, and no volume below 0: {volumes} mL and {water_ml} mL of water.")
    absorbed = water_ml * absorption_of_water()
    for colour, ml in pigments:
        absorbed = absorbed + ml * absorption_of(colour)
    return srgb_of_reflectance(reflectance(absorbed / (sum(volumes) + water_ml)))
