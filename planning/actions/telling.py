"""Have the patient told of a visit by e-mail; the worker writes it (planning.background)."""

from enum import StrEnum

from planning.actions.calls_made import note_call
from planning.models import Appointment, CallOutcome, CallReason
from smpclinic.actors import Actor
from smpclinic.outbox import enqueue

VISIT_MAIL, VISIT_REMINDER = "visit_mail", "visit_reminder"


class Told(StrEnum):
    """How a patient learns of a visit; ``HERE``: standing at the desk."""

    EMAIL = "email"
    PHONE = "phone"
    NOT_YET = "not_yet"
    HERE = "here"


def tell_patient(appointment: Appointment, *, how: Told | None = None, by: Actor) -> None:
    """Queue a mail on how the visit stands now, as part of the caller's transaction; without an address, none.

    Told by phone, the call is noted and the mail goes as well, as an old entry in the patient's calendar would mislead.
    Not told yet, no mail goes: the visit stands on the call list until somebody was reached.
    """
    if how in (Told.PHONE, Told.NOT_YET):
        outcome = CallOutcome.REACHED if how == Told.PHONE else CallOutcome.NOT_YET
        note_call(appointment=appointment, outcome=outcome, reason=CallReason.MOVED, by=by)
    if appointment.patient.email and how not in (Told.NOT_YET, Told.HERE):
        enqueue(VISIT_MAIL, subject_id=appointment.pk, second_id=appointment.sequence)
