"""The calendar: a day, a week, a month, and the day on paper."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from planning.board import day_board, day_sheet, month_of, week_board, week_table
from planning.calendar_frame import frame_of
from planning.forms.calendar import CalendarForm
from smpclinic import audit
from smpclinic.actors import staff
from smpclinic.models import Room, User
from smpclinic.pdf import PdfFailed, render_pdf
from smpclinic.roles import Permission, requires


@require_GET
@requires(Permission.SEE_CALENDAR)
def day(request, day):
    return render(request, "planning/day.html", board_context(request, day))


@require_GET
@requires(Permission.SEE_CALENDAR)
def week(request, day):
    form = CalendarForm(request.GET)
    monday, now = day - timedelta(days=day.weekday()), timezone.localtime()
    frame = frame_of(form, view="week", day=day, user=request.user)
    if who := _who(form):
        board = week_board(monday, now=now, who=who, user=request.user)
        return render(request, "planning/week_of_one.html", frame | {"board": board, "who": who, "monday": monday})
    table = week_table(monday, now=now, by_room=form.by_room(), user=request.user)
    return render(request, "planning/week.html", frame | {"table": table, "monday": monday})


@require_GET
@requires(Permission.SEE_CALENDAR)
def month(request, day):
    form = CalendarForm(request.GET)
    frame = frame_of(form, view="month", day=day, user=request.user)
    found = month_of(day, today=frame["today"], by_room=form.by_room(), who=form.told("who"), user=request.user)
    return render(request, "planning/month.html", frame | {"month": found})


@require_GET
@requires(Permission.SEE_CALENDAR)
def jump(request):
    """Go to the day typed in; today where it cannot be read."""
    form = CalendarForm(request.GET)
    return redirect(f"planning:{form.told('view') or 'day'}", day=form.told("day") or timezone.localdate())


@require_GET
@requires(Permission.SEE_CALENDAR, Permission.PRINT_PAPERS)
def sheet(request, day):
    """The day as a plain list, for the browser's own print."""
    return render(request, "planning/day_sheet.html", _sheet(request, day))


@require_GET
@requires(Permission.SEE_CALENDAR, Permission.PRINT_PAPERS)
def sheet_pdf(request, day):
    """The same on A4 across."""
    context = _sheet(request, day)
    try:
        content = render_pdf("pdf/day_sheet.html", context)
    except PdfFailed as failure:
        return render(request, "planning/day_sheet.html", context | {"failure": failure}, status=503)
    name = f"day-{day.isoformat()}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _sheet(request, day):
    found = day_sheet(day, user=request.user)
    visits = sum(len(part.lines) for part in found.parts)
    # Names with phones leave the screen: which day, for how many, by whom.
    audit.record(
        by=staff(request.user), verb="printed day sheet", subject=request.clinic, day=day.isoformat(), visits=visits
    )
    return {"sheet": found, "visits": visits, "day": day, "printed_at": timezone.localtime(), "clinic": request.clinic}


def _who(form: CalendarForm) -> User | Room | None:
    """Whose week it is; None for everybody's, or where nobody is found."""
    key = form.told("who")
    if key is None:
        return None
    if form.by_room():
        return Room.objects.select_related("location").filter(pk=key).first()
    return User.objects.practitioners().filter(pk=key).first()


def board_context(request, day: date):
    """What a page with the day board needs; home shows the same board."""
    form = CalendarForm(request.GET)
    board = day_board(day, now=timezone.localtime(), by_room=form.by_room(), user=request.user)
    return frame_of(form, view="day", day=day, user=request.user) | {"board": board}
