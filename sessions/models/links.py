"""What belongs to a session but is owned by a lower room, and what was decided before starting."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.models.record import TreatmentSession


class HealthCheck(models.Model):
    """The health questions asked again today: the answers confirmed, and what was acknowledged."""

    session = models.OneToOneField(TreatmentSession, on_delete=models.PROTECT, related_name="health_check")
    answers = models.ForeignKey("intake.IntakeAnswers", null=True, on_delete=models.PROTECT, related_name="+")
    unchanged = models.BooleanField(_("nothing has changed"), default=False)
    today = models.JSONField(default=dict)
    acknowledged = models.JSONField(_("warnings read"), default=list, blank=True)
    healed_well = models.BooleanField(_("healed since the last session"), null=True, blank=True)
    asked_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self):
        return f"{self.session}"


class SessionPhoto(models.Model):
    class Moment(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")
        HEALED = "healed", _("Healed")

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="photos")
    photo = models.OneToOneField("intake.Photo", on_delete=models.PROTECT, related_name="session_use")
    moment = models.CharField(max_length=10, choices=Moment.choices)

    def __str__(self):
        return f"{self.moment}: {self.photo}"


class SessionDocument(models.Model):
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="documents")
    document = models.OneToOneField("intake.IssuedDocument", on_delete=models.PROTECT, related_name="session_use")

    def __str__(self):
        return f"{self.document}"


class ReadinessOverride(models.Model):
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="overrides")
    item = models.CharField(max_length=160)
    reason = models.CharField(_("reason"), max_length=400)
    by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "item"], name="readiness_override_once")]

    def __str__(self):
        return f"{self.item}: {self.reason}"
