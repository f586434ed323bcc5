"""SQLite as a medical record needs it: settings in force, one writer at a time, one library."""

import os
import re
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.sqlite3 import base

from smpclinic.database.sqlite.filelock import FileLock
from smpclinic.database.sqlite.journal import safe_journal_mode
from smpclinic.environment import BASE_DIR
from smpclinic.models import Location
from tests import sql


def pragma(name: str):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), [
    ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1), ("trusted_schema", 0),
    ("mmap_size", 0), ("busy_timeout", 10_000),
])  # fmt: skip
def test_every_connection_has_the_settings_that_keep_data_safe(name, value):
    assert pragma(name) == value


@pytest.mark.parametrize(("version", "mode"), [
    ((3, 6, 23), "WAL"), ((3, 7, 0), "DELETE"), ((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"),
    ((3, 51, 3), "WAL"), ((4, 0, 0), "WAL"),
])  # fmt: skip
def test_wal_is_used_only_where_the_library_is_sound(version, mode):
    assert safe_journal_mode(version) == mode


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_an_affected_library_gets_the_rollback_journal(monkeypatch):
    connection.close()
    monkeypatch.setattr(base.Database, "sqlite_version_info", (3, 40, 1))
    assert pragma("journal_mode") == "delete"
    Location.objects.create(name="North")
    connection.close()
    assert Location.objects.get().name == "North"


def test_the_library_in_use_is_sound():
    assert safe_journal_mode(base.Database.sqlite_version_info) == "WAL"


def test_there_is_one_sqlite_library_in_the_process():
    code = "import smpclinic, sqlite3, sqlite3.dbapi2, sys; print(sqlite3.__name__, '_sqlite3' in sys.modules)"
    names = subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert names.stdout.split() == ["pysqlite3", "False"]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_schema_uses_no_function_that_an_untrusted_schema_may_not_call():
    with connection.cursor() as cursor:
        ours = {name for (name,) in cursor.execute("SELECT DISTINCT name FROM pragma_function_list WHERE builtin = 0")}
        schema = "\n".join(text for (text,) in cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    called = set(re.findall(r"\b(\w+)\s*\(", schema.lower()))
    assert "django_date_extract" in ours
    assert called & {name.lower() for name in ours} == set()
    assert " regexp " not in schema.lower()


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_schema_is_not_trusted_with_other_functions():
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="unsafe use"), transaction.atomic():
        cursor.execute("CREATE TABLE doubtful (name TEXT CHECK (name REGEXP 'a'))")


# One writer at a time


@pytest.fixture
def lock(tmp_path):
    return FileLock(str(tmp_path / "clinic.lock"))


def in_a_thread(work) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_lock_is_held_by_one(lock):
    other, steps = FileLock(lock.path), []
    lock.acquire()
    thread = in_a_thread(lambda: (other.acquire(), steps.append("second"), other.release()))
    time.sleep(0.05)
    steps.append("first")
    lock.release()
    thread.join(5)
    assert steps == ["first", "second"]


def test_a_lock_is_free_again_though_a_forked_child_lives_on(lock):
    lock.acquire()
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    try:
        lock.release()
        other, got = FileLock(lock.path), []
        thread = in_a_thread(lambda: (other.acquire(), got.append(True), other.release()))
        thread.join(2)
        assert got == [True]
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def test_a_killed_holder_frees_the_lock(lock):
    code = (
        "from smpclinic.database.sqlite.filelock import FileLock;"
        f"FileLock({lock.path!r}).acquire(); print(flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        holder.kill()
    lock.acquire()
    lock.release()


def is_locked() -> bool:
    """Whether somebody holds the writers' lock of the present database."""
    other = FileLock(f"{connection.settings_dict['NAME']}.lock")
    trying = in_a_thread(lambda: (other.acquire(), other.release()))
    trying.join(0.1)
    return trying.is_alive()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_writers_are_let_in_after_the_outermost_block_alone():
    assert not is_locked()
    with transaction.atomic():
        assert is_locked()
        with transaction.atomic():
            Location.objects.create(name="North")
        assert is_locked()
    assert not is_locked()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        1 / 0  # noqa: B018
    assert not is_locked()
    with closing(connection), transaction.atomic():
        connection.close()
        assert not is_locked()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_lock_comes_before_the_transaction(monkeypatch):
    """The other way round the waiting writer would hold the database while it waits for the lock."""
    steps = []
    start = base.DatabaseWrapper._start_transaction_under_autocommit
    acquire, release = FileLock.acquire, FileLock.release
    commit = base.DatabaseWrapper._commit
    monkeypatch.setattr(FileLock, "acquire", lambda self: (steps.append("lock"), acquire(self)))
    monkeypatch.setattr(FileLock, "release", lambda self: (steps.append("unlock"), release(self)))
    monkeypatch.setattr(
        base.DatabaseWrapper, "_start_transaction_under_autocommit", lambda self: (steps.append("begin"), start(self))
    )
    monkeypatch.setattr(base.DatabaseWrapper, "_commit", lambda self: (steps.append("commit"), commit(self)))
    with transaction.atomic():
        Location.objects.create(name="North")
    assert steps == ["lock", "begin", "commit", "unlock"]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_cannot_begin_gives_the_lock_back(monkeypatch):
    def fail(self):
        raise DatabaseError("disk I/O error")

    connection.ensure_connection()
    monkeypatch.setattr(base.DatabaseWrapper, "_start_transaction_under_autocommit", fail)
    with pytest.raises(DatabaseError, match="disk"), transaction.atomic():
        pass
    monkeypatch.undo()
    assert not is_locked()
    assert Location.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_threads_write_one_after_the_other():
    inside, most = [0], []

    def write(number: int) -> None:
        try:
            for turn in range(10):
                with transaction.atomic():
                    inside[0] += 1
                    most.append(inside[0])
                    Location.objects.create(name=f"{number}-{turn}")
                    time.sleep(0.001)
                    inside[0] -= 1
        finally:
            connections.close_all()

    threads = [in_a_thread(lambda number=number: write(number)) for number in range(4)]
    for thread in threads:
        thread.join(20)
    assert Location.objects.count() == 40
    if connection.vendor == "sqlite":
        assert max(most) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_read_outside_a_transaction_waits_for_nobody():
    seen = []
    with transaction.atomic():
        sql.run("UPDATE smpclinic_location SET name = name")

        def read():
            try:
                seen.append(Location.objects.count())
            finally:
                connections.close_all()

        in_a_thread(read).join(2)
    assert seen == [0]


@pytest.mark.django_db
def test_a_page_that_only_reads_is_no_writer():
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False
