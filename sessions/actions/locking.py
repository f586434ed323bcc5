"""Read a record again under the write lock before it is changed, and refuse what was changed meanwhile."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import PlannedSession
from sessions.models import TreatmentSession
from smpclinic.database.holding import hold


class ChangedMeanwhile(ValidationError):
    """Somebody else changed what this person was looking at; the messages name each difference."""


def open_record(session: TreatmentSession) -> TreatmentSession:
    """The record as it is now, locked; a signed one is refused in words."""
    found = whole_record(session)
    if found.is_signed:
        raise ValidationError(_("This record is signed. Add an amendment beside it."))
    return found


def whole_record(session: TreatmentSession) -> TreatmentSession:
    """The record with its visit and patient, locked; plan, room and people are read where they are needed."""
    hold(TreatmentSession.objects.filter(pk=session.pk))
    return TreatmentSession.objects.select_related("appointment__patient").get(pk=session.pk)


def planned_of(session: TreatmentSession) -> PlannedSession:
    """The planned session of a record: the database lets no record's visit be without one."""
    planned = session.appointment.planned_session
    if planned is None:
        raise ValueError(f"record {session.public_id} is of a visit without a planned session")
    return planned


def seen_values(row: models.Model, names: list[str]) -> dict[str, str]:
    """What a form shows of a row, as texts that come back with it: the proof of what the person looked at."""
    return {name: as_text(getattr(row, name)) for name in names}


def refuse_stale(row: models.Model, seen: Mapping[str, str] | None) -> None:
    """Raise ``ChangedMeanwhile`` where the row is no longer what the person saw; no ``seen`` asks nothing."""
    changed = [
        _("%(field)s was changed meanwhile: it was %(seen)s, it is %(now)s.")
        % {"field": _name(row, name), "seen": was or _("empty"), "now": as_text(getattr(row, name)) or _("empty")}
        for name, was in (seen or {}).items()
        if as_text(getattr(row, name)) != was
    ]
    if changed:
        raise ChangedMeanwhile(changed)


def _name(row: models.Model, name: str) -> str:
    words = str(getattr(row._meta.get_field(name), "verbose_name", name))
    return words[:1].upper() + words[1:]


def as_text(value: object) -> str:
    """A value as a person compares it; a moment by its minute on the clinic's clock."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%H:%M}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
