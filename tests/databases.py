"""A migrated template, made once, and fresh copies of it.

The guards forbid deleting rows, so nothing can flush a database between tests. An ordinary test works in a
transaction that is rolled back; one that needs real commits gets a copy of its own.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import django

from smpclinic.environment import BASE_DIR
from tests import cluster

_numbers = itertools.count(1)
_OLD_S = 24 * 60 * 60


def use_first_copy() -> None:
    """Give this process the database of its ordinary tests."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    _point_at(_copy(name))


@contextmanager
def fresh_copy():
    """Within the block the default connection is a new copy of the template, which every thread may write to."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    _point_at(_copy(_fresh_name(before)))
    try:
        yield
    finally:
        copy = connection.settings_dict["NAME"]
        _point_at(before)
        _remove(copy)


@contextmanager
def empty():
    """Within the block the default connection is a database without any table."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    name = _fresh_name(before)
    if connection.vendor == "postgresql":
        _on_server(f'CREATE DATABASE "{name}"')
    _point_at(name)
    try:
        yield
    finally:
        _point_at(before)
        _remove(name)


def give_transactional_tests_a_copy() -> None:
    """Django flushes after a test with real commits; here such a test gets a fresh copy instead."""
    from django.test import TransactionTestCase

    def _fixture_setup(cls):
        cls._copy = fresh_copy()
        cls._copy.__enter__()

    def _fixture_teardown(self):
        self._copy.__exit__(None, None, None)

    TransactionTestCase._fixture_setup = classmethod(_fixture_setup)
    TransactionTestCase._fixture_teardown = _fixture_teardown


def url() -> str:
    """DATABASE_URL of the present copy, for a process that a test starts."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    return f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"


def migrate_empty(name: str) -> str:
    """Make an empty database, migrate it, and leave it; returns its name."""
    from django.core.management import call_command
    from django.db import connection

    before = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        _on_server(f'CREATE DATABASE "{name}"')
    _point_at(name)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _point_at(before)
    return name


def state_of_the_code(mode: str) -> str:
    """A hash of everything that decides what a freshly migrated database looks like."""
    digest = hashlib.sha256(f"{django.VERSION}{mode}".encode())
    for package in ("smpclinic", "intake", "planning", "sessions"):
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if {"migrations", "models", "database"} & set(path.parts) or path.name in ("apps.py", "settings.py"):
                digest.update(path.name.encode() + path.read_bytes())
    digest.update((BASE_DIR / "requirements.lock").read_bytes())
    return digest.hexdigest()[:20]


def saved_cluster(mode: str) -> Path:
    """Where a PostgreSQL cluster with the migrated template is kept between runs."""
    return _cache_folder() / f"{state_of_the_code(mode)}-{cluster.programs().parent.name}.pg"


def _point_at(name: str) -> None:
    """Every new connection of this process goes to ``name``."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def _fresh_name(name: str) -> str:
    number = next(_numbers)
    return name.replace(".sqlite3", f"-{number}.sqlite3") if name.endswith(".sqlite3") else f"{name}_{number}"


def _copy(name: str) -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        shutil.copyfile(_sqlite_template(), name)
    else:
        _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{_postgres_template()}"')
    return name


def _remove(name: str) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
        return
    for ending in ("", "-wal", "-shm", "-journal", ".lock"):
        Path(name + ending).unlink(missing_ok=True)


def _sqlite_template() -> Path:
    """The template's file, kept between runs under the hash of what it was made from."""
    from django.conf import settings

    folder = _cache_folder()
    path = folder / f"{state_of_the_code(settings.MODE)}.sqlite3"
    with _one_at_a_time(folder / "making.lock"):
        if not path.exists():
            _forget_old_templates(folder)
            making = folder / f"making-{os.getpid()}.sqlite3"
            migrate_empty(str(making))  # closing the last connection empties the WAL into the file
            making.replace(path)
            Path(f"{making}.lock").unlink()
    return path


def _postgres_template() -> str:
    """The template's name in the cluster of this run."""
    from django.conf import settings

    name = f"template_{state_of_the_code(settings.MODE)}"
    with _one_at_a_time(_cache_folder() / "making.lock"):
        templates = {row[0] for row in _on_server("SELECT datname FROM pg_database WHERE datname ^@ 'template_'")}
        if name not in templates:
            migrate_empty(name)
            # Saving restarts the server. A second template (of the other mode) is made while others work on it.
            if not templates and not saved_cluster(settings.MODE).exists():
                _forget_old_templates(_cache_folder())
                cluster.save(saved_cluster(settings.MODE))
    return name


def _on_server(statement: str, values=None):
    import psycopg

    with psycopg.connect(dbname="postgres", autocommit=True) as server:
        cursor = server.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _one_at_a_time(path: Path):
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _cache_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"smpclinic-templates-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.is_symlink():
        raise RuntimeError(f"{folder} belongs to somebody else. Remove it.")
    return folder


def _forget_old_templates(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - _OLD_S:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
