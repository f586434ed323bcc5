"""The program as it is served: a real server in a process of its own, which can be killed and started again."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from smpclinic.environment import BASE_DIR

HOST = "127.0.0.1"
STARTS_WITHIN_S = 40
ANSWERS_WITHIN_S = 30
CSRF = "s" * 32


class Program:
    """Gunicorn over the database of this process, always on the same port; ``told`` goes into its environment."""

    def __init__(self, application: str = "smpclinic.wsgi:application", *, workers: int = 2, **told: str):
        self.port, self.application, self.workers, self.told = _free_port(), application, workers, told
        self.process = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{self.port}", "--no-control-socket"]
        command += ["--workers", str(self.workers), "--threads", "4", "--log-level", "warning", "--preload"]
        command += [self.application]
        with (settings.DATA_ROOT / f"program-{self.port}.log").open("ab") as log:  # every refusal leaves a line
            # A group of its own: its workers are killed with it.
            self.process = subprocess.Popen(
                command, env=self._environ(), cwd=BASE_DIR, stderr=log, start_new_session=True
            )
        self._wait()

    def kill(self) -> None:
        """As a power cut of the program: no worker finishes what it does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STARTS_WITHIN_S)

    def kill_a_worker(self, chance: random.Random) -> None:
        """One of the workers, in the middle of whatever it does; the server starts another."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        if workers := tasks.read_text().split():
            os.kill(int(chance.choice(workers)), signal.SIGKILL)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(STARTS_WITHIN_S)

    def _environ(self) -> dict[str, str]:
        name = connection.settings_dict["NAME"]
        url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"
        return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"} | self.told

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with code {self.process.returncode}")
            sent = http.client.HTTPConnection(HOST, self.port, timeout=ANSWERS_WITHIN_S)
            try:
                sent.request("GET", "/accounts/login/")
                if sent.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
            finally:
                sent.close()
        raise RuntimeError(f"the server did not answer within {STARTS_WITHIN_S} s")


@contextmanager
def running(application: str = "smpclinic.wsgi:application", **told):
    """Within the block the program answers: two workers of four threads, as run.py serves it."""
    program = Program(application, **told)
    program.start()
    try:
        yield program
    finally:
        program.stop()


def cookies_of(user) -> str:
    """The Cookie header of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def post(
    program: Program, path: str, cookies: str, body: str | dict, *, json: bool = False, **headers: str
) -> tuple[int, str]:
    """Status and text of the answer; OSError or HTTPException where none came."""
    sent = http.client.HTTPConnection(HOST, program.port, timeout=ANSWERS_WITHIN_S)
    kind = "application/json" if json else "application/x-www-form-urlencoded"
    text = body if isinstance(body, str) else urlencode(body | {"csrfmiddlewaretoken": CSRF})
    try:
        sent.request(
            "POST", path, body=text, headers=headers | {"Cookie": cookies, "Content-Type": kind, "X-CSRFToken": CSRF}
        )
        answer = sent.getresponse()
        return answer.status, answer.read().decode()
    finally:
        sent.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]
