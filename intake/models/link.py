"""Private links: one patient, one purpose, expiring; only the hash of the token is stored.

A tablet handed over at the desk is a link without a token: it lives in that browser alone.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from intake.models.questionnaire import OPEN
from smpclinic.models.identity import Identified

MOST_WRONG_TRIES = 5


class LinkPurpose(models.TextChoices):
    INTAKE = "intake", _("Intake")


class LinkChannel(models.TextChoices):
    EMAIL = "email", _("By e-mail")
    QR = "qr", _("QR code")
    KIOSK = "kiosk", _("Tablet")


class LinkState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    SENT = "sent", _("Not opened yet")
    OPENED = "opened", _("Opened")
    DONE = "done", _("Handed in")
    REVOKED = "revoked", _("Closed")
    LOCKED = "locked", _("Locked after five wrong dates of birth")
    EXPIRED = "expired", _("Expired")


class PrivateLinkQuerySet(models.QuerySet):
    def usable(self):
        """Links that still open something. One that travels needs a birth date to ask for; a tablet is handed over."""
        return self.filter(
            Q(channel=LinkChannel.KIOSK) | Q(patient__born_on__isnull=False),
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            wrong_tries__lt=MOST_WRONG_TRIES,
            intake__state__in=OPEN,
        )

    def at_home(self):
        """Links that travel, by e-mail or QR code."""
        return self.exclude(channel=LinkChannel.KIOSK)


class PrivateLink(Identified):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    channel = models.CharField(max_length=10, choices=LinkChannel.choices, default=LinkChannel.QR)
    # Empty while an e-mail waits: the token is made at the moment it is sent.
    token_sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)
    intake = models.ForeignKey("intake.Intake", null=True, on_delete=models.PROTECT, related_name="links")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    objects = PrivateLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=LinkChannel.values), name="link_channel_known"),
            models.CheckConstraint(
                condition=~Q(channel=LinkChannel.KIOSK) | Q(token_sha256__isnull=True), name="link_kiosk_has_no_token"
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.patient}"

    @property
    def is_kiosk(self) -> bool:
        return self.channel == LinkChannel.KIOSK

    @property
    def state(self) -> LinkState:
        """What has become of it, for staff to read."""
        if self.used_at:
            return LinkState.DONE
        if self.revoked_at:
            return LinkState.REVOKED
        if self.wrong_tries >= MOST_WRONG_TRIES:
            return LinkState.LOCKED
        if self.expires_at <= timezone.now():
            return LinkState.EXPIRED
        if self.opened_at:
            return LinkState.OPENED
        return LinkState.SENT if self.sent_at else LinkState.WAITING

    @property
    def is_live(self) -> bool:
        """Whether it may still be opened, or will be once it is sent."""
        return self.state in (LinkState.WAITING, LinkState.SENT, LinkState.OPENED)
