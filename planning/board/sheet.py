"""The day on paper, for when the system is down: who comes when, their phone, and what is missing."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from planning.board.missing import missing_by_appointment
from planning.models import Appointment, TimeOff
from smpclinic.models import User


@dataclass(frozen=True)
class Line:
    appointment: Appointment
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One practitioner's day."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DaySheet:
    day: date
    parts: tuple[Part, ...]
    closures: tuple[str, ...]
    away: tuple[str, ...]


def day_sheet(day: date, *, user: User | None = None) -> DaySheet:
    """Active visits of one local day by practitioner, in order (at most five queries, however many visits)."""
    visits = Appointment.objects.on(day).active().with_people()
    shown = list(visits.visible_to(user) if user else visits)
    missing = missing_by_appointment(shown)
    by_person: dict[User, list[Line]] = {}
    for each in shown:
        by_person.setdefault(each.practitioner, []).append(Line(each, missing[each.pk]))
    off = TimeOff.objects.filter(first_day__lte=day, last_day__gte=day).select_related("user")
    return DaySheet(
        day,
        tuple(Part(str(who), tuple(by_person[who])) for who in sorted(by_person, key=str)),
        closures=tuple(str(row) for row in off if row.user_id is None),
        away=tuple(_("%(who)s is away") % {"who": row.user} for row in off if row.user_id),
    )
