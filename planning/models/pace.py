"""The pace that signed sessions showed; written by the act of signing, read by calibration."""

from django.db import models
from django.db.models import Q


class PaceSample(models.Model):
    """Dots and minutes of one zone of one signed session. A voided session's samples are marked and teach nothing."""

    practitioner = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    session_number = models.PositiveSmallIntegerField(null=True)
    session_id = models.UUIDField(db_index=True)
    zone = models.CharField(max_length=30)
    needle_group = models.CharField(max_length=10)
    among_hair = models.BooleanField(default=False)
    dots = models.PositiveIntegerField()
    minutes = models.DecimalField(max_digits=6, decimal_places=1)
    planned_minutes = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    signed_at = models.DateTimeField()
    is_void = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["practitioner", "session_number"], name="pace_practitioner_number")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="pace_minutes_positive"),
            models.CheckConstraint(condition=Q(dots__gt=0), name="pace_dots_positive"),
        ]

    def __str__(self):
        return f"{self.zone}: {self.dots} / {self.minutes}"
