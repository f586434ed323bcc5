"""The SALT score as the drawing of a plan shows it: what is bare counts as lost, what has kept hair does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from intake.grading import salt_band, salt_score
from planning.zones.areas import (
    REFERENCE_CIRCUMFERENCE_CM,
    ZONES,
    Region,
    Scar,
    Surface,
    ZoneChoice,
    whole_area_cm2,
)


@dataclass(frozen=True)
class Salt:
    """``score`` is 0 to 100 to one place, ``band`` S0 to S5, ``lost_percent`` the loss on each of the four sides."""

    score: Decimal
    band: str
    lost_percent: dict[Region, Decimal]


def salt_of(
    choices: Sequence[ZoneChoice],
    *,
    scars: Sequence[Scar] = (),
    circumference_cm: Decimal = REFERENCE_CIRCUMFERENCE_CM,
) -> Salt:
    """SALT of a drawing: 0.40 top + 0.24 back + 0.18 right + 0.18 left, each the share of that side's area lost.

    Bare zones count by their part, zones among kept hair not at all, a scar by its size wherever it lies.

    >>> whole_top = [ZoneChoice(zone=zone.code) for zone in ZONES if zone.region == Region.TOP]
    >>> salt_of(whole_top).score, salt_of(whole_top).band
    (Decimal('40.0'), 'S2')
    """
    chosen = {choice.zone: choice for choice in choices}
    lost = dict.fromkeys(Region, Decimal(0))
    whole = dict.fromkeys(Region, Decimal(0))
    for zone in ZONES:
        choice = chosen.get(zone.code, ZoneChoice(zone=zone.code, surface=Surface.AMONG_HAIR))
        area_cm2 = whole_area_cm2(choice, circumference_cm=circumference_cm)
        whole[zone.region] += area_cm2
        lost[zone.region] += _lost_cm2(choice, area_cm2, scars)
    percent = {region: 100 * lost[region] / whole[region] for region in Region}
    exact = salt_score(**{region.value: share for region, share in percent.items()})
    score = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Salt(score, salt_band(exact), {region: _one_place(share) for region, share in percent.items()})


def _lost_cm2(choice: ZoneChoice, area_cm2: Decimal, scars: Sequence[Scar]) -> Decimal:
    scarred_cm2 = min(area_cm2, sum((scar.area_cm2 for scar in scars if scar.zone == choice.zone), Decimal(0)))
    if choice.surface == Surface.AMONG_HAIR:
        return scarred_cm2
    return max(scarred_cm2, area_cm2 * choice.part_percent / 100)


def _one_place(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)
