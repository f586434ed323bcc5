"""What the intake does by itself: send the private links."""

from django.core.mail import EmailMessage
from django.utils import timezone, translation

from intake.actions.links import OUTBOX_KIND, mint_token, note_sent, problems_with_link
from intake.models import PrivateLink
from intake.models.link import LinkChannel
from intake.own_session import language_of
from intake.tokens import in_groups
from smpclinic.actors import SYSTEM
from smpclinic.local_dates import date_format
from smpclinic.marks import filled, filled_by_paragraph
from smpclinic.models import ClinicProfile
from smpclinic.outbox import GiveUp, handler
from smpclinic.public_address import public_url
from smpclinic.texts import words_of


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
    language = language_of(link.patient)
    with translation.override(language):
        until = date_format(timezone.localtime(link.expires_at, clinic.zone), "j F Y")
    words = words_of("mail.intake_link", language=language)
    marks = {"name": link.patient.called, "clinic": clinic.name, "phone": clinic.phone}
    marks |= {"address": address, "until": until}
    subject = " ".join(filled(words.title, marks).split())
    body = f"{filled_by_paragraph(words.body, marks)}\n"
    answer_to = [clinic.email] if clinic.email else None
    return EmailMessage(subject, body, to=[link.patient.email], reply_to=answer_to)
