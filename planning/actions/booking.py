"""Book, move and cancel. Each action is one transaction under the write lock, and leaves an audit entry.

Three layers keep people and rooms apart: the rule in words (planning.bookable), the check under the lock
(planning.clashes), and the guard in the database, which nothing passes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Patient
from planning.actions.telling import Told, tell_patient
from planning.actions.visit_life import cancel_appointment, change_state
from planning.booking_facts import problems_with, put
from planning.clashes import Clash, Wanted, find_clashes
from planning.closing import refuse_while_closed
from planning.locks import lock_for_booking, locked_visits
from planning.models import Appointment, AppointmentKind, AppointmentState, PlannedSession, TreatmentPlan
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.local_dates import date_format
from smpclinic.models import Room, User

__all__ = [
    "Move",
    "Place",
    "book_appointment",
    "book_series",
    "cancel_appointment",
    "change_state",
    "move_appointment",
    "move_visits",
]


@dataclass(frozen=True)
class Place:
    """Where one session of a series goes. ``starts_min``: UTC minutes since 1970; ``minutes``: its length."""

    planned_session: PlannedSession
    practitioner: User
    room: Room
    starts_min: int
    minutes: int


@transaction.atomic
def book_appointment(
    *,
    kind: str,
    patient: Patient,
    practitioner: User,
    room: Room,
    starts_min: int,
    minutes: int,
    by: Actor,
    planned_session: PlannedSession | None = None,
    note: str = "",
    told: Told | None = None,
    begun_min: int = 0,
) -> Appointment:
    """Book one visit. ``begun_min``: so many minutes ago it may have begun, for who is here already.

    Raises ValidationError (a rule, in words), Clash (what stands there, in words) or BookingClosed.
    """
    appointment = Appointment(kind=kind, patient=patient, planned_session=planned_session, note=note)
    put(appointment, practitioner=practitioner, room=room, starts_min=starts_min, minutes=minutes)
    _place([appointment], by=by, verb="booked", told=told, begun_min=begun_min)
    return appointment


@transaction.atomic
def book_series(*, plan: TreatmentPlan, places: Sequence[Place], by: Actor) -> list[Appointment]:
    """Book several sessions of one plan, all or none."""
    appointments = []
    for place in places:
        if place.planned_session.plan_id != plan.pk:
            raise ValidationError(_("A session of another plan cannot be booked with this one."))
        kind = AppointmentKind.TREATMENT if place.planned_session.number else AppointmentKind.TOUCH_UP
        appointment = Appointment(kind=kind, patient=plan.patient, planned_session=place.planned_session)
        put(
            appointment,
            practitioner=place.practitioner,
            room=place.room,
            starts_min=place.starts_min,
            minutes=place.minutes,
        )
        appointments.append(appointment)
    _place(appointments, by=by, verb="booked")
    return appointments


@dataclass(frozen=True)
class Move:
    """One visit and where it goes; ``sequence`` is the visit's as the page showed it, None where no page did."""

    appointment: Appointment
    practitioner: User
    room: Room
    starts_min: int
    minutes: int
    sequence: int | None = None


def move_appointment(
    *,
    appointment: Appointment,
    by: Actor,
    starts_min: int,
    practitioner: User | None = None,
    room: Room | None = None,
    minutes: int | None = None,
    sequence: int | None = None,
    told: Told | None = None,
) -> Appointment:
    """Move a booked visit to another time, room or practitioner; what is not named stays."""
    move = Move(
        appointment,
        practitioner or appointment.practitioner,
        room or appointment.room,
        starts_min,
        minutes or appointment.minutes,
        sequence,
    )
    return move_visits(moves=[move], by=by, told=told)[0]


