"""The rows of one moment as a file, while people go on working, and back into an empty database.

SQLite: its own online backup in one step, which reads one moment and blocks nobody. PostgreSQL: ``pg_dump`` of an
exported snapshot, so that the counts in the manifest are of the very same moment.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from smpclinic import chain

FILE = {"sqlite": "clinic.sqlite3", "postgresql": "clinic.pgdump"}


@dataclass(frozen=True)
class Facts:
    """What a snapshot holds: rows by table, the newest link of the chain, and the migrations that made it."""

    tables: dict[str, int]
    chain_head: str
    migrations: list[str]


class SnapshotProblem(Exception):
    """The rows cannot be read or brought back; the message says why."""


def write(target: Path) -> Facts:
    """Write the rows of this moment to ``target``; what it holds."""
    if connection.vendor == "sqlite":
        return _write_sqlite(target)
    return _write_postgres(target)


def read(source: Path) -> None:
    """Fill the empty default database from ``source``."""
    if connection.vendor == "sqlite":
        _read_sqlite(source)
    else:
        _read_postgres(source)


def is_empty() -> bool:
    """Whether the default database holds no table yet."""
    return not connection.introspection.table_names()


def facts() -> Facts:
    """What the default database holds at this moment."""
    with connection.cursor() as cursor:
        return _facts(cursor, connection.introspection.table_names(cursor))


def _facts(cursor: Any, tables: list[str]) -> Facts:
    found = {}
    for table in sorted(tables):
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  names of tables
        found[table] = cursor.fetchone()[0]
    cursor.execute("SELECT mac FROM smpclinic_sealedrecord ORDER BY id DESC LIMIT 1")
    head = cursor.fetchone()
    cursor.execute("SELECT app || '.' || name FROM django_migrations")
    migrations = sorted(name for (name,) in cursor.fetchall())
    return Facts(found, head[0] if head else chain.GENESIS, migrations)


def _write_sqlite(target: Path) -> Facts:
    connection.ensure_connection()
    copy = type(connection.connection)(str(target))
    try:
        connection.connection.backup(copy, pages=-1)
        cursor = copy.execute("PRAGMA journal_mode=DELETE")
        cursor.fetchall()
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        return _facts(cursor, [name for (name,) in cursor.fetchall()])
    finally:
        copy.close()


def _read_sqlite(source: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    for old in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):
        old.unlink(missing_ok=True)
    source.replace(target)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        said = cursor.fetchone()[0]
    if said != "ok":
        raise SnapshotProblem(f"The database in this backup is damaged: {said}.")


def _write_postgres(target: Path) -> Facts:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        found = facts()
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            f"--snapshot={snapshot}",
            f"--file={target}",
            "--dbname",
            _name(),
        )
    return found


def _read_postgres(source: Path) -> None:
    _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", _name(), str(source))


def _name() -> str:
    return connection.get_connection_params()["dbname"]


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise SnapshotProblem(
            f"{program} was not found. Install the PostgreSQL client programs (Debian: postgresql-client)."
        )
    asked = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    where = {names[key]: str(value) for key, value in asked.items() if key in names and value}
    done = subprocess.run(  # noqa: S603  a program of PostgreSQL, and no text of a user
        [path, *arguments], env={**os.environ, **where}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SnapshotProblem(f"{program} failed: {' '.join(done.stderr.split())[:300]}")
