"""Find the visit or the record that an address names, where its patient may be seen by who asks."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect

from intake.models import Patient
from planning.models import Appointment
from sessions.actions import ChangedMeanwhile
from sessions.models import TreatmentSession

STALE = 409


def visible_visit(request, appointment_id) -> Appointment:
    """The appointment, else 404."""
    visible = Appointment.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    return get_object_or_404(visible.with_people(), public_id=appointment_id)


def visible_session(request, session_id) -> TreatmentSession:
    """The record with its visit, plan and people, else 404."""
    visible = TreatmentSession.objects.filter(appointment__patient__in=Patient.objects.visible_to(request.user))
    with_people = visible.select_related(
        "practitioner",
        "signed_by",
        "sealed",
        "health_check__asked_by",
        "appointment__patient",
        "appointment__practitioner",
        "appointment__room__location",
        "appointment__planned_session__plan__current_version__shade_step",
    )
    return get_object_or_404(with_people, public_id=session_id)


def is_whole(form) -> bool:
    """Whether a form was sent and is valid."""
    return form.is_bound and form.is_valid()


def status_of(refusal: ValidationError | None) -> int:
    """409 where somebody else was faster, else an ordinary page with the form filled in."""
    return STALE if isinstance(refusal, ChangedMeanwhile) else 200


def back_to(session: TreatmentSession, place: str = ""):
    """To the page before the treatment, at one place of it."""
    response = redirect("sessions:start", session.appointment.public_id)
    response["Location"] += place
    return response
