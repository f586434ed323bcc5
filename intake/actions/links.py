"""Private links: offered, sent, opened, closed. The token exists only while it is handed over."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.messages import refuses_messages
from intake.models import Intake, Patient, PrivateLink
from intake.models.link import LinkChannel, LinkPurpose, LinkState
from intake.rules import figures_in_force
from intake.tokens import new_token, token_hash
from smpclinic import audit, limits
from smpclinic.actors import Actor
from smpclinic.models import Outbox
from smpclinic.models.outbox import OutboxState
from smpclinic.outbox import enqueue
from smpclinic.public_address import public_url
from smpclinic.saving import save_checked

KIOSK_HOURS = 4
OUTBOX_KIND = "intake_link"
TRIES_BUCKET = "link birth date"


def problems_with_link(patient: Patient, channel: str) -> list[str]:
    """Why no link can be given to this patient, in words."""
    if not public_url():
        return [
            _(
                "This server has no address that patients can reach (SMPCLINIC_PUBLIC_URL). Hand over the tablet, "
                "or fill the intake in together."
            )
        ]
    if patient.born_on is None:
        return [_("The link asks for the date of birth: enter it first.")]
    if channel == LinkChannel.EMAIL and not patient.email:
        return [_("There is no e-mail address on record.")]
    if channel == LinkChannel.EMAIL and refuses_messages(patient):
        return [_("The patient does not want messages from the clinic. Show the QR code instead.")]
    return []


@transaction.atomic
def offer_link(*, intake: Intake, channel: str, by: Actor) -> PrivateLink:
    """A fresh link to an open intake; earlier ones stop working. An e-mail is queued, and twice is as once."""
    intake = Intake.objects.select_for_update().select_related("patient").get(pk=intake.pk)
    if problems := problems_with_link(intake.patient, channel):
        raise ValidationError(problems)
    live = [link for link in intake.links.at_home() if link.is_live]
    for link in live:
        if channel == LinkChannel.EMAIL == link.channel and _is_on_its_way(link):
            return link
        revoke_link(link=link, by=by)
    link = _made(intake, channel, lasts=timedelta(days=figures_in_force().link_days), by=by)
    if channel == LinkChannel.EMAIL:
        enqueue(OUTBOX_KIND, subject_id=link.pk)
    return link


@transaction.atomic
def mint_token(*, link: PrivateLink, by: Actor) -> str:
    """Give a link its token, which is returned once and stored nowhere; one minted before stops working."""
    token = new_token()
    link.token_sha256 = token_hash(token)
    save_checked(link, update_fields=["token_sha256"])
    audit.record(by=by, verb="issued", subject=link, patient=link.patient, channel=link.channel)
    return token


@transaction.atomic
def note_sent(*, link: PrivateLink, by: Actor) -> None:
    """The token has left the house."""
    link.sent_at = timezone.now()
    link.save(update_fields=["sent_at"])
    audit.record(by=by, verb="sent", subject=link, patient=link.patient, channel=link.channel)


def may_try(link: PrivateLink) -> bool:
    """Count one try of the birth date; false once the tries of this link are used up, whichever process asks."""
    from intake.models.link import MOST_WRONG_TRIES

    seconds = int((link.expires_at - timezone.now()).total_seconds()) + 1
    return limits.allow(TRIES_BUCKET, str(link.public_id), MOST_WRONG_TRIES, max(seconds, 1))


@transaction.atomic
def open_link(*, link: PrivateLink, by: Actor) -> None:
    """The birth date was right: the tries start afresh."""
    limits.forgive(TRIES_BUCKET, str(link.public_id))
    link.opened_at = link.opened_at or timezone.now()
    link.wrong_tries = 0
    link.save(update_fields=["opened_at", "wrong_tries"])
    audit.record(by=by, verb="opened", subject=link, patient=link.patient)


@transaction.atomic
def note_wrong_birth_date(*, link: PrivateLink, by: Actor) -> int:
    """One wrong birth date; returns how many there were."""
    PrivateLink.objects.filter(pk=link.pk).update(wrong_tries=F("wrong_tries") + 1)
    audit.record(by=by, verb="gave a wrong birth date", subject=link, patient=link.patient)
    link.refresh_from_db(fields=["wrong_tries"])
    return link.wrong_tries


@transaction.atomic
def revoke_link(*, link: PrivateLink, by: Actor) -> PrivateLink:
    """Close a link, or the intake on a tablet; whoever is on its pages is out at the next step. Twice is as once."""
    link = PrivateLink.objects.select_for_update().select_related("patient").get(pk=link.pk)
    if link.used_at or link.revoked_at:
        return link
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    audit.record(by=by, verb="closed", subject=link, patient=link.patient, channel=link.channel)
    return link


@transaction.atomic
def finish_links(*, intake: Intake, by: Actor) -> None:
    """The intake was handed in: every link to it is done."""
    for link in intake.links.filter(used_at__isnull=True, revoked_at__isnull=True):
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        audit.record(by=by, verb="finished", subject=link, patient=intake.patient, channel=link.channel)


@transaction.atomic
def start_kiosk(*, intake: Intake, by: Actor) -> PrivateLink:
    """Hand the tablet over for one intake; another tablet with the same intake is closed."""
    intake = Intake.objects.select_for_update().select_related("patient").get(pk=intake.pk)
    for link in intake.links.filter(channel=LinkChannel.KIOSK):
        revoke_link(link=link, by=by)
    return _made(intake, LinkChannel.KIOSK, lasts=timedelta(hours=KIOSK_HOURS), by=by)


def _is_on_its_way(link: PrivateLink) -> bool:
    given_up = Outbox.objects.filter(kind=OUTBOX_KIND, subject_id=link.pk, state=OutboxState.FAILED)
    return link.state is LinkState.WAITING and not given_up.exists()


def _made(intake: Intake, channel: str, *, lasts: timedelta, by: Actor) -> PrivateLink:
    link = PrivateLink(
        patient=intake.patient,
        intake=intake,
        purpose=LinkPurpose.INTAKE,
        channel=channel,
        created_by=by.user,
        expires_at=timezone.now() + lasts,
    )
    save_checked(link)
    audit.record(by=by, verb="offered", subject=link, patient=intake.patient, channel=channel)
    return link
