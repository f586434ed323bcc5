"""Shade and density: dilutions, the order of shades over the sessions, and the dots a zone already holds.

A shade is a step of the clinic's ladder, 1 the lightest. Sources: docs/formulas.md.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from planning.protocol import DEFAULT_PROTOCOL

DROP_ML = Decimal("0.05")
LIGHTEST_STEP = 1
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


def warnings_about_density(
    zone: str,
    *,
    done_dots_per_cm2: Decimal,
    planned_dots_per_cm2: Decimal,
    most_dots_per_cm2: Decimal = DEFAULT_PROTOCOL.most_dots_per_cm2,
) -> list[str]:
    """Whether a zone would hold more dots than is usual, in words; empty where it would not. A warning, never a bar.

    ``done``: over the plan and the touch-ups of the last 24 months; ``planned``: what is still to come.

    >>> warnings_about_density("Vertex (crown)", done_dots_per_cm2=Decimal(70), planned_dots_per_cm2=Decimal(30))
    []
    >>> warnings_about_density("Vertex (crown)", done_dots_per_cm2=Decimal(70), planned_dots_per_cm2=Decimal(31))
    ['Vertex (crown): 70 dots per cm² are done and 31 planned, 101 in all; the usual most is 100.']
    """
    total = done_dots_per_cm2 + planned_dots_per_cm2
    if total <= most_dots_per_cm2:
        return []
    return [
        f"{zone}: {done_dots_per_cm2} dots per cm² are done and {planned_dots_per_cm2} planned, {total} in all; "
        f"the usual most is {most_dots_per_cm2}."
    ]
