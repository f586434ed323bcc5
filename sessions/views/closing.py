"""Reaction, signature, amendments, voiding."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake.actions.photos import may_keep_photos
from intake.forms.fields import add_refusal
from planning.models import AppointmentState
from sessions import actions, sheets
from sessions.actions.signing import fingerprint
from sessions.forms.closing import AmendForm, ReactionForm, SignForm, VoidForm
from sessions.forms.readiness import PhotoForm
from sessions.frame import REACTION, frame_of, readiness_lines
from sessions.models import SessionPhoto
from sessions.pictures import photos_of
from sessions.readiness import readiness_to_sign
from sessions.signed_page import signed_page
from sessions.summary import summary_of
from sessions.views.finding import STALE, status_of, visible_session
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.pdf import PdfFailed
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def reaction(request, session_id):
    session, refusal = visible_session(request, session_id), None
    form = ReactionForm(request.POST or None, row=session)
    if request.method == "POST" and form.is_valid():
        try:
            _save_reaction(session, form, staff(request.user))
        except ValidationError as error:
            refusal = error
            add_refusal(form, refusal)
            form.look_again()
        else:
            messages.success(request, _("The reaction is in the record."))
            return redirect("sessions:reaction", session.public_id)
    return reaction_page(request, session, form=form, status=status_of(refusal))


@transaction.atomic
def _save_reaction(session, form, by):
    actions.note_reaction(session=session, by=by, **form.reaction())
    actions.prepare_session(session=session, by=by, seen=form.seen_before(), note=form.cleaned_data["note"])


def reaction_page(request, session, *, form=None, photo_form=None, status=200):
    """The page of the reaction and the photos after the work; a refused photo comes back to it."""
    if session.is_signed:
        messages.error(request, _("This record is signed. Add an amendment beside it."))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="session reaction", subject_id=str(session.public_id))
    context = frame_of(session, current=REACTION, user=request.user) | {
        "form": form or ReactionForm(row=session),
        "photo_form": photo_form or PhotoForm(session=session, moment=SessionPhoto.Moment.AFTER),
        "before": photos_of(session, SessionPhoto.Moment.BEFORE),
        "after": photos_of(session, SessionPhoto.Moment.AFTER),
        "may_photograph": may_keep_photos(session.patient),
    }
    return render(request, "sessions/reaction.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def sign(request, session_id):
    session = visible_session(request, session_id)
    if session.is_signed:
        return redirect(session)
    if session.appointment.state == AppointmentState.ARRIVED:
        return redirect("sessions:start", session.appointment.public_id)
    form, problems, status = SignForm(request.POST or None), [], 200
    if request.method == "POST":
        try:
            shown = form.cleaned_data["shown"] if form.is_valid() else ""
            actions.sign_session(session=session, by=staff(request.user), shown=shown)
        except ValidationError as refusal:
            problems, status = refusal.messages, STALE
        else:
            _issue_sheet(request, visible_session(request, session_id))
            return redirect(session)
    return _sign_page(request, visible_session(request, session_id), problems, status)


def _issue_sheet(request, session):
    """The sheet belongs to the signature; where it cannot be made now, the record is signed all the same."""
    try:
        sheets.issue_care_sheet(session, by=staff(request.user))
    except PdfFailed as failure:
        messages.warning(request, _("Signed and locked. The care sheet could not be made: %(why)s") % {"why": failure})
    else:
        messages.success(request, _("Signed and locked. The care sheet is ready to print."))


def _sign_page(request, session, problems, status):
    audit.note_read(request, patient=session.patient, what="session to sign", subject_id=str(session.public_id))
    context = frame_of(session, current="sign", user=request.user)
    context |= {
        "summary": summary_of(session),
        "lines": [
            line for line in readiness_lines(session, readiness_to_sign(context["readiness_facts"])) if line.is_missing
        ],
        "form": SignForm(initial={"shown": fingerprint(session)}),
        "problems": problems,
    }
    context["can_sign"] = context["is_mine"] and not context["missing"]
    return render(request, "sessions/sign.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def amend(request, session_id):
    session = visible_session(request, session_id)
    if not session.is_signed:
        return redirect(session)
    form = AmendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.amend_session(session=session, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The amendment stands beside the record."))
            return redirect(session)
    audit.note_read(request, patient=session.patient, what="amend session", subject_id=str(session.public_id))
    return render(request, "sessions/amend.html", signed_page(session, user=request.user) | {"form": form})


@require_POST
@requires(Permission.RECORD_SESSIONS)
def void(request, session_id):
    session = visible_session(request, session_id)
    form = VoidForm(request.POST)
    problems = [words for errors in form.errors.values() for words in errors]
    if form.is_valid():
        try:
            actions.void_session(session=session, reason=form.cleaned_data["reason"], by=staff(request.user))
        except ValidationError as refusal:
            problems = refusal.messages
        else:
            messages.success(request, _("The record is marked as void. It stays readable."))
            return redirect(session)
    if not session.is_signed:
        messages.error(request, " ".join(problems))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="session record", subject_id=str(session.public_id))
    context = signed_page(session, user=request.user) | {"problems": problems}
    return render(request, "sessions/signed.html", context, status=STALE)
