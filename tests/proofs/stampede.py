"""Eight people press "Book" for one place at one moment, through a real server: one has it, seven are told clearly."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from planning.models import Appointment
from smpclinic.database import guards
from smpclinic.environment import BASE_DIR
from tests import make
from tests.proofs import crowd
from tests.proofs.stampede_server import CHECK_ONLY

CLIENTS = 8
ROUNDS, FULL_ROUNDS = 4, 500
HOST = "127.0.0.1"
STARTS_WITHIN_S = 40
ANSWERS_WITHIN_S = 30
APART_MIN = 90
DAY_MIN = 1440
CSRF = "s" * 32
CLEAR = re.compile(r"already has|is taken on|was taken a moment ago")


@dataclass(frozen=True)
class Person:
    """One desk: its signed-in session, and the patient it books for."""

    cookie: str
    path: str


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    clinic = crowd.Clinic.build(practitioners=1, rooms=1, patients=CLIENTS)
    people = [_person(session.plan.patient) for session in clinic.sessions[::3]]
    rounds = FULL_ROUNDS if full else ROUNDS
    if sabotage:
        guards.drop()
    counted, lost, worst = Counter(), 0, 0.0
    with _server(check_only=sabotage) as port:
        for number in range(rounds):
            place = f"{_start(number)}.{clinic.practitioners[0].pk}.{clinic.rooms[0].pk}"
            answers, slowest = _all_at_once(port, people, place)
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


def _person(patient) -> Person:
    client = Client()
    client.force_login(make.make_user())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    return Person(cookie, reverse("planning:visit", args=[patient.public_id]))


def _start(number: int) -> int:
    """Each round a place of its own, from tomorrow on: nothing is booked further ahead than two years."""
    tomorrow = int(time.time()) // 60 // DAY_MIN * DAY_MIN + DAY_MIN
    return tomorrow + APART_MIN * (number + 1)


def _all_at_once(port: int, people: list[Person], place: str) -> tuple[Counter, float]:
    """What each was answered, and the seconds of the slowest."""
    barrier, answers, waits = threading.Barrier(len(people)), [], []

    def press(person: Person) -> None:
        barrier.wait()
        began = time.monotonic()
        answers.append(_answer(port, person, place))
        waits.append(time.monotonic() - began)

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers), max(waits)


def _answer(port: int, person: Person, place: str) -> str:
    """ "booked", "clash" (409, in words that name what stands there), or whatever else came."""
    body = urlencode({"kind": "consultation", "place": place, "csrfmiddlewaretoken": CSRF})
    sent = http.client.HTTPConnection(HOST, port, timeout=ANSWERS_WITHIN_S)
    try:
        headers = {"Cookie": person.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        sent.request("POST", person.path, body=body, headers=headers)
        answer = sent.getresponse()
        page = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {type(error).__name__}"
    finally:
        sent.close()
    if answer.status == 302:
        return "booked"
    if answer.status == 409:
        return "clash" if CLEAR.search(page) else "409 without its reason"
    return f"status {answer.status}"


@contextmanager
def _server(*, check_only: bool):
    """Within the block the program answers on a port of its own: two workers of four threads, as run.py serves it."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning", "tests.proofs.stampede_server:application"]
    with (settings.DATA_ROOT / "stampede.log").open("wb") as log:  # every 409 leaves a line
        process = subprocess.Popen(command, env=_environ(check_only), cwd=BASE_DIR, stderr=log)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(STARTS_WITHIN_S)


def _environ(check_only: bool) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"
    told = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return os.environ | told | ({CHECK_ONLY: "yes"} if check_only else {})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def _wait_for(port: int, process) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        sent = http.client.HTTPConnection(HOST, port, timeout=ANSWERS_WITHIN_S)
        try:
            sent.request("GET", "/accounts/login/")
            if sent.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            sent.close()
    raise RuntimeError(f"the server did not answer within {STARTS_WITHIN_S} s")
