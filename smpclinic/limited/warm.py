"""The warm process: libraries loaded once, one fork for each job.

``python -m smpclinic.limited.warm SOCKET`` listens on a Unix socket until its standard
input closes: whoever started it holds the other end, so it can never outlive them. It has
one thread, no database and no secret. The parent never reads what a client sends: the
forked child does, already under its limits.
"""

import contextlib
import fcntl
import gc
import os
import selectors
import signal
import socket
import struct
import sys
from pathlib import Path

from smpclinic.limited import jobs, pdf_job, photo_job, wire

MOST_CHILDREN = max(2, min(4, os.cpu_count() or 2))
BACKLOG = 64
SELDOM = 100_000  # new objects between two looks for garbage


class Warm:
    """The listening process and the jobs that it has under way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.children: dict[int, socket.socket] = {}
        self.listener = _listen(path)
        self.wake_reader, self.wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.selector = selectors.DefaultSelector()
        self.listening = False

    def serve(self) -> None:
        """Answer until standard input closes."""
        signal.set_wakeup_fd(self.wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self.selector.register(sys.stdin.fileno(), selectors.EVENT_READ, "lifeline")
        self.selector.register(self.wake_reader, selectors.EVENT_READ, "child")
        while True:
            self._listen_if_free()
            happened = {key.data for key, _mask in self.selector.select()}
            if "lifeline" in happened and not os.read(sys.stdin.fileno(), 1024):
                break
            if "child" in happened:
                os.read(self.wake_reader, 1024)
                self._reap()
            if "job" in happened:
                self._take()
        self.path.unlink(missing_ok=True)

    def _listen_if_free(self) -> None:
        """Let callers wait in the socket's own queue while enough children work."""
        wanted = len(self.children) < MOST_CHILDREN
        if wanted and not self.listening:
            self.selector.register(self.listener, selectors.EVENT_READ, "job")
        if self.listening and not wanted:
            self.selector.unregister(self.listener)
        self.listening = wanted

    def _take(self) -> None:
        try:
            caller, _address = self.listener.accept()
        except OSError:  # the caller has gone again
            return
        if not _is_our_user(caller):
            caller.close()
            return
        child = os.fork()
        if child == 0:
            self._work(caller)
        self.children[child] = caller

    def _work(self, caller: socket.socket) -> None:
        """In the child: read the job, do it, answer, end. Never returns."""
        status = 1
        gc.set_threshold(SELDOM)  # it lives for one job; its memory is limited
        try:
            signal.set_wakeup_fd(-1)
            self.listener.close()
            for other in self.children.values():
                other.close()
            jobs.apply_limits(jobs.CEILING)
            stream = caller.makefile("rwb")
            job = wire.receive(stream)
            jobs.apply_limits(jobs.limits_of(job.head))
            wire.send(stream, jobs.answer(job))
            status = 0
        except (OSError, wire.BrokenMessage, MemoryError):
            status = 2
        finally:
            os._exit(status)

    def _reap(self) -> None:
        """Say for each child that ended without an answer why it did."""
        for child in list(self.children):
            done, status = os.waitpid(child, os.WNOHANG)
            if not done:
                continue
            caller = self.children.pop(child)
            if status:
                code = "limit" if os.WIFSIGNALED(status) else "crashed"
                with contextlib.suppress(OSError):
                    wire.send(caller.makefile("wb"), wire.Message({"code": code}))
            caller.close()


def _listen(path: Path) -> socket.socket:
    """Bind beside the final name and rename: a client never meets a half-ready socket."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listener.bind(str(draft))
    finally:
        os.umask(mask)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    draft.rename(path)
    return listener


def _is_our_user(caller: socket.socket) -> bool:
    """Only processes of the same user are served (where the system can tell; else the folder's 0700 does)."""
    caller.setblocking(True)
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] == os.getuid())


def _warm_up() -> None:
    """Load the libraries, the fonts and their caches before the first job."""
    photo_job.warm_up()
    with contextlib.suppress(jobs.Refused):  # without Pango photos still work; each PDF job says what is missing
        pdf_job.warm_up()
    gc.collect()
    gc.freeze()


def main() -> None:
    path = Path(sys.argv[1])
    lock = path.with_name(f"{path.name}.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another one serves this socket
    os.dup2(2, 1)
    _warm_up()
    Warm(path).serve()


if __name__ == "__main__":
    main()
