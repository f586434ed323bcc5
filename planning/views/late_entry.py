"""Past visits that are entered afterwards, and the scan of their paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from intake.forms.fields import add_refusal
from intake.views.finding import visible_patient
from planning.actions.late_entry import enter_past_visit
from planning.clashes import Clash
from planning.forms.late_entry import PastVisitForm
from planning.models import Appointment, LateEntry
from planning.views.appointment import visible_visit
from planning.views.booking import CLASH
from planning.wanted import wanted_for
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def past_visit(request, patient_id):
    """One that nobody had booked: on paper, or a patient who came unasked."""
    patient = visible_patient(request, patient_id)
    wanted = wanted_for(patient)
    form = PastVisitForm(*_sent(request), wanted=wanted, may_breach=_may_breach(request))
    if not form.is_valid():
        return _page(request, form, patient)
    chosen = next(each for each in wanted if each.code == form.cleaned_data["kind"])
    visit = Appointment(kind=chosen.kind, patient=patient, planned_session=chosen.planned_session)
    return _entered(request, form, patient, visit)


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def took_place(request, appointment_id):
    """One that was booked, and of which nothing was recorded on the day."""
    visit = visible_visit(request, appointment_id)
    initial = {
        "day": visit.day,
        "at": visit.starts_at.time(),
        "until": visit.ends_at.time(),
        "practitioner": visit.practitioner_id,
        "room": visit.room_id,
    }
    form = PastVisitForm(*_sent(request), wanted=(), may_breach=_may_breach(request), initial=initial)
    if not form.is_valid():
        return _page(request, form, visit.patient, visit)
    return _entered(request, form, visit.patient, visit)


@require_GET
@requires(Permission.SEE_HEALTH)
def scan(request, appointment_id):
    """The paper, as a download: a stranger's PDF is not opened inside our pages."""
    visit = visible_visit(request, appointment_id)
    entry = LateEntry.objects.filter(appointment=visit).exclude(file="").first()
    if entry is None:
        raise Http404
    audit.note_read_or_refuse(request, patient=visit.patient, what="scan of a visit", subject_id=str(visit.public_id))
    content = storage.read(entry.file, sha256=entry.file_sha256)
    suffix = entry.file.rpartition(".")[2]
    name = f'attachment; filename="visit-{visit.patient.record_number}-{visit.day.isoformat()}.{suffix}"'
    return HttpResponse(content, content_type=entry.media_type, headers={"Content-Disposition": name})


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _may_breach(request) -> bool:
    return request.user.has(Permission.ENTER_LATE)


def _entered(request, form, patient, visit):
    told = form.cleaned_data
    try:
        visit = enter_past_visit(
            visit=visit,
            performed=form.performed(),
            reason=told["reason"],
            scan=told["scan"],
            breach_reason=told.get("breach_reason", ""),
            by=staff(request.user),
        )
    except Clash as clash:
        form.add_error(None, clash.words)
        if not _may_breach(request):
            form.add_error(None, _("If it did happen so, a manager keeps it as an incident, with the reason."))
        return _page(request, form, patient, visit, status=CLASH)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return _page(request, form, patient, visit)
    messages.success(request, _("Entered. It happened, and says that it was entered late."))
    return redirect(visit)


def _page(request, form, patient, visit=None, *, status=200):
    audit.note_read(request, patient=patient, what="past visit to enter")
    context = {"form": form, "patient": patient, "visit": visit if visit and visit.pk else None}
    return render(request, "planning/past_visit.html", context, status=status)
