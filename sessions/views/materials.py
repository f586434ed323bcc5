"""Needles and anaesthetic from stock, the machine, the skin: once a session."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from intake.forms.fields import add_refusal
from sessions import actions, technique
from sessions.actions.mixing import facts_of
from sessions.forms.materials import LotForm, MachineForm
from sessions.frame import MATERIALS, frame_of
from sessions.last_time import last_session
from sessions.mixes import warnings_for_lot
from sessions.views.finding import status_of, visible_session
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.RECORD_SESSIONS)
def materials(request, session_id):
    return _page(request, visible_session(request, session_id))


@require_POST
@requires(Permission.RECORD_SESSIONS)
def use_lot(request, session_id):
    session = visible_session(request, session_id)
    form = LotForm(request.POST, session=session)
    if form.is_valid():
        try:
            actions.use_lot(session=session, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return _back(request, session)
    return _page(request, session, lot_form=form)


def _back(request, session):
    """To the zone where a lot was noted at one press, else to the materials."""
    response = redirect("sessions:record" if "back" in request.POST else "sessions:materials", session.public_id)
    if "back" in request.POST:
        response["Location"] += "?" + urlencode({"zone": request.POST["back"]})
    return response


@require_POST
@requires(Permission.RECORD_SESSIONS)
def put_back(request, session_id, lot_id):
    session = visible_session(request, session_id)
    row = get_object_or_404(session.lots.select_related("lot"), lot__public_id=lot_id)
    try:
        actions.put_back_lot(session=session, lot=row.lot, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, session, problems=refusal.messages, status=409)
    return redirect("sessions:materials", session.public_id)


@require_POST
@requires(Permission.RECORD_SESSIONS)
def machine(request, session_id):
    session, refusal = visible_session(request, session_id), None
    form = MachineForm(request.POST, row=session)
    if form.is_valid():
        try:
            actions.prepare_session(session=session, by=staff(request.user), seen=form.seen_before(), **form.values())
        except ValidationError as error:
            refusal = error
            form.add_refused(refusal)
            form.look_again()
        else:
            messages.success(request, _("Saved."))
            return redirect("sessions:materials", session.public_id)
    return _page(request, session, machine_form=form, status=status_of(refusal))


def _page(request, session, *, lot_form=None, machine_form=None, problems=(), status=200):
    if session.is_signed:
        messages.error(request, _("This record is signed. Add an amendment beside it."))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="session materials", subject_id=str(session.public_id))
    lots, day = list(session.lots.select_related("lot__product").order_by("id")), session.appointment.day
    setting = technique.MachineSetting(volts=session.voltage_v, hertz=session.speed_hz)
    before = last_session(session.appointment)
    context = frame_of(session, current=MATERIALS, user=request.user) | {
        "lots": [{"row": row, "warnings": warnings_for_lot(facts_of(row.lot), on=day)} for row in lots],
        "lot_form": lot_form or LotForm(session=session),
        "machine_form": machine_form or MachineForm(row=session, before=before),
        "carried_over": machine_form is None and not session.machine and before is not None and bool(before.machine),
        "warnings": technique.warnings_for_machine(setting),
        "problems": problems,
    }
    return render(request, "sessions/materials.html", context, status=status)
