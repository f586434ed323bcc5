"""What a page of the calendar reads: visits, hours, people, rooms and closures, in a fixed number of queries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planning.availability import Interval, day_start, difference, intersection, to_local, to_local_day, union
from planning.board.frame import DAY_MIN, STEP_MIN
from planning.hours import Timetable, timetable
from planning.models import Appointment
from smpclinic.models import Location, Room, User


@dataclass(frozen=True)
class Ground:
    """Some local days, both ends included, and everything known about them.

    ``appointments`` are those whose patients may be named to who looks; ``taken`` is everybody's time.
    """

    first_day: date
    last_day: date
    zone: ZoneInfo
    appointments: tuple[Appointment, ...]
    taken: tuple[Appointment, ...]
    hours: Timetable
    locations: tuple[Location, ...]
    rooms: tuple[Room, ...]
    people: tuple[User, ...]
    seen: dict[tuple[str, int], list[Interval]] = field(default_factory=dict)  # what was worked out once

    def shown_on(self, day: date) -> list[Appointment]:
        """Visits that stand on the board: the active ones, and those who did not come."""
        return [each for each in self.appointments if each.day == day and each.is_shown]

    def working(self, user: User, day: date) -> list[Interval]:
        """When somebody works on a day, at whatever location."""
        whole = self._once(
            ("working", user.pk),
            lambda: union(row for location in self.locations for row in self.hours.working(user, location)),
        )
        return self._on(day, whole)

    def opening(self, room: Room, day: date) -> list[Interval]:
        """When a room may be used on a day; nothing where it is no longer in use."""
        if not room.is_active:
            return []
        return self._on(day, self._once(("opening", room.location_id), lambda: list(self.hours.opening(room.location))))

    def busy(self, *, user: User | None = None, room: Room | None = None) -> list[Interval]:
        """When somebody or a room is taken; a room is cleaned after each visit."""
        if user is not None:
            return self._once(
                ("user", user.pk),
                lambda: [
                    Interval(row.starts_min, row.ends_min) for row in self.taken if row.practitioner_id == user.pk
                ],
            )
        return self._once(
            ("room", room.pk),
            lambda: [Interval(row.starts_min, row.room_until_min) for row in self.taken if row.room_id == room.pk],
        )

    def _once(self, key: tuple[str, int], work: Callable[[], list[Interval]]) -> list[Interval]:
        if key not in self.seen:
            self.seen[key] = work()
        return self.seen[key]

    def closures_on(self, day: date) -> tuple[str, ...]:
        """Why the clinic or one of its locations is closed that day."""
        return tuple(
            str(row) for row in self.hours.away if row.user_id is None and row.first_day <= day <= row.last_day
        )

    def _on(self, day: date, intervals) -> list[Interval]:
        number = to_local_day(day)
        return intersection(intervals, [(day_start(number, self.zone), day_start(number + 1, self.zone))])

    def minutes_of_day(self, interval: Interval, day: date) -> tuple[int, int]:
        """An interval within a day as minutes of that day's clock; midnight at its end is 1440."""
        starts, ends = (to_local(minute, self.zone) for minute in interval)
        return _minute(starts), DAY_MIN if ends.date() > day else _minute(ends)


def read_ground(first_day: date, last_day: date, *, user: User | None = None) -> Ground:
    """Read it all (eight queries, one more where patients are not shared); ``user``: who looks."""
    visits = Appointment.objects.between(first_day, last_day).with_people()
    locations = tuple(Location.objects.filter(is_active=True))
    people = tuple(User.objects.practitioners())
    hours = timetable(first_day, last_day, users=people, locations=locations)
    every = tuple(visits)
    return Ground(
        first_day=first_day,
        last_day=last_day,
        zone=hours.zone,
        appointments=_visible(every, visits, user),
        taken=tuple(each for each in every if each.active),
        hours=hours,
        locations=locations,
        rooms=tuple(Room.objects.filter(is_active=True, location__is_active=True).select_related("location")),
        people=people,
    )


def _visible(every, visits, user) -> tuple[Appointment, ...]:
    if user is None:
        return every
    visible = visits.visible_to(user)
    if visible is visits:
        return every
    keys = set(visible.values_list("pk", flat=True))
    return tuple(each for each in every if each.pk in keys)


def free_time(working, busy, now_min: int) -> list[Interval]:
    """What is left of the working hours from the next quarter of an hour on."""
    return difference(working, [*busy, (0, -(-now_min // STEP_MIN) * STEP_MIN)])


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
