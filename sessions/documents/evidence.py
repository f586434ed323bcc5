"""The evidence pack: everything that was agreed, done and noted for one patient, in one paper with its contents."""

from base64 import b64encode
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Consent, Patient, Photo
from planning.models import TreatmentPlan
from planning.plan_page import page_of
from sessions.documents.signed import consent_copy
from sessions.models import AdverseEvent, OutcomeCheck, SessionPhoto, TreatmentSession
from sessions.result_page import event_words, result_words
from sessions.signed_page import signature_words
from sessions.summary import summary_of
from smpclinic import chain, storage
from smpclinic.limited.client import JobFailed
from smpclinic.local_dates import date_format
from smpclinic.models import AccessEntry, AuditEntry
from smpclinic.photos import small_jpeg

PHOTO_SIDE_PX = 600
MOST_PHOTOS, MOST_ENTRIES = 48, 800


def evidence_of(patient: Patient) -> dict[str, Any]:
    """Plans, consents, records with amendments, mixes, photos and the trail; what does not fit is said."""
    everyone, moments = Patient.objects.of(patient), _moments(patient)
    photos = list(Photo.objects.filter(patient__in=everyone).order_by("taken_at", "id"))
    changes = AuditEntry.objects.about(patient).order_by("pk")
    reads = AccessEntry.objects.about(patient).order_by("pk")
    return {
        "plans": [_plan(version) for version in _versions(everyone)],
        "consents": [consent_copy(row) for row in _consents(everyone)],
        "records": [_record(session) for session in _sessions(patient)],
        "results": [result_words(row) for row in _results(everyone)],
        "events": [event_words(row) for row in _events(everyone)],
        "photos": [_photo(photo, moments) for photo in photos[-MOST_PHOTOS:]],
        "photos_left_out": max(0, len(photos) - MOST_PHOTOS),
        "changes": [_entry(row) for row in changes.reverse()[:MOST_ENTRIES]],
        "changes_left_out": max(0, changes.count() - MOST_ENTRIES),
        "reads": [_read(row) for row in reads.reverse()[:MOST_ENTRIES]],
        "reads_left_out": max(0, reads.count() - MOST_ENTRIES),
        "chain_head": chain.head(),
        "chain_problems": chain.problems(),
        "printed": date_format(timezone.localtime(), "j F Y, H:i"),
    }


def _versions(everyone):
    for plan in TreatmentPlan.objects.filter(patient__in=everyone).order_by("id"):
        yield from plan.versions.filter(approved_at__isnull=False).select_related("plan", "sealed").order_by("number")


def _consents(everyone):
    return Consent.objects.filter(patient__in=everyone).select_related("text", "witness").order_by("at", "id")


def _sessions(patient: Patient):
    """Every signed record, voided ones too: they stay readable."""
    signed = TreatmentSession.objects.of(patient).filter(signed_at__isnull=False)
    return signed.select_related(
        "practitioner",
        "signed_by",
        "sealed",
        "appointment__room",
        "appointment__planned_session__plan__current_version",
    ).order_by("appointment__starts_min")


def _results(everyone):
    """Every judgement of a healed result, replaced ones too."""
    rows = OutcomeCheck.objects.filter(plan__patient__in=everyone)
    return rows.select_related("noted_by").order_by("seen_on", "id")


def _events(everyone):
    rows = AdverseEvent.objects.filter(patient__in=everyone).select_related("closed_by")
    return rows.prefetch_related("steps").order_by("noticed_on", "id")


def _plan(version) -> dict[str, Any]:
    return page_of(version) | {
        "plan": version.plan,
        "approved": _at(version.approved_at),
        "approved_by": str(version.approved_by),
        "seal": version.sealed.content_hash if version.sealed else "",
    }


def _record(session: TreatmentSession) -> dict[str, Any]:
    return {
        "title": session.appointment.title,
        "day": date_format(session.appointment.day, "j F Y"),
        "summary": summary_of(session),
        "signature": signature_words(session),
        "seal": session.sealed.content_hash if session.sealed else "",
        "amendments": [
            {
                "kind": row.get_kind_display(),
                "field": row.field,
                "text": row.text,
                "reason": row.reason,
                "who": row.actor_label,
                "at": _at(row.at),
            }
            for row in session.amendments.order_by("at", "id")
        ],
    }


def _moments(patient: Patient) -> dict[int, str]:
    rows = SessionPhoto.objects.filter(session__in=TreatmentSession.objects.of(patient))
    return {row.photo_id: str(row.get_moment_display()) for row in rows}


def _photo(photo: Photo, moments: dict[int, str]) -> dict[str, str]:
    """One photo made small for the page; where its file is gone or damaged, that stands in its place."""
    words = [moments.get(photo.pk, ""), str(photo.get_view_display()), _at(photo.taken_at)]
    told = {"words": ", ".join(filter(None, words)), "sha256": photo.sha256}
    try:
        jpeg = small_jpeg(storage.read(photo.file, sha256=photo.sha256), longest_side_px=PHOTO_SIDE_PX)
    except storage.FileDamaged:
        return told | {"gone": _("The file of this photo is missing or damaged.")}
    except JobFailed:
        return told | {"gone": _("This photo could not be drawn.")}
    return told | {"picture": "data:image/jpeg;base64," + b64encode(jpeg).decode("ascii")}


def _entry(row: AuditEntry) -> dict[str, str]:
    return {"at": _at(row.at), "who": row.actor_label, "what": row.verb, "fields": ", ".join(row.fields or ())}


def _read(row: AccessEntry) -> dict[str, str]:
    return {"at": _at(row.at), "who": row.actor_label, "what": row.what}


def _at(moment) -> str:
    return date_format(timezone.localtime(moment), "j M Y, H:i") if moment else ""
