"""Needle time: how many dots an area takes, how fast it is worked, and the minutes that makes.

needle time = sum over areas of area_cm2 x part x target_dots_per_cm2 x share / (pace x factor)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from planning.protocol import DEFAULT_PROTOCOL, Protocol
from planning.work_pace import Pace, usual_pace
from planning.zones import SCAR, TEMPLE_ZONES, ZONE_ORDER, Surface, TreatedArea, plain


@dataclass(frozen=True)
class WorkLine:
    """One line of a session's working: what it is, its exact minutes, and how they came about in words."""

    label: str
    minutes: Fraction
    working: str


def target_dots_per_cm2(area: TreatedArea, *, protocol: Protocol = DEFAULT_PROTOCOL) -> Decimal:
    """The whole plan's dots per cm2 for an area: its own target, else the protocol's by what it is.

    >>> target_dots_per_cm2(TreatedArea(code="vertex", area_cm2=Decimal(50), surface=Surface.AMONG_HAIR))
    Decimal('60')
    """
    if area.target_dots_per_cm2 is not None:
        return area.target_dots_per_cm2
    return protocol.target_dots_per_cm2(is_scar=area.code == SCAR, among_hair=area.surface == Surface.AMONG_HAIR)


def pace_factor(area: TreatedArea, *, protocol: Protocol = DEFAULT_PROTOCOL) -> Decimal:
    """How much slower than the usual pace an area is worked: the lowest factor that applies, 1 where none does.

    >>> pace_factor(TreatedArea(code="left_temple", area_cm2=Decimal(15), surface=Surface.AMONG_HAIR))
    Decimal('0.5')
    """
    return factor_of(area.code, area.surface == Surface.AMONG_HAIR, protocol=protocol)


def factor_of(code: str, among_hair: bool, *, protocol: Protocol = DEFAULT_PROTOCOL) -> Decimal:
    """``pace_factor`` of a zone by its code; a scar's code is ``scar``.

    >>> factor_of("vertex", False), factor_of("scar", True)
    (Decimal('1'), Decimal('0.4'))
    """
    factors = [Decimal(1)]
    if code == "hairline_band":
        factors.append(protocol.hairline_band_factor)
    if code in TEMPLE_ZONES:
        factors.append(protocol.temples_factor)
    if code == SCAR:
        factors.append(protocol.scar_factor)
    if among_hair:
        factors.append(protocol.among_hair_factor)
    return min(factors)


def pace_of(area: TreatedArea, *, pace: Pace, protocol: Protocol) -> Decimal:
    """Dots per minute in one area: the pace, slowed by the zone's factor, and by what the zone has really shown."""
    ratio = pace.ratio(area.code, among_hair=area.surface == Surface.AMONG_HAIR)
    return pace.dots_per_min * pace_factor(area, protocol=protocol) * ratio


def planned_dots(area: TreatedArea, *, protocol: Protocol = DEFAULT_PROTOCOL) -> Fraction:
    """The dots of the whole plan in one area = area x part x target density.

    >>> planned_dots(TreatedArea(code="vertex", area_cm2=Decimal(50), part_percent=50))
    Fraction(2250, 1)
    """
    return _treated_cm2(area) * Fraction(target_dots_per_cm2(area, protocol=protocol))


def in_order(areas: Iterable[TreatedArea]) -> tuple[TreatedArea, ...]:
    """By the table of zones, scars last; within a zone by all that it says, so that the order given never shows."""

    def place(area: TreatedArea) -> tuple[int, str, Decimal, int, Decimal]:
        own_target = area.target_dots_per_cm2 if area.target_dots_per_cm2 is not None else Decimal(-1)
        order = ZONE_ORDER.get(area.code, len(ZONE_ORDER))
        return order, area.surface, area.area_cm2, area.part_percent, own_target

    return tuple(sorted(areas, key=place))


def needle_lines(
    areas: Sequence[TreatedArea], *, share: Decimal, protocol: Protocol, pace: Pace | None = None
) -> tuple[WorkLine, ...]:
    """The needle time of ``share`` of the plan's dots, one line for the areas worked at the same pace and density.

    ``pace``: the protocol's usual one where none is given.

    >>> areas = [TreatedArea(code=code, area_cm2=Decimal(50)) for code in ("mid_scalp", "vertex")]
    >>> [line.working for line in needle_lines(areas, share=Decimal("0.4"), protocol=DEFAULT_PROTOCOL)]
    ['100 cm² × 36 / 70 per min = 51 min']
    """
    pace = pace or usual_pace(protocol).booked
    groups: dict[tuple[Decimal, Decimal], list[TreatedArea]] = {}
    for area in in_order(areas):
        dots_per_min = pace_of(area, pace=pace, protocol=protocol)
        dots_per_cm2 = target_dots_per_cm2(area, protocol=protocol) * share
        groups.setdefault((dots_per_min, dots_per_cm2), []).append(area)
    return tuple(_needle_line(group, *work) for work, group in groups.items())


def _needle_line(areas: Sequence[TreatedArea], dots_per_min: Decimal, dots_per_cm2: Decimal) -> WorkLine:
    area_cm2 = sum((_treated_cm2(area) for area in areas), Fraction(0))
    minutes = area_cm2 * Fraction(dots_per_cm2) / Fraction(dots_per_min)
    written_cm2 = plain(sum((area.treated_cm2 for area in areas), Decimal(0)))
    working = f"{written_cm2} cm² × {plain(dots_per_cm2)} / {plain(dots_per_min)} per min = {minutes_text(minutes)} min"
    return WorkLine(_names(areas), minutes, working)


def minutes_text(minutes: Fraction) -> str:
    """Minutes as a whole number, halves up.

    >>> minutes_text(Fraction(1491, 20)), minutes_text(Fraction(1, 2))
    ('75', '1')
    """
    return str(floor(minutes + Fraction(1, 2)))


def _treated_cm2(area: TreatedArea) -> Fraction:
    return Fraction(area.area_cm2) * area.part_percent / 100


def _names(areas: Sequence[TreatedArea]) -> str:
    """The areas in one phrase: "Frontal third, mid-scalp and vertex (crown)"."""
    names = list(dict.fromkeys(area.name for area in areas))
    names = [names[0], *(name[0].lower() + name[1:] for name in names[1:])]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
