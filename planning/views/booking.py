"""Book by phone, and book a known patient by hand."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake.register import likely_duplicates
from intake.views.finding import visible_patient
from planning.actions import booking
from planning.actions.calls import take_call
from planning.actions.walk_in import receive_walk_in
from planning.asked import asked_place, booked_a_moment_ago
from planning.clash_answer import clash_answer
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.forms.booking import PLACE_FIELDS, CallForm, KindForm, VisitForm, WalkInForm
from planning.forms.calendar import AskedForm
from planning.kinds import minutes_of
from planning.models import AppointmentKind
from planning.near_places import next_places, places_instead, places_now
from planning.places import choices_of
from planning.wanted import wanted_for
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.local_dates import date_format
from smpclinic.roles import Permission, requires

CLASH = 409


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_PATIENTS, Permission.BOOK)
def call(request):
    minutes = minutes_of(AppointmentKind.CONSULTATION)
    asked = AskedForm(request.GET)
    form = CallForm(request.POST or None)
    context = {"form": form}

    def show(**more):
        form.offer(choices_of([*asked_place(asked, minutes), *next_places(minutes=minutes, near_min=asked.starts_min)]))
        return render(request, "planning/call.html", context | more)

    if not form.is_valid():
        return show()
    told = dict(form.cleaned_data)
    if twin := booked_a_moment_ago(
        place=told["place"], by=request.user, patient__full_name=told["full_name"], patient__phone=told["phone"]
    ):
        return _to_the_visit(request, twin)
    alike = likely_duplicates(full_name=told["full_name"], phone=told["phone"], email=told["email"], user=request.user)
    if alike and not told.pop("known"):
        form.data = request.POST.copy()
        form.data["known"] = "on"  # the answer "yes, somebody new", for the next press
        return show(alike=alike)
    told.pop("known", None)
    return _booked_or_refused(
        request,
        form,
        "planning/call.html",
        context,
        lambda: take_call(by=staff(request.user), **told),
        instead=lambda: places_instead(told["place"], minutes=minutes),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def visit(request, patient_id):
    patient = visible_patient(request, patient_id)
    wanted = wanted_for(patient)
    chosen = KindForm(request.POST or request.GET).chosen(wanted)
    asked = AskedForm(request.GET)
    told = {
        "minutes": chosen.minutes,
        "patient": patient,
        "planned_session": chosen.planned_session,
        "only_qualified": chosen.needs_qualification,
    }
    form = VisitForm(request.POST or None, wanted=wanted, initial={"kind": chosen.code})
    context = {"form": form, "patient": patient, "asked": asked.query}
    is_valid = form.is_valid()
    place = form.cleaned_data.get("place") if form.is_bound else None
    if place and (twin := booked_a_moment_ago(place=place, by=request.user, patient=patient)):
        return _to_the_visit(request, twin)
    audit.note_read(request, patient=patient, what="booking page")
    if not is_valid:
        form.offer(choices_of([*asked_place(asked, chosen.minutes), *next_places(near_min=asked.starts_min, **told)]))
        return render(request, "planning/visit.html", context)
    return _booked_or_refused(
        request,
        form,
        "planning/visit.html",
        context,
        lambda: _book(patient, chosen, place, note=form.cleaned_data["note"], by=staff(request.user)),
        instead=lambda: places_instead(place, **told),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def walk_in(request, patient_id):
    """The patient stands at the desk: booked from now on, arrived, and to the chair."""
    patient = visible_patient(request, patient_id)
    wanted = wanted_for(patient)
    chosen = KindForm(request.POST or request.GET).chosen(wanted)
    told = {"minutes": chosen.minutes, "patient": patient, "planned_session": chosen.planned_session}
    choices = choices_of(places_now(only_qualified=chosen.needs_qualification, **told))
    is_answer = request.method == "POST" and "look" not in request.POST
    form = WalkInForm(request.POST if is_answer else None, wanted=wanted, initial={"kind": chosen.code})
    form.offer(choices)
    context = {"form": form, "patient": patient, "has_places": bool(choices)}
    audit.note_read(request, patient=patient, what="walk-in page")
    if not form.is_valid():
        return render(request, "planning/walk_in.html", context)
    given = form.cleaned_data
    if twin := booked_a_moment_ago(place=given["place"], by=request.user, patient=patient):
        return _to_the_chair(request, twin)
    try:
        here = receive_walk_in(
            kind=chosen.kind, place=given["place"], note=given["note"], by=staff(request.user), **told
        )
    except (Clash, ValidationError, BookingClosed) as refusal:
        form.add_error(
            "place", refusal.words if isinstance(refusal, Clash) else getattr(refusal, "messages", str(refusal))
        )
        return render(request, "planning/walk_in.html", context, status=CLASH)
    return _to_the_chair(request, here)


def _to_the_chair(request, visit):
    if visit.is_treatment and request.user.has(Permission.RECORD_SESSIONS):
        return redirect("sessions:start", visit.public_id)
    return redirect(visit)


def _book(patient, chosen, place, *, note, by):
    return booking.book_appointment(
        kind=chosen.kind,
        planned_session=chosen.planned_session,
        patient=patient,
        practitioner=place.practitioner,
        room=place.room,
        starts_min=place.starts_min,
        minutes=chosen.minutes,
        note=note,
        by=by,
    )


def _booked_or_refused(request, form, template, context, act, *, instead):
    """Show the visit that ``act`` booked, or the form again: what stands in the way, and where it could be instead."""
    status, words = 200, []
    try:
        return _to_the_visit(request, act())
    except Clash as clash:
        status, words = CLASH, clash.words
        form.add_error("place", _("Taken. Choose one of the free places, or another day or time."))
    except ValidationError as refusal:
        form.add_error(None, refusal)
    except BookingClosed as closed:
        form.add_error(None, str(closed))
    keeps = [name for name in form.fields if name not in PLACE_FIELDS]
    context["clash"] = clash_answer(words, instead(), posted=request.POST, keeps=keeps)
    form.offer(context["clash"].offers)
    return render(request, template, context, status=status)


def _to_the_visit(request, appointment):
    messages.success(request, _("Booked: %(visit)s.") % {"visit": appointment_words(appointment)})
    return redirect("planning:appointment", appointment.public_id)


def appointment_words(appointment):
    when = f"{date_format(appointment.starts_at, 'D j M')}, {appointment.starts_at:%H:%M}"
    return f"{appointment.patient}, {appointment.title}, {when}"
