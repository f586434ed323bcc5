"""What a patient was told of a visit: mails that wait, went or failed, and calls; newest first."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.actions.telling import VISIT_MAIL, VISIT_REMINDER
from planning.models import Appointment, CallNote, CallOutcome
from smpclinic.models import Outbox
from smpclinic.models.outbox import OutboxState


class Told(NamedTuple):
    """One line of the timeline (partials/timeline.html)."""

    when: datetime
    title: str
    text: str
    kind: str


def told_about(visit: Appointment) -> list[Told]:
    """Mails of the last 30 days and every call about a visit (two queries)."""
    mails = Outbox.objects.filter(kind__in=(VISIT_MAIL, VISIT_REMINDER), subject_id=visit.pk)
    told = [_mail(item) for item in mails]
    told += [
        Told(note.at, note.get_outcome_display(), f"{note.get_reason_display()} · {note.by}", "")
        for note in visit.calls.select_related("by")
    ]
    return sorted(told, key=lambda line: line.when, reverse=True)


def visits_not_told(user) -> QuerySet[Appointment]:
    """Visits still ahead whose newest mail was given up and whose patient was not reached since (one query)."""
    given_up = Outbox.objects.given_up().filter(
        kind__in=(VISIT_MAIL, VISIT_REMINDER), subject_id=OuterRef("pk"), second_id=OuterRef("sequence")
    )
    reached = CallNote.objects.filter(
        appointment=OuterRef("pk"), sequence=OuterRef("sequence"), outcome=CallOutcome.REACHED
    )
    ahead = Appointment.objects.visible_to(user).filter(starts_min__gt=int(timezone.now().timestamp()) // 60)
    return ahead.filter(Exists(given_up)).exclude(Exists(reached)).select_related("patient").order_by("starts_min")


def _mail(item: Outbox) -> Told:
    title = _("Reminder by e-mail") if item.kind == VISIT_REMINDER else _("E-mail with the calendar file")
    words = {
        OutboxState.WAITING: (_("waits to be sent") if not item.attempts else _("is tried again"), "ahead"),
        OutboxState.RUNNING: (_("is being sent"), "ahead"),
        OutboxState.DONE: (_("sent"), ""),
        OutboxState.FAILED: (_("not sent: call instead"), "stop"),
    }
    text, kind = words[OutboxState(item.state)]
    return Told(item.done_at or item.created_at, title, " · ".join(filter(None, [text, item.last_error])), kind)
