"""For the manager: locations, rooms, and everything about times on one page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from planning.actions import places as actions
from planning.forms.places import LocationForm, RoomForm
from planning.outside import HitsVisits
from planning.places_page import places_page
from smpclinic.actors import staff
from smpclinic.models import Location, Room
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SET_UP)
def places(request):
    return render(request, "planning/places.html", places_page())


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def add_location(request):
    return _edit(request, LocationForm, None, _("New location"), actions.save_location, "location")


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def location(request, location_id):
    row = get_object_or_404(Location, public_id=location_id)
    return _edit(request, LocationForm, row, str(row), actions.save_location, "location")


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def add_room(request):
    return _edit(request, RoomForm, None, _("New room"), actions.save_room, "room")


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def room(request, room_id):
    row = get_object_or_404(Room, public_id=room_id)
    return _edit(request, RoomForm, row, str(row), actions.save_room, "room")


def _edit(request, form_class, row, title, act, name):
    # The form gets a row of its own: what it fills in is judged and saved by the action alone.
    shown = None if row is None else type(row).objects.get(pk=row.pk)
    form = form_class(request.POST or None, instance=shown)
    return saved_or_asked(
        request, form, {"title": title}, lambda told: act(**{name: row}, by=staff(request.user), **told)
    )


def saved_or_asked(request, form, context, act, *, template="planning/setup_form.html"):
    """Save with ``act(told)`` and go back to the page of places; or the form again, with what stands in the way.

    A change that hits booked visits is not made at first: the page names them, and the same button then means it.
    """
    hits = ()
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except HitsVisits as asked:
            hits = asked.visits
            form.with_yes()
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:places")
    return render(request, template, {"form": form, "hits": hits} | context)
