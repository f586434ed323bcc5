"""Mix pigment from the stock."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake.forms.fields import add_refusal
from sessions import actions
from sessions.actions.mixing import problems_with_recall
from sessions.forms.mix_start import again, as_typed, from_step, like, with_lot
from sessions.forms.mixing import MixBuilder, shelf_of
from sessions.frame import MIX, frame_of
from sessions.last_time import mix_to_repeat
from sessions.mix_page import mixes_shown, steps_offered, words_about_low
from sessions.views.finding import visible_session
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.printed_codes import LONGEST
from smpclinic.roles import Permission, requires
from smpclinic.scan_field import scan_attrs


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def mixes(request, session_id):
    session = visible_session(request, session_id)
    if "repeat" in request.POST:
        return _same_again(request, session)
    if "find" in request.POST and request.POST.get("code", "").strip():
        return _find_lot(request, session)
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
                return _saved(request, session, mix)
    return _page(request, session, builder, preview=preview)


def _same_again(request, session):
    """One press: the same mix from the same lots. What has to be looked at first comes as a filled builder."""
    shelf, before = shelf_of(session), mix_to_repeat(session)
    told = again(before, shelf) if before else None
    try:
        if told is not None:
            new_id = UUID(request.POST["repeat"])
            mix = actions.mix_pigment(session=session, by=staff(request.user), new_id=new_id, **told)
            return _saved(request, session, mix)
        problems = [_("It cannot be made as before without a look at its lots.")]
    except ValueError:
        problems = [_("Press once more: the page was old.")]
    except ValidationError as refusal:
        problems = refusal.messages
    builder = MixBuilder(session=session, first=like(before, shelf) if before else None)
    return _page(request, session, builder, problems=problems)


def _find_lot(request, session):
    """A scanned code or a typed lot number puts its lot into the builder; nothing typed is lost."""
    shelf, first = shelf_of(session), as_typed(request.POST)
    code = request.POST.get("code", "").replace("\0", "")[:LONGEST]
    found = shelf.with_code(code)
    if len(found) == 1 and not found[0].is_recalled:
        return _page(request, session, MixBuilder(session=session, first=with_lot(first, found[0])))
    if len(found) == 1:
        problems = problems_with_recall(found, entered_late=shelf.late)
    elif found:
        problems = [_("Several products have a lot of this number: choose it in the list.")]
    else:
        problems = [_("No pigment here has the lot number or code “%(code)s”.") % {"code": code}]
    return _page(request, session, MixBuilder(session=session, first=first), problems=problems, code=code)


def _saved(request, session, mix):
    messages.success(request, _("%(mix)s is in the record.") % {"mix": mix})
    for words in words_about_low(mix):
        messages.warning(request, words)
    return redirect("sessions:mixes", session.public_id)


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


def _page(request, session, builder, *, preview=None, problems=(), status=200, code=""):
    if session.is_signed:
        messages.error(request, _("This record is signed. Add an amendment beside it."))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="session mixes", subject_id=str(session.public_id))
    context = frame_of(session, current=MIX, user=request.user) | {
        "builder": builder,
        "preview": preview,
        "problems": problems,
        "code": code,
        "scan": scan_attrs(press="find-lot"),
        "repeat_id": uuid4(),
        "mixes": mixes_shown(session),
        "repeat": mix_to_repeat(session),
        "steps": steps_offered(session),
    }
    return render(request, "sessions/mixes.html", context, status=status)
