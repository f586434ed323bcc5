"""Before the treatment: open the record, settle what is missing, begin."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake.actions.photos import may_keep_photos
from intake.forms.fields import add_refusal
from intake.rules import day_rules
from planning.turning import turn_to_plan
from sessions import actions, ready
from sessions.forms.readiness import HealthForm, OverrideForm, PhotoForm, RoomForm, health_as_told
from sessions.frame import BEFORE, frame_of, readiness_lines
from sessions.health_told import answers_told
from sessions.last_time import last_time
from sessions.models import SessionPhoto, TreatmentSession
from sessions.pictures import photos_of
from sessions.readiness import readiness_to_start
from sessions.treated import marks_of, zones_of
from sessions.views.finding import back_to, status_of, visible_session, visible_visit
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires

Moment = SessionPhoto.Moment


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def start(request, appointment_id):
    visit = visible_visit(request, appointment_id)
    session = TreatmentSession.objects.filter(appointment=visit).first()
    if request.method == "POST":
        return _open(request, visit)
    if session is None:
        return _unopened(request, visit)
    if session.is_signed:
        return redirect(session)
    return _page(request, visible_session(request, session.public_id))


def _open(request, visit):
    try:
        actions.open_session(appointment=visit, by=staff(request.user))
    except ValidationError as refusal:
        return _unopened(request, visit, problems=refusal.messages, status=409)
    return redirect("sessions:start", visit.public_id)


def _unopened(request, visit, *, problems=(), status=200):
    audit.note_read(request, patient=visit.patient, what="session to open", subject_id=str(visit.public_id))
    context = {
        "visit": visit,
        "patient": visit.patient,
        "problems": problems,
        "last": last_time(visit) if visit.is_treatment else None,
        "zones": zones_of(visit) if visit.is_treatment else (),
        "can_open": visit.may_have_record,
    }
    return render(request, "sessions/open.html", context, status=status)


@require_POST
@requires(Permission.PLAN_TREATMENT)
def turn(request, session_id):
    """Turn the screen to the patient on their plan; turned back, the record goes on at its zone."""
    session = visible_session(request, session_id)
    back = session.get_absolute_url()
    if zone := request.POST.get("zone"):
        back += "?" + urlencode({"zone": zone})
    return redirect(turn_to_plan(request, session.appointment.planned_session.plan, back=back))


@require_POST
@requires(Permission.RECORD_SESSIONS)
def health(request, session_id):
    session = visible_session(request, session_id)
    form = _health_form(session, request.POST)
    if form.is_valid():
        try:
            actions.ask_health(session=session, by=staff(request.user), **form.answers())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Today's answers are saved."))
            return back_to(session, "#readiness")
    return _page(request, session, health_form=form)


@require_POST
@requires(Permission.RECORD_SESSIONS)
def room(request, session_id):
    session, refusal = visible_session(request, session_id), None
    form = RoomForm(request.POST, row=session)
    if form.is_valid():
        try:
            actions.prepare_session(session=session, by=staff(request.user), seen=form.seen_before(), **form.values())
        except ValidationError as error:
            refusal = error
            add_refusal(form, refusal)
            form.look_again()
        else:
            return back_to(session, "#readiness")
    return _page(request, session, room_form=form, status=status_of(refusal))


@require_POST
@requires(Permission.RECORD_SESSIONS)
def photo(request, session_id):
    session = visible_session(request, session_id)
    moment = request.POST.get("moment") if request.POST.get("moment") in Moment.values else Moment.BEFORE
    form = PhotoForm(request.POST, request.FILES, session=session, moment=moment)
    if form.is_valid():
        try:
            actions.add_session_photo(
                session=session,
                moment=moment,
                view=form.cleaned_data["view"],
                upload=form.cleaned_data["file"],
                by=staff(request.user),
            )
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
        else:
            messages.success(request, _("The photo is in the record."))
            return back_to(session, "#photos") if moment == Moment.BEFORE else _to_reaction(session)
    if moment == Moment.BEFORE:
        return _page(request, session, photo_form=form)
    from sessions.views.closing import reaction_page

    return reaction_page(request, session, photo_form=form)


def _to_reaction(session):
    response = redirect("sessions:reaction", session.public_id)
    response["Location"] += "#photos"
    return response


@require_POST
@requires(Permission.RECORD_SESSIONS)
def override(request, session_id):
    session = visible_session(request, session_id)
    form = OverrideForm({"item": request.GET.get("item", ""), "reason": request.POST.get("reason", "")})
    if not form.is_valid():
        return _page(request, session, problems=[words for errors in form.errors.values() for words in errors])
    try:
        actions.override_item(session=session, by=staff(request.user), **form.cleaned_data)
    except ValidationError as refusal:
        return _page(request, session, problems=refusal.messages)
    return back_to(session, "#readiness")


@require_POST
@requires(Permission.RECORD_SESSIONS)
def take_over(request, session_id):
    session = visible_session(request, session_id)
    return _done_or_refused(request, session, lambda: actions.take_over(session=session, by=staff(request.user)))


@require_POST
@requires(Permission.RECORD_SESSIONS)
def begin(request, session_id):
    session = visible_session(request, session_id)
    try:
        actions.start_treatment(session=session, by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, session, problems=refusal.messages, status=409)
    return redirect("sessions:record", session.public_id)


def _done_or_refused(request, session, act):
    try:
        act()
    except ValidationError as refusal:
        return _page(request, session, problems=refusal.messages, status=409)
    return back_to(session)


def _health_form(session, posted=None):
    return HealthForm(
        posted,
        session=session,
        rules=day_rules(),
        judge_healing=ready.previous_session_on(session.appointment) is not None,
        warnings=ready.warnings_to_read(session.patient, on=session.appointment.day),
        initial=health_as_told(session),
    )


def _page(request, session, *, problems=(), status=200, health_form=None, room_form=None, photo_form=None):
    if session.is_signed:
        messages.error(request, _("This record is signed. Nothing was changed."))
        return redirect(session)
    audit.note_read(request, patient=session.patient, what="before the session", subject_id=str(session.public_id))
    visit = session.appointment
    context = frame_of(session, current=BEFORE, user=request.user)
    context |= {
        "problems": problems,
        "lines": readiness_lines(session, readiness_to_start(context["readiness_facts"])),
        "health_form": health_form or _health_form(session),
        "answers": answers_told(session.patient, on=visit.day),
        "room_form": room_form or RoomForm(row=session),
        "photo_form": photo_form or PhotoForm(session=session, moment=Moment.BEFORE),
        "photos": photos_of(session, Moment.BEFORE),
        "may_photograph": may_keep_photos(session.patient),
        "last": last_time(visit),
        "zones": zones_of(visit),
        "marks": marks_of(visit),
    }
    context["is_ready"] = not any(line.is_missing for line in context["lines"])
    return render(request, "sessions/start.html", context, status=status)
