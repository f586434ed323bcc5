"""Whether signed sessions and what stands beside them still are what was sealed, photos and consents included."""

import hashlib
import json

from intake.models import Consent, Photo
from sessions.content import session_content
from sessions.models import Amendment, TreatmentSession
from smpclinic import chain, storage
from smpclinic.models import AuditEntry, SealedRecord
from smpclinic.seal_check import first_difference

# Looked up elsewhere when it was sealed: people, rooms and lots may be called something else by now, a plan may have a
# newer version, a merged patient another record. Photos and consents are compared one by one.
MAY_CHANGE = {
    *("patient", "practitioner name", "visit room", "plan version", "health asked_by", "overrides by"),
    *("lots lot", "mixes components of", "mixes lots lot", "photos", "consents"),
}


def problem_with_session(row: SealedRecord) -> str:
    """What differs between a signed session and its seal, in words; empty where nothing does."""
    session = TreatmentSession.objects.filter(public_id=row.subject_id).first()
    if session is None:
        return "the signed session is gone"
    name = f"session of {session.appointment.day} of record {session.patient.record_number}"
    if session.sealed_id != row.pk or session.signed_at is None:
        return f"the {name} no longer carries its signature"
    told = json.loads(row.content)
    if "format" not in told:
        return ""  # sealed before records had a format: its content is not the record's
    if told["patient"]["id"] not in map(str, session.patient.public_ids()):
        return f"the {name} was signed for another patient"
    if session.signed_at != row.sealed_at or str(session.signed_by.public_id) != told["practitioner"]["id"]:
        return f"the {name}: who signed and when is not what was signed"
    live = json.loads(chain.canonical(session_content(session)))
    found = first_difference(told, live, may_change=MAY_CHANGE)
    found = found or _photo_problem(session, told["photos"]) or _consent_problem(told.get("consents", []))
    return f"the {name}: {found} is not what was signed" if found else ""


def _photo_problem(session: TreatmentSession, told: list[dict]) -> str:
    """The first photo that was signed and is not there, or whose file is not the one that was signed."""
    rows = {str(row.photo.public_id): row for row in session.photos.select_related("photo")}
    for number, signed in enumerate(told, start=1):
        row = rows.get(signed["id"])
        if row is None or (row.moment, row.photo.sha256) != (signed["moment"], signed["sha256"]):
            return f"photo {number}"
        if not _is_whole(row.photo, signed["sha256"]):
            return f"the file of photo {number}"
    return ""


def _is_whole(photo: Photo, sha256: str) -> bool:
    try:
        storage.read(photo.file, sha256=sha256)
    except storage.FileDamaged:
        return False
    return True


def _consent_problem(told: list[dict]) -> str:
    rows = {str(row.public_id): row for row in Consent.objects.filter(public_id__in=[each["id"] for each in told])}
    for signed in told:
        row = rows.get(signed["id"])
        if row is None or hashlib.sha256(row.exact_text.encode()).hexdigest() != signed["text_sha256"]:
            return f"the text of the consent ({signed['kind']})"
    return ""


def problem_with_amendment(row: SealedRecord) -> str:
    """What differs between an amendment, or the mark of a void record, and its seal."""
    amendment = Amendment.objects.filter(public_id=row.subject_id).select_related("session").first()
    if amendment is None or amendment.sealed_id != row.pk:
        return "the amendment is gone"
    live = {
        "session": str(amendment.session.public_id),
        "kind": amendment.kind,
        "field": amendment.field,
        "text": amendment.text,
        "reason": amendment.reason,
        "by": amendment.actor_label,
        "at": amendment.at.isoformat(),
    }
    found = first_difference(json.loads(row.content), json.loads(chain.canonical(live)))
    return f"the amendment of {amendment.at:%Y-%m-%d %H:%M}: {found} is not what was written" if found else ""


def missing_seals() -> list[str]:
    """Signatures that the trail remembers and the chain does not hold: its newest records were cut off."""
    known = set(SealedRecord.objects.values_list("mac", flat=True))
    signed = AuditEntry.objects.filter(details__has_key="seal").order_by("id")
    return [
        f"what {who} {verb} on {at:%Y-%m-%d %H:%M} is missing from the chain"
        for at, who, verb, details in signed.values_list("at", "actor_label", "verb", "details").iterator()
        if details["seal"] not in known
    ]


def foreign_seals() -> list[str]:
    """Signed sessions that carry the seal of another record."""
    rows = TreatmentSession.objects.filter(sealed__isnull=False).values_list(
        "public_id", "sealed__subject_id", "sealed_id"
    )
    return [f"sealed record {key} belongs to another session" for own, told, key in rows.iterator() if own != told]
