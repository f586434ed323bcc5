"""Show a photo to others, with a consent of its own, and take it down again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import ConsentKind, Patient, Photo, PhotoUse
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked


def may_show_to_others(patient: Patient) -> bool:
    """Whether a consent to photos for marketing is in force (one query)."""
    newest = patient.consents.in_force().filter(kind=ConsentKind.PHOTOS_MARKETING).first()
    return newest is not None and newest.granted


@transaction.atomic
def use_photo(*, photo: Photo, place: str, by: Actor) -> PhotoUse:
    """Write down where a photo is shown. ValidationError without the consent, or without a place."""
    patient = Patient.objects.select_for_update().get(pk=photo.patient_id)
    if not may_show_to_others(patient):
        raise ValidationError(_("The patient has not agreed that photos are shown to others."), code="no_consent")
    told = " ".join(place.split())
    if not told:
        raise ValidationError({"place": _("Write where it is shown.")})
    use = PhotoUse(photo=photo, place=told, begun_at=timezone.now(), begun_by=by.user)
    save_checked(use)
    audit.record(by=by, verb="showed to others", subject=use, patient=patient)
    return use


@transaction.atomic
def end_photo_use(*, use: PhotoUse, by: Actor) -> PhotoUse:
    """It was taken down, by name. Twice is as once."""
    use = PhotoUse.objects.select_for_update().get(pk=use.pk)
    if use.ended_at is None:
        use.ended_at, use.ended_by = timezone.now(), by.user
        save_checked(use)
        audit.record(by=by, verb="took down", subject=use, patient=use.photo.patient)
    return use


def places_shown(patient: Patient) -> list[str]:
    """Where photos of a patient still are (one query)."""
    return sorted(set(PhotoUse.objects.of(patient).standing().values_list("place", flat=True)))
