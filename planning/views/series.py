"""Book the sessions of a plan, all or none."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from intake.models import Patient
from planning.actions import booking
from planning.asked import offered, words_in_the_way
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.forms.booking import SeriesForm, SeriesWishesForm
from planning.models import Appointment, TreatmentPlan
from planning.openings import series_for
from planning.places import choices_of, code_of
from planning.scheduling import Place
from planning.views.booking import CLASH
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


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


def _proposals(request, plan, sessions, *, kept=None):
    # The patient agreed to a practitioner by name: others are offered when asked for, or where no date fits.
    form = SeriesWishesForm(request.GET or {"practitioner": plan.practitioner_id})
    form.is_valid()
    context = {"plan": plan, "patient": plan.patient, "form": form, "sessions": sessions}
    if plan.current_version is None or not sessions:
        return context
    chosen = form.cleaned_data.get("practitioner")
    found = _best_series(plan, form, [chosen] if chosen else None, kept)
    if not found.series and kept:
        found = _best_series(plan, form, [chosen] if chosen else None)
    if not found.series and chosen and not request.GET:
        found = _best_series(plan, form)
    offers = [_offer(series, sessions, plan) for series in found.series]
    return context | {"offers": offers, "problems": found.problems}


def _best_series(plan, form, users=None, kept=None):
    earliest = form.cleaned_data.get("earliest") or timezone.localdate() + timedelta(days=1)
    return series_for(plan.current_version, users=users, wishes=form.wishes(), earliest=earliest, kept=kept)


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
    if not form.is_valid():
        return _refused(request, plan, sessions, [error for errors in form.errors.values() for error in errors])
    chosen = form.cleaned_data["places"]
    if _stand_already(plan, chosen):  # the button was pressed twice
        return _all_booked(request, plan)
    if len(chosen) != len(sessions):
        return _refused(request, plan, sessions, [_("The sessions to book have changed. Choose again.")], status=CLASH)
    places = _series_places(plan, sessions, chosen)
    try:
        booking.book_series(plan=plan, places=places, by=staff(request.user))
    except Clash as clash:
        kept = _still_free(plan, places, by=staff(request.user))
        return _refused(request, plan, sessions, clash.words, status=CLASH, kept=kept)
    except ValidationError as refusal:
        return _refused(request, plan, sessions, refusal.messages)
    except BookingClosed as closed:
        return _refused(request, plan, sessions, [str(closed)])
    return _all_booked(request, plan)


def _all_booked(request, plan):
    messages.success(request, _("All sessions are booked."))
    return redirect(plan.patient)


def _refused(request, plan, sessions, words, *, status=200, kept=None):
    context = _proposals(request, plan, sessions, kept=kept) | {"refused": words}
    return render(request, "planning/propose.html", context, status=status)


def _stand_already(plan, chosen) -> bool:
    """Whether each of the chosen places holds a visit of this plan (one query)."""
    visits = Appointment.objects.active().filter(planned_session__plan=plan)
    standing = set(visits.values_list("starts_min", "practitioner_id", "room_id"))
    return bool(chosen) and {(each.starts_min, each.practitioner.pk, each.room.pk) for each in chosen} <= standing


def _still_free(plan, places, *, by) -> dict[int, Place]:
    """Those of the places in whose way nothing stands, by the number of their session: they need not change."""
    free = [
        each
        for each in places
        if not words_in_the_way(
            each, patient=plan.patient, minutes=each.minutes, counts_for_gap=True, besides=(), by=by
        )
    ]
    return {each.planned_session.number or 1: offered(each, each.minutes) for each in free}


def _series_places(plan, sessions, chosen):
    return [
        booking.Place(
            session,
            place.practitioner,
            place.room,
            place.starts_min,
            plan.current_version.minutes_of(session.number or 1),
        )
        for session, place in zip(sessions, chosen, strict=True)
    ]
