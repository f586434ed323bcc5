"""What the clinic's program does by itself."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from smpclinic import access_backlog, limits
from smpclinic.models import Outbox, WorkerBeat
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import every, handler

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
