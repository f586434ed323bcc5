"""Papers of the time before a plan: the letter to a doctor, the note of a patch test. Kept as issued."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from intake.models import DoctorLetter, IssuedDocument, PatchTest, Patient, ScreeningRule
from smpclinic import audit, storage
from smpclinic.actors import Actor
from smpclinic.letterhead import letterhead
from smpclinic.local_dates import date_format
from smpclinic.marks import filled_by_paragraph
from smpclinic.models import ClinicProfile, Text
from smpclinic.pdf import render_pdf
from smpclinic.saving import save_checked

LETTER, LETTER_TEMPLATE = "doctor_letter_request", "pdf/doctor_letter.html"
PATCH_NOTE, PATCH_NOTE_TEMPLATE = "patch_test_note", "pdf/patch_test_note.html"


def issue_letter(letters: Sequence[DoctorLetter], *, by: Actor) -> IssuedDocument:
    """Draw one paper that asks a doctor about everything in ``letters`` (of one patient), and keep it as issued.

    Raises ``PdfFailed`` in words where it cannot be drawn; what was asked for stays asked for.
    """
    patient, context = letters[0].patient, letter_context(letters)
    # Drawn before the transaction: nobody waits for the write lock while a paper is made.
    content = render_pdf(LETTER_TEMPLATE, context, language=patient.language, paper=_paper())
    with transaction.atomic():
        document = _keep(patient, LETTER, _("Letter to the doctor"), content, context["text"], by)
        for letter in letters:
            letter.request = document
            letter.save(update_fields=["request"])
    return document


def issue_patch_test_note(test: PatchTest, *, by: Actor) -> IssuedDocument:
    """Draw what the patient takes home after a patch test, and keep it as issued. Twice the same is kept once."""
    patient, context = test.patient, patch_note_context(test)
    content = render_pdf(PATCH_NOTE_TEMPLATE, context, language=patient.language, paper=_paper())
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        for same in patient.documents.filter(kind=PATCH_NOTE, sha256=digest)[:1]:
            return same
        return _keep(patient, PATCH_NOTE, _("Patch test"), content, context["text"], by)


def letter_context(letters: Sequence[DoctorLetter]) -> dict[str, Any]:
    """What the letter says: the clinic's text, what is asked about by its short name, and an answer to tear off."""
    patient = letters[0].patient
    titles = dict(ScreeningRule.objects.values_list("code", "title"))
    with override(patient.language):
        asked_on = date_format(timezone.localtime(min(letter.requested_at for letter in letters)), "j F Y")
    return _common(patient, "letter.doctor_request", {}) | {
        "asked_about": [titles.get(letter.rule, letter.rule) for letter in letters],
        "doctor": letters[0].doctor,
        "asked_on": asked_on,
    }


def patch_note_context(test: PatchTest) -> dict[str, Any]:
    patient = test.patient
    with override(patient.language):
        placed = date_format(timezone.localtime(test.placed_at), "l j F Y, H:i")
        read_from = date_format(timezone.localtime(test.read_from), "l j F Y, H:i")
    return _common(patient, "note.patch_test", {"read_from": read_from}) | {
        "test": test,
        "placed": placed,
        "read_from": read_from,
    }


def _common(patient: Patient, key: str, marks: dict[str, str]) -> dict[str, Any]:
    text = Text.objects.in_force(key, language=patient.language)
    if text is None:
        raise ValidationError(_("The clinic has no approved text for this paper. Ask a manager to approve one."))
    clinic = ClinicProfile.current()
    return {
        "patient": patient,
        **letterhead(clinic),
        "large": patient.large_print,
        "text": text,
        "words": filled_by_paragraph(text.body, marks | {"clinic": clinic.name, "phone": clinic.phone}),
    }


def _keep(patient: Patient, kind: str, title: str, content: bytes, text: Text, by: Actor) -> IssuedDocument:
    stored = storage.store(content, folder="documents", suffix="pdf")
    document = IssuedDocument(
        patient=patient,
        kind=kind,
        title=title,
        file=stored.name,
        sha256=stored.sha256,
        text_versions=[f"{text.key}:{text.language}:{text.version}"],
        issued_at=timezone.now(),
        issued_by=by.user,
    )
    save_checked(document)
    audit.record(by=by, verb="issued", subject=document, patient=patient, kind=kind)
    return document


def _paper() -> str:
    return {"letter": "Letter"}.get(ClinicProfile.current().paper, "A4")
