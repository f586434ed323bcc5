"""A backup made while people register patients and take photos comes back whole on an empty machine.

Each round: writers go on, a backup is made in the middle of it, and it is restored into an empty folder and database.
Everything acknowledged before it began must be there, every photo with its bytes; nothing may be half there. The last
round is made in quiet: then every row of every table must be equal.
"""

import hashlib
import multiprocessing
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from intake.actions import register_patient
from intake.models import Patient, Photo
from smpclinic import actors, storage
from smpclinic.backup import restoring, snapshot, taking
from smpclinic.backup.restoring import RestoreProblem
from smpclinic.backup.sealing import NotSealed
from smpclinic.backup.shelf import Shelf
from smpclinic.backup.snapshot import SnapshotProblem
from tests import databases, make

WRITERS = 2
PHOTO_BYTES = 200_000
FULL_PHOTOS, FULL_PHOTO_BYTES = 250, 1_000_000


@dataclass
class Found:
    """What the rounds measured."""

    whole: int = 0
    lost: int = 0
    broken: list[str] = field(default_factory=list)
    acknowledged: int = 0
    worst_s_a_gb: float = 0.0


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    rounds, found = 20 if full else 3, Found()
    home = Path(tempfile.mkdtemp(prefix="backup-proof-"))
    user = make.make_manager()
    try:
        _settle(home)
        key = taking.make_key()
        if full:
            _fill(user)
        for number in range(rounds):
            _round(number, home, key, user, found, sabotage=sabotage, quiet=number == rounds - 1)
    finally:
        shutil.rmtree(home)
    return {
        "broken": found.whole != rounds or found.lost > 0 or found.acknowledged == 0 or found.worst_s_a_gb >= 60,
        "rounds": rounds,
        "restored_whole": found.whole,
        "acknowledged": found.acknowledged,
        "lost": found.lost,
        "worst_seconds_a_gb": round(found.worst_s_a_gb, 1),
        "first": found.broken[:1],
    }


def _settle(home: Path) -> None:
    """The clinic's folder of this proof, with its keys."""
    settings.DATA_ROOT = home / "clinic"
    settings.PRIVATE_ROOT = settings.DATA_ROOT / "files"
    settings.DATA_ROOT.mkdir()
    for name, text in (("secret_key", settings.SECRET_KEY), ("chain_key", settings.CHAIN_KEY)):
        (settings.DATA_ROOT / name).write_text(text)


def _fill(user) -> None:
    """Enough photos that the seconds a gigabyte are those of the photos."""
    for _number in range(FULL_PHOTOS):
        _photograph(os.urandom(FULL_PHOTO_BYTES), actors.staff(user))


def _photograph(content: bytes, by) -> storage.StoredFile:
    """Register an invented patient with one photo."""
    patient = register_patient(full_name="Invented Patient", phone="+34 600 123 456", by=by)
    kept = storage.store(content, folder="photos", suffix="jpg")
    Photo.objects.create(
        patient=patient,
        view="front",
        taken_at=timezone.now(),
        file=kept.name,
        sha256=kept.sha256,
        width_px=1,
        height_px=1,
    )
    return kept


def _round(number: int, home: Path, key: str, user, found: Found, *, sabotage: bool, quiet: bool) -> None:
    shelf = Shelf(home / "shelf")
    said, stop = multiprocessing.get_context("fork").SimpleQueue(), multiprocessing.get_context("fork").Event()
    writers = [] if quiet else _start_writers(user.pk, said, stop)
    before, began = (_wait_for(said, 4) if writers else []), time.monotonic()
    try:
        index = _take(shelf, sabotage=sabotage).index
    finally:
        took = time.monotonic() - began
        stop.set()
        found.acknowledged += len(before) + _drain(writers, said)
    size = index.files_bytes + index.rows_bytes
    if size > 20 * 1024**2:  # the start of a run is not its speed
        found.worst_s_a_gb = max(found.worst_s_a_gb, took / size * 1024**3)
    rows = _rows() if quiet else None
    try:
        with _empty_machine(home, number):
            restoring.restore(shelf, index, recovery_key=key)
            found.lost += sum(not _is_there(name, digest) for name, digest in before)
            if quiet and _rows() != rows:
                raise RestoreProblem("a row is not what it was")
        found.whole += 1
    except (RestoreProblem, SnapshotProblem, NotSealed) as error:
        found.broken.append(str(error))


def _start_writers(user_id: int, said, stop) -> list:
    connections.close_all()
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_write, args=(user_id, said, stop, number)) for number in range(WRITERS)]
    for child in children:
        child.start()
    return children


def _write(user_id: int, said, stop, number: int) -> None:
    """Register patients with a photo each until told to stop; tell each photo once it is committed."""
    from smpclinic.models import User

    by = actors.staff(User.objects.get(pk=user_id))
    while not stop.is_set():
        content = hashlib.shake_256(f"{number} {time.monotonic_ns()}".encode()).digest(PHOTO_BYTES)
        kept = _photograph(content, by)
        said.put((kept.name, kept.sha256))


def _wait_for(said, wanted: int) -> list:
    """The first photos acknowledged: all of them must be in the backup that begins after them."""
    return [said.get() for _number in range(wanted)]


def _drain(writers, said) -> int:
    told = 0
    while any(writer.is_alive() for writer in writers) or not said.empty():
        while not said.empty():
            said.get()
            told += 1
        time.sleep(0.01)
    for writer in writers:
        writer.join()
    return told


def _take(shelf: Shelf, *, sabotage: bool):
    if not sabotage:
        return taking.take(shelf, now=timezone.now())
    if connection.vendor == "sqlite":  # the file copied while it is written to: what a cron job of cp would do
        right, snapshot._write_sqlite = snapshot._write_sqlite, _copy_the_file
        try:
            return taking.take(shelf, now=timezone.now())
        finally:
            snapshot._write_sqlite = right
    taken = taking.take(shelf, now=timezone.now())
    victim = shelf.file(taken.index.files[0])
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    return taken


def _copy_the_file(target: Path) -> snapshot.Facts:
    shutil.copyfile(connection.settings_dict["NAME"], target)
    return snapshot.facts()


@contextmanager
def _empty_machine(home: Path, number: int):
    """Within the block the settings name a new folder and an empty database."""
    before = settings.DATA_ROOT
    settings.DATA_ROOT = home / f"new-{number}"
    settings.PRIVATE_ROOT = settings.DATA_ROOT / "files"
    try:
        with databases.empty():
            yield
    finally:
        shutil.rmtree(settings.DATA_ROOT, ignore_errors=True)
        settings.DATA_ROOT = before
        settings.PRIVATE_ROOT = before / "files"


def _is_there(name: str, digest: str) -> bool:
    try:
        storage.read(name, sha256=digest)
    except storage.FileDamaged:
        return False
    return Photo.objects.filter(file=name, patient__in=Patient.objects.all()).exists()


def _rows() -> dict[str, list]:
    """Every row of every table, in one order."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
        return found
