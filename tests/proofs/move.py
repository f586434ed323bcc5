"""A clinic's SQLite database arrives on PostgreSQL row by row: counts, hashes, chain and guards are equal.

The proof runs on SQLite and starts a PostgreSQL of its own for the new place.
"""

import uuid
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from smpclinic import chain
from smpclinic.database import moving
from smpclinic.demo.build import build
from tests import cluster, databases, make


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    if connection.vendor != "sqlite":
        return {"broken": True, "first": "the move begins on SQLite: run it with --db sqlite"}
    _live(full=full, seed=seed)
    url, before = _new_place(), _state()
    copy_table = moving._copy_table
    if sabotage:
        moving._copy_table = _loses_one(copy_table)
    try:
        moved = moving.move(url)
    except moving.MoveProblem as error:
        return {"broken": True, "first": str(error)}
    finally:
        moving._copy_table = copy_table
    return {
        "broken": _state() != before or moved.rows == 0 or chain.problems() != [],
        "tables": moved.tables,
        "rows": moved.rows,
        "chain_head": chain.head()[:16],
        "source_changed": _state() != before,
        "first": "",
    }


def _live(*, full: bool, seed: int) -> None:
    """The whole demo, or a handful of patients with signed sessions, consents and dates."""
    if full:
        build(seed=seed, patients=60)
        return
    call_command("install_defaults", verbosity=0)
    make.make_clinic()
    for _number in range(3):
        session = make.make_session(signed=True)
        make.make_consent(patient=session.patient)
        with transaction.atomic():
            chain.seal(kind="session", subject=session.patient, content={"said": "signed"})


def _new_place() -> str:
    """An empty database of a PostgreSQL that lives as long as this run."""
    folder = cluster.start_or_join(databases.saved_cluster("clinic"))
    name = f"moved_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(host=str(folder), user=cluster.USER, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return f"postgres://{cluster.USER}@{quote(str(folder), safe='')}/{name}"


def _state() -> dict[str, tuple[int, str]]:
    return {model._meta.db_table: moving.digest(model, "default") for model in moving.all_models()}


def _loses_one(copy_table):
    def lose(model, cursor):
        copied = copy_table(model, cursor)
        if model._meta.db_table == "intake_searchterm":
            cursor.execute("DELETE FROM intake_searchterm WHERE id = (SELECT max(id) FROM intake_searchterm)")
        return copied

    return lose
