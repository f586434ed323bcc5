"""What the clinic's program does by itself."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from smpclinic import access_backlog, limits
from smpclinic.backup import offsite, standing, taking
from smpclinic.backup.sealing import NotSealed
from smpclinic.backup.shelf import Shelf, ShelfProblem
from smpclinic.backup.snapshot import SnapshotProblem
from smpclinic.models import Outbox, WorkerBeat
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import GiveUp, every, handler

KEEP_DONE_DAYS = 30


@every(hours=24, offset_minutes=2 * 60)
@handler("tidy")
def tidy(item) -> None:
    """Delete what has had its time: counters of tries, ended sign-ins, done work, names of past workers."""
    now = timezone.now()
    limits.forget_expired()
    Session.objects.filter(expire_date__lt=now).delete()
    Outbox.objects.filter(state=OutboxState.DONE, done_at__lt=now - timedelta(days=KEEP_DONE_DAYS)).delete()
    WorkerBeat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


@every(hours=1)
@handler("merge_reads")
def merge_reads(item) -> None:
    """Move reads that could not be logged when they happened into the access log."""
    access_backlog.merge()


@every(hours=24, offset_minutes=60)
@handler("nightly_backup", most_attempts=3, lease_s=3 * 60 * 60)
def nightly_backup(item) -> None:
    """One backup a night, where a recovery key was made; what fails is told on the manager's pages."""
    if taking.recipient():
        make_backup(item)


@handler("backup", most_attempts=1, lease_s=3 * 60 * 60)
def make_backup(item) -> None:
    """A backup that somebody asked for, and its copy in the second place."""
    now = timezone.now()
    try:
        shelf = Shelf(settings.BACKUPS)
        standing.take_and_note(shelf, now=now)
        offsite.follow(shelf)
    except (ShelfProblem, SnapshotProblem, NotSealed, OSError) as error:
        standing.note_problem(str(error), now=now)
        raise GiveUp("The backup failed; Set-up, Backups says why.") from error
