"""Keep a photo of the patient: cleaned, private, and only with the patient's consent."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.actions.questionnaire import refuse_closed
from intake.models import ConsentKind, Intake, Patient, Photo
from smpclinic import audit, storage
from smpclinic.actors import Actor
from smpclinic.photos import CleanPhoto, clean_photo
from smpclinic.saving import save_checked

NO_CONSENT = _("The patient has not agreed to photos in the record. Ask for the consent first.")


def may_keep_photos(patient: Patient) -> bool:
    """Whether a consent to photos in the record is in force (one query)."""
    newest = patient.consents.in_force().filter(kind=ConsentKind.PHOTOS_RECORD).first()
    return newest is not None and newest.granted


def add_photo(
    *,
    patient: Patient,
    view: str,
    upload: Any,
    by: Actor,
    taken_at: datetime | None = None,
    intake: Intake | None = None,
) -> Photo:
    """Clean and store a photo of one view, for an ``intake`` where one asked for it.

    The same picture of the same view, sent twice, is kept once. A newer photo of a view leaves the older in the record.
    """
    if not may_keep_photos(patient):
        raise ValidationError(NO_CONSENT, code="no_consent")
    clean = clean_photo(upload)  # takes its time: before anything is locked
    return _keep(clean, patient=patient, view=view, by=by, taken_at=taken_at or timezone.now(), intake=intake)


@transaction.atomic
def _keep(
    clean: CleanPhoto, *, patient: Patient, view: str, by: Actor, taken_at: datetime, intake: Intake | None
) -> Photo:
    Patient.objects.select_for_update().get(pk=patient.pk)  # a double press must find the first
    if intake is not None:
        refuse_closed(intake=intake, by=by)
    for same in patient.photos.filter(view=view, sha256=clean.sha256, intake=intake)[:1]:
        return same
    stored = storage.store(clean.bytes, folder="photos", suffix="jpg")
    photo = Photo(
        patient=patient,
        intake=intake,
        view=view,
        taken_at=taken_at,
        file=stored.name,
        sha256=stored.sha256,
        width_px=clean.width,
        height_px=clean.height,
        taken_by=by.user,
    )
    save_checked(photo, exclude=["taken_by"])
    audit.record(by=by, verb="photographed", subject=photo, patient=patient, view=view)
    return photo
