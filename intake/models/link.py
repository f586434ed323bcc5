"""Private links: one patient, one purpose, expiring; only the hash of the token is stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from smpclinic.models.identity import Identified


class LinkPurpose(models.TextChoices):
    INTAKE = "intake", _("Intake")


class PrivateLink(Identified):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    intake = models.ForeignKey("intake.Intake", null=True, on_delete=models.PROTECT, related_name="links")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.patient}"
