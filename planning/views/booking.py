"""Book by phone, book a known patient, book a whole series."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake.models import Patient
from intake.register import likely_duplicates
from intake.views.finding import visible_patient
from planning.actions import booking
from planning.actions.calls import take_call
from planning.asked import asked_place, booked_a_moment_ago
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.forms.booking import CallForm, KindForm, SeriesForm, SeriesWishesForm, VisitForm
from planning.forms.calendar import AskedForm
from planning.kinds import minutes_of
from planning.models import AppointmentKind, TreatmentPlan
from planning.openings import next_places, series_for
from planning.places import choices_of, code_of
from planning.wanted import wanted_for
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.models import User
from smpclinic.roles import Permission, requires

CLASH = 409


@require_http_methods(["GET", "POST"])
@requires(Permission.REGISTER_PATIENTS, Permission.BOOK)
def call(request):
    minutes = minutes_of(AppointmentKind.CONSULTATION)
    asked = AskedForm(request.GET)
    choices = choices_of([*asked_place(asked, minutes), *next_places(minutes=minutes, near_min=asked.starts_min)])
    form = CallForm(request.POST or None, choices=choices)
    context = {"form": form, "has_places": bool(choices)}
    if not form.is_valid():
        return render(request, "planning/call.html", context)
    told = form.cleaned_data
    alike = likely_duplicates(full_name=told["full_name"], phone=told["phone"], email=told["email"], user=request.user)
    if alike and not told.pop("known"):
        return render(request, "planning/call.html", context | {"alike": alike, "form": _asked_once(request, choices)})
    told.pop("known", None)
    return _booked_or_refused(
        request, form, "planning/call.html", context, lambda: take_call(by=staff(request.user), **told)
    )


def _asked_once(request, choices):
    """The same form with the answer "yes, somebody new" filled in for the next press."""
    told = request.POST.copy()
    told["known"] = "on"
    return CallForm(told, choices=choices)


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def visit(request, patient_id):
    patient = visible_patient(request, patient_id)
    wanted = wanted_for(patient)
    chosen = KindForm(request.POST or request.GET).chosen(wanted)
    asked = AskedForm(request.GET)
    near = next_places(
        minutes=chosen.minutes, patient=patient, counts_for_gap=chosen.counts_for_gap, near_min=asked.starts_min
    )
    choices = choices_of([*asked_place(asked, chosen.minutes), *near])
    form = VisitForm(request.POST or None, choices=choices, wanted=wanted, initial={"kind": chosen.code})
    context = {"form": form, "patient": patient, "asked": asked.query}
    if not form.is_valid():
        audit.note_read(request, patient=patient, what="booking page")
        return render(request, "planning/visit.html", context)
    told, place = form.cleaned_data, form.cleaned_data["place"]
    if twin := booked_a_moment_ago(patient, kind=chosen.kind, place=place, by=request.user):
        return _to_the_visit(request, twin)

    def book():
        return booking.book_appointment(
            kind=chosen.kind,
            planned_session=chosen.planned_session,
            patient=patient,
            practitioner=place.practitioner,
            room=place.room,
            starts_min=place.starts_min,
            minutes=chosen.minutes,
            note=told["note"],
            by=staff(request.user),
        )

    return _booked_or_refused(request, form, "planning/visit.html", context, book)


def _booked_or_refused(request, form, template, context, act):
    """Show the visit that ``act`` booked, or the form again with what stands in the way; nothing typed is lost."""
    try:
        appointment = act()
    except Clash as clash:
        form.add_error("place", clash.words)
        return render(request, template, context, status=CLASH)
    except (ValidationError, BookingClosed) as refusal:
        form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        return render(request, template, context)
    return _to_the_visit(request, appointment)


def _to_the_visit(request, appointment):
    messages.success(request, _("Booked: %(visit)s.") % {"visit": appointment_words(appointment)})
    return redirect("planning:appointment", appointment.public_id)


def appointment_words(appointment):
    when = f"{date_format(appointment.starts_at, 'D j M')}, {appointment.starts_at:%H:%M}"
    return f"{appointment.patient}, {appointment.title}, {when}"


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def propose(request, plan_id):
    plan = get_object_or_404(
        TreatmentPlan.objects.filter(patient__in=Patient.objects.visible_to(request.user)).select_related(
            "patient", "current_version", "practitioner"
        ),
        public_id=plan_id,
    )
    audit.note_read(request, patient=plan.patient, what="dates page", subject_id=str(plan.public_id))
    sessions = _sessions_to_book(plan)
    if request.method == "POST":
        return _book_series(request, plan, sessions)
    return render(request, "planning/propose.html", _proposals(request, plan, sessions))


def _sessions_to_book(plan):
    """The sessions of the plan that have no visit yet, in order."""
    taken = plan.planned_sessions.filter(appointments__active=True).values("pk")
    return list(plan.planned_sessions.filter(is_dropped=False).exclude(pk__in=taken).order_by("number"))


def _proposals(request, plan, sessions):
    # The patient agreed to a practitioner by name: others are offered when asked for, or where no date fits.
    form = SeriesWishesForm(request.GET or {"practitioner": plan.practitioner_id})
    form.is_valid()
    context = {"plan": plan, "patient": plan.patient, "form": form, "sessions": sessions}
    if plan.current_version is None or not sessions:
        return context
    chosen = form.cleaned_data.get("practitioner")
    found = _best_series(plan, form, [chosen] if chosen else _qualified())
    if chosen and not found.series and not request.GET:
        found = _best_series(plan, form, _qualified())
    offers = [_offer(series, sessions, plan) for series in found.series]
    return context | {"offers": offers, "problems": found.problems}


def _best_series(plan, form, users):
    earliest = form.cleaned_data.get("earliest") or timezone.localdate() + timedelta(days=1)
    return series_for(plan.current_version, users=users, wishes=form.wishes(), earliest=earliest)


def _qualified():
    today = timezone.localdate()
    return [
        user for user in User.objects.practitioners().prefetch_related("qualifications") if user.is_qualified(on=today)
    ]


def _offer(series, sessions, plan):
    places = [series.places[(session.number or 1) - 1] for session in sessions]
    words = [label for _code, label in choices_of(places)]
    return {
        "code": " ".join(code_of(place) for place in places),
        "reason": series.reason,
        "agreed_with": "" if all(place.practitioner == plan.practitioner_id for place in places) else plan.practitioner,
        "lines": [{"session": session, "words": line} for session, line in zip(sessions, words, strict=True)],
    }


def _book_series(request, plan, sessions):
    form = SeriesForm(request.POST)
    problems = [] if form.is_valid() else [error for errors in form.errors.values() for error in errors]
    status = 200
    if not problems and len(form.cleaned_data["places"]) != len(sessions):
        problems = [_("The sessions to book have changed. Choose again.")]
    if not problems:
        try:
            booking.book_series(plan=plan, places=_series_places(plan, sessions, form), by=staff(request.user))
        except Clash as clash:
            problems, status = clash.words, CLASH
        except ValidationError as refusal:
            problems = refusal.messages
        except BookingClosed as closed:
            problems = [str(closed)]
    if problems:
        context = _proposals(request, plan, sessions) | {"refused": problems}
        return render(request, "planning/propose.html", context, status=status)
    messages.success(request, _("All sessions are booked."))
    return redirect(plan.patient)


def _series_places(plan, sessions, form):
    return [
        booking.Place(
            session,
            place.practitioner,
            place.room,
            place.starts_min,
            plan.current_version.minutes_of(session.number or 1),
        )
        for session, place in zip(sessions, form.cleaned_data["places"], strict=True)
    ]
