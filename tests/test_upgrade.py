"""The data of every released version is taken over whole by this one."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parent.parent
SNAPSHOTS = sorted(path for path in (ROOT / "tests/snapshots").iterdir() if (path / "clinic.sqlite3.gz").exists())
LOOK = """
import json, django
django.setup()
from smpclinic.database import guards
from intake.models import Patient
from planning.models import DotsDone
from sessions.models import FollowUp, TreatmentSession
from sessions.verifying import problems
signed = TreatmentSession.objects.signed().count()
counted = DotsDone.objects.values("session_id").distinct().count()
found = [list(problems()), guards.problems(), Patient.objects.count(), signed, counted, FollowUp.objects.count()]
print(json.dumps(found))
"""


@pytest.fixture(params=SNAPSHOTS, ids=lambda path: path.name)
def restored(request, tmp_path) -> dict[str, str]:
    """The variables that lead to the data of a version, restored on the database of this run."""
    shutil.copy(request.param / "chain_key", tmp_path / "chain_key")
    environ = {"SMPCLINIC_DATA": str(tmp_path), "SMPCLINIC_MODE": "demo"}
    if request.config.getoption("--db") == "sqlite":
        with gzip.open(request.param / "clinic.sqlite3.gz") as packed:
            (tmp_path / "clinic.sqlite3").write_bytes(packed.read())
        yield environ
        return
    name = f"upgrade_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        with psycopg.connect(dbname=name, autocommit=True) as empty:
            empty.execute(gzip.decompress((request.param / "clinic.sql.gz").read_bytes()))
        yield environ | {"DATABASE_URL": f"postgres:///{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(restored: dict[str, str], *arguments: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"DJANGO_SETTINGS_MODULE": "smpclinic.settings", **restored}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_release_is_kept():
    assert "0.1" in {path.name for path in SNAPSHOTS}
    for folder in SNAPSHOTS:
        assert {path.name for path in folder.iterdir()} >= {"chain_key", "clinic.sqlite3.gz", "clinic.sql.gz"}


def test_its_records_seals_and_guards_stand_after_the_upgrade(restored, database):
    run(restored, "manage.py", "migrate", "--verbosity", "0")
    problems, missing, patients, signed, counted, followed = json.loads(run(restored, "-c", LOOK))
    assert (problems, missing) == ([], [])
    assert patients == 12
    assert signed >= 12
    assert (
        followed == {"sqlite": 5, "postgres": 6}[database]
    )  # the two stored clinics differ; results of plans treated before are looked at as well
    assert counted == signed  # the dots of every signed session are known to plans
