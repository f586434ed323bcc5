"""One visit: what it is, what comes next, move it, cancel it."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.models import Patient
from planning import lifecycle
from planning.actions import booking
from planning.actions.late_entry import NOT_BEGUN
from planning.actions.visit_life import is_late_now
from planning.attendance import attendance_of
from planning.board import missing_by_appointment
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.forms.booking import CancelForm, StateForm
from planning.models import Appointment, AppointmentState, LateEntry
from planning.views.booking import CLASH
from planning.views.calls import UNDER_WAY
from planning.visit_messages import told_about
from planning.visit_settings import visit_settings
from planning.waiting import FreePlace
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

# Starting and ending a treatment belong to its record, which checks readiness; the desk moves the rest.
FROM_THE_RECORD = {AppointmentState.IN_TREATMENT, AppointmentState.DONE}
BUTTONS = {
    AppointmentState.ARRIVED: (gettext_lazy("Mark as arrived"), "log-in"),
    AppointmentState.IN_TREATMENT: (gettext_lazy("Begin"), "play"),
    AppointmentState.DONE: (gettext_lazy("Done"), "check"),
    AppointmentState.NO_SHOW: (gettext_lazy("Did not come"), "user-x"),
    AppointmentState.BOOKED: (gettext_lazy("Back to booked"), "undo-2"),
}


def visible_visit(request, appointment_id):
    visible = Appointment.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    return get_object_or_404(visible.with_people(), public_id=appointment_id)


@require_GET
@requires(Permission.SEE_PATIENTS)
def appointment(request, appointment_id):
    visit = visible_visit(request, appointment_id)
    audit.note_read(request, patient=visit.patient, what="appointment", subject_id=str(visit.public_id))
    return _page(request, visit)


@require_POST
@requires(Permission.BOOK)
def set_state(request, appointment_id):
    visit = visible_visit(request, appointment_id)
    form = StateForm(request.POST)
    if not form.is_valid() or form.cleaned_data["state"] not in possible_states(visit):
        return _page(
            request, visit, problems=[_("The visit has changed meanwhile. Here is how it stands now.")], status=CLASH
        )
    return _changed_or_refused(request, visit, lambda: _change(visit, form.cleaned_data["state"], request))


def _change(visit, state, request):
    return booking.change_state(appointment=visit, state=state, by=staff(request.user))


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def cancel(request, appointment_id):
    visit = visible_visit(request, appointment_id)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        return _changed_or_refused(
            request, visit, lambda: _cancel(visit, request, **form.cleaned_data), then="planning:freed"
        )
    audit.note_read(request, patient=visit.patient, what="cancel visit", subject_id=str(visit.public_id))
    context = {
        "form": form,
        "visit": visit,
        "patient": visit.patient,
        "is_late": is_late_now(visit),
        "notice_hours": visit_settings(request.clinic).notice_hours,
        "attendance": attendance_of(visit.patient).words,
    }
    return render(request, "planning/cancel.html", context)


def _cancel(visit, request, *, who, reason):
    return booking.cancel_appointment(
        appointment=visit, reason=reason, by_patient=who == "patient", by=staff(request.user)
    )


def _changed_or_refused(request, visit, act, *, then="planning:appointment"):
    try:
        act()
    except Clash as clash:
        return _page(request, visit, problems=clash.words, status=CLASH)
    except ValidationError as refusal:
        return _page(request, visit, problems=refusal.messages, status=CLASH)
    except BookingClosed as closed:
        return _page(request, visit, problems=[str(closed)], status=CLASH)
    return redirect(then, visit.public_id)


def possible_states(visit) -> list[str]:
    """The next states that the desk may choose, in the order of the lifecycle."""
    ahead = [state for state in lifecycle.APPOINTMENT_MOVES[visit.state] if state != AppointmentState.CANCELLED]
    return [state for state in ahead if not (visit.is_treatment and state in FROM_THE_RECORD)]


def _may_be_late(visit) -> bool:
    return visit.state in UNDER_WAY and visit.day == timezone.localdate()


def _may_be_entered_late(visit) -> bool:
    return visit.state in NOT_BEGUN and visit.day < timezone.localdate()


def _has_left_a_place(visit) -> bool:
    return not visit.active and FreePlace.left_by(visit).is_ahead


def _page(request, visit, *, problems=(), status=200):
    visit.refresh_from_db(fields=["state", "active"])
    states = possible_states(visit) if request.user.has(Permission.BOOK) else []
    buttons = [{"state": state, "label": BUTTONS[state][0], "icon": BUTTONS[state][1]} for state in states]
    context = {
        "visit": visit,
        "patient": visit.patient,
        "lacking": missing_by_appointment([visit])[visit.pk],
        "buttons": buttons,
        "problems": problems,
        "may_move": visit.state == AppointmentState.BOOKED and request.user.has(Permission.BOOK),
        "may_cancel": AppointmentState.CANCELLED in lifecycle.APPOINTMENT_MOVES[visit.state]
        and request.user.has(Permission.BOOK),
        "opens_record": visit.is_treatment
        and request.user.has(Permission.RECORD_SESSIONS)
        and visit.state in (AppointmentState.ARRIVED, AppointmentState.IN_TREATMENT, AppointmentState.DONE),
        "may_be_late": _may_be_late(visit) and request.user.has(Permission.BOOK),
        "has_left_a_place": _has_left_a_place(visit) and request.user.has(Permission.BOOK),
        "told": told_about(visit),
        "may_enter_late": _may_be_entered_late(visit) and request.user.has(Permission.BOOK),
        "late": LateEntry.objects.filter(appointment=visit).select_related("entered_by").first()
        if visit.entered_late
        else None,
        "may_see_scan": request.user.has(Permission.SEE_HEALTH),
        "attendance": attendance_of(visit.patient).words,
        "today": timezone.localdate(),
    }
    return render(request, "planning/appointment.html", context, status=status)
