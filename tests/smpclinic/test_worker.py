"""The worker: what it takes, what it leaves when it is killed, and how it ends."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from smpclinic import outbox
from smpclinic.environment import BASE_DIR
from smpclinic.models import Outbox, WorkerBeat
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import queue, registry
from smpclinic.outbox.worker import Worker, do
from tests import databases
from tests.smpclinic.conftest import wait_until

pytestmark = pytest.mark.django_db


def worker():
    return Worker(stop=threading.Event())


def due_now(item):
    Outbox.objects.filter(pk=item.pk).update(run_after=timezone.now())


def state(item):
    item.refresh_from_db()
    return item.state


def test_two_workers_never_take_the_same_item(done):
    item = outbox.enqueue("test-work")
    assert queue.take("here:1") == item
    assert queue.take("here:2") is None


def taken_by(name, *, seconds_ago=0):
    item = outbox.enqueue("test-work", subject_id=7)
    assert queue.take(name) == item
    Outbox.objects.filter(pk=item.pk).update(locked_at=timezone.now() - timedelta(seconds=seconds_ago))
    item.refresh_from_db()
    return item


def a_process_that_is_gone():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_work_of_a_killed_worker_on_this_machine_is_done_by_the_next(done):
    host = queue.worker_name().rpartition(":")[0]
    item = taken_by(f"{host}:{a_process_that_is_gone()}")
    worker().run_once()
    assert done == [7]
    assert state(item) == OutboxState.DONE
    assert item.attempts == 2


def test_work_of_a_living_worker_is_left_alone(done):
    item = taken_by(queue.worker_name())
    worker().run_once()
    assert state(item) == OutboxState.RUNNING


@pytest.mark.parametrize(("seconds", "left"), [(registry.LEASE_S - 5, True), (registry.LEASE_S + 5, False)])
def test_work_of_a_worker_elsewhere_is_taken_over_when_its_lease_ends(done, seconds, left):
    item = taken_by("elsewhere:1", seconds_ago=seconds)
    worker().run_once()
    assert (state(item) == OutboxState.RUNNING) is left


def test_work_that_kills_its_worker_each_time_is_given_up(kind):
    kind(lambda item: None, most_attempts=2)
    item = taken_by("elsewhere:1", seconds_ago=10_000)
    assert queue.recover() == 1
    due_now(item)
    assert queue.take("elsewhere:2") == item
    Outbox.objects.filter(pk=item.pk).update(locked_at=timezone.now() - timedelta(days=1))
    assert queue.recover() == 1
    assert state(item) == OutboxState.FAILED
    assert item.last_error == queue.KILLED


def test_a_worker_that_lost_its_item_cannot_finish_it(done):
    late = taken_by("elsewhere:1", seconds_ago=10_000)
    queue.recover()
    again = queue.take("elsewhere:2")
    assert not queue.finish(late)
    assert state(again) == OutboxState.RUNNING
    assert queue.finish(again)


def test_a_database_that_goes_away_in_the_middle_costs_one_attempt(kind, monkeypatch):
    monkeypatch.setattr("smpclinic.outbox.worker.connection.close", lambda: None)  # the test's own transaction

    def fails(item):
        raise DatabaseError("server closed the connection")

    kind(fails)
    item = outbox.enqueue("test-work")
    do(queue.take("here:1"))
    assert state(item) == OutboxState.WAITING
    assert item.last_error.startswith("DatabaseError in fails")


def test_the_command_does_what_is_due(done, capsys):
    outbox.enqueue("test-work", subject_id=5)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        call_command("worker", once=True)
    finally:
        for number, before in handlers.items():
            signal.signal(number, before)
    assert done == [5]
    assert "1 items" in capsys.readouterr().out
    assert WorkerBeat.objects.count() == 0


def worker_process():
    environment = {**os.environ, "DATABASE_URL": databases.url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=BASE_DIR, env=environment)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_works_is_seen_and_ends_when_asked():
    process = worker_process()
    try:
        wait_until(WorkerBeat.objects.exists)
        item = outbox.enqueue("tidy")
        wait_until(lambda: state(item) == OutboxState.DONE)
        process.terminate()
        assert process.wait(timeout=20) == 0
        assert not WorkerBeat.objects.exists()
    finally:
        process.kill()
        process.wait()
