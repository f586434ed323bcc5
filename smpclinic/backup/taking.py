"""Make one backup: the rows of one moment, then every file, sealed, counted, and only then called a backup."""

import hashlib
import json
import shutil
import tarfile
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from smpclinic.backup import sealing, snapshot
from smpclinic.backup.shelf import NAME, Index, Shelf, ShelfProblem, place

MANIFEST = "manifest.json"
KEYS = ("secret_key", "chain_key")
SPARE_BYTES = 100 * 1024**2


@dataclass(frozen=True)
class Taken:
    """What one run did: the new backup, how many files were new to the shelf, and how many old backups went."""

    index: Index
    new_files: int
    removed: int


def recipient() -> str:
    """The public half of the recovery key; empty where no key was made yet."""
    path = settings.DATA_ROOT / "backup_recipient"
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def make_key() -> str:
    """Make a recovery key, keep its public half, and hand out the key: it is not written down anywhere here.

    Backups made before stay closed for the key they were made with.
    """
    recovery_key, public = sealing.new_key()
    keep_recipient(public)
    return recovery_key


def keep_recipient(public: str) -> None:
    """Seal the backups to come for this recipient."""
    draft = settings.DATA_ROOT / ".backup_recipient"
    draft.write_text(public + "\n", encoding="ascii")
    place(draft, settings.DATA_ROOT / "backup_recipient")


def take(shelf: Shelf, *, now: datetime) -> Taken:
    """Put one backup on the shelf. Raises ``ShelfProblem``, ``SnapshotProblem`` or ``NotSealed``, in words."""
    public = recipient()
    if not public:
        raise ShelfProblem("There is no recovery key yet. Make one first: manage.py backup --new-key.")
    began = time.monotonic()
    with shelf.alone():
        _refuse_full(shelf)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA_ROOT) as scratch:
            index, new_files = _put(shelf, Path(scratch), public, now.astimezone(UTC).strftime(NAME), began)
        removed = shelf.tidy(now=now)
    return Taken(index, new_files, removed)


def _refuse_full(shelf: Shelf) -> None:
    database = 0 if connection.vendor != "sqlite" else Path(connection.settings_dict["NAME"]).stat().st_size
    for folder, needed in ((settings.DATA_ROOT, database), (shelf.root, database)):
        free = shutil.disk_usage(folder).free
        if free < needed + SPARE_BYTES:
            raise ShelfProblem(f"{folder} has only {free // 1024**2} MB free. Make room, or choose another folder.")


def _put(shelf: Shelf, scratch: Path, public: str, made_at: str, began: float) -> tuple[Index, int]:
    rows = scratch / snapshot.FILE[connection.vendor]
    facts = snapshot.write(rows)
    files, new_files, files_bytes = _put_files(shelf, public)  # after the rows: no row of theirs lacks its file
    manifest = {
        "format": 1,
        "made_at": made_at,
        "mode": settings.MODE,
        "vendor": connection.vendor,
        "database": rows.name,
        "database_sha256": sha256_of(rows),
        **asdict(facts),
        "files": files,
    }
    archive = _archive(scratch, rows, manifest)
    sealed = shelf.root / f".draft-{made_at}"
    sealing.close(archive, sealed, recipient=public)
    rows_sha256, rows_bytes = sha256_of(sealed), sealed.stat().st_size
    place(sealed, shelf.rows(made_at))
    index = Index(
        made_at=made_at,
        mode=settings.MODE,
        vendor=connection.vendor,
        recipient=public,
        rows_sha256=rows_sha256,
        rows_bytes=rows_bytes,
        chain_head=facts.chain_head,
        seconds=round(time.monotonic() - began, 1),
        files=sorted(set(files.values())),
        files_bytes=files_bytes,
    )
    shelf.put_index(index)
    return index, new_files


def _put_files(shelf: Shelf, public: str) -> tuple[dict[str, str], int, int]:
    """Each private file by its name and the SHA-256 of its bytes; those new to the shelf are sealed onto it."""
    root = Path(settings.PRIVATE_ROOT)
    files, new_files, size = {}, 0, 0
    for path in sorted(root.rglob("*")):
        if path.name.startswith(".") or not path.is_file():
            continue
        try:
            digest = sha256_of(path)
            if not shelf.file(digest).exists():
                draft = shelf.root / f".draft-{digest}"
                sealing.close(path, draft, recipient=public)
                shelf.put_file(digest, draft)
                new_files += 1
            size += path.stat().st_size
        except FileNotFoundError:
            continue  # erased while we came by, and its row with it
        files[str(path.relative_to(root))] = digest
    return files, new_files, size


def _archive(scratch: Path, rows: Path, manifest: dict[str, object]) -> Path:
    (scratch / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    archive = scratch / "rows.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=3) as tar:
        tar.add(scratch / MANIFEST, MANIFEST)
        tar.add(rows, rows.name)
        for key in KEYS:
            tar.add(settings.DATA_ROOT / key, f"keys/{key}")
    return archive


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
