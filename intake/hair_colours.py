"""Screen colours of hair and skin where nobody measured them: the natural levels 1 to 10 and the Fitzpatrick types.

The levels are ours, those of the chart that is chosen from (templates/intake/patterns/level_*.svg), each lighter than
the one before; hair of a level differs. The skin types are ours too, each inside the individual typology angle that is
usual for it (``typology_angle``).
Sources: docs/formulas.md.
"""

from math import atan2, degrees

from smpclinic.colour import Lab, Srgb, lab_of, srgb_from_hex, srgb_of

LEVEL_COLOURS = {
    1: "#14110f",
    2: "#221a16",
    3: "#33261f",
    4: "#47352a",
    5: "#5c4534",
    6: "#755a42",
    7: "#927251",
    8: "#b08c62",
    9: "#cbab7e",
    10: "#e2caa0",
}
SKIN_COLOURS = {"I": "#f1d6c4", "II": "#e8c6a9", "III": "#d8ae88", "IV": "#bb8c65", "V": "#875a3d", "VI": "#4f3426"}
GREY = "#b9b6b1"
USUAL_LEVEL, USUAL_SKIN = 3, "II"


def hair_colour(*, level: int | None = None, measured: str = "", grey_percent: int | None = None) -> Srgb:
    """The colour of hair as seen from afar: measured where it was, else its level's with the share of grey in it.

    >>> from smpclinic.colour import hex_of
    >>> hex_of(hair_colour(level=4)), hex_of(hair_colour(level=4, measured="#2b2a29"))
    ('#47352a', '#2b2a29')
    """
    if measured:
        return srgb_from_hex(measured)
    own, grey = lab_of(srgb_from_hex(LEVEL_COLOURS[level or USUAL_LEVEL])), lab_of(srgb_from_hex(GREY))
    share = (grey_percent or 0) / 100
    parts = zip((own.lightness, own.a, own.b), (grey.lightness, grey.a, grey.b), strict=True)
    return srgb_of(Lab(*(one + share * (other - one) for one, other in parts)))


def skin_colour(*, skin_type: str = "", measured: str = "") -> Srgb:
    """The colour of skin: measured where it was, else the usual one of its type, type II where none is known.

    >>> from smpclinic.colour import hex_of
    >>> hex_of(skin_colour(skin_type="V"))
    '#875a3d'
    """
    return srgb_from_hex(measured or SKIN_COLOURS.get(skin_type, SKIN_COLOURS[USUAL_SKIN]))


def typology_angle(colour: Srgb) -> float:
    """The individual typology angle in degrees, atan((L* - 50) / b*): above 55 very light, below -30 dark skin.

    Source: Chardon, Cretois, Hourseau 1991, doi:10.1111/j.1467-2494.1991.tb00561.x.
    """
    lab = lab_of(colour)
    return degrees(atan2(lab.lightness - 50, lab.b))
