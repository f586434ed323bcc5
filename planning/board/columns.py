"""Boards to scale: a day by practitioner or room, a week of one of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse

from planning.availability import Interval, difference
from planning.board.frame import STEP_MIN, Block, Board, Column, spot, stretch
from planning.board.ground import Ground, free_time, read_ground
from planning.board.missing import missing_by_appointment
from planning.models import Appointment, AppointmentState
from smpclinic.local_dates import date_format
from smpclinic.models import Room, User

EARLIEST_HOUR, LATEST_HOUR = 8, 18


class _Draft:
    """One column while the hours of the whole board are not known yet."""

    def __init__(self, ground: Ground, day: date, visits: Sequence[Appointment], who: User | Room):
        self.ground, self.day, self.visits, self.who = ground, day, visits, who
        is_room = isinstance(who, Room)
        working = ground.opening(who, day) if is_room else ground.working(who, day)
        self.working = working
        self.busy = ground.busy(room=who) if is_room else ground.busy(user=who)
        self.query = f"day={day.isoformat()}&{'room' if is_room else 'practitioner'}={who.pk}"

    @property
    def bounds(self) -> Iterable[tuple[int, int]]:
        """First and last minute of the day of everything in it."""
        yield from (self.ground.minutes_of_day(row, self.day) for row in self.working)
        yield from ((_start(each), _start(each) + each.minutes) for each in self.visits)

    def column(self, *, title: str, now: datetime, hours: tuple[int, int], missing, **look) -> Column:
        day = self.day
        opened = [self.ground.minutes_of_day(row, day) for row in self.working]
        free = free_time(self.working, self.busy, int(now.timestamp()) // 60)
        is_today = now.date() == day
        minute = now.hour * 60 + now.minute
        is_inside = is_today and hours[0] * 60 <= minute < hours[1] * 60
        return Column(
            title=title,
            blocks=tuple(_block(each, missing[each.pk]) for each in self.visits),
            free=tuple(stretch(*self.ground.minutes_of_day(row, day)) for row in free if _holds_a_visit(row)),
            closed=tuple(stretch(*row) for row in difference([(hours[0] * 60, hours[1] * 60)], opened)),
            query=self.query,
            is_today=is_today,
            now_row=minute // STEP_MIN if is_inside else None,
            now_plus=minute % STEP_MIN,
            **look,
        )


def day_board(day: date, *, now: datetime, by_room: bool = False, user: User | None = None) -> Board:
    """Everything on one local day. The number of queries does not depend on the number of visits.

    ``now``: the present moment in the clinic's zone; the now-line is drawn where it falls on ``day``. ``user``: who
    looks, and so whose visits are named where locations do not share their patients.
    """
    ground = read_ground(day, day, user=user)
    shown = ground.shown_on(day)
    drafts = [_Draft(ground, day, _visits_of(who, shown), who) for who in _columns_of(ground, shown, by_room)]
    hours, missing = _hours(drafts), missing_by_appointment(shown)
    columns = (
        draft.column(title=str(draft.who), now=now, hours=hours, missing=missing, **_look(draft.who))
        for draft in drafts
    )
    cancelled = tuple(each for each in ground.appointments if each.state == AppointmentState.CANCELLED)
    return Board(day, *hours, tuple(columns), cancelled, ground.closures_on(day))


def week_board(monday: date, *, now: datetime, who: User | Room, user: User | None = None) -> Board:
    """Seven days of one practitioner or room, to scale. The number of queries does not depend on the visits."""
    days = [monday + timedelta(days=number) for number in range(7)]
    ground = read_ground(days[0], days[-1], user=user)
    drafts = [_Draft(ground, day, _visits_of(who, ground.shown_on(day)), who) for day in days]
    hours = _hours(drafts)
    missing = missing_by_appointment([visit for draft in drafts for visit in draft.visits])
    tint = who.tint if isinstance(who, User) else 0
    columns = (
        draft.column(
            title=date_format(draft.day, "D j M"),
            now=now,
            hours=hours,
            missing=missing,
            tint=tint,
            url=reverse("planning:day", args=[draft.day]),
        )
        for draft in drafts
    )
    return Board(monday, *hours, tuple(columns))


def _columns_of(ground: Ground, shown: Sequence[Appointment], by_room: bool) -> list[User] | list[Room]:
    """Everybody who works now, or every room in use, and whoever has a visit on the board besides."""
    if by_room:
        rooms = {room.pk: room for room in ground.rooms} | {each.room_id: each.room for each in shown}
        return sorted(rooms.values(), key=str)
    people = {user.pk: user for user in ground.people}
    people |= {each.practitioner_id: each.practitioner for each in shown if each.practitioner_id not in people}
    return sorted(people.values(), key=str)


def _visits_of(who: User | Room, shown: Sequence[Appointment]) -> list[Appointment]:
    if isinstance(who, Room):
        return [each for each in shown if each.room_id == who.pk]
    return [each for each in shown if each.practitioner_id == who.pk]


def _look(who: User | Room) -> dict[str, object]:
    return {} if isinstance(who, Room) else {"initials": who.initials, "tint": who.tint}


def _block(visit: Appointment, missing: tuple[str, ...]) -> Block:
    place = spot(_start(visit), visit.minutes)
    may_move = visit.state == AppointmentState.BOOKED
    return Block(visit, place.row, place.span, missing, place.plus, place.less, may_move)


def _hours(drafts: Iterable[_Draft]) -> tuple[int, int]:
    """The board's first and last hour: the usual day, widened for what lies outside."""
    bounds = [bound for draft in drafts for bound in draft.bounds]
    starts = [start // 60 for start, _end in bounds]
    ends = [min(24, -(-end // 60)) for _start, end in bounds]
    return min([EARLIEST_HOUR, *starts]), max([LATEST_HOUR, *ends])


def _start(visit: Appointment) -> int:
    return visit.minute_of_day


def _holds_a_visit(row: Interval) -> bool:
    return row.ends_min - row.starts_min >= STEP_MIN
