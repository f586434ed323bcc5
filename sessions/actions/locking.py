"""Read a record again under the write lock before it is changed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions.models import TreatmentSession


def open_record(session: TreatmentSession) -> TreatmentSession:
    """The record as it is now, locked; a signed one is refused in words."""
    found = whole_record(session)
    if found.is_signed:
        raise ValidationError(_("This record is signed. Add an amendment beside it."))
    return found


def whole_record(session: TreatmentSession) -> TreatmentSession:
    """The record with its visit, plan and people, locked."""
    return (
        TreatmentSession.objects.select_for_update(of=("self",))
        .select_related(
            "practitioner",
            "appointment__patient",
            "appointment__room",
            "appointment__planned_session__plan__current_version",
        )
        .get(pk=session.pk)
    )
