"""The links of one patient as staff reads them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from intake.actions.links import OUTBOX_KIND
from intake.models import Patient, PrivateLink
from intake.models.link import LinkChannel, LinkState
from intake.models.questionnaire import OPEN
from smpclinic.models import Outbox
from smpclinic.models.outbox import OutboxState

SHOWN = 10


@dataclass(frozen=True)
class LinkRow:
    """One link: ``words`` say what has become of it."""

    link: PrivateLink
    words: str
    may_send_again: bool = False


def link_rows(patient: Patient) -> list[LinkRow]:
    """The newest links with what became of each (two queries)."""
    links = list(patient.links.select_related("created_by", "intake")[:SHOWN])
    waiting = [link.pk for link in links if link.state is LinkState.WAITING]
    mails = {mail.subject_id: mail for mail in Outbox.objects.filter(kind=OUTBOX_KIND, subject_id__in=waiting)}
    return [_row(link, mails.get(link.pk)) for link in links]


def _row(link: PrivateLink, mail: Outbox | None) -> LinkRow:
    if mail is not None and mail.state == OutboxState.FAILED:
        return LinkRow(link, _("Could not be sent: %(why)s") % {"why": mail.last_error}, may_send_again=True)
    if mail is not None and mail.last_error:
        return LinkRow(link, _("Not sent yet, tried again soon: %(why)s") % {"why": mail.last_error})
    return LinkRow(link, str(link.state.label), may_send_again=_may_send_again(link))


def _may_send_again(link: PrivateLink) -> bool:
    """A mail that arrived nowhere, or too late, while the intake is still open."""
    is_out = link.state in (LinkState.SENT, LinkState.OPENED, LinkState.EXPIRED, LinkState.LOCKED)
    is_open = link.intake is not None and link.intake.state in OPEN
    return link.channel == LinkChannel.EMAIL and is_out and is_open
