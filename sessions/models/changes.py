"""Which changes a tablet sent have been made: each once, however often it was sent."""

from django.db import models

from sessions.models.record import TreatmentSession


class AppliedChange(models.Model):
    """One change of one field, as its device numbered it. Never changed, never deleted; the values are in the trail."""

    change_id = models.UUIDField(unique=True)
    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="applied_changes")
    device = models.UUIDField()
    sequence = models.PositiveIntegerField()
    target = models.CharField(max_length=50)
    field = models.CharField(max_length=40)
    made_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField()
    by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.target}.{self.field} ({self.device} {self.sequence})"
