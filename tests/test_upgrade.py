"""The data of every released version is taken over whole by this one."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SNAPSHOTS = sorted(path for path in (ROOT / "tests/snapshots").iterdir() if (path / "clinic.sqlite3.gz").exists())
LOOK = """
import json, django
django.setup()
from smpclinic import chain
from smpclinic.database import guards
from intake.models import Patient
from planning.models import DotsDone
from sessions.models import TreatmentSession
signed = TreatmentSession.objects.signed().count()
counted = DotsDone.objects.values("session_id").distinct().count()
print(json.dumps([chain.problems(), guards.problems(), Patient.objects.count(), signed, counted]))
"""


@pytest.fixture(params=SNAPSHOTS, ids=lambda path: path.name)
def restored(request, tmp_path) -> Path:
    with gzip.open(request.param / "clinic.sqlite3.gz") as packed, (tmp_path / "clinic.sqlite3").open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    shutil.copy(request.param / "chain_key", tmp_path / "chain_key")
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    environ = {**os.environ, "SMPCLINIC_DATA": str(folder), "SMPCLINIC_MODE": "demo"}
    environ |= {"DJANGO_SETTINGS_MODULE": "smpclinic.settings"}
    environ.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_release_is_kept():
    assert "0.1" in {path.name for path in SNAPSHOTS}


@pytest.mark.sqlite
def test_its_records_seals_and_guards_stand_after_the_upgrade(restored):
    run(restored, "manage.py", "migrate", "--verbosity", "0")
    problems, missing, patients, signed, counted = json.loads(run(restored, "-c", LOOK))
    assert (problems, missing) == ([], [])
    assert patients == 12
    assert signed >= 12
    assert counted == signed  # the dots of every signed session are known to plans
