"""Why a choice of zones, scars and marks cannot be planned, in words."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from planning.zones.areas import (
    REFERENCE_CIRCUMFERENCE_CM,
    ZONE_BY_CODE,
    DoNotTreatMark,
    Scar,
    ZoneChoice,
    name_of,
    plain,
    taken_cm2,
    usual_area_cm2,
    whole_area_cm2,
)

SMALLEST_CIRCUMFERENCE_CM = Decimal(40)
LARGEST_CIRCUMFERENCE_CM = Decimal(75)
PARTS_PERCENT = (25, 50, 75, 100)
LARGEST_MEASURED_TIMES_USUAL = 3


def problems_with_zones(
    choices: Sequence[ZoneChoice],
    *,
    scars: Sequence[Scar] = (),
    marks: Sequence[DoNotTreatMark] = (),
    circumference_cm: Decimal = REFERENCE_CIRCUMFERENCE_CM,
) -> list[str]:
    """Why these zones cannot be planned, in words; empty when they can."""
    if problems := _problems_with_circumference(circumference_cm):
        return problems
    if not choices and not any(scar.is_treated for scar in scars):
        return ["Choose at least one zone or scar to treat."]
    codes = {choice.zone for choice in choices} | {scar.zone for scar in scars} | {mark.zone for mark in marks}
    if unknown := sorted(codes - set(ZONE_BY_CODE)):
        return [f"There is no zone called {code}." for code in unknown]
    problems = _problems_with_repeats(choices)
    for choice in choices:
        problems += _problems_with_choice(choice, circumference_cm=circumference_cm)
    for scar in scars:
        problems += _problems_with_scar(scar)
    for mark in marks:
        problems += _problems_with_mark(mark)
    return problems or _problems_with_room(choices, scars, marks, circumference_cm)


def _problems_with_repeats(choices: Sequence[ZoneChoice]) -> list[str]:
    counted = Counter(choice.zone for choice in choices)
    return [f"{name_of(code)} is chosen {times} times; choose it once." for code, times in counted.items() if times > 1]


def _problems_with_circumference(circumference_cm: Decimal) -> list[str]:
    if circumference_cm.is_finite() and SMALLEST_CIRCUMFERENCE_CM <= circumference_cm <= LARGEST_CIRCUMFERENCE_CM:
        return []
    return [
        f"A head circumference of {circumference_cm} cm is outside {SMALLEST_CIRCUMFERENCE_CM} to "
        f"{LARGEST_CIRCUMFERENCE_CM} cm; check the measurement."
    ]


def _problems_with_choice(choice: ZoneChoice, *, circumference_cm: Decimal) -> list[str]:
    name = name_of(choice.zone)
    problems = []
    if choice.part_percent not in PARTS_PERCENT:
        problems.append(f"{name}: {choice.part_percent} % cannot be chosen; choose 25, 50, 75 or 100 %.")
    if choice.target_dots_per_cm2 is not None and not choice.target_dots_per_cm2 > 0:
        problems.append(f"{name}: {choice.target_dots_per_cm2} dots per cm² must be more than 0.")
    if choice.measured_cm2 is None:
        return problems
    if not (choice.measured_cm2.is_finite() and choice.measured_cm2 > 0):
        return [*problems, f"{name}: an area of {choice.measured_cm2} cm² must be more than 0."]
    usual_cm2 = usual_area_cm2(choice.zone, circumference_cm=circumference_cm)
    if choice.measured_cm2 > LARGEST_MEASURED_TIMES_USUAL * usual_cm2:
        problems.append(
            f"{name}: {plain(choice.measured_cm2)} cm² is more than {LARGEST_MEASURED_TIMES_USUAL} times the usual "
            f"{plain(usual_cm2)} cm²; check the measurement."
        )
    return problems


def _problems_with_scar(scar: Scar) -> list[str]:
    sizes = {"length": scar.length_cm, "width": scar.width_cm}
    problems = [
        f"Scar in {name_of(scar.zone)}: a {side} of {size} cm must be more than 0."
        for side, size in sizes.items()
        if not (size.is_finite() and size > 0)
    ]
    if scar.target_dots_per_cm2 is not None and not scar.target_dots_per_cm2 > 0:
        problems.append(f"Scar in {name_of(scar.zone)}: {scar.target_dots_per_cm2} dots per cm² must be more than 0.")
    return problems


def _problems_with_mark(mark: DoNotTreatMark) -> list[str]:
    if mark.area_cm2 is None or (mark.area_cm2.is_finite() and mark.area_cm2 > 0):
        return []
    return [f"Do-not-treat mark in {name_of(mark.zone)}: an area of {mark.area_cm2} cm² must be more than 0."]


def _problems_with_room(
    choices: Sequence[ZoneChoice],
    scars: Sequence[Scar],
    marks: Sequence[DoNotTreatMark],
    circumference_cm: Decimal,
) -> list[str]:
    """Whether scars and marks fit into their zones."""
    chosen = {choice.zone: choice for choice in choices}
    problems = []
    for code in ZONE_BY_CODE:
        whole_cm2 = whole_area_cm2(chosen.get(code, ZoneChoice(zone=code)), circumference_cm=circumference_cm)
        scarred_cm2 = taken_cm2(code, whole_cm2=whole_cm2, scars=scars)
        if _is_shut(code, whole_cm2, marks):
            treated = [name_of(code)] if code in chosen else []
            treated += [f"A scar in {name_of(code)}" for scar in scars if scar.zone == code and scar.is_treated]
            problems += [f"{what} is both treated and marked do not treat; choose one." for what in treated]
        elif scarred_cm2 > whole_cm2:
            problems.append(
                f"{name_of(code)}: its scars take {plain(scarred_cm2)} cm², but the zone has {plain(whole_cm2)} cm²."
            )
        elif taken_cm2(code, whole_cm2=whole_cm2, scars=scars, marks=marks) > whole_cm2:
            problems.append(
                f"{name_of(code)}: scars and do-not-treat marks take more than the zone's {plain(whole_cm2)} cm²."
            )
    return problems


def _is_shut(code: str, whole_cm2: Decimal, marks: Sequence[DoNotTreatMark]) -> bool:
    """Whether one do-not-treat mark covers the whole zone."""
    return any(mark.area_cm2 is None or mark.area_cm2 >= whole_cm2 for mark in marks if mark.zone == code)
