"""The waiting list: who is on it, put somebody on it, and give away a place that has become free."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.models import Patient
from planning.actions.waiting import stop_waiting, take_free_place, wait_for_place
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.forms.waiting import WaitingForm
from planning.models import Appointment, WaitingWish
from planning.views.booking import CLASH, appointment_words
from planning.waiting import FreePlace, matches_for
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.BOOK)
def waiting(request):
    wishes = (
        WaitingWish.objects.waiting()
        .filter(patient__in=Patient.objects.visible_to(request.user))
        .select_related("patient", "practitioner", "appointment__planned_session__plan__current_version")
    )
    return render(request, "planning/waiting.html", {"wishes": wishes})


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def wait(request, patient_id):
    """A first place of some kind, for a known patient."""
    patient = get_object_or_404(Patient.objects.visible_to(request.user), public_id=patient_id)
    return _wait_page(request, patient, visit=None)


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def wait_earlier(request, appointment_id):
    """An earlier place for a visit that is booked."""
    visit = get_object_or_404(Appointment.objects.visible_to(request.user).with_people(), public_id=appointment_id)
    return _wait_page(request, visit.patient, visit=visit)


def _wait_page(request, patient, *, visit):
    form = WaitingForm(request.POST or None, visit=visit)
    if form.is_valid():
        try:
            wait_for_place(patient=patient, appointment=visit, by=staff(request.user), **form.wishes())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("%(patient)s is on the waiting list.") % {"patient": patient})
            return redirect(visit or "planning:waiting")
    audit.note_read(request, patient=patient, what="waiting list page")
    return render(request, "planning/wait.html", {"form": form, "patient": patient, "visit": visit})


@require_POST
@requires(Permission.BOOK)
def stop(request, wish_id):
    stop_waiting(wish=_wish(request, wish_id), by=staff(request.user))
    messages.success(request, _("Taken off the waiting list."))
    return redirect("planning:waiting")


@require_http_methods(["GET", "POST"])
@requires(Permission.BOOK)
def freed(request, appointment_id):
    """The place that a cancelled visit left, and who would like it; one press books it."""
    visit = get_object_or_404(Appointment.objects.visible_to(request.user).with_people(), public_id=appointment_id)
    problems, status = [], 200
    if request.method == "POST":
        try:
            booked = take_free_place(
                wish=_wish(request, request.POST.get("wish", "")),
                place=FreePlace.left_by(visit),
                by=staff(request.user),
            )
        except Clash as clash:
            problems, status = clash.words, CLASH
        except (ValidationError, BookingClosed) as refusal:
            problems, status = getattr(refusal, "messages", [str(refusal)]), CLASH
        else:
            messages.success(request, _("Booked: %(visit)s.") % {"visit": appointment_words(booked)})
            return redirect("planning:appointment", booked.public_id)
    audit.note_read(request, patient=visit.patient, what="freed place", subject_id=str(visit.public_id))
    matches = matches_for(FreePlace.left_by(visit), request.user) if not visit.active else []
    context = {"visit": visit, "patient": visit.patient, "matches": matches, "problems": problems}
    return render(request, "planning/freed.html", context, status=status)


def _wish(request, wish_id):
    wishes = WaitingWish.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    try:
        return get_object_or_404(wishes.select_related("patient", "appointment"), public_id=wish_id)
    except ValidationError as error:
        raise ValidationError(_("Choose somebody of the list.")) from error
