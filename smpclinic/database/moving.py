"""From SQLite to PostgreSQL: every row of every table, compared on both sides before anybody may rely on it.

The SQLite file is only read, and held against writers meanwhile. All rows arrive in one transaction, so a move that
breaks off leaves an empty database and a clinic that goes on as before.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, models, transaction

from smpclinic.database import guards
from smpclinic.database.addresses import database_from_url

TARGET = "moved"
AT_ONCE = 500


class MoveProblem(Exception):
    """The move was not made, or what arrived is not what left; the message says which."""


@dataclass(frozen=True)
class Moved:
    """How many tables and rows arrived, and the hash over all of them, equal on both sides."""

    tables: int
    rows: int
    digest: str


def move(url: str, *, say: Callable[[str], None] = lambda line: None) -> Moved:
    """Copy the default SQLite database into the empty PostgreSQL database at ``url``, and compare.

    Raises ``MoveProblem`` in words; the source is then as before.
    """
    if connection.vendor != "sqlite":
        raise MoveProblem("This clinic is on PostgreSQL already.")
    _connect(url)
    try:
        with transaction.atomic():  # the one writer of the file is now this: nobody changes it meanwhile
            call_command("migrate", database=TARGET, interactive=False, verbosity=0)
            say("The new database has its tables.")
            _refuse_other_release()
            copied = _copy()
            say(f"{copied} rows are copied.")
            return _compared()
    except DatabaseError as error:
        raise MoveProblem(f"The database at the new place refused: {' '.join(str(error).split())[:300]}") from error
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.settings[TARGET]


def _connect(url: str) -> None:
    wanted = database_from_url(url)
    if "postgresql" not in str(wanted["ENGINE"]):
        raise MoveProblem("The new place must be PostgreSQL: postgres://user:password@host:5432/name.")
    known = connections.configure_settings({"default": dict(connections.settings["default"]), TARGET: wanted})
    connections.settings[TARGET] = known[TARGET]
    try:
        found = connections[TARGET].introspection.table_names()
    except DatabaseError as error:
        del connections.settings[TARGET]
        raise MoveProblem(f"PostgreSQL cannot be reached: {' '.join(str(error).split())[:300]}") from error
    if found:
        connections[TARGET].close()
        del connections.settings[TARGET]
        raise MoveProblem("The new database holds tables already. Name an empty one: nothing is ever overwritten.")


def _refuse_other_release() -> None:
    sides = [_applied(alias) for alias in ("default", TARGET)]
    if sides[0] != sides[1]:
        raise MoveProblem("This database is of another release. Run manage.py migrate first.")


def _applied(alias: str) -> set[tuple[str, str]]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def all_models() -> list[type[models.Model]]:
    """Every model with a table, those between two others too."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _copy() -> int:
    copied, target = 0, connections[TARGET]
    with transaction.atomic(using=TARGET), target.cursor() as cursor:
        guards.drop(using=TARGET)
        names = ", ".join(target.ops.quote_name(model._meta.db_table) for model in all_models())
        cursor.execute(f"TRUNCATE {names} CASCADE")
        for model in all_models():
            copied += _copy_table(model, cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the guards alter tables, and every key must be known by now
        for statement in target.ops.sequence_reset_sql(no_style(), all_models()):
            cursor.execute(statement)
        guards.create(using=TARGET)
    return copied


def _copy_table(model: type[models.Model], cursor: Any) -> int:
    fields, target = model._meta.local_concrete_fields, connections[TARGET]
    quote = target.ops.quote_name
    columns, places = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608  names of columns
    copied, batch = 0, []
    for row in _rows(model, "default"):
        batch.append([field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)])
        if len(batch) == AT_ONCE:
            cursor.executemany(insert, batch)
            copied, batch = copied + len(batch), []
    if batch:
        cursor.executemany(insert, batch)
    return copied + len(batch)


def _rows(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    return iter(rows.iterator(chunk_size=AT_ONCE))


def _compared() -> Moved:
    """Both sides, table by table: each row the same. Raises ``MoveProblem`` naming the first table that differs."""
    total, whole = 0, hashlib.sha256()
    for model in all_models():
        here, there = (digest(model, alias) for alias in ("default", TARGET))
        if here != there:
            raise MoveProblem(
                f"The table {model._meta.db_table} did not arrive as it left ({here[0]} rows here, {there[0]} there)."
            )
        total += here[0]
        whole.update(here[1].encode())
    if found := guards.problems(using=TARGET):
        raise MoveProblem("; ".join(found))
    return Moved(len(all_models()), total, whole.hexdigest())


def digest(model: type[models.Model], alias: str) -> tuple[int, str]:
    """How many rows the table has, and a hash over all of them in the order of their keys."""
    count, found = 0, hashlib.sha256()
    for row in _rows(model, alias):
        found.update(json.dumps(row, sort_keys=True, default=_text).encode() + b"\n")
        count += 1
    return count, found.hexdigest()


def _text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
