"""Draw a paper, and keep what a patient takes home as it was issued."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from intake.models import IssuedDocument, Patient
from sessions.documents.document import Document, Reader
from smpclinic import audit, storage
from smpclinic.actors import Actor
from smpclinic.languages import patients_language
from smpclinic.letterhead import letterhead, sheet_of
from smpclinic.models import ClinicProfile
from smpclinic.pdf import render_pdf
from smpclinic.saving import save_checked


def drawn(document: Document, patient: Patient | None) -> bytes:
    """The paper as it is now. Raises ``NotYet``, or ``PdfFailed`` in words."""
    clinic = ClinicProfile.current()
    with spoken_to(document, patient, clinic) as language:
        return render_pdf(document.template, context_of(document, patient), language=language, paper=sheet_of(clinic))


def context_of(document: Document, patient: Patient | None) -> dict[str, Any]:
    """Everything the template shows; ``large`` where the patient who holds it asked for large print."""
    is_theirs = patient is not None and document.reader is Reader.PATIENT
    return {
        "patient": patient,
        "large": is_theirs and patient.large_print,
        **letterhead(),
        **document.build(patient),
    }


@contextmanager
def spoken_to(document: Document, patient: Patient | None, clinic: ClinicProfile) -> Iterator[str]:
    """Within, words and times are those of whoever holds the paper, in the clinic's zone; gives the language."""
    language = translation.get_language() or clinic.language
    if patient is not None and document.reader is Reader.PATIENT:
        language = patients_language(patient.language, clinic)
    with translation.override(language), timezone.override(clinic.zone):
        yield language


def issue_document(*, document: Document, patient: Patient, by: Actor) -> IssuedDocument:
    """The paper as issued: a new one, or the one before where not a byte has changed since."""
    # Drawn before the transaction: nobody waits for the write lock while a paper is made.
    content = drawn(document, patient)
    stored = storage.store(content, folder="documents", suffix="pdf")
    with transaction.atomic():
        before = patient.documents.filter(kind=document.code).first()
        if before is not None and before.sha256 == stored.sha256:
            return before
        issued = IssuedDocument(
            patient=patient,
            kind=document.code,
            title=str(document.name),
            file=stored.name,
            sha256=stored.sha256,
            text_versions=[f"paper:{document.code}"],
            issued_at=timezone.now(),
            issued_by=by.user,
        )
        save_checked(issued)
        audit.record(by=by, verb="issued", subject=issued, patient=patient, kind=document.code)
    return issued