@transaction.atomic
def move_visits(*, moves: Sequence[Move], by: Actor, told: Told | None = None) -> list[Appointment]:
    """Move several visits at once, all or none: they may change places with one another.

    ``told``: how the patient learns of it; None queues a mail where there is an address. ValidationError where somebody
    has moved one meanwhile, or a rule forbids it; Clash says what stands there.
    """
    visits = locked_visits([(move.appointment, move.practitioner, move.room) for move in moves])
    for visit, move in zip(visits, moves, strict=True):
        _refuse_move(visit, move)
    before = {visit.pk: _words_of_place(visit) for visit in visits}
    _release(visits)
    for visit, move in zip(visits, moves, strict=True):
        put(visit, practitioner=move.practitioner, room=move.room, starts_min=move.starts_min, minutes=move.minutes)
        visit.sequence += 1
    _place(visits, by=by, verb="moved", before=before, told=told)
    return visits


def _refuse_move(visit: Appointment, move: Move) -> None:
    if move.sequence is not None and move.sequence != visit.sequence:
        words = {"day": date_format(visit.starts_at, "D j M, H:i"), "room": visit.room}
        raise ValidationError(_("Somebody has moved this visit meanwhile: it is on %(day)s, %(room)s now.") % words)
    if visit.state != AppointmentState.BOOKED:
        raise ValidationError(_("Only a visit that is booked and not yet begun can be moved."))


def _release(appointments: Sequence[Appointment]) -> None:
    """Take rows out of the guard's sight, so that several can change places; ``_place`` puts every one back."""
    for appointment in appointments:
        Appointment.objects.filter(pk=appointment.pk).update(
            active=False, state=AppointmentState.CANCELLED, cancel_reason="moving"
        )


def _place(
    appointments: Sequence[Appointment],
    *,
    by: Actor,
    verb: str,
    before: Mapping[int, Mapping[str, object]] | None = None,
    told: Told | None = None,
    begun_min: int = 0,
) -> None:
    refuse_while_closed()
    lock_for_booking([Wanted.of(appointment) for appointment in appointments])
    states = _plan_states(appointments)
    for appointment in appointments:
        if problems := problems_with(appointment, appointments, states, begun_min=begun_min):
            raise ValidationError(problems)
    for appointment in appointments:
        _save(appointment, by)
        place = _words_of_place(appointment)
        was = (before or {}).get(appointment.pk, {})
        audit.record(
            by=by, verb=verb, subject=appointment, patient=appointment.patient, changed=audit.changes(was, place)
        )
        tell_patient(appointment, how=told, by=by)


def _save(appointment: Appointment, by: Actor) -> None:
    appointment.state, appointment.active = AppointmentState.BOOKED, True
    appointment.cancel_reason = ""
    if appointment.booked_at is None:
        appointment.booked_at, appointment.booked_by = timezone.now(), by.user
    if clashes := find_clashes(Wanted.of(appointment), besides=[appointment], by=by):
        raise Clash(clashes)
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        if appointment.planned_session_id and _has_one_ahead(appointment):
            raise Clash([_("This session already has an appointment. Move that one instead.")]) from error
        raise Clash([_("That place was taken a moment ago.")]) from error


def _has_one_ahead(appointment: Appointment) -> bool:
    ahead = ("booked", "arrived", "in_treatment")
    return (
        Appointment.objects.filter(planned_session=appointment.planned_session_id, state__in=ahead)
        .exclude(pk=appointment.pk)
        .exists()
    )


def _plan_states(appointments: Sequence[Appointment]) -> dict[int, str]:
    """The state of each plan as it is now, its row held: somebody may be stopping it at this moment."""
    plans = {each.planned_session.plan_id for each in appointments if each.planned_session}
    held = TreatmentPlan.objects.select_for_update().filter(pk__in=plans).order_by("pk")
    return {plan.pk: plan.state for plan in held}


def _words_of_place(appointment: Appointment) -> dict[str, str]:
    return {
        "start": appointment.starts_at.isoformat(timespec="minutes"),
        "minutes": str(appointment.minutes),
        "practitioner": str(appointment.practitioner),
        "room": str(appointment.room),
    }
