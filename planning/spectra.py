"""From a screen colour to a reflectance spectrum and back: pigments mix by wavelength, not by red, green and blue.

Many spectra look the same; the one taken is the smoothest that stays between 0 and 1 (least slope squared of its
hyperbolic tangent, LHTSS):

    minimise  sum (z[i+1] - z[i])^2   subject to   T (tanh z + 1) / 2 = rgb

z per wavelength, 380 to 730 nm by 10; T: from reflectance under D65 to linear sRGB (CIE 1931, 2 degrees), its rows
scaled so that a perfect white is exactly white. Solved by Newton's method. A real pigment's spectrum may differ from
it: that is why a predicted mix is a first guess. Source: Burns 2015, arXiv:1710.05732.
"""

from functools import lru_cache

import numpy as np
from coloraide.cmfs import CIE_1931_2DEG
from coloraide.illuminants import D65
from numpy.typing import NDArray

from smpclinic.colour import Srgb

Array = NDArray[np.float64]

WAVELENGTHS_NM = range(380, 731, 10)
# Parts of linear sRGB outside this cannot be reached by a spectrum between 0 and 1, or only at its very edge.
LEAST_PART, MOST_PART = 0.0008, 0.985
_XYZ_TO_LINEAR = np.array(
    (
        (3.2404542, -1.5371385, -0.4985314),
        (-0.9692660, 1.8760108, 0.0415560),
        (0.0556434, -0.2040259, 1.0572252),
    )
)
_MOST_STEPS = 60
_CLOSE_ENOUGH = 1e-9


def _to_linear_matrix() -> Array:
    light = np.array([D65[nm] for nm in WAVELENGTHS_NM])
    eye = np.array([CIE_1931_2DEG[nm] for nm in WAVELENGTHS_NM])
    matrix = _XYZ_TO_LINEAR @ (eye * light[:, None]).T
    return np.asarray(matrix / matrix.sum(axis=1, keepdims=True))


TO_LINEAR = _to_linear_matrix()


def _slopes() -> Array:
    """Second differences: the derivative of the sum of squared slopes, halved."""
    count = len(WAVELENGTHS_NM)
    slopes = 4 * np.eye(count) - 2 * np.eye(count, k=1) - 2 * np.eye(count, k=-1)
    slopes[0, 0] = slopes[-1, -1] = 2
    return slopes


_SLOPES = _slopes()


@lru_cache(maxsize=512)
def reflectance_of(colour: Srgb) -> tuple[float, ...]:
    """The smoothest reflectance of a screen colour: one share of light (0-1) for each of ``WAVELENGTHS_NM``.

    Parts darker or brighter than a spectrum can show are taken as the darkest or brightest it can.

    >>> grey = reflectance_of(Srgb(128, 128, 128))
    >>> round(min(grey), 3), round(max(grey), 3)
    (0.216, 0.216)
    """
    linear = np.clip(linear_of(colour), LEAST_PART, MOST_PART)
    count = len(WAVELENGTHS_NM)
    z, pulls = np.full(count, np.arctanh(2 * float(linear.mean()) - 1)), np.zeros(3)
    for _step in range(_MOST_STEPS):
        tanh = np.tanh(z)
        bend = (1 - tanh**2) / 2
        wrong = np.concatenate((_SLOPES @ z + bend * (TO_LINEAR.T @ pulls), TO_LINEAR @ (tanh + 1) / 2 - linear))
        if np.abs(wrong).max() < _CLOSE_ENOUGH:
            break
        curve = _SLOPES - np.diag(2 * bend * tanh * (TO_LINEAR.T @ pulls))
        held = TO_LINEAR * bend
        change = np.linalg.solve(np.block([[curve, held.T], [held, np.zeros((3, 3))]]), -wrong)
        z, pulls = z + change[:count], pulls + change[count:]
    return tuple(float(part) for part in (np.tanh(z) + 1) / 2)


def linear_of(colour: Srgb) -> Array:
    """The three parts of linear sRGB, each 0-1."""
    parts = np.array((colour.red, colour.green, colour.blue)) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def srgb_of_reflectance(reflectance: Array) -> Srgb:
    """The screen colour of a reflectance under D65, clipped to what a screen can show."""
    linear = np.clip(TO_LINEAR @ reflectance, 0, 1)
    parts = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = (round(255 * float(part)) for part in parts)
    return Srgb(red, green, blue)
