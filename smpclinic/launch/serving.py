"""Keep the server and the background worker running side by side, and stop both together."""

import ctypes
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smpclinic.environment import BASE_DIR
from smpclinic.launch.checks import LISTEN_ON
from smpclinic.launch.places import CannotStart, say

STOP_WITHIN_S = 10.0
LOOK_EVERY_S = 0.2
LONGEST_PAUSE_S = 60.0
WELL_AFTER_S = 60.0
HEALTH_TIMEOUT_S = 5.0
PR_SET_PDEATHSIG = 1
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat must not wait for a disk


@dataclass
class Program:
    """One program to keep running. Where an essential one ends, everything ends; others are started again."""

    name: str
    command: list[str]
    essential: bool
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause_s: float = field(default=1.0)


def server_command(python: Path, port: int) -> list[str]:
    """The web server of this system: gunicorn, or waitress on Windows."""
    if os.name == "nt":
        return [
            str(python),
            "-m",
            "waitress",
            f"--listen={LISTEN_ON}:{port}",
            "--threads=8",
            "smpclinic.wsgi:application",
        ]
    options = ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
    options += ["--log-level", "warning", "--graceful-timeout", "8"]
    if MEMORY_FOLDER.is_dir():
        options += ["--worker-tmp-dir", str(MEMORY_FOLDER)]
    return [str(python), "-m", "gunicorn", "--bind", f"{LISTEN_ON}:{port}", *options, "smpclinic.wsgi:application"]


def keep_running(programs: list[Program], environ: Mapping[str, str], ready: Callable[[], bool]) -> None:
    """Run ``programs`` until a signal asks to stop; ``ready`` is asked now and then until it says yes.

    An essential program that ends by itself raises CannotStart, after all the others were stopped.
    """
    stopping: list[int] = []
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: stopping.append(number))
    announced = False
    try:
        for program in programs:
            _start(program, environ)
        while not stopping:
            for program in programs:
                _look_after(program, environ)
            announced = announced or ready()
            time.sleep(LOOK_EVERY_S)
    finally:
        _stop(programs)
    say("Stopped.")


def _start(program: Program, environ: Mapping[str, str]) -> None:
    extra = {} if os.name == "nt" else {"start_new_session": True, "preexec_fn": _end_with_parent}
    program.process = subprocess.Popen(program.command, cwd=BASE_DIR, env=dict(environ), **extra)  # type: ignore[call-overload]
    program.started_at = time.monotonic()


def _end_with_parent() -> None:
    """Ask Linux to stop this child when run.py is killed, so that no worker is left behind."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _look_after(program: Program, environ: Mapping[str, str]) -> None:
    now = time.monotonic()
    if program.process is None:
        if now >= program.start_again_at:
            _start(program, environ)
        return
    code = program.process.poll()
    if code is None:
        return
    if program.essential:
        raise CannotStart(f"The {program.name} ended by itself (code {code}); the lines above say why.")
    program.pause_s = 1.0 if now - program.started_at > WELL_AFTER_S else min(program.pause_s * 2, LONGEST_PAUSE_S)
    program.start_again_at = now + program.pause_s
    program.process = None
    say(f"The {program.name} ended by itself (code {code}); starting it again in {program.pause_s:.0f} s.")


def _stop(programs: list[Program]) -> None:
    running = [program.process for program in programs if program.process and program.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_S
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def health(port: int, host: str) -> list[str] | None:
    """What is wrong by ``/healthz``, in words; empty where all is well, None while nothing answers."""
    connection = http.client.HTTPConnection(LISTEN_ON, port, timeout=HEALTH_TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        answer = connection.getresponse()
        return [] if answer.status < 500 else told_problems(answer.status, answer.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def told_problems(status: int, body: bytes) -> list[str]:
    """The reasons in an answer of ``/healthz``; an answer it never gives is told by its status.

    >>> told_problems(503, b'{"reasons": ["guards: one is missing"]}')
    ['guards: one is missing']
    """
    try:
        return [str(reason) for reason in list(json.loads(body)["reasons"])]
    except (ValueError, KeyError, TypeError):
        return [f"it answers with status {status}"]
