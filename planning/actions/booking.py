"""Book, move and cancel. Each action is one transaction under the write lock, and leaves an audit entry.

Three layers keep people and rooms apart: the rule in words (planning.bookable), the check under the lock
(planning.clashes), and the guard in the database, which nothing passes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from intake.models import Patient
from planning import bookable
from planning.actions.telling import tell_patient
from planning.actions.visit_life import cancel_appointment, change_state
from planning.availability import local_day_at, to_date, utc_offset_min
from planning.clashes import Clash, Wanted, find_clashes
from planning.closing import refuse_while_closed
from planning.hours import works_there
from planning.kinds import needs_qualification
from planning.locks import lock_for_booking, locked_visit
from planning.models import Appointment, AppointmentKind, AppointmentState, PlannedSession, TreatmentPlan
from planning.models.appointment import TREATMENT_KINDS
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import ClinicProfile, Room, User

__all__ = ["Place", "book_appointment", "book_series", "cancel_appointment", "change_state", "move_appointment"]


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
) -> Appointment:
    """Book one visit.

    Raises ValidationError (a rule, in words), Clash (what stands there, in words) or BookingClosed.
    """
    appointment = Appointment(kind=kind, patient=patient, planned_session=planned_session, note=note)
    _put(appointment, practitioner=practitioner, room=room, starts_min=starts_min, minutes=minutes)
    _place([appointment], by=by, verb="booked")
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
        _put(
            appointment,
            practitioner=place.practitioner,
            room=place.room,
            starts_min=place.starts_min,
            minutes=place.minutes,
        )
        appointments.append(appointment)
    _place(appointments, by=by, verb="booked")
    return appointments


@transaction.atomic
def move_appointment(
    *,
    appointment: Appointment,
    by: Actor,
    starts_min: int,
    practitioner: User | None = None,
    room: Room | None = None,
    minutes: int | None = None,
    sequence: int | None = None,
) -> Appointment:
    """Move a booked visit to another time, room or practitioner.

    ``sequence``: the visit's as the page showed it; ValidationError where somebody has moved it meanwhile.
    """
    appointment = locked_visit(appointment, practitioner=practitioner, room=room)
    if sequence is not None and sequence != appointment.sequence:
        words = {"day": date_format(appointment.starts_at, "D j M, H:i"), "room": appointment.room}
        raise ValidationError(_("Somebody has moved this visit meanwhile: it is on %(day)s, %(room)s now.") % words)
    if appointment.state != AppointmentState.BOOKED:
        raise ValidationError(_("Only a visit that is booked and not yet begun can be moved."))
    before = _words_of_place(appointment)
    _release([appointment])
    _put(
        appointment,
        practitioner=practitioner or appointment.practitioner,
        room=room or appointment.room,
        starts_min=starts_min,
        minutes=minutes or appointment.minutes,
    )
    appointment.sequence += 1
    _place([appointment], by=by, verb="moved", before={appointment.pk: before})
    return appointment


def _put(appointment: Appointment, *, practitioner: User, room: Room, starts_min: int, minutes: int) -> None:
    """Set place and time, with what the local calendar says of it."""
    clinic = ClinicProfile.current()
    appointment.practitioner = practitioner
    appointment.room = room
    appointment.starts_min = starts_min
    appointment.ends_min = starts_min + minutes
    appointment.room_until_min = starts_min + minutes + room.cleaning_min
    appointment.utc_offset_min = utc_offset_min(starts_min, clinic.zone)
    appointment.local_day = local_day_at(starts_min, clinic.zone)
    appointment.gap_days = clinic.gap_days
    appointment.counts_for_gap = appointment.kind in TREATMENT_KINDS


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
) -> None:
    refuse_while_closed()
    lock_for_booking([Wanted.of(appointment) for appointment in appointments])
    states = _plan_states(appointments)
    for appointment in appointments:
        _refuse(appointment, appointments, states)
    for appointment in appointments:
        _save(appointment, by)
        place = _words_of_place(appointment)
        was = (before or {}).get(appointment.pk, {})
        audit.record(
            by=by, verb=verb, subject=appointment, patient=appointment.patient, changed=audit.changes(was, place)
        )
        tell_patient(appointment)


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


def _refuse(appointment: Appointment, together: Sequence[Appointment], states: Mapping[int, str]) -> None:
    if problems := bookable.problems_with(_request(appointment, together, states)):
        raise ValidationError(problems)


def _request(appointment: Appointment, together: Sequence[Appointment], states: Mapping[int, str]) -> bookable.Request:
    planned = appointment.planned_session
    practitioner, room, day = appointment.practitioner, appointment.room, to_date(appointment.local_day)
    return bookable.Request(
        now_min=int(timezone.now().timestamp()) // 60,
        starts_min=appointment.starts_min,
        minutes=appointment.minutes,
        day=day,
        practitioner=str(practitioner),
        is_practitioner=practitioner.is_active and "practitioner" in practitioner.roles,
        is_qualified=practitioner.is_qualified(on=day),
        room=str(room),
        room_in_use=room.is_active and room.location.is_active,
        inside_hours=works_there(practitioner, room, appointment.starts_min, appointment.ends_min, day),
        needs_plan=appointment.counts_for_gap,
        needs_qualification=needs_qualification(appointment.kind),
        plan_state=states[planned.plan_id] if planned else "",
        session_number=planned.number if planned else None,
        neighbours=_neighbours(planned, together) if planned else (),
        patient_merged=appointment.patient.merged_into_id is not None,
    )


def _neighbours(planned: PlannedSession, together: Sequence[Appointment]) -> list[bookable.Neighbour]:
    """The other sessions of the plan that have a day: those changing now as they will be, the rest as they are."""
    changing = {each.planned_session_id for each in together}
    standing = (
        Appointment.objects.active()
        .filter(planned_session__plan=planned.plan_id, planned_session__number__isnull=False)
        .exclude(planned_session__in=changing)
        .select_related("planned_session")
    )
    others = [each for each in together if each.planned_session_id != planned.pk]
    days = [(each.planned_session, each.local_day) for each in [*standing, *others]]
    return [bookable.Neighbour(other.number, to_date(day)) for other, day in days if other and other.number]


def _words_of_place(appointment: Appointment) -> dict[str, str]:
    return {
        "start": appointment.starts_at.isoformat(timespec="minutes"),
        "minutes": str(appointment.minutes),
        "practitioner": str(appointment.practitioner),
        "room": str(appointment.room),
    }
