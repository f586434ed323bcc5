"""Booked visits that the clinic's hours no longer hold: somebody is away, a room or a location is not in use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils import timezone

from planning.availability import Interval, to_local_day
from planning.hours import Timetable, timetable
from planning.models import Appointment, AppointmentState
from smpclinic.models import ClinicProfile, Location, User


class HitsVisits(Exception):
    """A change would leave these booked visits outside the hours; nobody has said yet that this is known."""

    def __init__(self, visits: Sequence[Appointment]) -> None:
        super().__init__(f"{len(visits)} booked visits would lie outside the hours")
        self.visits = visits


def visits_outside_hours() -> list[Appointment]:
    """Visits still to come that could not be booked there now, in their order (five queries)."""
    today = timezone.localdate(timezone=ClinicProfile.current().zone)
    ahead = Appointment.objects.active().filter(state=AppointmentState.BOOKED, local_day__gte=to_local_day(today))
    visits = list(ahead.with_people())
    if not visits:
        return []
    hours = timetable(
        today,
        max(visit.day for visit in visits),
        users={visit.practitioner for visit in visits},
        locations={visit.room.location for visit in visits},
    )
    working: dict[tuple[int, int], tuple[Interval, ...]] = {}
    return [visit for visit in visits if not _is_held(visit, hours, working)]


def _is_held(visit: Appointment, hours: Timetable, known: dict[tuple[int, int], tuple[Interval, ...]]) -> bool:
    who, where = visit.practitioner, visit.room.location
    if not (who.is_active and visit.room.is_active and where.is_active):
        return False
    return any(
        row.starts_min <= visit.starts_min and visit.ends_min <= row.ends_min
        for row in _working(who, where, hours, known)
    )


def _working(who: User, where: Location, hours: Timetable, known) -> tuple[Interval, ...]:
    """Reckoned once for each person and location."""
    if (who.pk, where.pk) not in known:
        known[who.pk, where.pk] = hours.working(who, where)
    return known[who.pk, where.pk]


@contextmanager
def told_of_hits(*, accepted: bool) -> Iterator[None]:
    """Within the transaction of a change: raise HitsVisits where it leaves booked visits outside the hours.

    ``accepted``: somebody has seen the list and wants the change all the same; the visits stay booked as they are.
    """
    before = set() if accepted else {visit.pk for visit in visits_outside_hours()}
    yield
    if accepted:
        return
    if hit := [visit for visit in visits_outside_hours() if visit.pk not in before]:
        raise HitsVisits(hit)
