"""Rules that the database itself holds, whatever program writes to it.

Ordinary migrations drop SQLite's triggers without a word, and some fail because of them. So the guards come down
before a migration and go up after it, and ``problems`` compares what stands in the database with what is written
here: at start, in /healthz and before every booking. A missing guard closes booking.
"""

from django.db import connections, transaction

from smpclinic.database.guards import postgresql, sqlite
from smpclinic.database.guards.rules import EXCLUSIONS, RULES, TABLES


def before_migrating(*, using="default", plan=(), **kwargs) -> None:
    """Take the guards down, where there is anything to migrate."""
    if plan:
        drop(using=using)


def after_migrating(*, using="default", **kwargs) -> None:
    """Put the guards up again and verify them, once every room's tables exist."""
    if missing_tables(using=using) or not problems(using=using):
        return
    create(using=using)
    if found := problems(using=using):
        raise RuntimeError(f"The database guards could not be put up: {'; '.join(found)}")


def missing_tables(*, using="default") -> set[str]:
    return TABLES - set(connections[using].introspection.table_names())


def create(*, using="default") -> None:
    """Put every guard up, replacing what is there."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _drop_all(connection, cursor)
        for statement in _dialect(connection).create_statements(RULES, EXCLUSIONS):
            cursor.execute(statement)


def drop(*, using="default") -> None:
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        _drop_all(connection, cursor)


def _drop_all(connection, cursor) -> None:
    """Whatever is called a guard goes, so that one of an older release does not outlive its rule."""
    for statement in _dialect(connection).drop_statements(_dialect(connection).standing(cursor)):
        cursor.execute(statement)


def problems(*, using="default") -> list[str]:
    """What is wrong with the guards, in words; empty when all stand as written (one or two queries)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        standing = _dialect(connection).standing(cursor)
    expected = _dialect(connection).expected(RULES, EXCLUSIONS)
    missing = sorted(expected.keys() - standing.keys())
    changed = sorted(name for name in expected.keys() & standing.keys() if expected[name] != standing[name])
    unknown = sorted(standing.keys() - expected.keys())
    return [
        f"guard {name} {told}"
        for names, told in ((missing, "is missing"), (changed, "was changed"), (unknown, "is not of this release"))
        for name in names
    ]


def _dialect(connection):
    return sqlite if connection.vendor == "sqlite" else postgresql
