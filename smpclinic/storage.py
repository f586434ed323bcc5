"""Private files: photos, scans and documents, outside the web root, readable by this user alone.

Nothing here has an address. A view that has checked the permission reads the bytes and
answers with them.
"""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

LEAST_FREE_BYTES = 100 * 1024**2
PLAIN = re.compile(r"[a-z0-9_]{1,40}")


class FileDamaged(Exception):
    """The bytes on disk are not the bytes that were stored; the message names the file."""


@dataclass(frozen=True)
class StoredFile:
    """Where the bytes lie (a name inside the private folder), their SHA-256 in hex, and how many."""

    name: str
    sha256: str
    size: int


@deconstructible(path="smpclinic.storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """Files under ``settings.PRIVATE_ROOT``: whole or not at all, 0600 in folders of 0700, and without a URL."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self):
        return settings.PRIVATE_ROOT

    @property
    def location(self):
        return os.path.abspath(self.base_location)  # noqa: PTH100  as Django's own, which does not follow links

    def url(self, name):
        raise ValueError(f"{name} is private: it is served by a view that checks who asks, never by its address")

    def _save(self, name, content):
        """Write beside the final name, flush to the disk, then rename: a power cut leaves no half file."""
        target = Path(self.path(name))
        _make_folders(target.parent, Path(self.location))
        descriptor, draft = tempfile.mkstemp(prefix=".writing-", dir=target.parent)  # made with 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk if isinstance(chunk, bytes) else chunk.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)  # noqa: PTH105  the name is free: save() chose it
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
        return str(target.relative_to(self.location)).replace("\\", "/")


def store(content: bytes, *, folder: str, suffix: str) -> StoredFile:
    """Keep ``content`` under a name nobody can guess, as ``folder/ab/<uuid>.suffix``.

    Written before the row that names it is committed: where the transaction fails the file is
    an orphan and harmless; the other way round a record would miss its photo.
    """
    if not PLAIN.fullmatch(folder) or not PLAIN.fullmatch(suffix):
        raise SuspiciousFileOperation(f"{folder!r}, {suffix!r}: use plain lower-case names")
    key = uuid.uuid4().hex
    name = PrivateStorage().save(f"{folder}/{key[:2]}/{key}.{suffix}", ContentFile(content))
    return StoredFile(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def read(name: str, *, sha256: str) -> bytes:
    """The bytes stored as ``name``. Raises ``FileDamaged`` where they are missing or no longer the same."""
    try:
        with PrivateStorage().open(name) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise FileDamaged(f"The file {name} is missing.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileDamaged(f"The file {name} is not what was stored.")
    return content


def problems() -> list[str]:
    """What keeps the private folder from taking a file, in words; empty where all is well."""
    root = Path(settings.PRIVATE_ROOT)
    try:
        _make_folders(root, root)
        free_bytes = shutil.disk_usage(root).free
    except OSError as error:
        return [f"the folder for private files cannot be made: {error.strerror}"]
    found = []
    if not os.access(root, os.W_OK | os.X_OK):
        found.append("the folder for private files cannot be written")
    if free_bytes < LEAST_FREE_BYTES:
        found.append(f"only {free_bytes // 1024**2} MB are free where private files are kept")
    if os.name == "posix" and root.stat().st_mode & 0o077:
        found.append("the folder for private files can be read by other users of this computer")
    return found


def _make_folders(folder: Path, root: Path) -> None:
    """Make ``folder`` and what is missing above it, down from ``root``, for this user alone."""
    missing = [path for path in (folder, *folder.parents) if path.is_relative_to(root) and not path.exists()]
    root.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make new names in ``folder`` survive a power cut (not possible on Windows, nor needed there)."""
    with contextlib.suppress(PermissionError, NotADirectoryError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
