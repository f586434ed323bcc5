"""The phone rings: a new patient and the first visit, both or neither."""

from django.db import transaction

from intake.actions.patients import register_patient
from planning.actions.booking import book_appointment
from planning.kinds import minutes_of
from planning.models import Appointment, AppointmentKind
from planning.places import ChosenPlace
from smpclinic.actors import Actor


@transaction.atomic
def take_call(
    *, full_name: str, phone: str, place: ChosenPlace, by: Actor, email: str = "", note: str = ""
) -> Appointment:
    """Register with name and phone, and book the consultation."""
    patient = register_patient(full_name=full_name, phone=phone, email=email, by=by)
    return book_appointment(
        kind=AppointmentKind.CONSULTATION,
        patient=patient,
        practitioner=place.practitioner,
        room=place.room,
        starts_min=place.starts_min,
        minutes=minutes_of(AppointmentKind.CONSULTATION),
        note=note,
        by=by,
    )
