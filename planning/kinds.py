"""Kinds of appointment and how long each takes unless said otherwise."""

from planning.models import AppointmentKind

DEFAULT_MINUTES = {
    AppointmentKind.CONSULTATION: 45,
    AppointmentKind.PATCH_TEST: 15,
    AppointmentKind.PATCH_READING: 10,
    AppointmentKind.HEALING_CHECK: 15,
}


def minutes_of(kind: str) -> int:
    """The usual minutes of a visit that needs no plan (treatment sessions take theirs from the plan)."""
    return DEFAULT_MINUTES[AppointmentKind(kind)]
