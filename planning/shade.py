"""Shades: dilutions, and the order of shades over the sessions (densities: planning/density.py).

A shade is a step of the clinic's ladder, 1 the lightest. Sources: docs/formulas.md.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

DROP_ML = Decimal("0.05")
LIGHTEST_STEP = 1
MOST_STEPS = 20
MOST_DROPS = 2000  # 100 mL: far above any cup
PERCENT_STEP = Decimal("0.1")


def drops_to_ml(drops: Decimal, *, drop_ml: Decimal = DROP_ML) -> Decimal:
    """The volume of drops in mL; a drop is 0.05 mL unless the product says otherwise.

    >>> drops_to_ml(Decimal(6))
    Decimal('0.30')
    """
    return drops * drop_ml


def pigment_percent(*, pigment_ml: Decimal, water_ml: Decimal) -> Decimal:
    """Pigment in the cup, per cent by volume = 100 x pigment / (pigment + water), one place, halves up.

    Both in mL; pigment must be more than 0, water 0 or more, else ValueError.

    >>> pigment_percent(pigment_ml=Decimal("0.30"), water_ml=Decimal("1.70"))
    Decimal('15.0')
    """
    if not pigment_ml > 0 or not water_ml >= 0:
        raise ValueError(f"A shade needs pigment, and water of 0 mL or more, not {pigment_ml} mL and {water_ml} mL.")
    return (100 * pigment_ml / (pigment_ml + water_ml)).quantize(PERCENT_STEP, rounding=ROUND_HALF_UP)


def cautions_about_ladder(steps: Sequence[tuple[int, Decimal]]) -> list[str]:
    """Where the ladder does not grow darker, in words; ``steps``: number and per cent of pigment, in their order.

    Said, never refused: two products may differ in strength.

    >>> cautions_about_ladder([(1, Decimal(10)), (2, Decimal(10))])
    ['Step 2 (10 %) holds no more pigment than step 1 (10 %): the ladder goes from light to dark.']
    """
    return [
        f"Step {number} ({percent} %) holds no more pigment than step {before} ({percent_before} %): "
        "the ladder goes from light to dark."
        for (before, percent_before), (number, percent) in pairwise(steps)
        if percent <= percent_before
    ]


def offered_step(target_step: int, *, session_number: int) -> int:
    """The ladder step to offer for a session: the plan's, in session 1 one lighter where there is one.

    >>> offered_step(4, session_number=1), offered_step(1, session_number=1), offered_step(4, session_number=2)
    (3, 1, 4)
    """
    return max(LIGHTEST_STEP, target_step - 1) if session_number == 1 else target_step


def notes_wanted_for_order(steps: Sequence[int]) -> list[str]:
    """Which sessions are lighter than one before them and so want a note: sessions go from light to dark.

    ``steps``: the ladder step of one zone in sessions 1, 2, 3; the same step again is fine.

    >>> notes_wanted_for_order([3, 4, 4])
    []
    >>> notes_wanted_for_order([4, 3])
    ['Session 2 is lighter (step 3) than session 1 (step 4): sessions go from light to dark; note why.']
    """
    notes = []
    darkest = 0
    for number, step in enumerate(steps):
        if step < steps[darkest]:
            notes.append(
                f"Session {number + 1} is lighter (step {step}) than session {darkest + 1} (step {steps[darkest]}): "
                "sessions go from light to dark; note why."
            )
        else:
            darkest = number
    return notes
