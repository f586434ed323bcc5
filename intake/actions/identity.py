"""Who a patient is, seen with one's own eyes: the identity document, and the portrait at the head of the record."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions.photos import add_photo
from intake.models import Patient, Photo, PhotoView
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked


@transaction.atomic
def see_identity(*, patient: Patient, kind: str, by: Actor) -> Patient:
    """Somebody looked at an identity document of this ``kind`` just now; no copy and no number is kept."""
    if not kind.strip():
        raise ValidationError({"kind": _("Say what kind of document you saw.")})
    fresh = {"id_kind": kind.strip(), "id_seen_by": by.user, "id_seen_at": timezone.now()}
    return _changed(patient, fresh, verb="saw the identity document", by=by)


@transaction.atomic
def take_portrait(*, patient: Patient, upload: Any, by: Actor) -> Patient:
    """A new photo for the head of the record, under the same consent as every photo."""
    photo = add_photo(patient=patient, view=PhotoView.PORTRAIT, upload=upload, by=by)
    return _changed(patient, {"photo": photo}, verb="chose the portrait", by=by)


@transaction.atomic
def choose_portrait(*, patient: Patient, photo: Photo | None, by: Actor) -> Patient:
    """One of the patient's own photos for the head of the record, or none."""
    if photo is not None and photo.patient_id != patient.pk:
        raise ValidationError(_("That is a photo of another patient."))
    return _changed(patient, {"photo": photo}, verb="chose the portrait", by=by)


def _changed(patient: Patient, fresh: dict[str, Any], *, verb: str, by: Actor) -> Patient:
    current = Patient.objects.select_for_update().get(pk=patient.pk)
    before = {name: _key(getattr(current, name)) for name in fresh}
    for name, value in fresh.items():
        setattr(current, name, value)
    save_checked(current, update_fields=list(fresh))
    after = {name: _key(value) for name, value in fresh.items()}
    audit.record(by=by, verb=verb, subject=current, patient=current, changed=audit.changes(before, after))
    return current


def _key(value: object) -> object:
    """A related row by its key: the trail keeps no names of files."""
    return value.pk if isinstance(value, models.Model) else value
