"""A small clinic that many processes write to at once, and what may never be true of its appointments."""

import multiprocessing
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, connections

from planning.actions.hours import set_weekly_hours
from planning.models import PlannedSession
from smpclinic.models import Room, User
from tests import make

DAYS = 20
FIRST_MIN = 9 * 60


@dataclass(frozen=True)
class Clinic:
    """Few people and rooms, so that most of what is tried clashes with something."""

    practitioners: list[User]
    rooms: list[Room]
    sessions: list[PlannedSession]
    manager: User

    @classmethod
    def build(cls, *, practitioners: int = 3, rooms: int = 3, patients: int = 20) -> "Clinic":
        make.make_clinic(time_zone="Europe/Madrid")
        location = make.make_location()
        staff = [make.make_practitioner() for _ in range(practitioners)]
        set_weekly_hours(location=location, users=[None, *staff], weekdays=range(7), starts_min=0, ends_min=1440)
        plans = [make.make_plan(practitioner=staff[n % practitioners], agreed=True) for n in range(patients)]
        sessions = PlannedSession.objects.filter(plan__in=plans).select_related("plan__patient").order_by("id")
        made = [make.make_room(location=location, cleaning_min=15) for _ in range(rooms)]
        return cls(staff, made, list(sessions), make.make_manager())


def a_time(chance: random.Random) -> int:
    """A start on one of the days, as UTC minutes since 1970, on the quarter of an hour."""
    start = make.MONDAY.replace(hour=0) + timedelta(days=chance.randrange(DAYS))
    return int(start.timestamp()) // 60 + FIRST_MIN + 15 * chance.randrange(32)


def run_together(work, *, processes: int, seed: int) -> tuple[Counter, float]:
    """Run ``work(chance, tell)`` in that many processes from one moment; the sum of what they told, worst wait in s.

    ``tell(what)`` counts one outcome and notes how long it took since the last.
    """
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(processes), context.SimpleQueue()
    connections.close_all()  # a connection must not be shared with a child
    children = [
        context.Process(target=_child, args=(work, random.Random(seed * 1000 + number), barrier, answers))
        for number in range(processes)
    ]
    for child in children:
        child.start()
    total, worst = Counter(), 0.0
    for _ in children:
        counted, waited = answers.get()
        total.update(counted)
        worst = max(worst, waited)
    for child in children:
        child.join()
    return total, worst


def _child(work, chance, barrier, answers) -> None:
    counted, worst = Counter(), 0.0

    def tell(what: str, seconds: float = 0.0) -> None:
        nonlocal worst
        counted[what] += 1
        worst = max(worst, seconds)

    try:
        barrier.wait()
        work(chance, tell)
    except BaseException as error:  # noqa: BLE001  a child that dies must be told, never waited for
        counted[f"died: {type(error).__name__}: {error}"[:200]] += 1
    finally:
        connections.close_all()
        answers.put((dict(counted), worst))


def timed(action) -> tuple[object, float]:
    """What the action returned or raised, and its seconds."""
    began = time.monotonic()
    try:
        outcome = action()
    except Exception as error:  # noqa: BLE001  every outcome is counted by its name
        outcome = error
    return outcome, time.monotonic() - began


_BOTH = "FROM planning_appointment a JOIN planning_appointment b ON a.id < b.id AND a.{who} = b.{who}"
_GUARDED = "WHERE a.active AND b.active AND a.breach_reason = '' AND b.breach_reason = ''"
FORBIDDEN = {
    "practitioner overlaps": ("practitioner_id", "a.starts_min < b.ends_min AND b.starts_min < a.ends_min"),
    "room overlaps": ("room_id", "a.starts_min < b.room_until_min AND b.starts_min < a.room_until_min"),
    "patient overlaps": ("patient_id", "a.starts_min < b.ends_min AND b.starts_min < a.ends_min"),
    "gap breaks": (
        "patient_id",
        "a.counts_for_gap AND b.counts_for_gap"
        " AND a.local_day < b.local_day + b.gap_days AND b.local_day < a.local_day + a.gap_days",
    ),
}


def forbidden() -> dict[str, int]:
    """How often each forbidden thing is true right now, counted by another query than the guards use."""
    found = {}
    with connection.cursor() as cursor:
        for name, (who, condition) in FORBIDDEN.items():
            cursor.execute(f"SELECT count(*) {_BOTH.format(who=who)} {_GUARDED} AND {condition}")
            found[name] = cursor.fetchone()[0]
    return found
