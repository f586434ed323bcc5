"""Reads that could not be written to the log, kept in a file until they can."""

import json
import logging
import os

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_datetime

from smpclinic.models import AccessEntry
from smpclinic.saving import check_values

log = logging.getLogger("smpclinic.access")

FIELDS = ("actor_kind", "actor_user_id", "actor_label", "what", "subject_id", "address")


def _path():
    return settings.DATA_ROOT / "access-backlog.jsonl"


def keep(entry: AccessEntry) -> None:
    """Append one read to the file, on the disk before this returns."""
    line = {field: getattr(entry, field) for field in FIELDS} | {
        "at": entry.at.isoformat(),
        "patient_id": str(entry.patient_id),
    }
    descriptor = os.open(_path(), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        # A new line first: one that a full disk cut short must not swallow this one.
        file.write(f"\n{json.dumps(line)}\n")
        file.flush()
        os.fsync(file.fileno())


def merge() -> int:
    """Move the kept reads into the log; returns how many. The worker calls this each minute."""
    path = _path()
    taken = path.with_suffix(".merging")
    if not taken.exists():  # else a merge was interrupted: its reads come first
        if not path.exists():
            return 0
        path.replace(taken)
    entries, broken = [], []
    for line in taken.read_text(encoding="utf-8", errors="replace").splitlines():
        entry = _entry_of(line) if line.strip() else None
        if entry is not None:
            entries.append(entry)
        elif line.strip():
            broken.append(line)
    with transaction.atomic():
        for entry in entries:
            entry.save(force_insert=True)
    if broken:
        _put_aside(broken)
    taken.unlink()
    return len(entries)


def _entry_of(line: str) -> AccessEntry | None:
    """The read that a line holds; None where the line was cut short or changed."""
    try:
        told = json.loads(line)
        entry = AccessEntry(**told | {"at": parse_datetime(told["at"])})
        check_values(entry, exclude=["actor_user", "address", "subject_id"])
    except (ValueError, TypeError, KeyError, ValidationError):
        return None
    return entry


def _put_aside(lines: list[str]) -> None:
    """Keep what cannot be read where a person can look at it: the reads beside it must not wait for that."""
    path = _path().with_suffix(".broken")
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
    log.error("%d lines of the access log's backlog cannot be read; they are in %s.", len(lines), path.name)
