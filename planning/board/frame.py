"""Where things stand on a board: quarters of an hour from midnight, and the minutes beside the quarter."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from planning.models import Appointment

STEP_MIN = 15
STEPS_AN_HOUR = 60 // STEP_MIN
DAY_MIN = 1440


@dataclass(frozen=True)
class Spot:
    """It begins ``plus`` minutes after quarter ``row`` of the day; it lasts ``span`` quarters less ``less`` minutes."""

    row: int
    span: int
    plus: int = 0
    less: int = 0


def spot(starts_min: int, minutes: int) -> Spot:
    """The place of something that starts at a minute of the local day.

    >>> spot(615, 45)
    Spot(row=41, span=3, plus=0, less=0)
    >>> spot(620, 10)
    Spot(row=41, span=1, plus=5, less=5)
    """
    span = max(1, -(-minutes // STEP_MIN))
    return Spot(starts_min // STEP_MIN, span, starts_min % STEP_MIN, span * STEP_MIN - minutes)


class Placed:
    """Something that stands at a place of the board; a full day shows hundreds, so its words are put together here."""

    row: int
    span: int
    plus: int
    less: int

    @property
    def place(self) -> str:
        """The classes that say where it stands."""
        return f"row-{self.row} span-{self.span} plus-{self.plus} less-{self.less}"


@dataclass(frozen=True)
class Block(Placed):
    """One visit in its place, and what it still lacks."""

    appointment: Appointment
    row: int
    span: int
    missing: tuple[str, ...] = ()
    plus: int = 0
    less: int = 0
    may_move: bool = False

    @property
    def times(self) -> str:
        """From when until when, as "10:00-10:45"."""
        return f"{self.appointment.starts_at:%H:%M}–{self.appointment.ends_at:%H:%M}"


@dataclass(frozen=True)
class Stretch(Placed):
    """A time without a visit, free or closed. ``at`` and ``until`` are times of the day, as "09:00"."""

    row: int
    span: int
    plus: int
    less: int
    at: str
    until: str

    @property
    def words(self) -> str:
        """What a press on a free time does."""
        return _("Book, free %(at)s–%(until)s") % {"at": self.at, "until": self.until}


def stretch(starts_min: int, ends_min: int) -> Stretch:
    place = spot(starts_min, ends_min - starts_min)
    return Stretch(
        place.row, place.span, place.plus, place.less, at=clock(starts_min), until=clock(ends_min % DAY_MIN or DAY_MIN)
    )


def clock(minute_of_day: int) -> str:
    """A minute of the day on the clock: 615 is "10:15"."""
    return f"{minute_of_day // 60:02}:{minute_of_day % 60:02}"


@dataclass(frozen=True)
class Column:
    """One person, room or day. ``query`` says what a place in it means, as an address has it."""

    title: str
    initials: str = ""
    tint: int = 0
    blocks: tuple[Block, ...] = ()
    free: tuple[Stretch, ...] = ()
    closed: tuple[Stretch, ...] = ()
    query: str = ""
    url: str = ""
    is_today: bool = False
    now_row: int | None = None
    now_plus: int = 0


@dataclass(frozen=True)
class Board:
    day: date
    first_hour: int
    last_hour: int
    columns: tuple[Column, ...]
    cancelled: tuple[Appointment, ...] = ()
    closures: tuple[str, ...] = ()

    @property
    def hours(self) -> list[tuple[int, str]]:
        """The quarter of the day at which each hour begins, and its label."""
        return [(hour * STEPS_AN_HOUR, f"{hour:02}:00") for hour in range(self.first_hour, self.last_hour)]

    @property
    def first_row(self) -> int:
        return self.first_hour * STEPS_AN_HOUR

    @property
    def visit_count(self) -> int:
        return sum(len(column.blocks) for column in self.columns)

    @property
    def rows(self) -> int:
        return (self.last_hour - self.first_hour) * STEPS_AN_HOUR
