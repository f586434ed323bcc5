"""Home: today's board and what waits."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from planning.views.day import board_context
from smpclinic.pages.todo import tasks_for
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SEE_CALENDAR)
def home(request):
    context = board_context(request, timezone.localdate())
    return render(request, "planning/day.html", context | {"tasks": tasks_for(request.user), "is_home": True})
