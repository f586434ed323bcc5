"""The day as a grid: columns by practitioner or room, blocks to scale in steps of 15 minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from intake.models import Intake, PatientAlert
from intake.models.questionnaire import IntakeState
from planning.models import Agreement, Appointment, AppointmentKind
from smpclinic.models import Room, User

STEP_MIN = 15
STEPS_AN_HOUR = 60 // STEP_MIN
EARLIEST_HOUR, LATEST_HOUR = 8, 18


@dataclass(frozen=True)
class Block:
    """One visit: it begins at quarter ``row`` of the day (0 is midnight) and is ``span`` quarters long."""

    appointment: Appointment
    row: int
    span: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    title: str
    initials: str = ""
    tint: int = 0
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Board:
    day: date
    first_hour: int
    last_hour: int
    columns: tuple[Column, ...]
    now_row: int | None = None
    cancelled: tuple[Appointment, ...] = ()

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


def day_board(day: date, *, now: datetime, by_room: bool = False, user: User | None = None) -> Board:
    """Everything on one local day. The number of queries does not depend on the number of visits.

    ``now``: the present moment in the clinic's zone; the now-line is drawn where it falls on ``day``. ``user``: who
    looks, and so whose visits are named where locations do not share their patients.
    """
    visits = Appointment.objects.on(day).with_people()
    appointments = list(visits.visible_to(user) if user else visits)
    shown = [each for each in appointments if each.active or each.state == "no_show"]
    first, last = _hours(shown)
    missing = missing_by_appointment(shown)
    columns = _by_room(shown, missing) if by_room else _by_practitioner(shown, missing)
    return Board(
        day=day,
        first_hour=first,
        last_hour=last,
        columns=columns,
        now_row=_now_row(day, now, first, last),
        cancelled=tuple(each for each in appointments if each.state == "cancelled"),
    )


def missing_by_appointment(appointments: Sequence[Appointment]) -> dict[int, tuple[str, ...]]:
    """What each visit still lacks, in short words: intake, agreement, alerts (three queries)."""
    people = {each.patient_id for each in appointments}
    with_intake = set(
        Intake.objects.filter(patient__in=people, state=IntakeState.ACCEPTED).values_list("patient_id", flat=True)
    )
    alerted = set(
        PatientAlert.objects.filter(patient__in=people, ended_at__isnull=True).values_list("patient_id", flat=True)
    )
    versions = {each.planned_session.plan.current_version_id for each in appointments if each.planned_session_id}
    agreed = set(
        Agreement.objects.in_force().filter(plan_version__in=versions).values_list("plan_version_id", flat=True)
    )
    return {each.pk: tuple(_missing(each, with_intake, agreed, alerted)) for each in appointments}


def _missing(appointment: Appointment, with_intake: set, agreed: set, alerted: set) -> Iterable[str]:
    if appointment.patient_id not in with_intake and appointment.kind != AppointmentKind.CONSULTATION:
        yield _("intake")
    if appointment.planned_session_id and appointment.planned_session.plan.current_version_id not in agreed:
        yield _("agreement")
    if appointment.patient_id in alerted:
        yield _("alert")


def _by_practitioner(shown, missing) -> tuple[Column, ...]:
    people = {user.pk: user for user in User.objects.practitioners()}
    people |= {each.practitioner_id: each.practitioner for each in shown}
    return tuple(
        Column(
            str(user),
            user.initials,
            user.tint,
            _blocks([each for each in shown if each.practitioner_id == user.pk], missing),
        )
        for user in sorted(people.values(), key=str)
    )


def _by_room(shown, missing) -> tuple[Column, ...]:
    rooms = {room.pk: room for room in Room.objects.filter(is_active=True).select_related("location")}
    rooms |= {each.room_id: each.room for each in shown}
    return tuple(
        Column(str(room), blocks=_blocks([each for each in shown if each.room_id == room.pk], missing))
        for room in sorted(rooms.values(), key=str)
    )


def _blocks(appointments, missing) -> tuple[Block, ...]:
    return tuple(
        Block(each, _minute(each.starts_at) // STEP_MIN, max(1, -(-each.minutes // STEP_MIN)), missing[each.pk])
        for each in appointments
    )


def _hours(appointments) -> tuple[int, int]:
    """The board's first and last hour: the usual day, widened for what lies outside."""
    starts = [_minute(each.starts_at) // 60 for each in appointments]
    ends = [min(24, -(-(_minute(each.starts_at) + each.minutes) // 60)) for each in appointments]
    return min([EARLIEST_HOUR, *starts]), max([LATEST_HOUR, *ends])


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _now_row(day: date, now: datetime, first: int, last: int) -> int | None:
    inside = now.date() == day and first * 60 <= _minute(now) < last * 60
    return _minute(now) // STEP_MIN if inside else None
