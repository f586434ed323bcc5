"""The patient or the intake that an address names, for those who may see it."""

from django.shortcuts import get_object_or_404

from intake.merged_away import MergedAway
from intake.models import Intake, Patient


def visible_patient(request, patient_id) -> Patient:
    """The patient, with what the head of a record shows. A record merged into another raises ``MergedAway``."""
    visible = Patient.objects.visible_to(request.user).select_related("photo", "merged_into").prefetch_related("alerts")
    patient = get_object_or_404(visible, public_id=patient_id)
    if patient.merged_into is not None:
        raise MergedAway(patient)
    return patient


def visible_intake(request, intake_id) -> Intake:
    visible = Intake.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    found = visible.select_related("patient__photo", "reviewed_by").prefetch_related("patient__alerts")
    return get_object_or_404(found, public_id=intake_id)
