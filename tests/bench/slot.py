"""Fifty desks press "Book" for one place at one moment, through a real server: how soon has each its clear answer?

The clock is read, so a busy machine slows every answer: fifty sign-in pages asked for at one moment, in turn with the
bookings, tell how much of it is the machine.
"""

import http.client
from collections import Counter
from collections.abc import Iterator
from functools import partial
from statistics import median

from planning.models import Appointment
from tests import program
from tests.bench.limits import Figure
from tests.proofs import crowd, stampede

CLIENTS = 50
ROUNDS = 5  # timed; one before them warms the server up


def measure(clinic: crowd.Clinic) -> Iterator[Figure]:
    """Each round wants a place of its own."""
    people = [stampede.person_at_desk(session.plan.patient) for session in clinic.sessions[::3]]
    before = Appointment.objects.active().count()
    counted, slowest, plain = Counter(), [], []
    with program.running() as server:
        for number in range(ROUNDS + 1):
            plain.append(stampede.at_once([partial(_sign_in_page, server)] * len(people))[1])
            place = f"{stampede.start_of(number)}.{clinic.practitioners[0].pk}.{clinic.rooms[0].pk}"
            answers, worst = stampede.all_at_once(server, people, place)
            counted.update(answers)
            slowest.append(worst)
    booked = Appointment.objects.active().count() - before
    yield Figure("booking", "clients at one slot over HTTP", len(people))
    yield Figure("booking", "rows too many or too few, one slot each round", abs(booked - ROUNDS - 1))
    yield Figure("booking", "told booked without a row, or not told", abs(booked - counted["booked"]))
    unclear = counted.total() - counted["booked"] - counted["clash"]
    yield Figure("booking", "answers neither booked nor a 409 in words", unclear)
    usual, bare = median(slowest[1:]), median(plain[1:])
    yield Figure("booking", "slowest of 50 sign-in pages at once, s", bare)
    yield Figure("booking", "slowest of 50 answers at one slot, against sign-in pages, s", usual, usual / bare)
    yield Figure("booking", "slowest of 50 answers at one slot, worst round, s", max(slowest[1:]))


def _sign_in_page(server: program.Program) -> str:
    sent = http.client.HTTPConnection(program.HOST, server.port, timeout=program.ANSWERS_WITHIN_S)
    try:
        sent.request("GET", "/accounts/login/")
        answer = sent.getresponse()
        answer.read()
        return str(answer.status)
    finally:
        sent.close()
