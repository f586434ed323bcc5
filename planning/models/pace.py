"""The pace that signed sessions showed, written by the act of signing; and what calibration has learned from it."""

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


class LearnedPace(models.Model):
    """Dots per minute at factor 1 that a practitioner shows in one session number (0: a touch-up); written anew whole.

    The one row without a practitioner is the clinic's. ``planning.learned`` writes and reads it.
    """

    practitioner = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")
    session_number = models.PositiveSmallIntegerField(null=True)
    median = models.DecimalField(max_digits=6, decimal_places=1)
    low = models.DecimalField(max_digits=6, decimal_places=1)
    high = models.DecimalField(max_digits=6, decimal_places=1)
    sessions = models.PositiveIntegerField()
    error_percent = models.PositiveIntegerField(null=True)
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "session_number"], name="learned_pace_once"),
            models.CheckConstraint(
                condition=Q(practitioner__isnull=True, session_number__isnull=True)
                | Q(practitioner__isnull=False, session_number__range=(0, 3)),
                name="learned_pace_of_clinic_or_session",
            ),
            models.CheckConstraint(
                condition=Q(low__gt=0, median__gte=models.F("low"), high__gte=models.F("median")),
                name="learned_pace_within_its_range",
            ),
        ]

    def __str__(self):
        return f"{self.practitioner or '-'} {self.session_number}: {self.median}"


class LearnedZone(models.Model):
    """How much quicker (above 1) a zone is worked than its factor says, by needle group where one is named."""

    zone = models.CharField(max_length=30)
    among_hair = models.BooleanField()
    needle_group = models.CharField(max_length=10, blank=True)
    ratio = models.DecimalField(max_digits=4, decimal_places=2)
    sessions = models.PositiveIntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["zone", "among_hair", "needle_group"], name="learned_zone_once"),
            models.CheckConstraint(condition=Q(ratio__gt=0), name="learned_zone_ratio_positive"),
        ]

    def __str__(self):
        return f"{self.zone} {self.needle_group}: {self.ratio}"
