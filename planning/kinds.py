"""Kinds of visit: how long each takes, what it asks of whoever treats, and whether it needs a plan."""

from dataclasses import dataclass

from planning.models import AppointmentKind, VisitKind
from planning.models.appointment import TREATMENT_KINDS

DEFAULT_MINUTES = {
    AppointmentKind.CONSULTATION: 45,
    AppointmentKind.PATCH_TEST: 15,
    AppointmentKind.PATCH_READING: 10,
    AppointmentKind.HEALING_CHECK: 15,
}


@dataclass(frozen=True)
class Kind:
    """One kind as this clinic books it. ``minutes`` is None where the plan says how long."""

    kind: AppointmentKind
    minutes: int | None
    needs_qualification: bool
    needs_plan: bool


def kinds_of_visit() -> dict[AppointmentKind, Kind]:
    """Every kind, in the order of the list, with what the clinic has changed (one query)."""
    changed = {row.kind: row for row in VisitKind.objects.all()}
    return {kind: _kind(kind, changed.get(kind)) for kind in AppointmentKind}


def _kind(kind: AppointmentKind, changed: VisitKind | None) -> Kind:
    if kind in TREATMENT_KINDS:
        return Kind(kind, minutes=None, needs_qualification=True, needs_plan=True)
    minutes = changed.minutes if changed else DEFAULT_MINUTES[kind]
    return Kind(kind, minutes, needs_qualification=bool(changed and changed.needs_qualification), needs_plan=False)


def minutes_of(kind: str) -> int:
    """The usual minutes of a visit that needs no plan (one query). KeyError where the plan says how long."""
    known = AppointmentKind(kind)
    usual = DEFAULT_MINUTES[known]
    changed = VisitKind.objects.filter(kind=known).values_list("minutes", flat=True).first()
    return usual if changed is None else changed


def needs_qualification(kind: str) -> bool:
    """Whether only somebody with a valid qualification may be booked for it (a query for kinds without a plan)."""
    return kind in TREATMENT_KINDS or VisitKind.objects.filter(kind=kind, needs_qualification=True).exists()
