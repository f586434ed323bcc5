"""The patient or the intake that an address names, for those who may see it."""

from django.shortcuts import get_object_or_404

from intake.models import Intake, Patient


def visible_patient(request, patient_id) -> Patient:
    """The patient, with what the head of a record shows."""
    visible = Patient.objects.visible_to(request.user).select_related("photo").prefetch_related("alerts")
    return get_object_or_404(visible, public_id=patient_id)


def visible_intake(request, intake_id) -> Intake:
    visible = Intake.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    found = visible.select_related("patient__photo", "reviewed_by").prefetch_related("patient__alerts")
    return get_object_or_404(found, public_id=intake_id)
