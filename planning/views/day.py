"""The day board."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from planning.board import day_board
from planning.forms.booking import DayForm
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SEE_CALENDAR)
def day(request, day):
    return render(request, "planning/day.html", board_context(request, day))


@require_GET
@requires(Permission.SEE_CALENDAR)
def jump(request):
    """Go to the day typed in; today where it cannot be read."""
    form = DayForm(request.GET)
    form.is_valid()
    return redirect("planning:day", day=form.cleaned_data.get("day") or timezone.localdate())


def board_context(request, day):
    """What a page with the day board needs; home shows the same board."""
    form = DayForm(request.GET or None)
    by_room = form.by_room()
    board = day_board(day, now=timezone.localtime(), by_room=by_room, user=request.user)
    return {
        "board": board,
        "day": day,
        "by_room": by_room,
        "today": timezone.localdate(),
        "previous_day": day - timedelta(days=1),
        "next_day": day + timedelta(days=1),
    }
