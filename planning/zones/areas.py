"""The zones of the scalp, how large they are, and what a plan treats of them.

Areas are square centimetres as ``Decimal`` with one place. The table holds for a head of 57 cm; another head scales
it by (circumference / 57)^2. Sources are listed in docs/formulas.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from smpclinic.tongue import say

REFERENCE_CIRCUMFERENCE_CM = Decimal(57)
AREA_STEP = Decimal("0.1")
SCAR = "scar"


class Region(StrEnum):
    """The four regions of the SALT score."""

    TOP = "top"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"


class Surface(StrEnum):
    """What the dots are placed on."""

    BARE = "bare"
    AMONG_HAIR = "among_hair"


@dataclass(frozen=True)
class Zone:
    """One zone of the scalp; ``area_cm2`` at a head circumference of 57 cm."""

    code: str
    name: str
    area_cm2: Decimal
    region: Region


ZONES: tuple[Zone, ...] = (
    Zone("hairline_band", "Frontal hairline band", Decimal(25), Region.TOP),
    Zone("left_temple", "Left temple", Decimal(15), Region.TOP),
    Zone("right_temple", "Right temple", Decimal(15), Region.TOP),
    Zone("frontal_third", "Frontal third", Decimal(45), Region.TOP),
    Zone("mid_scalp", "Mid-scalp", Decimal(50), Region.TOP),
    Zone("vertex", "Vertex (crown)", Decimal(50), Region.TOP),
    Zone("left_upper_side", "Left upper side", Decimal(30), Region.LEFT),
    Zone("right_upper_side", "Right upper side", Decimal(30), Region.RIGHT),
    Zone("left_lower_side", "Left lower side", Decimal(60), Region.LEFT),
    Zone("right_lower_side", "Right lower side", Decimal(60), Region.RIGHT),
    Zone("occipital", "Occipital", Decimal(105), Region.BACK),
    Zone("nape", "Nape", Decimal(15), Region.BACK),
)
ZONE_BY_CODE: dict[str, Zone] = {zone.code: zone for zone in ZONES}
ZONE_ORDER: dict[str, int] = {zone.code: place for place, zone in enumerate(ZONES)}
HAIRLINE_ZONES = frozenset({"hairline_band", "left_temple", "right_temple"})
TEMPLE_ZONES = frozenset({"left_temple", "right_temple"})


@dataclass(frozen=True, kw_only=True)
class ZoneChoice:
    """A zone chosen for treatment. ``measured_cm2`` is the whole zone as measured, else the table's area is scaled."""

    zone: str
    part_percent: int = 100
    surface: Surface = Surface.BARE
    measured_cm2: Decimal | None = None
    target_dots_per_cm2: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Scar:
    """A scar lying in a zone. Its area leaves the zone; ``is_treated`` makes it work of its own."""

    zone: str
    length_cm: Decimal
    width_cm: Decimal
    is_treated: bool = True
    target_dots_per_cm2: Decimal | None = None

    @property
    def area_cm2(self) -> Decimal:
        """Length times width in cm2; a scar of any size takes one step (0.1 cm2) at least."""
        area_cm2 = rounded_area(self.length_cm * self.width_cm)
        return max(area_cm2, AREA_STEP) if self.length_cm > 0 and self.width_cm > 0 else area_cm2


@dataclass(frozen=True, kw_only=True)
class DoNotTreatMark:
    """A mole, lesion or other place to leave alone. ``area_cm2`` of None means the whole zone."""

    zone: str
    area_cm2: Decimal | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TreatedArea:
    """What is really treated of one zone or scar: the input of the estimate.

    ``code`` is a zone's code or ``"scar"``; ``area_cm2`` is what scars and marks leave of the whole zone, before the
    part is taken; ``target_dots_per_cm2`` of None means the protocol's default.
    """

    code: str
    area_cm2: Decimal
    part_percent: int = 100
    surface: Surface = Surface.BARE
    target_dots_per_cm2: Decimal | None = None

    @property
    def name(self) -> str:
        """The zone in words."""
        return name_of(self.code)

    @property
    def treated_cm2(self) -> Decimal:
        """Area times part, in cm2, unrounded."""
        return self.area_cm2 * self.part_percent / 100


