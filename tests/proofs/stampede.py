"""Eight people press "Book" for one place at one moment, through a real server: one has it, seven are told clearly."""

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.urls import reverse

from planning.models import Appointment
from smpclinic.database import guards
from tests import make, program
from tests.proofs import crowd
from tests.proofs.stampede_server import CHECK_ONLY

CLIENTS = 8
ROUNDS, FULL_ROUNDS = 4, 500
APART_MIN = 90
DAY_MIN = 1440
CLEAR = re.compile(r"already has|is taken on|was taken a moment ago")


@dataclass(frozen=True)
class Person:
    """One desk: its signed-in session, and the patient it books for."""

    cookie: str
    path: str


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    clinic = crowd.Clinic.build(practitioners=1, rooms=1, patients=CLIENTS)
    people = [person_at_desk(session.plan.patient) for session in clinic.sessions[::3]]
    rounds = FULL_ROUNDS if full else ROUNDS
    if sabotage:
        guards.drop()
    counted, lost, worst = Counter(), 0, 0.0
    told = {CHECK_ONLY: "yes"} if sabotage else {}
    with program.running("tests.proofs.stampede_server:application", **told) as server:
        for number in range(rounds):
            place = f"{start_of(number)}.{clinic.practitioners[0].pk}.{clinic.rooms[0].pk}"
            answers, slowest = all_at_once(server, people, place)
            counted.update(answers)
            worst = max(worst, slowest)
            lost += answers != Counter(booked=1, clash=CLIENTS - 1)
            if sabotage and lost:
                break
    found = crowd.forbidden()
    standing = Appointment.objects.active().count()
    return {
        "broken": bool(lost) or any(found.values()) or standing != rounds,
        "rounds": rounds,
        "clients": CLIENTS,
        **dict(counted),
        "rounds without one winner": lost,
        "standing": standing,
        **found,
        "worst_wait_s": round(worst, 2),
    }


def person_at_desk(patient) -> Person:
    """Somebody of the staff, signed in, with the booking page of that patient."""
    return Person(program.cookies_of(make.make_user()), reverse("planning:visit", args=[patient.public_id]))


def start_of(number: int) -> int:
    """Each round a place of its own, from tomorrow on: nothing is booked further ahead than two years."""
    tomorrow = int(time.time()) // 60 // DAY_MIN * DAY_MIN + DAY_MIN
    return tomorrow + APART_MIN * (number + 1)


def all_at_once(server: program.Program, people: list[Person], place: str) -> tuple[Counter, float]:
    """What each was answered who wants that place (its code) at this moment, and the seconds of the slowest."""
    return at_once([partial(_answer, server, person, place) for person in people])


def at_once(calls: Sequence[Callable[[], str]]) -> tuple[Counter, float]:
    """What the calls answered, each made by a thread of its own at one moment, and the seconds of the slowest."""
    barrier, answers, waits = threading.Barrier(len(calls)), [], []

    def press(call: Callable[[], str]) -> None:
        barrier.wait()
        began = time.monotonic()
        answers.append(call())
        waits.append(time.monotonic() - began)

    threads = [threading.Thread(target=press, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers), max(waits)


def _answer(server: program.Program, person: Person, place: str) -> str:
    """ "booked", "clash" (409, in words that name what stands there), or whatever else came."""
    try:
        status, page = program.post(server, person.path, person.cookie, {"kind": "consultation", "place": place})
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {type(error).__name__}"
    if status == 302:
        return "booked"
    if status == 409:
        return "clash" if CLEAR.search(page) else "409 without its reason"
    return f"status {status}"
