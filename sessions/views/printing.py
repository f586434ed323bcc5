"""Printing together: what a day needs, today's care sheets; progress, stop, one file or single ones."""

from datetime import timedelta
from functools import wraps

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planning.models import Appointment
from sessions.actions.printing import cancel_batch, print_again, start_batch
from sessions.models import TreatmentSession
from sessions.models.printing import BatchKind, PaperKind, PaperState, PrintBatch, PrintPaper
from sessions.printing.choosing import CARE_SHEET_READ, sheets_not_printed
from sessions.printing.together import merged, zipped
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

SHOWN_BEFORE = 10
REFUSED = 409


class DayForm(forms.Form):
    """The day whose papers are printed."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def own_batch(view):
    """A batch is for who started it, as it holds what that person may see; anybody else is led to their own."""

    @wraps(view)
    def led(request, batch_id):
        found = PrintBatch.objects.filter(public_id=batch_id, started_by=request.user).first()
        return redirect("sessions:printing") if found is None else view(request, found)

    return led


@require_http_methods(["GET", "POST"])
@requires(Permission.PRINT_PAPERS)
def printing(request):
    """Start a batch; the ones of the last two days stand below."""
    today = timezone.localdate()
    asked = request.method == "POST"
    form = DayForm(request.POST if asked else None, initial={"day": today + timedelta(days=1)})
    problems, status = [], 200
    if asked and request.POST.get("kind") in BatchKind.values and form.is_valid():
        try:
            batch = start_batch(kind=request.POST["kind"], day=form.cleaned_data["day"], by=staff(request.user))
        except ValidationError as refusal:
            problems, status = refusal.messages, REFUSED
        else:
            return redirect("sessions:batch", batch.public_id)
    context = {
        "form": form,
        "problems": problems,
        "today": today,
        "unprinted": len(sheets_not_printed(today, request.user)),
        "batches": PrintBatch.objects.filter(started_by=request.user)[:SHOWN_BEFORE],
    }
    return render(request, "sessions/printing.html", context, status=status)


@require_GET
@requires(Permission.PRINT_PAPERS)
@own_batch
def batch(request, found):
    """How far a batch is; htmx asks again until it is done."""
    name = "sessions/partials/batch.html" if request.htmx else "sessions/batch.html"
    return render(request, name, _context(found))


@require_POST
@requires(Permission.PRINT_PAPERS)
@own_batch
def stop_batch(request, found):
    cancel_batch(batch=found, by=staff(request.user))
    return redirect("sessions:batch", found.public_id)


@require_POST
@requires(Permission.PRINT_PAPERS)
@own_batch
def again(request, found):
    """Draw what failed or was stopped."""
    if not print_again(batch=found, by=staff(request.user)):
        messages.success(request, _("Every paper is made already."))
    return redirect("sessions:batch", found.public_id)


@require_GET
@requires(Permission.PRINT_PAPERS)
@own_batch
def batch_pdf(request, found):
    """Every paper that is done, in one file that opens the print dialog."""
    papers = _done(request, found)
    if not papers:
        return redirect("sessions:batch", found.public_id)
    return _file(merged(papers), "application/pdf", "inline", f"{found.kind}-{found.day:%Y-%m-%d}.pdf")


@require_GET
@requires(Permission.PRINT_PAPERS)
@own_batch
def batch_zip(request, found):
    """The same as single files."""
    papers = _done(request, found)
    if not papers:
        return redirect("sessions:batch", found.public_id)
    return _file(zipped(papers), "application/zip", "attachment", f"{found.kind}-{found.day:%Y-%m-%d}.zip")


def _context(found: PrintBatch) -> dict:
    papers = list(found.papers.all())
    counted = {state: sum(paper.state == state for paper in papers) for state in PaperState.values}
    open_papers = counted[PaperState.WAITING]
    return {
        "batch": found,
        "papers": papers,
        "done": counted[PaperState.DONE],
        "failed": [paper for paper in papers if paper.state == PaperState.FAILED],
        "total": len(papers),
        "runs": bool(open_papers) and found.cancelled_at is None,
        "stopped": bool(open_papers) and found.cancelled_at is not None,
    }


def _done(request, found) -> list[PrintPaper]:
    """The papers that are done, each noted in the access log before a byte leaves."""
    papers = list(found.papers.filter(state=PaperState.DONE))
    keys = {paper.subject_id for paper in papers if paper.subject_id}
    visits = Appointment.objects.visible_to(request.user).with_people().in_bulk(keys)
    sessions = {row.appointment_id: row for row in TreatmentSession.objects.filter(appointment__in=keys)}
    for paper in papers:
        visit = visits.get(paper.subject_id)
        if paper.subject_id and visit is None:
            raise Http404
        if visit:
            is_care = paper.kind == PaperKind.CARE_SHEET
            subject = sessions[visit.pk] if is_care else visit
            what = CARE_SHEET_READ if is_care else f"printed: {paper.kind}"
            audit.note_read_or_refuse(request, patient=visit.patient, what=what, subject_id=str(subject.public_id))
    return papers


def _file(content: bytes, kind: str, disposition: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
