"""How many visits four desks book at once, and how long the unluckiest waits."""

import time
from collections.abc import Iterator
from uuid import uuid4

from django.db import transaction

from planning.actions.booking import book_appointment
from planning.clashes import Clash
from smpclinic import actors, audit
from tests.bench.limits import Figure
from tests.proofs import crowd

PROCESSES = 4
TRIES = 60  # of each process
SEED = 1


def measure() -> Iterator[Figure]:
    clinic = crowd.Clinic.build(practitioners=8, rooms=8, patients=40)
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

    bare, _ = _rate(note)
    rate, worst = _rate(book)
    yield Figure("booking", "bare changes a second", bare)
    yield Figure("booking", "bookings tried a second", rate, rate / bare)
    yield Figure("booking", "worst wait, s", worst)
    yield Figure("booking", "forbidden pairs", sum(crowd.forbidden().values()))


def _rate(action) -> tuple[float, float]:
    """Calls a second of all processes together, and the seconds of the slowest. RuntimeError where one goes wrong."""

    def work(chance, tell):
        for _ in range(TRIES):
            outcome, seconds = crowd.timed(lambda: action(chance))
            is_well = outcome is None or isinstance(outcome, Clash)
            tell("well" if is_well else f"{type(outcome).__name__}: {outcome}", seconds)

    began = time.monotonic()
    counted, worst = crowd.run_together(work, processes=PROCESSES, seed=SEED)
    seconds = time.monotonic() - began
    if set(counted) != {"well"}:
        raise RuntimeError(f"something else than a booking or a clash: {dict(counted)}")
    return counted["well"] / seconds, worst
