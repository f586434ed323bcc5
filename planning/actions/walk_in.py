"""Somebody stands at the desk without a visit: from arrival straight to the chair."""

from django.db import transaction

from intake.models import Patient
from planning.actions.booking import book_appointment
from planning.actions.telling import Told
from planning.actions.visit_life import change_state
from planning.models import Appointment, AppointmentState, PlannedSession
from planning.places import ChosenPlace
from smpclinic.actors import Actor

# The form may be filled in while the patient is being greeted.
BEGUN_AT_MOST_MIN = 30


@transaction.atomic
def receive_walk_in(
    *,
    kind: str,
    patient: Patient,
    place: ChosenPlace,
    minutes: int,
    by: Actor,
    planned_session: PlannedSession | None = None,
    note: str = "",
) -> Appointment:
    """Book a visit that begins about now, and mark the patient as arrived. Raises what booking raises."""
    visit = book_appointment(
        kind=kind,
        patient=patient,
        practitioner=place.practitioner,
        room=place.room,
        starts_min=place.starts_min,
        minutes=minutes,
        planned_session=planned_session,
        note=note,
        by=by,
        told=Told.HERE,
        begun_min=BEGUN_AT_MOST_MIN,
    )
    return change_state(appointment=visit, state=AppointmentState.ARRIVED, by=by)
