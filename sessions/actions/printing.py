"""Papers printed together: start a batch, stop it, try again what failed, forget it."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.models.printing import BatchKind, PaperState, PrintBatch, PrintPaper
from sessions.printing.choosing import papers_wanted
from smpclinic import audit, storage
from smpclinic.actors import Actor
from smpclinic.outbox import enqueue
from smpclinic.saving import save_checked

PRINT_PAPER = "print_paper"
KEPT_DAYS = 2


@transaction.atomic
def start_batch(*, kind: str, day: date, by: Actor) -> PrintBatch:
    """Queue every paper that this batch holds; a ``ValidationError`` in words where there is none."""
    if by.user is None:
        raise ValidationError(_("Only staff who are signed in can print."))
    wanted = papers_wanted(kind, day, by.user)
    if not wanted:
        nothing = {
            BatchKind.CARE: _("Every care sheet of this day was opened or printed already."),
            BatchKind.DAY: _("Nothing is booked on this day, so there is nothing to print."),
        }
        raise ValidationError(nothing[BatchKind(kind)])
    batch = PrintBatch(kind=kind, day=day, started_at=timezone.now(), started_by=by.user)
    save_checked(batch)
    for number, paper in enumerate(wanted, start=1):
        row = PrintPaper(batch=batch, number=number, kind=paper.kind, subject_id=paper.subject_id)
        save_checked(row)
        enqueue(PRINT_PAPER, subject_id=row.pk)
    audit.record(by=by, verb="printed a batch", subject=batch, kind=kind, day=day.isoformat(), papers=len(wanted))
    return batch


@transaction.atomic
def cancel_batch(*, batch: PrintBatch, by: Actor) -> PrintBatch:
    """Draw no more papers of it; those that are done stay. Twice is as once."""
    batch = PrintBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.cancelled_at is None and batch.papers.filter(state=PaperState.WAITING).exists():
        batch.cancelled_at = timezone.now()
        save_checked(batch, exclude=["started_by"])
        audit.record(by=by, verb="stopped printing", subject=batch)
    return batch


@transaction.atomic
def print_again(*, batch: PrintBatch, by: Actor) -> int:
    """Queue anew what failed or was stopped; returns how many papers."""
    batch = PrintBatch.objects.select_for_update().get(pk=batch.pk)
    open_states = [PaperState.FAILED, *([PaperState.WAITING] if batch.cancelled_at else [])]
    rows = list(batch.papers.filter(state__in=open_states))
    batch.cancelled_at = None
    save_checked(batch, exclude=["started_by"])
    for row in rows:
        row.state, row.problem = PaperState.WAITING, ""
        save_checked(row)
        enqueue(PRINT_PAPER, subject_id=row.pk)
    if rows:
        audit.record(by=by, verb="printed again", subject=batch, papers=len(rows))
    return len(rows)


@transaction.atomic
def keep_paper(*, paper: PrintPaper, content: bytes, by: Actor) -> None:
    """A paper is drawn: keep its bytes until the batch is forgotten."""
    stored = storage.store(content, folder="printing", suffix="pdf")
    paper.file, paper.sha256, paper.state, paper.problem = stored.name, stored.sha256, PaperState.DONE, ""
    save_checked(paper)


@transaction.atomic
def note_not_made(*, paper: PrintPaper, problem: str, by: Actor) -> None:
    """A paper could not be drawn; the page says why."""
    paper.state, paper.problem = PaperState.FAILED, problem[:300]
    save_checked(paper)


def forget_batches(*, by: Actor) -> int:
    """Take away batches of more than two days ago with their files; what was issued to patients is kept elsewhere."""
    old = PrintBatch.objects.filter(started_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    papers = PrintPaper.objects.filter(batch__in=old).exclude(file="")
    names = list(papers.values_list("file", flat=True))
    with transaction.atomic():
        forgotten = old.count()
        old.delete()
    for name in names:
        storage.PrivateStorage().delete(name)
    return forgotten
