"""The links of one patient as staff reads them."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from intake.actions.links import OUTBOX_KIND, problems_with_link
from intake.models import Intake, Patient, PrivateLink
from intake.models.link import LinkChannel, LinkState
from intake.models.questionnaire import OPEN
from smpclinic.models import Outbox
from smpclinic.models.outbox import OutboxState

SHOWN = 10


class Sending(StrEnum):
    """What one press on "Send the intake" does: mail the link, or lead to the page that asks what is missing."""

    NOW = "now"
    ASK = "ask"
    NOTHING = ""


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


def live_link(patient: Patient) -> PrivateLink | None:
    """The link at home that may still be opened, or is about to be sent (one query)."""
    open_ones = patient.links.at_home().filter(used_at__isnull=True, revoked_at__isnull=True)
    return next((link for link in open_ones if link.is_live), None)


def sending(patient: Patient, intake: Intake | None, live: PrivateLink | None) -> Sending:
    """How the intake of this patient can be sent: never once it was handed in, and never in one press while a link is
    out, since a new link would end the pages that the patient may be filling in (one query)."""
    if live is not None or (intake is not None and intake.state not in OPEN):
        return Sending.NOTHING
    return Sending.ASK if problems_with_link(patient, LinkChannel.EMAIL) else Sending.NOW


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
