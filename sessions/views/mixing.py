"""Mix pigment from the stock."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake.forms.fields import add_refusal
from sessions import actions
from sessions.forms.mixing import MixBuilder, from_step, like, shelf_of
from sessions.frame import MIX, frame_of
from sessions.last_time import mix_to_repeat
from sessions.mix_page import mixes_shown, steps_offered
from sessions.views.finding import visible_session
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def mixes(request, session_id):
    session = visible_session(request, session_id)
    builder = MixBuilder(request.POST or None, session=session, first=_first(request, session))
    preview = None
    if request.method == "POST" and builder.is_valid():
        preview = builder.preview()
        if "save" in request.POST:
            try:
                mix = actions.mix_pigment(session=session, by=staff(request.user), **builder.fields())
            except ValidationError as refusal:
                add_refusal(builder.form, refusal)
            else:
                messages.success(request, _("%(mix)s is in the record.") % {"mix": mix})
                return redirect("sessions:mixes", session.public_id)
    return _page(request, session, builder, preview=preview)


def _first(request, session):
    """What the builder starts from: a recipe asked for in the address, else nothing."""
    if request.GET.get("from") == "last" and (mix := mix_to_repeat(session)):
        return like(mix, shelf_of(session))
    steps = {str(step.number): step for step, _reason in steps_offered(session)}
    if step := steps.get(request.GET.get("step", "")):
        return from_step(step, shelf_of(session))
    return None


@require_POST
@requires(Permission.RECORD_SESSIONS)
def discard(request, session_id, mix_id):
    session = visible_session(request, session_id)
    mix = get_object_or_404(session.mixes, public_id=mix_id)
    try:
        actions.discard_mix(mix=mix, by=staff(request.user))
    except ValidationError as refusal:
        builder = MixBuilder(session=session)
        return _page(request, session, builder, problems=refusal.messages, status=409)
    messages.success(request, _("The mix is discarded."))
    return redirect("sessions:mixes", session.public_id)


def _page(request, session, builder, *, preview=None, problems=(), status=200):
    if session.is_signed:
        messages.error(request, _("This record is signed. Add an amendment beside it."))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="session mixes", subject_id=str(session.public_id))
    context = frame_of(session, current=MIX, user=request.user) | {
        "builder": builder,
        "preview": preview,
        "problems": problems,
        "mixes": mixes_shown(session),
        "repeat": mix_to_repeat(session),
        "steps": steps_offered(session),
    }
    return render(request, "sessions/mixes.html", context, status=status)
