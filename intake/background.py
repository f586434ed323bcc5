"""What the intake does by itself: send the private links."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from intake.actions.links import OUTBOX_KIND, mint_token, note_sent, problems_with_link
from intake.models import PrivateLink
from intake.models.link import LinkChannel
from intake.own_session import language_of
from intake.tokens import in_groups
from smpclinic.actors import SYSTEM
from smpclinic.models import ClinicProfile
from smpclinic.outbox import GiveUp, handler
from smpclinic.public_address import public_url


@handler(OUTBOX_KIND)
def send_intake_link(item) -> None:
    """Mint the token, mail it, forget it. A mail tried again carries a new one; the one before opens nothing."""
    link = PrivateLink.objects.select_related("patient").filter(pk=item.subject_id).first()
    if link is None or not link.is_live or link.sent_at:
        return
    if problems_with_link(link.patient, LinkChannel.EMAIL):
        raise GiveUp("The patient's birth date or e-mail, or this server's public address, is missing.")
    token = mint_token(link=link, by=SYSTEM)
    _mail(link, f"{public_url()}/i/{in_groups(token)}/").send()
    note_sent(link=link, by=SYSTEM)


def _mail(link: PrivateLink, address: str) -> EmailMessage:
    """Says whose clinic it is and nothing of why: others may read over a shoulder."""
    clinic = ClinicProfile.current()
    with translation.override(language_of(link.patient)):
        facts = {"patient": link.patient, "clinic": clinic, "address": address, "expires_at": link.expires_at}
        subject = _("Questions before your visit: %(clinic)s") % {"clinic": clinic.name}
        body = render_to_string("intake/link_mail.txt", facts)
    answer_to = [clinic.email] if clinic.email else None
    return EmailMessage(subject.replace("\n", " "), body, to=[link.patient.email], reply_to=answer_to)
