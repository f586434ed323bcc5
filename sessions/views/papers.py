"""What the patient takes home from a session: the care sheet, as issued and printed again byte for byte."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from intake.own_session import language_of
from sessions import sheets
from sessions.record_paper import TEMPLATE, record_paper
from sessions.sheets import paper_of_clinic
from sessions.views.finding import visible_session
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.pdf import PdfFailed, PdfImpossible, render_pdf
from smpclinic.roles import Permission, requires

NOT_YET = 409
CANNOT = 503


@require_GET
@requires(Permission.PRINT_PAPERS)
def papers(request, session_id):
    """The papers of one session: print, and issue again where what they say has changed."""
    session = visible_session(request, session_id)
    audit.note_read(request, patient=session.patient, what="papers of a session", subject_id=str(session.public_id))
    return _page(request, session)


@require_GET
@requires(Permission.PRINT_PAPERS)
def care_sheet(request, session_id):
    """The sheet as it was issued, byte for byte; where none was issued, the page that offers to make it."""
    session = visible_session(request, session_id)
    document = sheets.issued_sheet(session)
    if document is None:
        problem = "" if session.is_signed else _("Sign the record first: the sheet says what was done.")
        return _page(request, session, problem=problem, status=NOT_YET)
    audit.note_read_or_refuse(request, patient=session.patient, what="care sheet", subject_id=str(session.public_id))
    return _bytes(session, document)


@require_POST
@requires(Permission.PRINT_PAPERS)
def new_care_sheet(request, session_id):
    """Issue the sheet, or issue it anew where a next session or the print size has changed; the old one is kept."""
    session = visible_session(request, session_id)
    document = sheets.issued_sheet(session)
    if document is None or sheets.is_out_of_date(session, document):
        refusal = _issue(request, session)
        if refusal is not None:
            return refusal
        messages.success(request, _("The care sheet is ready to print."))
    return redirect("sessions:papers", session.public_id)


@require_GET
@requires(Permission.PRINT_PAPERS)
def care_sheet_page(request, session_id):
    """The same sheet for the browser's own print, where no PDF can be made."""
    session = visible_session(request, session_id)
    if not session.is_signed:
        return _page(
            request, session, problem=_("Sign the record first: the sheet says what was done."), status=NOT_YET
        )
    audit.note_read_or_refuse(request, patient=session.patient, what="care sheet", subject_id=str(session.public_id))
    with override(language_of(session.patient)):
        return render(request, sheets.TEMPLATE, sheets.sheet_of(session) | {"on_screen": True})


@require_GET
@requires(Permission.SEE_HEALTH)
def record_pdf(request, session_id):
    """The signed record on paper, with its seal and the head of the chain."""
    session = visible_session(request, session_id)
    if not session.is_signed:
        return _page(request, session, problem=_("Sign the record first."), status=NOT_YET)
    audit.note_read_or_refuse(
        request, patient=session.patient, what="record on paper", subject_id=str(session.public_id)
    )
    try:
        content = render_pdf(TEMPLATE, record_paper(session), paper=paper_of_clinic())
    except (PdfFailed, PdfImpossible) as failure:
        return _page(request, session, problem=str(failure), status=CANNOT)
    return _pdf(content, f"record-{session.patient.record_number}-{session.appointment.day:%Y-%m-%d}.pdf")


def _issue(request, session) -> HttpResponse | None:
    """Issue the sheet; a page that says in words why it cannot be, else None."""
    try:
        sheets.issue_care_sheet(session, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, session, problem=" ".join(refusal.messages), status=NOT_YET)
    except (PdfFailed, PdfImpossible) as failure:
        return _page(request, session, problem=str(failure), status=CANNOT)
    return None


def _bytes(session, document) -> HttpResponse:
    content = storage.read(document.file, sha256=document.sha256)
    return _pdf(content, f"care-sheet-{session.patient.record_number}-{session.appointment.day:%Y-%m-%d}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _page(request, session, *, problem="", status=200):
    document = sheets.issued_sheet(session)
    context = {
        "session": session,
        "patient": session.patient,
        "document": document,
        "out_of_date": document is not None and sheets.is_out_of_date(session, document),
        "problem": problem,
    }
    return render(request, "sessions/papers.html", context, status=status)
