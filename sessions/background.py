"""What the session room does by itself."""

from django.core.exceptions import ValidationError

from sessions.actions.printing import PRINT_PAPER, forget_batches, keep_paper, note_not_made
from sessions.actions.recalling import RECALL_MAIL
from sessions.actions.uploads import forget_old_uploads
from sessions.models.printing import PaperState, PrintPaper
from sessions.printing.drawing import draw
from sessions.recall_mail import send_mail_of_recall
from sessions.verifying import NIGHTLY, problems
from smpclinic.actors import SYSTEM
from smpclinic.outbox import GiveUp, every, handler
from smpclinic.pdf import PdfFailed


@every(hours=24, offset_minutes=4 * 60)
@handler("forget_uploads")
def forget_uploads(item) -> None:
    """Photos that were sent in part and never finished are no part of any record."""
    forget_old_uploads()


@every(hours=24, offset_minutes=3 * 60 + 30)
@handler(NIGHTLY, most_attempts=1, lease_s=4 * 60 * 60)
def verify_records(item) -> None:
    """Compare every signed record with its seal; the first that differs stands on Today for who reads the trail."""
    for words in problems():
        raise GiveUp(words[:300])


@handler(PRINT_PAPER, most_attempts=4, lease_s=120)
def print_paper(item) -> None:
    """Draw one paper of a batch. What a killed worker left is drawn by the next; done or stopped, it is left."""
    paper = PrintPaper.objects.select_related("batch__started_by").filter(pk=item.subject_id).first()
    if paper is None or paper.state != PaperState.WAITING or paper.batch.cancelled_at:
        return
    try:
        content = draw(paper)
    except ValidationError as refusal:
        note_not_made(paper=paper, problem=" ".join(refusal.messages), by=SYSTEM)
    except PdfFailed as failure:
        note_not_made(paper=paper, problem=str(failure), by=SYSTEM)
    else:
        keep_paper(paper=paper, content=content, by=SYSTEM)


@every(hours=24, offset_minutes=3 * 60)
@handler("forget_printing")
def forget_printing(item) -> None:
    """Batches are for the printer; after two days they are gone."""
    forget_batches(by=SYSTEM)


@handler(RECALL_MAIL)
def send_recall_mail(item) -> None:
    """Ask one patient of a recall to call."""
    send_mail_of_recall(recall_id=item.subject_id, patient_id=item.second_id)
