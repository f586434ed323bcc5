"""Have the patient told of a visit by e-mail; the worker writes it (planning.background)."""

from planning.models import Appointment
from smpclinic.outbox import enqueue

VISIT_MAIL, VISIT_REMINDER = "visit_mail", "visit_reminder"


def tell_patient(appointment: Appointment) -> None:
    """Queue a mail on how the visit stands now, as part of the caller's transaction; without an address, none."""
    if appointment.patient.email:
        enqueue(VISIT_MAIL, subject_id=appointment.pk, second_id=appointment.sequence)
