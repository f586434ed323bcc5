"""Every paper about one patient on one page, printed with one press; what is taken home is kept as issued."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from intake.views.finding import visible_patient
from sessions.documents.catalogue import document_of, printable_by
from sessions.documents.document import NotYet
from sessions.documents.issuing import context_of, drawn, issue_document, spoken_to
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.pdf import PdfFailed, PdfImpossible
from smpclinic.roles import Permission, requires

NOT_YET = 409
CANNOT = 503


@require_GET
@requires(Permission.PRINT_PAPERS)
def documents(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="documents")
    return _page(request, patient)


@require_GET
@requires(Permission.PRINT_PAPERS)
def document_pdf(request, patient_id, document_code):
    """A paper drawn now, for the screen or the printer; nothing is kept."""
    patient, document = _asked(request, patient_id, document_code)
    audit.note_read_or_refuse(request, patient=patient, what=f"paper: {document.code}")
    return _answered(request, patient, document, lambda: _pdf(drawn(document, patient), document, patient))


@require_GET
@requires(Permission.PRINT_PAPERS)
def document_page(request, patient_id, document_code):
    """The same as a page, for the browser's own print where no PDF can be made."""
    patient, document = _asked(request, patient_id, document_code)
    audit.note_read_or_refuse(request, patient=patient, what=f"paper: {document.code}")
    return _answered(request, patient, document, lambda: _html(request, document, patient))


@require_POST
@requires(Permission.PRINT_PAPERS)
def issue(request, patient_id, document_code):
    """Keep the paper as it is handed over, and show exactly those bytes."""
    patient, document = _asked(request, patient_id, document_code)
    if not document.is_kept:
        return redirect("sessions:document_pdf", patient.public_id, document.code)

    def issued():
        row = issue_document(document=document, patient=patient, by=staff(request.user))
        return redirect("intake:document", row.public_id)

    return _answered(request, patient, document, issued)


def _asked(request, patient_id, document_code):
    """The patient and the paper, where both exist and may be seen and printed by who asks."""
    patient = visible_patient(request, patient_id)
    document = document_of(document_code)
    if document is None or document not in printable_by(request.user):
        raise Http404
    return patient, document


def _answered(request, patient, document, answer) -> HttpResponse:
    """The answer, else the page of papers with what is missing in words."""
    try:
        return answer()
    except NotYet as missing:
        return _page(request, patient, problem=" ".join(missing.messages), status=NOT_YET)
    except PdfFailed as failure:
        by_browser = document if isinstance(failure, PdfImpossible) else None
        return _page(request, patient, problem=str(failure), by_browser=by_browser, status=CANNOT)


def _pdf(content: bytes, document, patient) -> HttpResponse:
    name = f"{document.code.replace('_', '-')}-{patient.record_number}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _html(request, document, patient) -> HttpResponse:
    with spoken_to(document, patient, request.clinic):
        return render(request, document.template, context_of(document, patient))


def _page(request, patient, *, problem="", by_browser=None, status=200):
    context = {
        "patient": patient,
        "papers": printable_by(request.user),
        "issued": patient.documents.select_related("issued_by"),
        "problem": problem,
        "by_browser": by_browser,
    }
    return render(request, "sessions/documents.html", context, status=status)
