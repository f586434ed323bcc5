"""For the manager: weekly hours, time off, public holidays, kinds of visit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.actions import times as actions
from planning.actions.visit_settings import change_visit_settings
from planning.forms.places import HolidaysForm, KindForm, RemoveForm, TimeOffForm, VisitSettingsForm, WeekForm
from planning.kinds import kinds_of_visit
from planning.models import TimeOff, WeeklyHours
from planning.outside import HitsVisits
from planning.views.places import saved_or_asked
from planning.visit_settings import visit_settings
from smpclinic.actors import staff
from smpclinic.models import Location, User
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def opening_hours(request, location_id):
    location = get_object_or_404(Location, public_id=location_id)
    return _hours(request, location, None, _("Opening hours of %(location)s") % {"location": location})


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def working_hours(request, location_id, user_id):
    location = get_object_or_404(Location, public_id=location_id)
    user = get_object_or_404(User.objects.practitioners(), public_id=user_id)
    title = _("Hours of %(who)s at %(location)s") % {"who": user, "location": location}
    return _hours(request, location, user, title)


def _hours(request, location, user, title):
    week = actions.week_of(WeeklyHours.objects.filter(location=location, user=user))
    form = WeekForm(request.POST or None, week=week)

    def act(told):
        actions.change_hours(
            location=location,
            user=user,
            week=told["week"],
            hits_accepted=told["hits_accepted"],
            by=staff(request.user),
        )

    return saved_or_asked(request, form, {"title": title}, act, template="planning/hours.html")


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def add_time_off(request):
    form = TimeOffForm(request.POST or None)

    def act(told):
        actions.add_time_off(by=staff(request.user), hits_accepted=told["hits_accepted"], **form.fields_told())

    return saved_or_asked(request, form, {"title": _("Time off or closure")}, act)


@require_POST
@requires(Permission.SET_UP)
def remove_time_off(request):
    form = RemoveForm(request.POST)
    row = TimeOff.objects.filter(pk=form.cleaned_data["row"]).first() if form.is_valid() else None
    try:
        if row is None:
            raise ValidationError(_("Somebody has removed it already."))
        actions.remove_time_off(time_off=row, by=staff(request.user))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Removed. That time can be booked again."))
    return redirect("planning:places")


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def holidays(request):
    """First which country and year; then the list, to choose from; then the clinic is closed on those."""
    form = HolidaysForm(request.POST or request.GET or None)
    context = {"form": form, "today": timezone.localdate()}
    if not form.is_bound or not form.is_valid():
        return render(request, "planning/holidays.html", context)
    told = form.cleaned_data
    chosen = set(request.POST.getlist("day"))
    context["found"] = _preview(told, chosen if request.method == "POST" else None)
    if request.method == "POST":
        days = {each.day: each.name for each in told["found"] if each.day.isoformat() in chosen}
        try:
            closed = actions.close_on_holidays(
                days=days, location=told["location"], hits_accepted=told["hits_accepted"], by=staff(request.user)
            )
        except HitsVisits as asked:
            form.with_yes()
            return render(request, "planning/holidays.html", context | {"hits": asked.visits})
        messages.success(request, _("Closed on %(count)s more days.") % {"count": len(closed)})
        return redirect("planning:places")
    return render(request, "planning/holidays.html", context)


def _preview(told, chosen):
    """Each holiday: whether the clinic is closed then already, and whether its box is ticked."""
    closed = TimeOff.objects.filter(user__isnull=True, location=told["location"], starts_min__isnull=True)
    known = set(closed.filter(first_day__year=told["year"]).values_list("first_day", flat=True))
    today = timezone.localdate()
    return [
        {
            "day": each.day,
            "name": each.name,
            "is_known": each.day in known,
            "is_chosen": each.day >= today if chosen is None else each.day.isoformat() in chosen,
        }
        for each in told["found"]
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def kinds(request):
    shown = [kind for kind in kinds_of_visit().values() if kind.minutes is not None]
    forms = [KindForm(request.POST or None, kind=kind) for kind in shown]
    visits = VisitSettingsForm(request.POST or None, settings=visit_settings(request.clinic))
    answers = [form.is_valid() for form in [*forms, visits]]  # every one, so that every wrong one says so
    if all(answers):
        with transaction.atomic():
            change_visit_settings(settings=visits.settings(), by=staff(request.user))
            for form in forms:
                actions.change_kind(kind=form.kind.kind.value, by=staff(request.user), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("planning:places")
    return render(request, "planning/kinds.html", {"forms": [*forms, visits]})
