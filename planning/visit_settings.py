"""What the clinic has set about visits: when patients are reminded, and how late a cancellation is late."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from smpclinic import clinic_settings
from smpclinic.models import ClinicProfile

SECTION = "visits"
BOUNDS: Mapping[str, tuple[int, int]] = {"remind_days_before": (0, 14), "notice_hours": (0, 168)}


@dataclass(frozen=True, kw_only=True)
class VisitSettings:
    """``remind_days_before``: days before a visit its reminder goes out, 0 sends none. ``notice_hours``: a visit given
    up less than so many hours before is cancelled late, 0 counts none."""

    remind_days_before: int = 2
    notice_hours: int = 24

    def as_values(self) -> dict[str, object]:
        return asdict(self)


def problems_by_field(settings: VisitSettings) -> dict[str, list[str]]:
    """Why a clinic cannot work by these, in words by field; empty where it can.

    >>> problems_by_field(VisitSettings(notice_hours=200))
    {'notice_hours': ['Choose 0 to 168, not 200.']}
    """
    return {
        name: [f"Choose {least} to {most}, not {value}."]
        for name, (least, most) in BOUNDS.items()
        if not least <= (value := getattr(settings, name)) <= most
    }


def is_late(*, starts_min: int, now_min: int, notice_hours: int) -> bool:
    """Whether giving up a visit now is late: within the notice, or after it should have begun.

    >>> is_late(starts_min=1440, now_min=0, notice_hours=24), is_late(starts_min=1440, now_min=1, notice_hours=24)
    (False, True)
    >>> is_late(starts_min=0, now_min=60, notice_hours=0)
    False
    """
    return notice_hours > 0 and starts_min - now_min < notice_hours * 60


def visit_settings(clinic: ClinicProfile | None = None) -> VisitSettings:
    """What this clinic has set, else the defaults (one query without ``clinic``)."""
    kept = clinic_settings.section(SECTION, clinic)
    return VisitSettings(**{name: int(kept[name]) for name in BOUNDS if name in kept})
