"""The jobs that run under limits, and the border at which an error becomes a code."""

import importlib
import signal
import traceback
from dataclasses import asdict
from typing import Any

from smpclinic.limited.wire import Limits, Message

try:
    import resource
except ImportError:  # Windows has no such limits: the clock alone ends a job there
    resource = None  # type: ignore[assignment]

JOBS = {
    "pdf": "smpclinic.limited.pdf_job:draw",
    "photo": "smpclinic.limited.photo_job:clean",
    "preview": "smpclinic.limited.preview_job:draw",
    "patches": "smpclinic.limited.patch_job:read",
    "scan": "smpclinic.limited.scan_job:check",
}
CEILING = Limits(cpu_s=60, memory_bytes=2 * 1024**3, wall_s=120)


class Refused(Exception):
    """The job will not be done; ``code`` says why, and the caller turns it into a sentence."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def limits_of(head: dict[str, Any]) -> Limits:
    """The limits that a job asks for, never above the ceiling."""
    asked, most = head.get("limits", {}), asdict(CEILING)
    return Limits(**{name: min(int(asked.get(name, value)), value) for name, value in most.items()})


def apply_limits(limits: Limits) -> None:
    """Bind this process to ``limits``; there is no way back."""
    if resource is None:
        return
    for name, most in (
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(name, most)
    # The default action of SIGALRM ends the process, also inside a C library that never returns.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits.wall_s)


def _lower(name: int, most: int) -> None:
    """Set one limit, or leave it where the system already grants less."""
    hard = resource.getrlimit(name)[1]
    if hard == resource.RLIM_INFINITY or most <= hard:
        resource.setrlimit(name, (most, most))


def answer(job: Message) -> Message:
    """Do the job and say how it went. Runs inside the limited process."""
    module_name, function_name = JOBS[job.head["job"]].split(":")
    try:
        function = getattr(importlib.import_module(module_name), function_name)
        body, facts = function(job.body, **job.head.get("options", {}))
    except Refused as refusal:
        return Message({"code": refusal.code, **refusal.facts})
    except (MemoryError, RecursionError):
        return Message({"code": "limit"})
    except Exception as error:  # noqa: BLE001  the border: hostile input raises anything, and a message may quote it
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return Message({"code": "crashed", "detail": f"{type(error).__name__} at {frame.name}:{frame.lineno}"})
    return Message({"code": "ok", **facts}, body)
