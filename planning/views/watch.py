"""For the manager: why booking is closed, what to put right, and opening it again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from planning import watch as rows
from planning.actions import closing as actions
from planning.forms.booking import CancelForm
from planning.models import Appointment, BookingClosure
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.database import guards
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SET_UP)
def watch(request):
    return _page(request)


@require_POST
@requires(Permission.SET_UP)
def look_again(request):
    """Sweep now: closes booking where something is wrong, opens it where nothing is any more."""
    closure = actions.close_where_broken()
    if closure is None:
        messages.success(request, _("Every visit stands where it may."))
        return redirect("planning:watch")
    try:
        actions.reopen_booking(by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, problems=refusal.messages)
    messages.success(request, _("Booking is open again."))
    return redirect("planning:watch")


@require_POST
@requires(Permission.ENTER_LATE)
def keep_as_incident(request, appointment_id):
    visit = get_object_or_404(Appointment.objects.visible_to(request.user), public_id=appointment_id)
    audit.note_read(request, patient=visit.patient, what="broken visit", subject_id=str(visit.public_id))
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, problems=[_("Say how this came about, in at most 400 characters.")])
    try:
        actions.keep_as_incident(appointment=visit, reason=form.cleaned_data["reason"], by=staff(request.user))
    except ValidationError as refusal:
        return _page(request, problems=refusal.messages)
    messages.success(request, _("Kept as an incident."))
    return redirect("planning:watch")


def _page(request, *, problems=()):
    context = {
        "guards": guards.problems(),
        "closure": BookingClosure.objects.standing().first(),
        "past": BookingClosure.objects.filter(reopened_at__isnull=False).select_related("reopened_by")[:5],
        "differences": rows.differences(),
        "problems": problems,
        "may_cancel": request.user.has(Permission.BOOK),
    }
    return render(request, "planning/watch.html", context)
