"""Write down what came of calling a patient about a visit."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import Appointment, CallNote, CallReason
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked


@transaction.atomic
def note_call(*, appointment: Appointment, outcome: str, by: Actor, reason: str = CallReason.CONFIRM) -> CallNote:
    """Keep one try: reached, message left, or try again. ValidationError where the visit no longer stands."""
    appointment = Appointment.objects.select_related("patient").get(pk=appointment.pk)
    if not appointment.active:
        raise ValidationError(_("This visit was given up meanwhile; there is nothing to confirm."))
    note = CallNote(
        appointment=appointment,
        reason=reason,
        outcome=outcome,
        sequence=appointment.sequence,
        at=timezone.now(),
        by=by.user,
    )
    save_checked(note)
    audit.record(by=by, verb="called", subject=appointment, patient=appointment.patient, outcome=note.outcome)
    return note
