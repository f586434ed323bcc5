"""Whom to call: tomorrow's visits, moved ones that nobody was told of, and those whom a delay touches."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from planning.actions.calls_made import note_call
from planning.availability import to_local
from planning.call_list import lines_for, lines_of, moved_and_untold, next_day_with_visits
from planning.forms.calendar import CalendarForm
from planning.forms.waiting import CallForm, LateForm
from planning.models import Appointment, AppointmentState, CallReason
from planning.running_late import Booked, knock_on
from planning.views.booking import CLASH
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.models import ClinicProfile
from smpclinic.roles import Permission, requires

UNDER_WAY = (AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.IN_TREATMENT)


@require_GET
@requires(Permission.BOOK)
def call_list(request):
    return _list_page(request)


def _list_page(request, *, problems=(), status=200):
    today = timezone.localdate()
    asked = CalendarForm(request.GET).told("day")
    day = asked or next_day_with_visits(today, request.user) or today + timedelta(days=1)
    context = {
        "day": day,
        "lines": lines_of(day, request.user),
        "moved": moved_and_untold(request.user, today=today),
        "confirm": CallReason.CONFIRM,
        "moved_reason": CallReason.MOVED,
        "problems": problems,
    }
    return render(request, "planning/call_list.html", context, status=status)


@require_POST
@requires(Permission.BOOK)
def note(request, appointment_id):
    """One press: reached, message left, try again."""
    visible = Appointment.objects.visible_to(request.user)
    visit = get_object_or_404(visible, public_id=appointment_id)
    form = CallForm(request.POST)
    if form.is_valid():
        try:
            note_call(appointment=visit, by=staff(request.user), **form.cleaned_data)
        except ValidationError as refusal:
            return _list_page(request, problems=refusal.messages, status=CLASH)
    return redirect(_back(request))


def _back(request):
    """Where the press came from, on this server; else the list."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("planning:call_list")


@require_GET
@requires(Permission.BOOK)
def late(request, appointment_id):
    """Whom it touches when this visit ends later than booked. Nothing is changed: the booked times stay."""
    visits = Appointment.objects.visible_to(request.user).with_people()
    visit = get_object_or_404(visits, public_id=appointment_id)
    audit.note_read(request, patient=visit.patient, what="running late", subject_id=str(visit.public_id))
    form = LateForm(request.GET)
    context = {
        "visit": visit,
        "patient": visit.patient,
        "minutes": form.delay(),
        "choices": LateForm.CHOICES,
        "touched": _touched(visit, form.delay()),
        "reason": CallReason.LATE,
    }
    return render(request, "planning/late.html", context)


def _touched(visit, minutes):
    """The visits that begin later, with their lines to call and when they can really begin."""
    day = list(Appointment.objects.on(visit.day).filter(state__in=[*UNDER_WAY, AppointmentState.DONE]))
    expected = knock_on([_booked(row) for row in day], late=visit.pk, minutes=minutes) if visit in day else {}
    waiting = [row for row in day if row.pk in expected and row.state in UNDER_WAY]
    zone = ClinicProfile.current().zone
    return [
        {
            "line": line,
            "begins": to_local(expected[line.visit.pk], zone),
            "delay": expected[line.visit.pk] - line.visit.starts_min,
        }
        for line in lines_for(waiting, CallReason.LATE)
    ]


def _booked(row):
    return Booked(row.pk, row.starts_min, row.ends_min, row.room_until_min, row.practitioner_id, row.room_id)
