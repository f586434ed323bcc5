"""The loop of ``manage.py worker``: one item after the other, until it is asked to stop."""

import logging
import threading
import time
import traceback

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from smpclinic.kept import one_piece_of_work
from smpclinic.models import Outbox, WorkerBeat
from smpclinic.outbox import queue
from smpclinic.outbox.registry import GiveUp, Later, Problem, UnknownKind, handler_of, schedules

log = logging.getLogger("smpclinic.outbox")

POLL_S = 1.0
BEAT_S = 20
PAUSE_WITHOUT_DATABASE_S = 5.0


class Worker:
    """One process that does background work."""

    def __init__(self, *, stop: threading.Event, poll_s: float = POLL_S) -> None:
        self.name = queue.worker_name()
        self.stop = stop
        self.poll_s = poll_s
        self.beat_at = float("-inf")
        self.slots: dict[str, int] = {}

    def run(self) -> None:
        """Work until ``stop`` is set; a database that is away for a while is waited for."""
        while not self.stop.is_set():
            close_old_connections()
            try:
                self.tick()
                pause_s = 0.0 if self.work_one() else self.poll_s
            except DatabaseError as error:
                log.warning("The database does not answer (%s); trying again.", type(error).__name__)
                connection.close()
                pause_s = PAUSE_WITHOUT_DATABASE_S
            self.stop.wait(pause_s)
        self._sign_off()

    def run_once(self) -> int:
        """Do everything that is due now; returns how many items were taken."""
        self.tick()
        taken = 0
        while not self.stop.is_set() and self.work_one():
            taken += 1
        self._sign_off()
        return taken

    def tick(self) -> None:
        """Now and then: be seen alive, put back what others left, queue what is due by the clock."""
        if time.monotonic() - self.beat_at >= BEAT_S:
            self._beat()
            queue.recover()
            self.beat_at = time.monotonic()
        self._queue_schedules()

    def work_one(self) -> bool:
        """Take and do one item; false where none is due."""
        item = queue.take(self.name)
        if item is None:
            return False
        do(item)
        return True

    def _beat(self) -> None:
        now = timezone.now()
        with transaction.atomic():
            WorkerBeat.objects.update_or_create(
                worker=self.name, defaults={"seen_at": now}, create_defaults={"seen_at": now, "started_at": now}
            )

    def _queue_schedules(self) -> None:
        now_s = int(timezone.now().timestamp())
        for schedule in schedules():
            slot = schedule.slot(now_s)
            if self.slots.get(schedule.kind) != slot:
                queue.enqueue(schedule.kind, once_key=f"{schedule.kind}@{slot}")
                self.slots[schedule.kind] = slot

    def _sign_off(self) -> None:
        WorkerBeat.objects.filter(worker=self.name).delete()


def do(item: Outbox) -> None:
    """Do one taken item and note how it went."""
    try:
        with one_piece_of_work():
            handler_of(item.kind).function(item)
    except Later as problem:
        queue.put_back(item, str(problem), seconds=problem.seconds)
    except (GiveUp, UnknownKind) as problem:
        queue.give_up(item, str(problem))
        log.error("Outbox item %s (%s) was given up: %s", item.pk, item.kind, problem)
    except DatabaseError as error:
        connection.close()
        queue.put_back(item, _named(error))
        log.warning("Outbox item %s (%s) met %s.", item.pk, item.kind, _named(error))
    except Exception as error:  # noqa: BLE001  the border: whatever one item raises must not stop the others
        queue.put_back(item, _named(error))
        log.error("Outbox item %s (%s) failed: %s", item.pk, item.kind, _named(error))
    else:
        queue.finish(item)


def _named(error: Exception) -> str:
    """The kind of error and where it arose. Never its text: a mail server's refusal quotes the address."""
    if isinstance(error, Problem):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"
