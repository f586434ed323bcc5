"""Which zones a graded pattern suggests: a first filling of the plan, always editable.

Norwood III vertex, VI and VII and Ludwig II are the clinic's stated fillings; the others follow the same reading of
each grade: what has receded is bare, what has thinned is among kept hair.
"""

from collections.abc import Mapping

from planning.zones.areas import Surface, ZoneChoice

Filling = tuple[ZoneChoice, ...]


def _bare(*zones: str, part_percent: int = 100) -> Filling:
    return tuple(ZoneChoice(zone=zone, part_percent=part_percent) for zone in zones)


def _among_hair(*zones: str, part_percent: int = 100) -> Filling:
    return tuple(ZoneChoice(zone=zone, part_percent=part_percent, surface=Surface.AMONG_HAIR) for zone in zones)


_TEMPLES = ("left_temple", "right_temple")
_FRONT = ("hairline_band", *_TEMPLES)
_TOP = ("frontal_third", "mid_scalp", "vertex")
_UPPER_SIDES = ("left_upper_side", "right_upper_side")
_WHOLE_TOP_WITH_BLEND = _bare(*_FRONT, *_TOP) + _among_hair(*_UPPER_SIDES)

_NORWOOD: Mapping[str, Filling] = {
    "I": (),
    "II": _bare(*_TEMPLES),
    "IIa": _bare(*_FRONT),
    "III": _bare(*_FRONT),
    "IIIa": _bare(*_FRONT) + _bare("frontal_third", part_percent=50),
    "III vertex": _bare(*_FRONT, "vertex"),
    "IV": _bare(*_FRONT, "frontal_third", "vertex"),
    "IVa": _bare(*_FRONT, "frontal_third") + _bare("mid_scalp", part_percent=50),
    "V": _bare(*_FRONT, "frontal_third", "vertex") + _among_hair("mid_scalp"),
    "Va": _bare(*_FRONT, *_TOP),
    "VI": _WHOLE_TOP_WITH_BLEND,
    "VII": _WHOLE_TOP_WITH_BLEND,
}
_LUDWIG: Mapping[str, Filling] = {
    "I": _among_hair("frontal_third", "mid_scalp"),
    "II": _among_hair(*_TOP),
    "III": _bare(*_TOP),
}
_SINCLAIR: Mapping[str, Filling] = {
    "1": (),
    "2": _among_hair("frontal_third", "mid_scalp", part_percent=50),
    "3": _among_hair("frontal_third", "mid_scalp"),
    "4": _among_hair(*_TOP),
    "5": _bare(*_TOP),
}
_OLSEN: Mapping[str, Filling] = {
    "frontal": _among_hair("frontal_third") + _among_hair("mid_scalp", part_percent=50),
}
FILLINGS: Mapping[str, Mapping[str, Filling]] = {
    "norwood": _NORWOOD,
    "ludwig": _LUDWIG,
    "sinclair": _SINCLAIR,
    "olsen": _OLSEN,
}


def zones_for_grade(scale: str, grade: str) -> tuple[ZoneChoice, ...]:
    """The zones to begin a plan with; none where the grade shows no loss or the scale says nothing of zones.

    ``scale`` and ``grade`` are the codes of intake.grading. A grade that a known scale lacks raises ValueError.

    >>> [choice.zone for choice in zones_for_grade("norwood", "III vertex")]
    ['hairline_band', 'left_temple', 'right_temple', 'vertex']
    >>> zones_for_grade("fitzpatrick", "II")
    ()
    """
    fillings = FILLINGS.get(scale, {})
    if fillings and grade not in fillings:
        raise ValueError(f"{scale} has no grade {grade!r}; it has {', '.join(fillings)}.")
    return fillings.get(grade, ())
