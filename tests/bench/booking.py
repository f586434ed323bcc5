"""How many visits four desks book at once, how long the unluckiest waits, and how fifty fare who want one place."""

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction

from planning.actions.booking import book_appointment
from planning.clashes import Clash
from smpclinic import actors, audit
from tests.bench import slot
from tests.bench.limits import Figure
from tests.proofs import crowd

PROCESSES = 4
TRIES = 60  # of each process
SEED = 1


def measure() -> Iterator[Figure]:
    clinic = crowd.Clinic.build(practitioners=8, rooms=8, patients=slot.CLIENTS)
    manager = actors.staff(clinic.manager)

    def note(chance):
        """The least that any change does: one transaction, one entry of the trail."""
        with transaction.atomic():
            audit.record(by=manager, verb="noted", subject=clinic.manager, note=str(uuid4()))

    def book(chance):
        book_appointment(
            kind="consultation",
            patient=chance.choice(clinic.sessions).plan.patient,
            practitioner=chance.choice(clinic.practitioners),
            room=chance.choice(clinic.rooms),
            starts_min=crowd.a_time(chance),
            minutes=30,
            by=manager,
        )

    bare, booked = _run(note), _run(book)
    yield Figure("booking", "bare change, CPU ms", bare.cpu_ms)
    yield Figure("booking", "booking, CPU ms", booked.cpu_ms, booked.cpu_ms / bare.cpu_ms)
    yield Figure("booking", "bookings tried a second", booked.a_second)
    yield Figure("booking", "worst wait, s", booked.worst_wait_s)
    yield from slot.measure(clinic)
    yield Figure("booking", "forbidden pairs", sum(crowd.forbidden().values()))


@dataclass(frozen=True)
class Run:
    cpu_ms: float  # of one call
    a_second: float  # calls of all processes together
    worst_wait_s: float


def _run(action) -> Run:
    """All processes at once; RuntimeError where a call ends otherwise than well or with a clash."""

    def work(chance, tell):
        for _ in range(TRIES):
            outcome, seconds = crowd.timed(lambda: action(chance))
            is_well = outcome is None or isinstance(outcome, Clash)
            tell("well" if is_well else f"{type(outcome).__name__}: {outcome}", seconds)

    began, cpu_s = time.monotonic(), _cpu_s_of_children()
    counted, worst = crowd.run_together(work, processes=PROCESSES, seed=SEED)
    seconds, cpu_s = time.monotonic() - began, _cpu_s_of_children() - cpu_s
    if set(counted) != {"well"}:
        raise RuntimeError(f"something else than a booking or a clash: {dict(counted)}")
    calls = counted["well"]
    return Run(cpu_ms=cpu_s * 1000 / calls, a_second=calls / seconds, worst_wait_s=worst)


def _cpu_s_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
