"""Bring a backup back into an empty place, and look whether everything is there: rows, files, chain, guards."""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from smpclinic import chain
from smpclinic.backup import sealing, snapshot
from smpclinic.backup.shelf import Index, Shelf, place
from smpclinic.backup.taking import KEYS, MANIFEST, sha256_of
from smpclinic.database import guards


class RestoreProblem(Exception):
    """The backup cannot be brought back, or is not whole; the message says what is wrong."""


@dataclass(frozen=True)
class Restored:
    """What came back, counted and compared with the manifest."""

    made_at: str
    rows: int
    files: int
    chain_head: str


def newest(shelf: Shelf, made_at: str = "") -> Index:
    """The newest backup on the shelf, or the one of that name. Raises ``RestoreProblem`` where there is none."""
    indexes = [index for index in shelf.indexes() if made_at in ("", index.made_at)]
    if not indexes:
        names = ", ".join(index.made_at for index in shelf.indexes()) or "none"
        raise RestoreProblem(f"{shelf.root} holds no such backup (it holds: {names}).")
    return indexes[-1]


def restore(
    shelf: Shelf, index: Index, *, recovery_key: str, say: Callable[[str], None] = lambda line: None
) -> Restored:
    """Fill the empty data folder and database of these settings from one backup, and verify every part of it.

    Raises ``RestoreProblem``, ``SnapshotProblem`` or ``NotSealed`` in words. What it had put in place by then stays
    there: a second try needs an empty place again, and says so.
    """
    _refuse_filled(index)
    settings.DATA_ROOT.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.DATA_ROOT) as folder:
        scratch = Path(folder)
        manifest = _open(shelf, index, scratch, recovery_key)
        say(f"Backup of {index.moment:%Y-%m-%d %H:%M} UTC opened: {len(manifest['files'])} files.")
        _bring_files(shelf, manifest["files"], scratch, recovery_key)
        say("Every file is what was stored.")
        for key in KEYS:
            place(scratch / "keys" / key, settings.DATA_ROOT / key)
        snapshot.read(scratch / manifest["database"])
    settings.CHAIN_KEY = (settings.DATA_ROOT / "chain_key").read_text(encoding="ascii").strip()
    _verify_rows(manifest)
    call_command("migrate", interactive=False, verbosity=0)  # from an older release to this one
    _verify_meaning(manifest)
    say("Rows, the files they name, the chain of signed records and the guards are whole.")
    return Restored(index.made_at, sum(manifest["tables"].values()), len(manifest["files"]), manifest["chain_head"])


def _refuse_filled(index: Index) -> None:
    private = Path(settings.PRIVATE_ROOT)
    if not snapshot.is_empty() or (private.exists() and any(private.iterdir())):
        raise RestoreProblem(
            f"{settings.DATA_ROOT} or its database holds data already, and a restore never overwrites any. "
            "Name an empty folder (SMPCLINIC_DATA) or an empty database (DATABASE_URL)."
        )
    if index.vendor != connection.vendor:
        raise RestoreProblem(f"This backup is of {index.vendor}, and DATABASE_URL names {connection.vendor}.")
    if index.mode != settings.MODE:
        raise RestoreProblem(f"This is a backup of a {index.mode}. Set SMPCLINIC_MODE={index.mode}.")


def _open(shelf: Shelf, index: Index, scratch: Path, recovery_key: str) -> dict[str, Any]:
    sealed = shelf.rows(index.made_at)
    if sha256_of(sealed) != index.rows_sha256:
        raise RestoreProblem(f"{sealed.name} is not what was written: its bytes were changed.")
    if sealing.recipient_of(recovery_key) != index.recipient:
        raise RestoreProblem("This backup was sealed for another recovery key.")
    archive = scratch / "rows.tar.gz"
    sealing.open_sealed(sealed, archive, recovery_key=recovery_key)
    _unpack(archive, scratch)
    archive.unlink()
    manifest = json.loads((scratch / MANIFEST).read_text(encoding="utf-8"))
    if sha256_of(scratch / manifest["database"]) != manifest["database_sha256"]:
        raise RestoreProblem("The database in this backup is not what was written.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        raise RestoreProblem(f"This backup is of a newer release (it knows {unknown[-1]}). Install that one first.")
    return manifest


def _unpack(archive: Path, scratch: Path) -> None:
    """What a backup is made of, by name, and nothing else the archive may hold."""
    (scratch / "keys").mkdir(mode=0o700)
    with tarfile.open(archive) as tar:
        for name in (MANIFEST, *snapshot.FILE.values(), *(f"keys/{key}" for key in KEYS)):
            if name in tar.getnames() and (source := tar.extractfile(name)) is not None:
                with source, (scratch / name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _bring_files(shelf: Shelf, files: dict[str, str], scratch: Path, recovery_key: str) -> None:
    """Open every file beside its place, and move them there when all are well."""
    draft = scratch / "files"
    draft.mkdir(mode=0o700)
    for name, digest in files.items():
        target = draft / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not shelf.file(digest).exists():
            raise RestoreProblem(f"The file {name} is missing on the shelf.")
        sealing.open_sealed(shelf.file(digest), target, recovery_key=recovery_key)
        if sha256_of(target) != digest:
            raise RestoreProblem(f"The file {name} is not what was stored.")
        target.chmod(0o600)
    private = Path(settings.PRIVATE_ROOT)
    if private.exists():
        private.rmdir()
    draft.replace(private)


def _verify_rows(manifest: dict[str, Any]) -> None:
    found = snapshot.facts()
    for table, count in manifest["tables"].items():
        if found.tables.get(table) != count:
            raise RestoreProblem(f"The table {table} has {found.tables.get(table)} rows, and the backup had {count}.")
    if found.chain_head != manifest["chain_head"]:
        raise RestoreProblem("The chain of signed records does not end as it did in the backup.")


def _verify_meaning(manifest: dict[str, Any]) -> None:
    if found := chain.problems() or guards.problems():
        raise RestoreProblem("; ".join(found))
    for name in named_files():
        if name not in manifest["files"]:
            raise RestoreProblem(f"A row names the file {name}, and the backup does not hold it.")


def named_files() -> list[str]:
    """Every file that a row names, whatever the model."""
    return [
        name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.Field) and (isinstance(field, models.FileField) or field.name == "file")
        for name in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
        if name
    ]
