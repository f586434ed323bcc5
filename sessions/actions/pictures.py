"""Photos of a visit: kept in the patient's record, and noted with the session and its moment."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from intake.actions import add_photo
from sessions.actions.locking import open_record, whole_record
from sessions.models import SessionPhoto, TreatmentSession
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked

Moment = SessionPhoto.Moment


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
