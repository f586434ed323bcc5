"""Photos of a visit: kept in the patient's record, and noted with the session and its moment."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions import add_photo
from intake.dates import in_words
from planning.models import HealedPhoto, ShadeStep
from sessions.actions.locking import open_record, whole_record
from sessions.models import SessionPhoto, TreatmentSession
from sessions.treated import darkest_steps, find_zone, zones_of
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked

Moment = SessionPhoto.Moment
HEALED_AFTER_DAYS = 10  # scabs are off and the skin is closed (aftercare, days 5 to 10)


@transaction.atomic
def add_session_photo(*, session: TreatmentSession, moment: str, view: str, upload: Any, by: Actor) -> SessionPhoto:
    """Keep a photo taken before or after the work, or of the healed result. The same picture twice is kept once.

    Only a healed photo may join a signed record. ValidationError where the patient wants no photos, or in words for
    a file that is no photo.
    """
    session = whole_record(session) if moment == Moment.HEALED else open_record(session)
    photo = add_photo(patient=session.patient, view=view, upload=upload, by=by)
    for same in SessionPhoto.objects.filter(photo=photo):
        if same.session_id != session.pk:
            raise ValidationError({"file": _("This photo belongs to another session already.")})
        return same
    row = SessionPhoto(session=session, photo=photo, moment=moment)
    save_checked(row)
    audit.record(by=by, verb="photographed session", subject=session, patient=session.patient, moment=moment, view=view)
    return row


@transaction.atomic
def add_healed_photo(
    *, session: TreatmentSession, zone: str, view: str, upload: Any, by: Actor, shade_step: ShadeStep | None = None
) -> HealedPhoto:
    """Keep a photo of healed work and show it, nameless, beside the step of the ladder that was used in the zone.

    ``shade_step``: where it is known better than the record says. ValidationError by field: before the skin is healed,
    for a zone that was not worked, where no step is known, where the patient wants no photos.
    """
    session = whole_record(session)
    passes = list(session.passes.select_related("mix__shade_step"))
    if problems := _problems_with_healed(session, zone, {each.zone for each in passes}):
        raise ValidationError(problems)
    step = shade_step or darkest_steps(passes).get(zone) or _planned_step(session, zone)
    if step is None:
        raise ValidationError({"shade_step": _("No step is recorded for this zone. Choose the one used.")})
    row = add_session_photo(session=session, moment=Moment.HEALED, view=view, upload=upload, by=by)
    seen = session.patient.hair.exclude(skin_type="").first()
    healed, _made = HealedPhoto.objects.get_or_create(
        photo=row.photo,
        defaults={
            "shade_step": step,
            "zone": zone,
            "skin_type": seen.skin_type if seen else "",
            "healed_days": (timezone.localdate() - session.appointment.day).days,
        },
    )
    audit.record(by=by, verb="showed healed photo", subject=healed, patient=session.patient, step=step.number)
    return healed


def _problems_with_healed(session: TreatmentSession, zone: str, worked: set[str]) -> dict[str, str]:
    healed_on = session.appointment.day + timedelta(days=HEALED_AFTER_DAYS)
    if not session.is_signed:
        return {"zone": _("Sign the session first: healed photos belong to a signed record.")}
    if zone not in worked:
        return {"zone": _("Choose a zone that was treated in this session.")}
    if timezone.localdate() < healed_on:
        words = _("Skin is judged as healed from day %(days)s: on %(day)s at the earliest.")
        return {"file": words % {"days": HEALED_AFTER_DAYS, "day": in_words(healed_on)}}
    return {}


def _planned_step(session: TreatmentSession, zone: str) -> ShadeStep | None:
    planned = find_zone(zones_of(session.appointment), zone)
    return planned.shade_step if planned else None
