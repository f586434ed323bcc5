"""Who works where and when, read from the database for the pure modules."""

from datetime import UTC, date, datetime

from django.db.models import Q

from planning.models import TimeOff, WeeklyHours
from smpclinic.models import ClinicProfile


def hours_at(locations, users):
    """Opening hours (no user) and working hours at these locations (one query)."""
    return list(WeeklyHours.objects.filter(location__in=locations).filter(Q(user__isnull=True) | Q(user__in=users)))


def time_off_between(first: date, last: date):
    """Everything closed or away between two local dates, both included (one query)."""
    return list(TimeOff.objects.filter(first_day__lte=last, last_day__gte=first))


def works_there(practitioner, room, starts_min: int, ends_min: int, day: date) -> bool:
    """Whether the location is open and the practitioner works there for the whole visit (two queries).

    A location without opening hours of its own is open whenever somebody works there.
    """
    zone = ClinicProfile.current().zone
    start, end = (_minute_of(day, at, zone) for at in (starts_min, ends_min))
    rows = [row for row in hours_at([room.location_id], [practitioner]) if row.weekday == day.weekday()]
    opening = [row for row in rows if row.user_id is None]
    working = [row for row in rows if row.user_id == practitioner.pk]
    if not _covers(working, start, end) or (opening and not _covers(opening, start, end)):
        return False
    return not any(_is_away(row, practitioner, room, start, end) for row in time_off_between(day, day))


def _minute_of(day: date, minute: int, zone) -> int:
    """The local minute of the day; past midnight it goes on counting from 1440."""
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute


def _covers(rows, start: int, end: int) -> bool:
    return any(row.starts_min <= start and end <= row.ends_min for row in rows)


def _is_away(row: TimeOff, practitioner, room, start: int, end: int) -> bool:
    whose = row.user_id in (None, practitioner.pk) and row.location_id in (None, room.location_id)
    overlaps = row.starts_min is None or (row.starts_min < end and start < row.ends_min)
    return whose and overlaps
