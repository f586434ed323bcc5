"""What the clinic has set for itself, by section, in the one row of its profile.

Each room keeps its limits in a section of its own and reads them through a module of its own (planning:
``planning.clinic_protocol``), which knows their names, their defaults and which values cannot be. So a limit has one
home, whoever shows it. A change goes through ``smpclinic.actions.settings.change_section``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smpclinic.models import AuditEntry, AuditValue, ClinicProfile

CHANGED = "changed treatment defaults"


def section(name: str, clinic: ClinicProfile | None = None) -> Mapping[str, Any]:
    """The values set in a section; empty where the clinic has left everything as it came."""
    return (clinic or ClinicProfile.current()).settings.get(name, {})


@dataclass(frozen=True)
class LastChange:
    """Who changed what of a section last: (name, before, after); the values are empty where they were erased."""

    by: str
    at: datetime
    values: tuple[tuple[str, str, str], ...]


def last_change(name: str) -> LastChange | None:
    """The latest change of a section; None where it was never changed (two queries)."""
    entry = AuditEntry.objects.filter(verb=CHANGED, details__section=name).order_by("-at", "-pk").first()
    if entry is None:
        return None
    values = AuditValue.objects.filter(entry=entry).order_by("pk").values_list("field", "before", "after")
    return LastChange(entry.actor_label, entry.at, tuple(values))
