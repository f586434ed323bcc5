"""Adverse events: reported by whoever hears of them, looked after by those who treat."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake.forms.fields import add_refusal
from intake.views.finding import visible_patient
from sessions import actions
from sessions.forms.outcomes import CloseForm, EventForm, StepForm
from sessions.models import AdverseEvent, TreatmentSession
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PATIENTS)
def report(request, patient_id):
    patient = visible_patient(request, patient_id)
    sessions = TreatmentSession.objects.of(patient).select_related(
        "appointment__planned_session__plan__current_version"
    )
    form = EventForm(request.POST or None, sessions=sessions.order_by("-appointment__local_day"))
    if form.is_valid():
        try:
            event = actions.report_event(patient=patient, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Reported. It stands on Today until it is closed."))
            return redirect(event if request.user.has(Permission.SEE_HEALTH) else patient)
    audit.note_read(request, patient=patient, what="report of an event")
    return render(request, "sessions/report_event.html", {"patient": patient, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_HEALTH)
def event(request, event_id):
    row = _visible(request, event_id)
    form = StepForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_step(event=row, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(row)
    return _page(request, row, step_form=form)


@require_POST
@requires(Permission.RECORD_SESSIONS)
def close(request, event_id):
    row = _visible(request, event_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            actions.close_event(event=row, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Closed. It stays in the record."))
            return redirect(row)
    return _page(request, row, close_form=form)


def _visible(request, event_id):
    rows = AdverseEvent.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related(
            "patient", "closed_by", "session__appointment__planned_session__plan__current_version"
        ).prefetch_related("steps"),
        public_id=event_id,
    )


def _page(request, row, *, step_form=None, close_form=None):
    audit.note_read(request, patient=row.patient, what="adverse event", subject_id=str(row.public_id))
    context = {
        "event": row,
        "patient": row.patient,
        "steps": row.steps.all(),
        "step_form": step_form or StepForm(),
        "close_form": close_form or CloseForm(),
        "may_act": row.is_open and request.user.has(Permission.RECORD_SESSIONS),
    }
    return render(request, "sessions/event.html", context)
