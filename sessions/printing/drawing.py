"""One paper of a batch, drawn as it is at that moment: in the patient's language, in the clinic's time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from planning.board.sheet import day_sheet
from planning.models import Appointment
from planning.treatment_consent import wording_for
from sessions.documents.blanks import blank_record_of
from sessions.documents.catalogue import document_of
from sessions.documents.document import Document
from sessions.documents.issuing import drawn
from sessions.documents.visits import before_session_of
from sessions.models import TreatmentSession
from sessions.models.printing import PaperKind, PrintBatch, PrintPaper
from sessions.sheets import is_out_of_date, issue_care_sheet, issued_sheet
from smpclinic import storage
from smpclinic.actors import staff
from smpclinic.languages import patients_language
from smpclinic.models import ClinicProfile, Installation
from smpclinic.pdf import render_pdf


def draw(paper: PrintPaper) -> bytes:
    """The paper's PDF. Raises ``ValidationError`` or ``PdfFailed``, both in words."""
    clinic = ClinicProfile.current()
    with timezone.override(clinic.zone), translation.override(clinic.language):
        if paper.kind == PaperKind.DAY_SHEET:
            return _day_sheet(paper.batch, clinic)
        return DRAWN_BY[PaperKind(paper.kind)](visit_of(paper), paper.batch)


def visit_of(paper: PrintPaper) -> Appointment:
    """The visit a paper is about, as far as whoever started the batch may see it."""
    visible = Appointment.objects.visible_to(paper.batch.started_by).with_people()
    found = visible.filter(pk=paper.subject_id).first()
    if found is None:
        raise ValidationError(_("This visit is no longer there."))
    return found


def _day_sheet(batch: PrintBatch, clinic: ClinicProfile) -> bytes:
    found = day_sheet(batch.day, user=batch.started_by)
    visits = sum(len(part.lines) for part in found.parts)
    context = {"sheet": found, "visits": visits, "day": batch.day, "printed_at": timezone.localtime(), "clinic": clinic}
    return render_pdf("pdf/day_sheet.html", context)


def _care_sheet(visit: Appointment, batch: PrintBatch) -> bytes:
    session = TreatmentSession.objects.get(appointment=visit)
    document = issued_sheet(session)
    if document is None or is_out_of_date(session, document):
        document = issue_care_sheet(session, by=staff(batch.started_by))
    return storage.read(document.file, sha256=document.sha256)


def _before_session(visit: Appointment, batch: PrintBatch) -> bytes:
    return drawn(_of_visit("before_session", visit, before_session_of), visit.patient)


def _blank_record(visit: Appointment, batch: PrintBatch) -> bytes:
    return drawn(_of_visit("blank_record", visit, blank_record_of), visit.patient)


def _of_visit(code: str, visit: Appointment, build: Callable[[Appointment], dict[str, Any]]) -> Document:
    """A paper of the catalogue about this visit, whichever is the patient's next one."""
    document = document_of(code)
    if document is None:
        raise LookupError(f"no paper is called {code!r}")
    return replace(document, build=lambda _patient: build(visit))


def _agreement(visit: Appointment, batch: PrintBatch) -> bytes:
    """The consent to exactly the plan in force, to be signed with a pen."""
    version = visit.planned_session.plan.current_version if visit.planned_session else None
    if version is None:
        raise ValidationError(_("This visit has no plan to agree to."))
    clinic = ClinicProfile.current()
    context = {
        "wording": wording_for(version),
        "patient": visit.patient,
        "clinic": clinic,
        "is_demo": Installation.objects.filter(mode="demo").exists(),
        "large": visit.patient.large_print,
    }
    return render_pdf("pdf/agreement.html", context, language=patients_language(visit.patient.language, clinic))


DRAWN_BY: dict[PaperKind, Callable[[Appointment, PrintBatch], bytes]] = {
    PaperKind.BEFORE_SESSION: _before_session,
    PaperKind.AGREEMENT: _agreement,
    PaperKind.BLANK_RECORD: _blank_record,
    PaperKind.CARE_SHEET: _care_sheet,
}
