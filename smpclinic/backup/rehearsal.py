"""Prove that a backup could be brought back: restore it for real into a place that is removed again."""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from smpclinic.backup.restoring import Restored, RestoreProblem
from smpclinic.backup.shelf import Index, Shelf
from smpclinic.environment import BASE_DIR

CODE = """
import json, os, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
if os.environ.get("SMPCLINIC_REHEARSAL_DATABASE"):
    connection.settings_dict["NAME"] = os.environ["SMPCLINIC_REHEARSAL_DATABASE"]
from dataclasses import asdict
from smpclinic.backup import restoring
from smpclinic.backup.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]))
restored = restoring.restore(shelf, restoring.newest(shelf, sys.argv[2]), recovery_key=sys.stdin.read())
print(json.dumps(asdict(restored)))
"""


def rehearse(shelf: Shelf, index: Index, *, recovery_key: str) -> Restored:
    """Restore ``index`` into a throw-away folder (and database, on PostgreSQL) in a process of its own.

    Raises ``RestoreProblem`` with what the restore would have said.
    """
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=shelf.root) as folder, _database() as names:
        asked = {**os.environ, "DJANGO_SETTINGS_MODULE": "smpclinic.settings", "SMPCLINIC_DATA": folder, **names}
        asked["SMPCLINIC_MODE"] = settings.MODE
        done = subprocess.run(  # noqa: S603  this program itself
            [sys.executable, "-c", CODE, str(shelf.root), index.made_at],
            env=asked,
            cwd=BASE_DIR,
            input=recovery_key,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RestoreProblem((done.stderr.strip().splitlines() or ["the restore broke off"])[-1].partition(": ")[2])
    return Restored(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def _no_database() -> Iterator[dict[str, str]]:
    yield {"DATABASE_URL": ""}


@contextmanager
def _own_database() -> Iterator[dict[str, str]]:
    name = f"rehearsal_{uuid.uuid4().hex[:12]}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
    except DatabaseError as error:
        raise RestoreProblem(
            "A rehearsal needs a database of its own, and this user may not make one (ALTER USER ... CREATEDB)."
        ) from error
    try:
        yield {"SMPCLINIC_REHEARSAL_DATABASE": name}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _database() -> AbstractContextManager[dict[str, str]]:
    return _own_database() if connection.vendor == "postgresql" else _no_database()
