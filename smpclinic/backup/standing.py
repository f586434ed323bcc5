"""How the clinic stands with its backups, in words for the manager; and the note of what went wrong last."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from smpclinic.backup.sealing import NotSealed
from smpclinic.backup.shelf import Index, Shelf, ShelfProblem, place
from smpclinic.backup.snapshot import SnapshotProblem
from smpclinic.backup.taking import Taken, recipient, take
from smpclinic.local_dates import date_format

OLD_AFTER = timedelta(hours=48)


@dataclass(frozen=True)
class Standing:
    """The shelf as it is: every whole backup (newest first), and each thing that wants a person, in words."""

    has_key: bool
    backups: list[Index]
    warnings: list[str]
    shelf: Path
    second: Path | None
    second_newest: Index | None

    @property
    def newest(self) -> Index | None:
        return self.backups[0] if self.backups else None


def take_and_note(shelf: Shelf, *, now: datetime) -> Taken:
    """Make a backup; where it fails the reason is noted for the page before the error goes on."""
    try:
        taken = take(shelf, now=now)
    except (ShelfProblem, SnapshotProblem, NotSealed, OSError) as error:
        note_problem(str(error), now=now)
        raise
    _note().unlink(missing_ok=True)
    return taken


def note_problem(reason: str, *, now: datetime) -> None:
    """Keep why the last backup, or its copy, failed."""
    draft = settings.DATA_ROOT / ".backup_problem.json"
    draft.write_text(json.dumps({"at": now.isoformat(), "reason": reason}), encoding="utf-8")
    place(draft, _note())


def standing(*, now: datetime) -> Standing:
    """How it stands at this moment, read from the folders themselves."""
    shelf = Shelf(settings.BACKUPS)
    backups = shelf.indexes()[::-1]
    second = settings.BACKUPS_OFFSITE
    there = Shelf(second).indexes() if second else []
    return Standing(
        has_key=bool(recipient()),
        backups=backups,
        warnings=_warnings(backups, there, now),
        shelf=shelf.root,
        second=second,
        second_newest=there[-1] if there else None,
    )


def _warnings(backups: list[Index], there: list[Index], now: datetime) -> list[str]:
    if not recipient():
        return [_("No backups are made yet: make the recovery key first.")]
    found = []
    if not backups:
        found.append(_("There is no backup yet."))
    elif now - backups[0].moment > OLD_AFTER:
        when = date_format(localtime(backups[0].moment), "j F Y, H:i")
        found.append(_("The last good backup is of %(when)s: too long ago.") % {"when": when})
    if _note().exists():
        said = json.loads(_note().read_text(encoding="utf-8"))
        when = date_format(localtime(datetime.fromisoformat(said["at"])), "j F Y, H:i")
        found.append(_("The last try, %(when)s, failed: %(reason)s") % {"when": when, "reason": said["reason"]})
    if not settings.BACKUPS_OFFSITE and _on_one_disk():
        found.append(
            _("The backups lie on the same disk as the data. Name a second place (SMPCLINIC_BACKUPS_OFFSITE).")
        )
    if settings.BACKUPS_OFFSITE and backups and backups[0].made_at not in {index.made_at for index in there}:
        found.append(_("The second place does not hold the newest backup."))
    return found


def _on_one_disk() -> bool:
    folder = settings.BACKUPS if settings.BACKUPS.exists() else settings.BACKUPS.parent
    return folder.exists() and folder.stat().st_dev == settings.DATA_ROOT.stat().st_dev


def _note() -> Path:
    return settings.DATA_ROOT / "backup_problem.json"
