"""Many desks book, move and cancel at once: never two in one place, never two sessions less than two days apart."""

import random
import time

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from planning import locks
from planning.actions import booking
from planning.clashes import Clash, find_clashes
from planning.models import Appointment
from smpclinic import actors
from smpclinic.database import guards
from tests import make
from tests.proofs import crowd

PROCESSES = 8
TRIES, FULL_TRIES = 320, 20_000
LONGEST_WAIT_S = 2.0
ROUNDS_TO_GO_RED = 5
EXPECTED = {"done", "clash", "rule"}


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    clinic = crowd.Clinic.build()
    if sabotage:
        _take_guard_and_lock_away()
    tries = (FULL_TRIES if full else TRIES) // PROCESSES

    def work(chance, tell):
        by = actors.staff(clinic.manager)
        for number in range(tries):
            # Every other time all desks want the same place at the same moment.
            herd = random.Random(f"{seed}-{number}") if number % 2 else None
            outcome, seconds = crowd.timed(
                lambda herd=herd: _book(clinic, herd, by) if herd else _try_something(clinic, chance, by)
            )
            tell(_name(outcome), seconds)

    counted, worst = crowd.run_together(work, processes=PROCESSES, seed=seed)
    found = crowd.forbidden()
    for again in range(1, ROUNDS_TO_GO_RED if sabotage else 1):
        # Chance may keep the desks apart once; a guard that is gone shows itself within a few rounds.
        if any(found.values()) or counted.keys() - EXPECTED:
            break
        counted, worst = crowd.run_together(work, processes=PROCESSES, seed=seed + again)
        found = crowd.forbidden()
    unexpected = {name: n for name, n in counted.items() if name not in EXPECTED}
    return {
        "broken": any(found.values()) or bool(unexpected) or worst >= LONGEST_WAIT_S or not counted["clash"],
        "tries": tries * PROCESSES,
        "processes": PROCESSES,
        **dict(counted),
        "standing": Appointment.objects.active().count(),
        **found,
        "worst_wait_s": round(worst, 2),
    }


def _try_something(clinic, chance, by) -> None:
    what = chance.random()
    appointment = chance.choice(list(Appointment.objects.active())) if what < 0.3 and _any_stands() else None
    if appointment is None:
        _book(clinic, chance, by)
    elif what < 0.15:
        booking.move_appointment(
            appointment=appointment,
            starts_min=crowd.a_time(chance),
            practitioner=chance.choice(clinic.practitioners),
            room=chance.choice(clinic.rooms),
            by=by,
        )
    else:
        booking.cancel_appointment(appointment=appointment, reason="ill", by=by)


def _any_stands() -> bool:
    return Appointment.objects.active().exists()


def _book(clinic, chance, by) -> None:
    planned = chance.choice(clinic.sessions)
    is_session = chance.random() < 0.6
    booking.book_appointment(
        kind="treatment" if is_session else "consultation",
        planned_session=planned if is_session else None,
        patient=planned.plan.patient,
        practitioner=chance.choice(clinic.practitioners),
        room=chance.choice(clinic.rooms),
        starts_min=crowd.a_time(chance),
        minutes=chance.choice([30, 60, 120, 240]),
        by=by,
    )


def a_booking(clinic, *, by):
    """One consultation at a place that is surely free."""
    planned = clinic.sessions[0]
    return booking.book_appointment(
        kind="consultation",
        patient=planned.plan.patient,
        practitioner=clinic.practitioners[0],
        room=clinic.rooms[0],
        starts_min=int(make.MONDAY.timestamp()) // 60,
        minutes=60,
        by=by,
    )


def _name(outcome) -> str:
    match outcome:
        case Clash():
            return "clash"
        case ValidationError():
            return "rule"
        case OperationalError():
            return f"locked: {outcome}"[:120]
        case Exception():
            return f"{type(outcome).__name__}: {outcome}"[:120]
    return "done"


def _read_without_holding(appointments):
    plans = {each.planned_session.plan for each in appointments if each.planned_session}
    return {plan.pk: plan.state for plan in plans}


def _looking_slowly(wanted, **told):
    """A desk that takes a moment between its look and its booking, so that another comes in between."""
    found = find_clashes(wanted, **told)
    time.sleep(0.05)
    return found


def _take_guard_and_lock_away() -> None:
    guards.drop()
    look_alone()


def look_alone() -> None:
    """The program's own look before booking is left, in this process: it is right for each desk alone."""
    guards.problems = list
    booking.lock_for_booking = locks.lock_for_booking = lambda wanted: None
    booking._plan_states = _read_without_holding
    booking.find_clashes = _looking_slowly
    if connection.vendor == "sqlite":
        # There the transaction itself is the lock: each statement is left to stand alone.
        booking.book_appointment = booking.book_appointment.__wrapped__
