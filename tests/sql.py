"""Raw SQL on the real tables, as somebody writes it who goes past the program."""

import uuid
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction


@contextmanager
def refused(words: str):
    """The block's statement is refused by the database, with these words or under this rule's name."""
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        yield


def run(statement: str, *values) -> int:
    """Run one statement with %s for values; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def values_of(record) -> dict[str, object]:
    """The record's row as the database holds it, by column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {record._meta.db_table} WHERE {_key(record)} = %s", [record.pk])
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def insert(table: str, values: dict[str, object], *, how: str = "INSERT", ending: str = "") -> int:
    columns = ", ".join(map(connection.ops.quote_name, values))
    places = ", ".join(["%s"] * len(values))
    return run(f"{how} INTO {table} ({columns}) VALUES ({places}) {ending}", *values.values())


def insert_like(record, *, how: str = "INSERT", ending: str = "", **changes) -> int:
    """Insert the record's row once more: a new key and public_id, and ``changes`` by column."""
    values = values_of(record)
    values.pop("id", None)
    if "public_id" in values:
        values["public_id"] = uuid.uuid4().hex
    return insert(record._meta.db_table, values | changes, how=how, ending=ending)


def update(record, *, how: str = "UPDATE", **changes) -> int:
    columns = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in changes)
    statement = f"{how} {record._meta.db_table} SET {columns} WHERE {_key(record)} = %s"
    return run(statement, *changes.values(), record.pk)


def delete(record) -> int:
    return run(f"DELETE FROM {record._meta.db_table} WHERE {_key(record)} = %s", record.pk)


def _key(record) -> str:
    return connection.ops.quote_name(record._meta.pk.column)
