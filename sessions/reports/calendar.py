"""Who did not come, and how much of their open hours rooms were used."""

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.availability import to_local_day
from planning.hours import timetable
from planning.models import Appointment, AppointmentKind
from planning.models.hours import WEEKDAYS
from sessions.reports import bars
from sessions.reports.intervals import Share, share_of
from sessions.reports.report import Period, Report, Section, Table
from smpclinic.local_dates import date_format
from smpclinic.models import Room

NO_SHOW = gettext_lazy("Did not come")
THURSDAY = 3  # the weekday of 1 January 1970, from which local days are counted


def no_show_report(period: Period) -> Report:
    """Visits that were waited for in vain, by kind, weekday and how they were confirmed (three queries)."""
    first, last = period.local_days
    rows = Appointment.objects.filter(
        local_day__range=(first, min(last, to_local_day(timezone.localdate()))), state__in=("done", "no_show")
    ).order_by()
    days, kinds = dict(WEEKDAYS), dict(AppointmentKind.choices)
    by_day = rows.annotate(weekday=(F("local_day") + THURSDAY) % 7)
    sections = [
        _section(_("By kind of visit"), [(str(kinds[key]), share) for key, share in _shares(rows, "kind")]),
        _section(_("By weekday"), [(str(days[key]), share) for key, share in _shares(by_day, "weekday")]),
        _section(_("By practitioner"), _named(rows)),
    ]
    notes = [
        _("Of visits that took place or were waited for in vain; cancelled ones are not in it."),
        _("The range is where the true share lies with 95 % certainty; under five visits nothing is said."),
    ]
    return Report(sections, notes)


def room_report(period: Period) -> Report:
    """Booked minutes of each room against the hours its location was open (four queries)."""
    first, last = period.local_days
    used = Count("appointments", filter=Q(appointments__active=True, appointments__local_day__range=(first, last)))
    minutes = Sum(
        F("appointments__ends_min") - F("appointments__starts_min"),
        filter=Q(appointments__active=True, appointments__local_day__range=(first, last)),
    )
    rooms = Room.objects.filter(is_active=True).select_related("location").annotate(visits=used, used_min=minutes)
    rooms = list(rooms.order_by("location__name", "name"))
    open_min = _open_minutes(period, {room.location for room in rooms})
    told = [(f"{room}", room.visits, room.used_min or 0, open_min[room.location_id]) for room in rooms]
    table = Table(
        _("Rooms"),
        [_("Room"), _("Visits"), _("In use"), _("Open"), _("Share")],
        [
            [name, f"{visits}", _hours(used), _hours(opened), _percent(used, opened)]
            for name, visits, used, opened in told
        ],
        figures=frozenset({1, 2, 3, 4}),
    )
    values = [bars.Value(name, (100 * used / opened,)) for name, _visits, used, opened in told if opened]
    words = "; ".join(f"{name}: {_percent(used, opened)}" for name, _visits, used, opened in told if opened)
    notes = [_("Visits that stand, against the opening hours without closed days. Cleaning is not in it.")]
    return Report(
        [Section(table, bars.bar_chart(values, most=100) if values else None, words, _("% of open hours"))], notes
    )


def _shares(rows, by: str) -> list[tuple[object, Share]]:
    counted = rows.values(by).annotate(waited=Count("pk"), missed=Count("pk", filter=Q(state="no_show")))
    return [(row[by], share_of(row["missed"], row["waited"])) for row in sorted(counted, key=lambda row: row[by])]


def _named(rows) -> list[tuple[str, Share]]:
    from smpclinic.models import User

    names = {user.pk: str(user) for user in User.objects.all()}
    return sorted((names.get(key, ""), share) for key, share in _shares(rows, "practitioner"))


def _section(title: str, told: list[tuple[str, Share]]) -> Section:
    table = Table(
        title,
        [title, _("Visits"), str(NO_SHOW), _("Share"), _("Range")],
        [[name, f"{s.count}", f"{s.hits}", s.percent or _("too few"), s.range] for name, s in told],
        figures=frozenset({1, 2, 3, 4}),
    )
    enough = [(name, share) for name, share in told if share.is_telling]
    values = [bars.Value(name, (100 * s.part,), 100 * s.low, 100 * s.high) for name, s in enough]
    words = "; ".join(f"{name}: {s.percent} ({s.range})" for name, s in enough)
    return Section(table, bars.bar_chart(values) if values else None, words, _("% did not come"))


def _open_minutes(period: Period, locations) -> dict[int, int]:
    """Open minutes by location; none where it has no opening hours of its own."""
    times = timetable(period.first, period.last, users=[], locations=locations)
    with_hours = {row.location_id for row in times.weekly if row.user_id is None}
    return {
        location.pk: sum(each.ends_min - each.starts_min for each in times.opening(location))
        if location.pk in with_hours
        else 0
        for location in locations
    }


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.0f} h" if minutes else "–"


def _percent(used: int, opened: int) -> str:
    return f"{round(100 * used / opened)} %" if opened else "–"


def period_words(period: Period) -> str:
    """ "1 Oct 2026 to 31 Dec 2026"."""
    told = {"first": date_format(period.first, "j M Y"), "last": date_format(period.last, "j M Y")}
    return _("%(first)s to %(last)s") % told
