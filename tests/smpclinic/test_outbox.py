"""Background work: never lost, tried again, on time, and nothing about a person in the queue."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from smpclinic import outbox
from smpclinic.models import Outbox, TryCount, WorkerBeat
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import registry
from smpclinic.outbox.worker import Worker

pytestmark = pytest.mark.django_db


def worker():
    return Worker(stop=threading.Event())


def due_now(item):
    Outbox.objects.filter(pk=item.pk).update(run_after=timezone.now())


def state(item):
    item.refresh_from_db()
    return item.state


def test_an_item_is_done_once(done):
    item = outbox.enqueue("test-work", subject_id=7)
    assert worker().run_once() == 1
    assert worker().run_once() == 0
    assert done == [7]
    assert state(item) == OutboxState.DONE
    assert (item.attempts, item.locked_by, item.last_error) == (1, "", "")


def test_items_are_done_in_the_order_they_are_due(done):
    now = timezone.now()
    for number, minutes in ((1, 1), (2, 3), (3, 2)):
        outbox.enqueue("test-work", subject_id=number, run_after=now - timedelta(minutes=minutes))
    worker().run_once()
    assert done == [2, 3, 1]


def test_an_item_is_not_done_before_its_time(done):
    item = outbox.enqueue("test-work", run_after=timezone.now() + timedelta(seconds=60))
    assert worker().run_once() == 0
    due_now(item)
    assert worker().run_once() == 1


def test_a_change_that_is_rolled_back_takes_its_work_with_it(done):
    with transaction.atomic():
        outbox.enqueue("test-work", subject_id=7)
        transaction.set_rollback(True)
    assert worker().run_once() == 0
    assert done == []


def test_a_kind_that_nobody_does_is_refused_at_once():
    with pytest.raises(outbox.UnknownKind, match="'no-such-kind' is no kind"):
        outbox.enqueue("no-such-kind")


@pytest.mark.parametrize("subject", ["jane@example.org", True, 1.5, {"name": "Jane"}])
def test_only_keys_of_records_fit_in(done, subject):
    with pytest.raises(TypeError, match="keys of records and nothing else"):
        outbox.enqueue("test-work", subject_id=subject)


def test_the_same_once_key_gives_the_same_item(done):
    first = outbox.enqueue("test-work", subject_id=1, once_key="letter-1")
    assert outbox.enqueue("test-work", subject_id=1, once_key="letter-1") == first
    assert Outbox.objects.filter(kind="test-work").count() == 1


def test_a_failure_is_tried_again_after_a_growing_pause(kind):
    def fails(item):
        raise ValueError("jane@example.org was refused")

    kind(fails)
    item = outbox.enqueue("test-work")
    for attempt, pause in ((1, 30), (2, 60), (3, 120)):
        due_now(item)
        before = timezone.now()
        assert worker().run_once() == 1
        assert state(item) == OutboxState.WAITING
        assert item.attempts == attempt
        assert timedelta(seconds=pause) <= item.run_after - before < timedelta(seconds=pause + 5)


def test_what_an_error_says_is_not_kept_only_its_kind_and_place(kind):
    def fails(item):
        raise ValueError("jane@example.org was refused")

    kind(fails)
    item = outbox.enqueue("test-work")
    worker().run_once()
    item.refresh_from_db()
    assert item.last_error.startswith("ValueError in fails, line ")
    assert "jane" not in item.last_error


def test_after_its_last_attempt_an_item_waits_for_a_person(kind):
    kind(lambda item: 1 / 0, most_attempts=2)
    item = outbox.enqueue("test-work")
    worker().run_once()
    assert state(item) == OutboxState.WAITING
    due_now(item)
    worker().run_once()
    assert state(item) == OutboxState.FAILED
    assert list(Outbox.objects.given_up()) == [item]
    assert worker().run_once() == 0


def test_a_person_can_have_it_tried_again(kind):
    kind(lambda item: 1 / 0, most_attempts=1)
    item = outbox.enqueue("test-work")
    worker().run_once()
    assert outbox.try_again(item)
    assert not outbox.try_again(item)
    kind(lambda item: None)
    registry._handlers["test-work"] = registry.Handler("test-work", lambda item: None, 1, 600)
    worker().run_once()
    assert state(item) == OutboxState.DONE


def test_later_says_when_and_why(kind):
    def not_now(item):
        raise outbox.Later("The mail server is busy.", seconds=90)

    kind(not_now)
    item = outbox.enqueue("test-work")
    before = timezone.now()
    worker().run_once()
    assert state(item) == OutboxState.WAITING
    assert item.last_error == "The mail server is busy."
    assert timedelta(seconds=90) <= item.run_after - before < timedelta(seconds=95)


def test_giving_up_is_final_at_once(kind):
    def never(item):
        raise outbox.GiveUp("The patient has no e-mail address.")

    kind(never)
    item = outbox.enqueue("test-work")
    worker().run_once()
    assert state(item) == OutboxState.FAILED
    assert item.last_error == "The patient has no e-mail address."


def test_work_of_a_kind_that_was_removed_is_given_up(done):
    item = outbox.enqueue("test-work")
    del registry._handlers["test-work"]
    worker().run_once()
    assert state(item) == OutboxState.FAILED


def test_one_item_that_fails_does_not_stop_the_next(kind):
    kind(lambda item: 1 / (item.subject_id - 1))
    first, second = outbox.enqueue("test-work", subject_id=1), outbox.enqueue("test-work", subject_id=2)
    worker().run_once()
    assert (state(first), state(second)) == (OutboxState.WAITING, OutboxState.DONE)


def test_a_batch_tells_the_state_of_each_item(kind):
    def sometimes(item):
        if item.subject_id == 2:
            raise outbox.GiveUp("No address.")
        if item.subject_id == 3:
            raise outbox.Later("Not now.")

    kind(sometimes)
    batch = outbox.enqueue_batch("test-work", subject_ids=[1, 2, 3, 4])
    assert outbox.batch_state(batch) == outbox.BatchState(waiting=4, running=0, done=0, failed=0)
    worker().run_once()
    found = outbox.batch_state(batch)
    assert found == outbox.BatchState(waiting=1, running=0, done=2, failed=1)
    assert (found.total, found.is_over) == (4, False)
    states = [(item.subject_id, item.state) for item in Outbox.objects.in_batch(batch)]
    assert states == [(1, "done"), (2, "failed"), (3, "waiting"), (4, "done")]


def test_what_is_due_by_the_clock_is_done_once_in_each_period(done, monkeypatch):
    monkeypatch.setitem(registry._schedules, "test-work", registry.Schedule("test-work", 3600, 0))
    first, second = worker(), worker()
    for one in (first, second, first, second):
        one.run_once()
    assert len(done) == 1
    monkeypatch.setitem(registry._schedules, "test-work", registry.Schedule("test-work", 3600, -3600))
    first.run_once()
    assert len(done) == 2


@pytest.mark.parametrize(("at_s", "slot"), [(0, -1), (7199, -1), (7200, 0), (7200 + 86399, 0), (7200 + 86400, 1)])
def test_a_period_begins_at_its_offset(at_s, slot):
    assert registry.Schedule("x", 86400, 7200).slot(at_s) == slot


def test_a_schedule_of_less_than_a_minute_is_refused():
    with pytest.raises(ValueError, match="every 0 s is too often"):
        outbox.every()


def test_two_functions_for_one_kind_are_refused(done):
    def other(item):
        pass

    with pytest.raises(ValueError, match="is done by"):
        registry.handler("test-work")(other)


def test_tidying_deletes_what_has_had_its_time_and_nothing_else():
    now = timezone.now()
    old = outbox.enqueue("tidy")
    failed = outbox.enqueue("tidy")
    new = outbox.enqueue("tidy")
    Outbox.objects.filter(pk=old.pk).update(state=OutboxState.DONE, done_at=now - timedelta(days=31))
    Outbox.objects.filter(pk=failed.pk).update(state=OutboxState.FAILED, created_at=now - timedelta(days=400))
    Outbox.objects.filter(pk=new.pk).update(state=OutboxState.DONE, done_at=now - timedelta(days=29))
    TryCount.objects.create(bucket="x", key_hash="y", tries=1, window_ends_s=1)
    WorkerBeat.objects.create(worker="old:1", started_at=now, seen_at=now - timedelta(days=2))
    worker().run_once()
    assert set(Outbox.objects.filter(pk__in=[old.pk, failed.pk, new.pk])) == {failed, new}
    assert TryCount.objects.count() == WorkerBeat.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "sleeping"},
        {"state": "running"},
        {"locked_by": "here:1"},
        {"state": "done"},
        {"done_at": timezone.now()},
        {"kind": ""},
    ],
)
def test_the_database_refuses_a_row_that_contradicts_itself(fields):
    now = timezone.now()
    row = {"kind": "x", "run_after": now, "created_at": now} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.create(**row)
