"""Write down who did what. Call it inside the transaction that does it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from smpclinic.actors import Actor, staff
from smpclinic.limits import address_of
from smpclinic.models import AccessEntry, AuditEntry, AuditValue


def record(
    *,
    by: Actor,
    verb: str,
    subject: Any,
    patient: Any = None,
    changed: Mapping[str, tuple[object, object]] | None = None,
    **details: object,
) -> AuditEntry:
    """Append one entry.

    ``changed`` maps a field's name to its value before and after: the names go into the entry, the values into rows
    that lawful erasure may empty. ``details`` must hold nothing personal.
    """
    changed = changed or {}
    entry = AuditEntry(
        at=timezone.now(),
        actor_kind=by.kind,
        actor_user=by.user,
        actor_label=by.label,
        verb=verb,
        subject_type=subject._meta.label,
        subject_id=str(getattr(subject, "public_id", subject.pk)),
        patient_id=patient.public_id if patient is not None else None,
        fields=sorted(changed),
        details=details,
    )
    entry.save(force_insert=True)
    AuditValue.objects.bulk_create(
        AuditValue(entry=entry, field=field, before=_text(before), after=_text(after))
        for field, (before, after) in changed.items()
    )
    return entry


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """The fields that differ, with both values."""
    return {field: (before.get(field), value) for field, value in after.items() if before.get(field) != value}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def note_read(request, *, patient, what: str, subject_id: str = "", by: Actor | None = None) -> None:
    """Append to the access log that this page about one patient was read.

    When the log cannot be written the page still opens: treatment goes on, and the read goes to a file that is
    merged later (smpclinic.access_backlog). Exports and photos call ``note_read_or_refuse``. ``by`` is who reads,
    where it is not the signed-in member of staff.
    """
    from smpclinic import access_backlog

    try:
        with transaction.atomic():
            _access_entry(request, patient, what, subject_id, by).save(force_insert=True)
    except DatabaseError:
        access_backlog.keep(_access_entry(request, patient, what, subject_id, by))


def note_read_or_refuse(request, *, patient, what: str, subject_id: str = "", by: Actor | None = None) -> None:
    """As ``note_read``, but a read that cannot be logged is not allowed: the error goes up."""
    _access_entry(request, patient, what, subject_id, by).save(force_insert=True)


def note_reads_or_refuse(request, *, patients: Iterable[Any], what: str, subject_id: str = "") -> None:
    """As ``note_read_or_refuse`` for a list about several patients that tells more than that they are patients."""
    AccessEntry.objects.bulk_create(_access_entry(request, patient, what, subject_id, None) for patient in patients)


def _access_entry(request, patient, what: str, subject_id: str, by: Actor | None) -> AccessEntry:
    by = by or staff(request.user)
    return AccessEntry(
        at=timezone.now(),
        actor_kind=by.kind,
        actor_user=by.user,
        actor_label=by.label,
        patient_id=patient.public_id,
        what=what,
        subject_id=subject_id,
        address=address_of(request) or None,
    )
