"""The hair that is there: where its density is judged, and what is done for it now. Pure."""

from collections.abc import Mapping

DENSITY_ZONES = {
    "frontal": "Front",
    "mid_scalp": "Middle of the top",
    "vertex": "Crown",
    "left_side": "Left side",
    "right_side": "Right side",
    "back": "Back",
}
NATURAL_PER_CM2 = 100  # follicular units; the field's common figure, see docs/formulas.md
MOST_PER_CM2 = 200
TREATMENTS = {
    "minoxidil": "Minoxidil",
    "finasteride": "Finasteride",
    "dutasteride": "Dutasteride",
    "fibres": "Fibres or concealer",
    "hairpiece": "A hairpiece or extensions",
}


def problems_with_density(density: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with the density of each zone, in follicular units per cm2, by zone; empty is fine.

    >>> problems_with_density({"vertex": 40, "back": 95})
    {}
    >>> problems_with_density({"vertex": 201, "nose": 1})
    {'vertex': 'Write a number from 0 to 200.', 'nose': 'There is no such zone.'}
    """
    problems = {}
    for zone, count in density.items():
        if zone not in DENSITY_ZONES:
            problems[zone] = "There is no such zone."
        elif not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_PER_CM2:
            problems[zone] = f"Write a number from 0 to {MOST_PER_CM2}."
    return problems


def density_in_words(density: Mapping[str, int]) -> str:
    """The zones that were judged, on one line.

    >>> density_in_words({"vertex": 40, "back": 95})
    'Crown 40/cm², Back 95/cm²'
    """
    return ", ".join(f"{words} {density[zone]}/cm²" for zone, words in DENSITY_ZONES.items() if zone in density)
