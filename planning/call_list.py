"""Whom to call: the visits of a day, what came of earlier tries, and whom a moved or late visit leaves untold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from planning.availability import to_local_day
from planning.models import Appointment, AppointmentState, CallNote, CallOutcome, CallReason


@dataclass(frozen=True)
class Line:
    """One visit to call about: ``tries`` newest first, of the time that holds now."""

    visit: Appointment
    tries: tuple[CallNote, ...]

    @property
    def is_reached(self) -> bool:
        return any(note.outcome == CallOutcome.REACHED for note in self.tries)

    @property
    def last(self) -> CallNote | None:
        return self.tries[0] if self.tries else None


def next_day_with_visits(after: date, user) -> date | None:
    """The first day after ``after`` on which somebody is booked (one query)."""
    visit = (
        Appointment.objects.visible_to(user)
        .filter(state=AppointmentState.BOOKED, local_day__gt=to_local_day(after))
        .order_by("local_day")
        .first()
    )
    return visit.day if visit else None


def lines_of(day: date, user) -> list[Line]:
    """Every booked visit of a day with its tries, those not reached first (two queries)."""
    visits = Appointment.objects.visible_to(user).on(day).filter(state=AppointmentState.BOOKED)
    lines = _lines(visits, CallReason.CONFIRM)
    return sorted(lines, key=lambda line: (line.is_reached, line.visit.starts_min))


def moved_and_untold(user, *, today: date) -> list[Line]:
    """Visits ahead that were moved and whose patient nobody has told: no e-mail, or kept for later (two queries)."""
    kept_for_later = CallNote.objects.filter(
        appointment=OuterRef("pk"), sequence=OuterRef("sequence"), outcome=CallOutcome.NOT_YET
    )
    moved = Appointment.objects.visible_to(user).filter(
        Q(patient__email="") | Exists(kept_for_later),
        state=AppointmentState.BOOKED,
        sequence__gt=0,
        local_day__gte=to_local_day(today),
    )
    return [line for line in _lines(moved, CallReason.MOVED) if not line.is_reached]


def count_to_call(user, *, today: date) -> int:
    """How many visits of tomorrow have a patient without e-mail who was not reached (one query)."""
    reached = CallNote.objects.filter(
        appointment=OuterRef("pk"), sequence=OuterRef("sequence"), outcome=CallOutcome.REACHED
    )
    tomorrow = to_local_day(today) + 1
    booked = Appointment.objects.visible_to(user).filter(state=AppointmentState.BOOKED, local_day=tomorrow)
    return booked.filter(patient__email="").exclude(Exists(reached)).count()


def lines_for(visits: Iterable[Appointment], reason: str) -> list[Line]:
    """Lines for visits read already (one query)."""
    return _lines(Appointment.objects.filter(pk__in=[visit.pk for visit in visits]), reason)


def _lines(visits, reason: str) -> list[Line]:
    tries = CallNote.objects.filter(reason=reason, sequence=F("appointment__sequence")).select_related("by")
    rows = visits.with_people().prefetch_related(Prefetch("calls", queryset=tries, to_attr="tries_now"))
    return [Line(row, tuple(row.tries_now)) for row in rows.order_by("starts_min", "id")]
