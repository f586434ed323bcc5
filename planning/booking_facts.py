"""What is known of a visit that is to be booked or moved: its place on the clinic's clock, and what the rules ask."""

from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from planning import bookable
from planning.availability import local_day_at, to_date, utc_offset_min
from planning.hours import works_there
from planning.kinds import needs_qualification
from planning.models import Appointment, PlannedSession
from planning.models.appointment import TREATMENT_KINDS
from smpclinic.models import ClinicProfile, Room, User


def put(appointment: Appointment, *, practitioner: User, room: Room, starts_min: int, minutes: int) -> None:
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


def problems_with(
    appointment: Appointment,
    together: Sequence[Appointment],
    states: Mapping[int, str],
    *,
    besides: Collection[Appointment] = (),
    begun_min: int = 0,
) -> list[str]:
    """Why it may not stand there, in words. ``together``: the visits that change with it; ``states``: of the plans;
    ``besides``: visits as if they were not there; ``begun_min``: so many minutes ago it may have begun."""
    planned = appointment.planned_session
    neighbours = _neighbours(planned, together, besides) if planned else ()
    return bookable.problems_with(_request(appointment, states, neighbours, begun_min))


def problems_with_past(appointment: Appointment) -> list[str]:
    """Why a visit cannot have taken place as it is told, in words: what broke a rule of the day is no reason."""
    planned = appointment.planned_session
    states = {planned.plan_id: planned.plan.state} if planned else {}
    neighbours = _neighbours(planned, [appointment], ()) if planned else ()
    return bookable.problems_with_past(_request(appointment, states, neighbours))


def _request(
    appointment: Appointment,
    states: Mapping[int, str],
    neighbours: Sequence[bookable.Neighbour],
    begun_min: int = 0,
) -> bookable.Request:
    planned = appointment.planned_session
    practitioner, room, day = appointment.practitioner, appointment.room, to_date(appointment.local_day)
    return bookable.Request(
        now_min=int(timezone.now().timestamp()) // 60 - begun_min,
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
        neighbours=neighbours,
        patient_merged=appointment.patient.merged_into_id is not None,
    )


def _neighbours(
    planned: PlannedSession, together: Sequence[Appointment], besides: Collection[Appointment]
) -> list[bookable.Neighbour]:
    """The other sessions of the plan that have a day: those changing now as they will be, the rest as they are."""
    changing = {each.planned_session_id for each in together}
    standing = (
        Appointment.objects.active()
        .filter(planned_session__plan=planned.plan_id, planned_session__number__isnull=False)
        .exclude(planned_session__in=changing)
        .exclude(pk__in=[each.pk for each in besides])
        .select_related("planned_session")
    )
    others = [each for each in together if each.planned_session_id != planned.pk]
    days = [(each.planned_session, each.local_day) for each in [*standing, *others]]
    return [bookable.Neighbour(other.number, to_date(day)) for other, day in days if other and other.number]
