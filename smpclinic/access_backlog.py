"""Reads that could not be written to the log, kept in a file until they can."""

import json
import os

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime

from smpclinic.models import AccessEntry

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
        file.write(json.dumps(line) + "\n")
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
    lines = [json.loads(line) for line in taken.read_text(encoding="utf-8").splitlines() if line]
    with transaction.atomic():
        for line in lines:
            AccessEntry(**line | {"at": parse_datetime(line["at"])}).save(force_insert=True)
    taken.unlink()
    return len(lines)
