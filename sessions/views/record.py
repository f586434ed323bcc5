"""The record at the chair: zones, passes and their clocks; the locked record once it is signed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.forms.fields import add_refusal
from planning.models import AppointmentState
from sessions import actions
from sessions.forms.passes import PassForm
from sessions.frame import ZONES, frame_of
from sessions.signed_page import signed_page
from sessions.treated import marks_of, zones_of
from sessions.views.finding import status_of, visible_session
from sessions.zone_page import after_stop, zone_page
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

MODEL_TO_FORM = {"started_at": "started", "stopped_at": "stopped"}


@require_GET
@requires(Permission.SEE_HEALTH)
def record(request, session_id):
    session = visible_session(request, session_id)
    if session.is_signed:
        audit.note_read(request, patient=session.patient, what="session record", subject_id=str(session.public_id))
        return render(request, "sessions/signed.html", signed_page(session, user=request.user))
    if session.appointment.state == AppointmentState.ARRIVED and request.user.has(Permission.RECORD_SESSIONS):
        return redirect("sessions:start", session.appointment.public_id)
    return _page(request, session, asked=request.GET.get("zone", ""))


@require_POST
@requires(Permission.RECORD_SESSIONS)
def add_pass(request, session_id):
    session = visible_session(request, session_id)
    form = PassForm(request.POST, session=session)
    if form.is_valid():
        try:
            added = _save(request, session, form)
        except ValidationError as refusal:
            _add_refusal(form, refusal)
        else:
            return _to_zone(session, added.zone)
    return _page(request, session, asked=request.POST.get("zone", ""), form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def change_pass(request, session_id, number):
    session, refusal = visible_session(request, session_id), None
    row = session.passes.filter(number=number).first()
    if row is None:
        raise Http404
    form = PassForm(request.POST, session=session, row=row) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            changed = _save(request, session, form, number=number)
        except ValidationError as error:
            refusal = error
            _add_refusal(form, refusal)
            form.look_again()
        else:
            return _to_zone(session, changed.zone)
    return _page(request, session, edited=number, form=form, status=status_of(refusal))


def _save(request, session, form, **which):
    saved = actions.save_pass(
        session=session,
        fields=form.pass_fields(),
        by=staff(request.user),
        new_id=form.cleaned_data["new_id"],
        seen=form.seen_before(),
        **which,
    )
    if "start" in request.POST and saved.started_at is None:
        actions.start_clock(session=session, number=saved.number, by=staff(request.user))
    return saved


def _add_refusal(form, refusal):
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            name = MODEL_TO_FORM.get(name, name)
            form.add_error(name if name in form.fields else None, errors)
    else:
        add_refusal(form, refusal)


@require_POST
@requires(Permission.RECORD_SESSIONS)
def press_clock(request, session_id, number):
    """``press``: start (or go on), pause, or stop; a stop goes on to the next zone."""
    session = visible_session(request, session_id)
    press = request.POST.get("press", "")
    row = session.passes.filter(number=number).first()
    if row is None or press not in ("start", "pause", "stop"):
        return _page(request, session, problems=[_("This pass is no longer there.")], status=409)
    act = actions.start_clock if press == "start" else actions.stop_clock
    try:
        act(session=session, number=number, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, session, asked=row.zone, problems=refusal.messages, status=409)
    if press == "stop":
        return redirect(after_stop(session, zones_of(session.appointment), list(session.passes.all()), row.zone))
    return _to_zone(session, row.zone)


@require_POST
@requires(Permission.RECORD_SESSIONS)
def remove(request, session_id, number):
    session = visible_session(request, session_id)
    row = session.passes.filter(number=number).first()
    try:
        actions.remove_pass(session=session, number=number, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, session, problems=refusal.messages, status=409)
    messages.success(request, _("The pass is taken out."))
    return _to_zone(session, row.zone if row else "")


def _to_zone(session, zone):
    response = redirect("sessions:record", session.public_id)
    response["Location"] += f"?zone={zone}" if zone else ""
    return response


def _page(request, session, *, asked="", edited=None, form=None, problems=(), status=200):
    if session.is_signed:
        messages.error(request, _("This record is signed. Add an amendment beside it."))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="session record", subject_id=str(session.public_id))
    context = frame_of(session, current=ZONES, user=request.user)
    context |= zone_page(session, asked=asked, edited=edited, form=form)
    context |= {
        "problems": problems,
        "marks": marks_of(session.appointment),
        "may_record": request.user.has(Permission.RECORD_SESSIONS),
    }
    return render(request, "sessions/record.html", context, status=status)
