"""Who works where and when, read from the database for the pure modules."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from planning import availability
from planning.availability import Interval, to_local_day
from planning.models import Appointment, TimeOff, WeeklyHours
from smpclinic.models import ClinicProfile, Location, Room, User

ALWAYS = tuple(
    availability.Hours(weekday=weekday, starts_min=0, ends_min=availability.MINUTES_A_DAY) for weekday in range(7)
)


@dataclass(frozen=True)
class Timetable:
    """Everything about hours between two local dates, read once (three queries)."""

    first_day: date
    last_day: date
    weekly: Sequence[WeeklyHours]
    away: Sequence[TimeOff]
    zone: ZoneInfo

    def working(self, user: User, location: Location) -> tuple[Interval, ...]:
        """When ``user`` works at ``location``, UTC minutes, visits not taken out.

        A location without opening hours of its own is open whenever somebody works there.
        """
        here = [row for row in self.weekly if row.location_id == location.pk]
        opening = [_hours(row) for row in here if row.user_id is None]
        return availability.free_intervals(
            hours=[_hours(row) for row in here if row.user_id == user.pk],
            opening=opening or ALWAYS,
            time_off=[_away(row) for row in self.away if _concerns(row, user, location)],
            first_day=self.first_day,
            last_day=self.last_day,
            zone=self.zone,
        )

    def opening(self, location: Location) -> tuple[Interval, ...]:
        """When ``location`` is open, UTC minutes; always, where it has no opening hours of its own."""
        rows = [_hours(row) for row in self.weekly if row.location_id == location.pk and row.user_id is None]
        closed = [_away(row) for row in self.away if row.user_id is None and row.location_id in (None, location.pk)]
        return availability.free_intervals(
            hours=rows or ALWAYS,
            opening=ALWAYS,
            time_off=closed,
            first_day=self.first_day,
            last_day=self.last_day,
            zone=self.zone,
        )


def timetable(first_day: date, last_day: date, *, users: Iterable[User], locations: Iterable[Location]) -> Timetable:
    """Read the hours of these people at these locations, and everything closed or away (three queries)."""
    weekly = WeeklyHours.objects.filter(location__in=list(locations)).filter(
        Q(user__isnull=True) | Q(user__in=list(users))
    )
    away = TimeOff.objects.filter(first_day__lte=last_day, last_day__gte=first_day)
    return Timetable(first_day, last_day, list(weekly), list(away), ClinicProfile.current().zone)


def closed_days(location: Location, first_day: date, last_day: date) -> frozenset[date]:
    """The local days between two dates, both included, on which a location is not open at all (two queries)."""
    hours = timetable(first_day, last_day, users=(), locations=[location])
    is_open: set[date] = set()
    for interval in hours.opening(location):
        day = availability.to_local(interval.starts_min, hours.zone).date()
        until = availability.to_local(interval.ends_min - 1, hours.zone).date()
        is_open.update(day + timedelta(days=number) for number in range((until - day).days + 1))
    every = {first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)}
    return frozenset(every - is_open)


def works_there(practitioner: User, room: Room, starts_min: int, ends_min: int, day: date) -> bool:
    """Whether the location is open and the practitioner works there for the whole visit."""
    found = timetable(day, day, users=[practitioner], locations=[room.location]).working(practitioner, room.location)
    return any(interval.starts_min <= starts_min and ends_min <= interval.ends_min for interval in found)


def qualified_time(user: User, first_day: date, last_day: date, zone: ZoneInfo) -> list[Interval]:
    """When ``user`` may treat between two local dates, both included (a query, unless qualifications are read)."""
    spans = [
        (max(row.valid_from, first_day), min(row.valid_until or last_day, last_day))
        for row in user.qualifications.all()
        if row.allows_treatment
    ]
    return availability.union(
        (availability.day_start(to_local_day(first), zone), availability.day_start(to_local_day(last) + 1, zone))
        for first, last in spans
        if first <= last
    )


def visits_between(first_day: date, last_day: date, *, besides: Collection[Appointment] = ()):
    """Active visits that may stand in the way between two local dates, times and people only (one query)."""
    first, last = to_local_day(first_day), to_local_day(last_day)
    return (
        Appointment.objects.active()
        .filter(local_day__range=(first - 1, last + 1), breach_reason="")
        .exclude(pk__in=[visit.pk for visit in besides])
        .values_list("practitioner_id", "room_id", "patient_id", "starts_min", "ends_min", "room_until_min")
    )


def _hours(row: WeeklyHours) -> availability.Hours:
    return availability.Hours(weekday=row.weekday, starts_min=row.starts_min, ends_min=row.ends_min)


def _away(row: TimeOff) -> availability.TimeOff:
    whole = {} if row.starts_min is None else {"starts_min": row.starts_min, "ends_min": row.ends_min}
    return availability.TimeOff(first_day=row.first_day, last_day=row.last_day, **whole)


def _concerns(row: TimeOff, user: User, location: Location) -> bool:
    return row.user_id in (None, user.pk) and row.location_id in (None, location.pk)
