"""Everybody's week as a table: a row for each practitioner or room, a cell for each day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from planning.availability import to_local
from planning.board.ground import Ground, free_time, read_ground
from planning.board.missing import missing_by_appointment
from planning.models import Appointment
from smpclinic.models import Room, User


@dataclass(frozen=True)
class Entry:
    appointment: Appointment
    missing: tuple[str, ...]

    @property
    def at(self) -> str:
        return f"{self.appointment.starts_at:%H:%M}"


@dataclass(frozen=True)
class Cell:
    """One day of one row. ``free_min``: minutes that can still be booked. ``query`` as on the day board."""

    day: date
    entries: tuple[Entry, ...]
    free_min: int
    is_open: bool
    first_free: str
    query: str
    is_today: bool

    @property
    def free_words(self) -> str:
        return _("free from %(at)s") % {"at": self.first_free}


@dataclass(frozen=True)
class Row:
    title: str
    key: int
    initials: str
    tint: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Head:
    day: date
    is_today: bool
    closures: tuple[str, ...]


@dataclass(frozen=True)
class WeekTable:
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    visit_count: int


def week_table(monday: date, *, now: datetime, by_room: bool = False, user: User | None = None) -> WeekTable:
    """Seven days of everybody. The number of queries does not depend on the number of visits."""
    days = [monday + timedelta(days=number) for number in range(7)]
    ground = read_ground(days[0], days[-1], user=user)
    shown = [each for each in ground.appointments if each.is_shown]
    missing = missing_by_appointment(shown)
    whom = _rows_of(ground, shown, by_room)
    by_cell: dict[tuple[int, date], list[Entry]] = {}
    for each in shown:
        key = each.room_id if by_room else each.practitioner_id
        by_cell.setdefault((key, each.day), []).append(Entry(each, missing[each.pk]))
    rows = tuple(
        Row(
            title=str(who),
            key=who.pk,
            initials="" if by_room else who.initials,
            tint=0 if by_room else who.tint,
            cells=tuple(_cell(ground, who, day, tuple(by_cell.get((who.pk, day), ())), now) for day in days),
        )
        for who in whom
    )
    heads = tuple(Head(day, day == now.date(), ground.closures_on(day)) for day in days)
    return WeekTable(heads, rows, len(shown))


def _rows_of(ground: Ground, shown: list[Appointment], by_room: bool) -> list[User] | list[Room]:
    if by_room:
        rooms = {each.room_id: each.room for each in shown} | {room.pk: room for room in ground.rooms}
        return sorted(rooms.values(), key=str)
    people = {each.practitioner_id: each.practitioner for each in shown} | {user.pk: user for user in ground.people}
    return sorted(people.values(), key=str)


def _cell(ground: Ground, who: User | Room, day: date, entries: tuple[Entry, ...], now: datetime) -> Cell:
    is_room = isinstance(who, Room)
    working = ground.opening(who, day) if is_room else ground.working(who, day)
    busy = ground.busy(room=who) if is_room else ground.busy(user=who)
    free = free_time(working, busy, int(now.timestamp()) // 60)
    return Cell(
        day=day,
        entries=entries,
        free_min=sum(row.ends_min - row.starts_min for row in free),
        is_open=bool(working),
        first_free=f"{to_local(free[0].starts_min, ground.zone):%H:%M}" if free else "",
        query=f"day={day.isoformat()}&{'room' if is_room else 'practitioner'}={who.pk}",
        is_today=day == now.date(),
    )
