"""The folder that backups lie in: indexes, sealed archives of rows, and each sealed file once.

A backup exists when its index does, and the index is written last: what an interrupted run leaves is swept away by
the next one. Nothing on the shelf can be read without the recovery key; an index tells sizes and times alone.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from smpclinic.backup.rotation import kept

NAME = "%Y%m%dT%H%M%S%fZ"
HOW_TO = """These are the sealed backups of an smpclinic.

To bring one back: install the program on an empty machine, put this folder beside it, and run
    SMPCLINIC_MODE=clinic .venv/bin/python manage.py restore THIS_FOLDER
It asks for the recovery key (the line that begins with AGE-SECRET-KEY-1).
The files are in the age format (age-encryption.org): the program "age" opens them as well.
"""


class ShelfProblem(Exception):
    """The shelf cannot be used; the message names the folder and the cure."""


@dataclass(frozen=True)
class Index:
    """What may be known of a backup without the key."""

    made_at: str
    mode: str
    vendor: str
    recipient: str
    rows_sha256: str
    rows_bytes: int
    chain_head: str
    seconds: float
    files: list[str] = field(default_factory=list)
    files_bytes: int = 0

    @property
    def moment(self) -> datetime:
        return datetime.strptime(self.made_at, NAME).replace(tzinfo=UTC)


class Shelf:
    """One folder of backups, readable by its owner alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the folder, and the note that says what it is. Raises ``ShelfProblem`` where it cannot."""
        try:
            for folder in (self.root, self.root / "files"):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            note = self.root / "README.txt"
            if not note.exists():
                note.write_text(HOW_TO, encoding="utf-8")
        except OSError as error:
            raise ShelfProblem(f"The folder for backups {self.root} cannot be written ({error.strerror}).") from error

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the shelf: two backups at once would sweep away each other's files."""
        import fcntl

        self.prepare()
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ShelfProblem(
                    "Another backup is being made at this moment. Try again when it has ended."
                ) from error
            yield

    def rows(self, made_at: str) -> Path:
        return self.root / f"{made_at}.rows.age"

    def file(self, sha256: str) -> Path:
        return self.root / "files" / sha256[:2] / f"{sha256}.age"

    def indexes(self) -> list[Index]:
        """All backups that are whole, the oldest first."""
        found = []
        for path in sorted(self.root.glob("*Z.json")):
            with contextlib.suppress(ValueError, TypeError, OSError):
                index = Index(**json.loads(path.read_text(encoding="utf-8")))
                if self.rows(index.made_at).is_file():
                    found.append(index)
        return found

    def put_file(self, sha256: str, draft: Path) -> None:
        target = self.file(sha256)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        place(draft, target)

    def put_index(self, index: Index) -> None:
        draft = self.root / f".{index.made_at}.json"
        draft.write_text(json.dumps(asdict(index), indent=1), encoding="utf-8")
        place(draft, self.root / f"{index.made_at}.json")

    def tidy(self, *, now: datetime) -> int:
        """Remove backups that have had their time, then every file that none of the rest needs; how many went."""
        indexes = self.indexes()
        stay = kept([index.moment for index in indexes], now=now)
        gone = [index for index in indexes if index.moment not in stay]
        for index in gone:  # the index first: half a backup must never look like one
            (self.root / f"{index.made_at}.json").unlink()
        self._sweep()
        return len(gone)

    def _sweep(self) -> None:
        indexes = self.indexes()
        needed = {self.rows(index.made_at) for index in indexes}
        needed |= {self.file(name) for index in indexes for name in index.files}
        for path in (*self.root.glob("*.rows.age"), *self.root.glob("files/*/*.age"), *self.root.glob(".draft-*")):
            if path not in needed:
                path.unlink(missing_ok=True)

    def copy_to(self, other: "Shelf") -> int:
        """Bring ``other`` to hold what this one holds; how many files were copied. The same rotation follows there."""
        other.prepare()
        copied = 0
        for index in self.indexes():
            pairs = [(self.file(name), other.file(name)) for name in index.files]
            for source, target in [*pairs, (self.rows(index.made_at), other.rows(index.made_at))]:
                if not (target.exists() and target.stat().st_size == source.stat().st_size):
                    target.parent.mkdir(exist_ok=True, mode=0o700)
                    draft = other.root / f".draft-copy-{index.made_at}"
                    shutil.copyfile(source, draft)
                    place(draft, target)
                    copied += 1
            other.put_index(index)
        return copied


def place(draft: Path, target: Path) -> None:
    """Make ``draft`` be ``target``, whole or not at all, and on the disk before this returns."""
    draft.chmod(0o600)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
