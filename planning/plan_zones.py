"""Between the rows of a plan and the pure rules of zones.

A row says of a zone: treated (``measured_by`` empty: the area is the usual one of this head), a scar lying in it, or a
do-not-treat mark in it (``measured_by`` empty: the whole zone).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from planning.models import PlanVersion, PlanZone
from planning.protocol import DEFAULT_PROTOCOL, Protocol
from planning.zones import (
    ZONE_BY_CODE,
    DoNotTreatMark,
    Scar,
    Surface,
    TreatedArea,
    ZoneChoice,
    problems_with_zones,
    rounded_area,
    treated_areas,
    usual_area_cm2,
)

Treatment = PlanZone.Treatment


class Method(models.TextChoices):
    """How an area was measured; the same words wherever it is shown."""

    TEMPLATE = "template", _("Template")
    RULER = "ruler", _("Ruler")
    GRID = "grid", _("Grid")
    PHOTO = "photo", _("Photo")


@dataclass(frozen=True)
class Drawn:
    """What a plan says of the scalp, as the pure rules read it."""

    choices: tuple[ZoneChoice, ...]
    scars: tuple[Scar, ...]
    marks: tuple[DoNotTreatMark, ...]
    circumference_cm: Decimal

    def problems(self) -> list[str]:
        """Why this cannot be planned, in words; empty where it can."""
        return problems_with_zones(
            self.choices, scars=self.scars, marks=self.marks, circumference_cm=self.circumference_cm
        )

    def areas(self) -> tuple[TreatedArea, ...]:
        """What is really treated: the input of the estimate. Ask ``problems`` first."""
        return treated_areas(self.choices, scars=self.scars, marks=self.marks, circumference_cm=self.circumference_cm)


def drawn(rows: Iterable[PlanZone], *, circumference_cm: Decimal) -> Drawn:
    """The rows of one version as pure values."""
    by_kind: dict[str, list[PlanZone]] = {kind: [] for kind in Treatment.values}
    for row in rows:
        by_kind[row.treatment].append(row)
    return Drawn(
        tuple(_choice(row) for row in by_kind[Treatment.TREAT]),
        tuple(_scar(row) for row in by_kind[Treatment.SCAR]),
        tuple(_mark(row) for row in by_kind[Treatment.DO_NOT_TREAT]),
        Decimal(circumference_cm),
    )


def _choice(row: PlanZone) -> ZoneChoice:
    return ZoneChoice(
        zone=row.zone,
        part_percent=row.part_percent,
        surface=Surface.AMONG_HAIR if row.among_hair else Surface.BARE,
        measured_cm2=Decimal(row.area_cm2) if row.measured_by else None,
        target_dots_per_cm2=Decimal(row.dots_per_cm2),
    )


def _scar(row: PlanZone) -> Scar:
    return Scar(
        zone=row.zone,
        length_cm=Decimal(row.length_cm),
        width_cm=Decimal(row.width_cm),
        target_dots_per_cm2=Decimal(row.dots_per_cm2),
    )


def _mark(row: PlanZone) -> DoNotTreatMark:
    area_cm2 = Decimal(row.area_cm2) if row.measured_by else None
    return DoNotTreatMark(zone=row.zone, area_cm2=area_cm2, reason=row.note)


def unsaved_rows(
    zones: Sequence[Mapping[str, Any]], *, circumference_cm: Decimal, protocol: Protocol = DEFAULT_PROTOCOL
) -> list[PlanZone]:
    """Rows from plain values, named as the fields of PlanZone; the area and the dots (the protocol's) may be left out.

    Needs ``zone``; a scar needs ``length_cm`` and ``width_cm``. Raises KeyError where one is missing.
    """
    return [_unsaved(values, Decimal(circumference_cm), protocol) for values in zones]


def _unsaved(values: Mapping[str, Any], circumference_cm: Decimal, protocol: Protocol) -> PlanZone:
    row = PlanZone(**{"dots_per_cm2": usual_dots(values, protocol), **values})
    if row.treatment == Treatment.SCAR:
        row.area_cm2 = _scar(row).area_cm2
    elif row.measured_by:
        row.area_cm2 = rounded_area(Decimal(row.area_cm2))
    else:  # An unknown zone gets no area of its own; problems() names it.
        known = row.zone in ZONE_BY_CODE
        row.area_cm2 = usual_area_cm2(row.zone, circumference_cm=circumference_cm) if known else Decimal(1)
    return row


def usual_dots(values: Mapping[str, Any], protocol: Protocol) -> int:
    """The protocol's target for a row's surface, in whole dots per cm2 of the whole plan."""
    is_scar = values.get("treatment") == Treatment.SCAR
    target = protocol.target_dots_per_cm2(is_scar=is_scar, among_hair=bool(values.get("among_hair")))
    return int(target.to_integral_value(ROUND_HALF_UP))


def rows_of(version: PlanVersion) -> list[PlanZone]:
    """The rows of a version with their own shades (one query)."""
    return list(version.zones.select_related("shade_step", "assessor"))
