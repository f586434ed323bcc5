"""A month in numbers: who has how many visits on which day, and when the clinic is closed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Sum

from planning.availability import to_date
from planning.models import Appointment, TimeOff
from smpclinic.models import Room, User


@dataclass(frozen=True)
class Load:
    """What one practitioner or room has on a day."""

    title: str
    initials: str
    tint: int
    visits: int
    minutes: int


@dataclass(frozen=True)
class MonthDay:
    day: date
    is_in_month: bool
    is_today: bool
    loads: tuple[Load, ...]
    closures: tuple[str, ...]

    @property
    def visits(self) -> int:
        return sum(load.visits for load in self.loads)

    @property
    def minutes(self) -> int:
        return sum(load.minutes for load in self.loads)


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[tuple[MonthDay, ...], ...]

    @property
    def visits(self) -> int:
        return sum(day.visits for week in self.weeks for day in week if day.is_in_month)


def month_of(
    day: date, *, today: date, by_room: bool = False, who: int | None = None, user: User | None = None
) -> Month:
    """The weeks that hold the month of ``day``; ``who`` narrows to one practitioner or room (three or four queries)."""
    first = day.replace(day=1)
    start = first - timedelta(days=first.weekday())
    following = (first + timedelta(days=31)).replace(day=1)
    end = following + timedelta(days=-following.weekday() % 7 - 1)
    loads = _loads(start, end, by_room=by_room, who=who, user=user)
    closed = list(TimeOff.objects.filter(user__isnull=True, first_day__lte=end, last_day__gte=start))

    def one(number: int) -> MonthDay:
        each = start + timedelta(days=number)
        words = tuple(str(row) for row in closed if row.first_day <= each <= row.last_day)
        return MonthDay(each, each.month == first.month, each == today, tuple(loads[each]), words)

    days = [one(number) for number in range((end - start).days + 1)]
    return Month(first, tuple(tuple(days[number : number + 7]) for number in range(0, len(days), 7)))


def _loads(start: date, end: date, *, by_room: bool, who: int | None, user: User | None) -> dict[date, list[Load]]:
    key = "room_id" if by_room else "practitioner_id"
    visits = Appointment.objects.between(start, end).active()
    visits = visits.visible_to(user) if user else visits
    if who is not None:
        visits = visits.filter(**{key: who})
    rows = (
        visits.order_by()
        .values("local_day", key)
        .annotate(visits=Count("pk"), minutes=Sum(F("ends_min") - F("starts_min")))
    )
    names = {each.pk: each for each in (Room.objects.select_related("location") if by_room else User.objects.all())}
    loads = defaultdict(list)
    for row in rows:
        whose = names[row[key]]
        initials, tint = ("", 0) if by_room else (whose.initials, whose.tint)
        loads[to_date(row["local_day"])].append(Load(str(whose), initials, tint, row["visits"], row["minutes"]))
    for found in loads.values():
        found.sort(key=lambda load: load.title)
    return loads