def name_of(code: str) -> str:
    """The name of a zone by its code, or "Scar".

    >>> name_of("mid_scalp")
    'Mid-scalp'
    """
    return say("Scar") if code == SCAR else say(ZONE_BY_CODE[code].name)


def rounded_area(area_cm2: Decimal) -> Decimal:
    """An area to one place, halves up.

    >>> rounded_area(Decimal("3.75"))
    Decimal('3.8')
    """
    return area_cm2.quantize(AREA_STEP, rounding=ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """A number as a person writes it, without idle zeros.

    >>> plain(Decimal("25.00")), plain(Decimal("3.70")), plain(Decimal("150"))
    ('25', '3.7', '150')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def usual_area_cm2(code: str, *, circumference_cm: Decimal = REFERENCE_CIRCUMFERENCE_CM) -> Decimal:
    """A zone's area in cm2 = table area x (head circumference / 57 cm)^2.

    >>> usual_area_cm2("vertex")
    Decimal('50.0')
    >>> usual_area_cm2("vertex", circumference_cm=Decimal(60))
    Decimal('55.4')
    """
    table_cm2 = ZONE_BY_CODE[code].area_cm2
    return rounded_area(table_cm2 * circumference_cm**2 / REFERENCE_CIRCUMFERENCE_CM**2)


def whole_area_cm2(choice: ZoneChoice, *, circumference_cm: Decimal = REFERENCE_CIRCUMFERENCE_CM) -> Decimal:
    """The whole zone's area in cm2: as measured, else as usual for this head."""
    if choice.measured_cm2 is not None:
        return rounded_area(choice.measured_cm2)
    return usual_area_cm2(choice.zone, circumference_cm=circumference_cm)


def treated_areas(
    choices: Iterable[ZoneChoice],
    *,
    scars: Sequence[Scar] = (),
    marks: Sequence[DoNotTreatMark] = (),
    circumference_cm: Decimal = REFERENCE_CIRCUMFERENCE_CM,
) -> tuple[TreatedArea, ...]:
    """What is treated, in the table's order, scars last: each zone less its scars and marks, each treated scar.

    Zones that nothing is left of are dropped. Ask ``problems_with_zones`` first; this trusts its input.

    >>> areas = treated_areas([ZoneChoice(zone="occipital")],
    ...                       scars=[Scar(zone="occipital", length_cm=Decimal(25), width_cm=Decimal(1))])
    >>> [(area.code, area.area_cm2) for area in areas]
    [('occipital', Decimal('80.0')), ('scar', Decimal('25.0'))]
    """
    in_order = sorted(choices, key=lambda choice: ZONE_ORDER[choice.zone])
    zones = (_area_left(choice, scars=scars, marks=marks, circumference_cm=circumference_cm) for choice in in_order)
    scarred = (
        TreatedArea(code=SCAR, area_cm2=scar.area_cm2, target_dots_per_cm2=scar.target_dots_per_cm2)
        for scar in scars
        if scar.is_treated
    )
    return tuple(area for area in (*zones, *scarred) if area.area_cm2 > 0)


def _area_left(
    choice: ZoneChoice, *, scars: Sequence[Scar], marks: Sequence[DoNotTreatMark], circumference_cm: Decimal
) -> TreatedArea:
    whole_cm2 = whole_area_cm2(choice, circumference_cm=circumference_cm)
    return TreatedArea(
        code=choice.zone,
        area_cm2=whole_cm2 - taken_cm2(choice.zone, whole_cm2=whole_cm2, scars=scars, marks=marks),
        part_percent=choice.part_percent,
        surface=choice.surface,
        target_dots_per_cm2=choice.target_dots_per_cm2,
    )


def taken_cm2(
    zone: str, *, whole_cm2: Decimal, scars: Sequence[Scar] = (), marks: Sequence[DoNotTreatMark] = ()
) -> Decimal:
    """The area in cm2 that scars and do-not-treat marks take from a zone."""
    scarred_cm2 = sum((scar.area_cm2 for scar in scars if scar.zone == zone), Decimal(0))
    marked_cm2 = sum(
        (whole_cm2 if mark.area_cm2 is None else mark.area_cm2 for mark in marks if mark.zone == zone), Decimal(0)
    )
    return scarred_cm2 + marked_cm2
