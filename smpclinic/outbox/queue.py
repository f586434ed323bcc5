"""Rows in and out of the queue: put in, taken, finished, tried again."""

import os
import socket
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from smpclinic.models import Outbox
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox.registry import LONGEST_REASON, handler_of, handlers

FIRST_PAUSE_S = 30
LONGEST_PAUSE_S = 6 * 60 * 60
KILLED = "The worker was stopped in the middle of it."


def enqueue(kind, *, subject_id=None, second_id=None, run_after=None, batch=None, once_key=None) -> Outbox:
    """Put one item of work in the queue, as part of the caller's transaction.

    ``subject_id`` and ``second_id`` are keys of records; nothing else about them is stored.
    With ``once_key`` the item exists once: the same key again returns the first.
    Raises ``UnknownKind`` for a kind nobody does.
    """
    handler_of(kind)
    for number in (subject_id, second_id):
        if number is not None and type(number) is not int:
            raise TypeError(f"{number!r} is no key: the queue holds keys of records and nothing else")
    now = timezone.now()
    fields = {
        "kind": kind,
        "subject_id": subject_id,
        "second_id": second_id,
        "batch": batch,
        "run_after": run_after or now,
        "created_at": now,
    }
    if once_key is None:
        return Outbox.objects.create(**fields)
    return Outbox.objects.get_or_create(once_key=once_key, defaults=fields)[0]


def take(worker: str) -> Outbox | None:
    """The next due item, now taken by ``worker``, or ``None``. Two workers never take the same."""
    for item in Outbox.objects.due(timezone.now())[:5]:
        with transaction.atomic():
            taken = Outbox.objects.filter(pk=item.pk, state=OutboxState.WAITING).update(
                state=OutboxState.RUNNING,
                locked_by=worker,
                locked_at=timezone.now(),
                attempts=F("attempts") + 1,
            )
        if taken:
            item.refresh_from_db()
            return item
    return None


def finish(item: Outbox) -> bool:
    """Note that the work is done; false where it was given to another worker meanwhile."""
    return _release(item, state=OutboxState.DONE, done_at=timezone.now(), last_error="")


def put_back(item: Outbox, reason: str, *, seconds: int | None = None) -> bool:
    """Have the item tried again after ``seconds`` or a growing pause; gives it up after its last attempt."""
    if item.attempts >= _most_attempts(item.kind):
        return give_up(item, reason)
    pause = timedelta(seconds=pause_s(item.attempts) if seconds is None else seconds)
    return _release(item, state=OutboxState.WAITING, run_after=timezone.now() + pause, last_error=reason)


def give_up(item: Outbox, reason: str) -> bool:
    """Leave the item for a person to look at."""
    return _release(item, state=OutboxState.FAILED, last_error=reason)


def try_again(item: Outbox) -> bool:
    """Have a given-up item done after all, with all its attempts; false where it was not given up."""
    with transaction.atomic():
        changed = Outbox.objects.filter(pk=item.pk, state=OutboxState.FAILED).update(
            state=OutboxState.WAITING, attempts=0, run_after=timezone.now()
        )
    return bool(changed)


def pause_s(attempts: int) -> int:
    """Seconds to wait after the given number of attempts: 30, 60, 120 ... at most six hours.

    >>> [pause_s(n) for n in (1, 2, 3, 20)]
    [30, 60, 120, 21600]
    """
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempts - 1, 20))


def worker_name() -> str:
    """A name that tells machine and process: ``host:1234``."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def recover() -> int:
    """Put back what killed workers left; returns how many items.

    A worker on this machine whose process is gone is known to be dead at once; any other by
    the lease of the work it took.
    """
    now = timezone.now()
    left = [item for item in Outbox.objects.abandoned(now) if _is_abandoned(item, now)]
    return sum(put_back(item, KILLED, seconds=0 if item.attempts < 2 else None) for item in left)


def _is_abandoned(item: Outbox, now) -> bool:
    leases = {known.kind: known.lease_s for known in handlers()}
    if item.locked_at < now - timedelta(seconds=leases.get(item.kind, 0)):
        return True
    host, _colon, process = item.locked_by.rpartition(":")
    return host == socket.gethostname()[:60] and process.isdecimal() and not _is_running(int(process))


def _is_running(process: int) -> bool:
    if os.name != "posix":  # asking would end the process there: the lease decides
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _most_attempts(kind: str) -> int:
    return next((known.most_attempts for known in handlers() if known.kind == kind), 1)


def _release(item: Outbox, **fields) -> bool:
    """Write the outcome only while the item is still ours: its lease may have ended meanwhile."""
    if "last_error" in fields:
        fields["last_error"] = fields["last_error"][:LONGEST_REASON]
    mine = Outbox.objects.filter(
        pk=item.pk, state=OutboxState.RUNNING, locked_by=item.locked_by, attempts=item.attempts
    )
    with transaction.atomic():
        return bool(mine.update(locked_by="", locked_at=None, **fields))
