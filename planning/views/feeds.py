"""A practitioner's private calendar address, and the calendar behind it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from planning.actions.feeds import close_feed, open_feed
from planning.feeds import calendar_of, feed_of
from planning.models import CalendarFeed
from smpclinic.actors import staff
from smpclinic.roles import Permission, requires


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_SESSIONS)
def my_feed(request):
    """Make an address (shown this once), or take it back."""
    address = ""
    if request.method == "POST" and "revoke" in request.POST:
        close_feed(user=request.user, by=staff(request.user))
    elif request.method == "POST":
        token = open_feed(user=request.user, by=staff(request.user))
        address = request.build_absolute_uri(reverse("planning:feed", args=[token]))
    current = CalendarFeed.objects.filter(user=request.user, revoked_at__isnull=True).first()
    return render(request, "planning/my_feed.html", {"address": address, "current": current})


@require_safe
@login_not_required
def feed(request, token):
    """The calendar file. An address that was taken back answers like one that never was."""
    found = feed_of(token)
    if found is None:
        raise Http404
    return HttpResponse(calendar_of(found.user), content_type="text/calendar; charset=utf-8")
