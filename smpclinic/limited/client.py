"""What the web server and the worker call: one job, done elsewhere, under limits."""

import atexit
import contextlib
import hashlib
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from smpclinic.environment import BASE_DIR
from smpclinic.limited.wire import BrokenMessage, Limits, Message, receive, send

LONGEST_SOCKET_PATH = 100  # bytes; the kernel allows 107
PAUSE_BETWEEN_STARTS_S = 10
# What a child may know of our environment: where libraries, fonts and temporary files are. No key, no address.
PASSED_ON = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
FONT_FOLDERS = ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS")

_starting = threading.Lock()
_started: dict[str, Any] = {"at": -PAUSE_BETWEEN_STARTS_S, "process": None, "by": 0}


class JobFailed(Exception):
    """The job was not done. ``code`` says why: ``limit``, ``crashed``, or what the job itself refuses with."""

    def __init__(self, code: str, facts: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts or {}


def run_limited(job: str, body: bytes, *, options: dict[str, Any], limits: Limits) -> tuple[bytes, dict[str, Any]]:
    """Have ``job`` done on ``body`` in a limited process; returns its result and the facts about it.

    The warm process does it where it runs; else a fresh one does, and the warm one is started for the next.
    Raises ``JobFailed``.
    """
    message = Message({"job": job, "options": options, "limits": asdict(limits)}, body)
    reply = _ask_warm(message, limits) or _ask_fresh(message, limits)
    if reply.head.get("code") != "ok":
        raise JobFailed(str(reply.head.get("code", "crashed")), reply.head)
    return reply.body, reply.head


def socket_path() -> Path:
    """Where the warm process listens: in the data folder, or in a private folder where that path is too long."""
    path = Path(settings.DATA_ROOT) / "limited.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"smpclinic-{os.getuid()}-{name}" / "limited.sock"


def _ask_warm(message: Message, limits: Limits) -> Message | None:
    """The warm process's answer, or ``None`` where there is none to ask."""
    if not hasattr(socket, "AF_UNIX") or not hasattr(os, "fork"):
        return None
    caller = _connect(socket_path())
    if caller is None:
        start_warm()
        return None
    with caller:
        # Half of the wait may be spent in the queue, before the job's own clock starts.
        caller.settimeout(2 * limits.wall_s)
        try:
            with caller.makefile("rwb") as stream:
                send(stream, message)
                return receive(stream)
        except TimeoutError:
            return Message({"code": "limit"})
        except (OSError, BrokenMessage):  # it went away in the middle: the fresh one decides
            return None


def _connect(path: Path) -> socket.socket | None:
    if not _is_ours(path.parent):
        return None
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.settimeout(2)
    try:
        caller.connect(str(path))
    except OSError:
        caller.close()
        return None
    return caller


def _is_ours(folder: Path) -> bool:
    """Nobody else may have made the folder that we trust a socket in."""
    try:
        return folder.stat().st_uid == os.getuid()
    except FileNotFoundError:
        return False


def start_warm() -> None:
    """Start the warm process in the background. It ends when this process does."""
    path = socket_path()
    with _starting:
        process = _started["process"]
        if process is not None and process.poll() is None:
            return
        if time.monotonic() - _started["at"] < PAUSE_BETWEEN_STARTS_S:
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _started["at"], _started["by"] = time.monotonic(), os.getpid()
        _started["process"] = subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
            [sys.executable, "-m", "smpclinic.limited.warm", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=BASE_DIR,
            env=_environment(),
        )


@atexit.register
def stop_warm() -> None:
    """Close the warm process's standard input, which ends it, and wait for that."""
    process = _started["process"]
    if process is None or _started["by"] != os.getpid():  # a fork of the one that started it
        return
    _started["process"] = None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _ask_fresh(message: Message, limits: Limits) -> Message:
    """The answer of a new interpreter, which lives for this one job."""
    question = io.BytesIO()
    send(question, message)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "smpclinic.limited.child"],
            input=question.getvalue(),
            stdout=subprocess.PIPE,
            cwd=BASE_DIR,
            env=_environment(),
            timeout=2 * limits.wall_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Message({"code": "limit"})
    if done.returncode:
        return Message({"code": "limit" if done.returncode < 0 else "crashed"})
    return receive(io.BytesIO(done.stdout))


def _environment() -> dict[str, str]:
    known = {name: os.environ[name] for name in (*PASSED_ON, *FONT_FOLDERS) if name in os.environ}
    return {**known, "LANG": "C.UTF-8", "PYTHONPATH": str(BASE_DIR), "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1"}
