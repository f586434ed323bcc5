"""A practitioner's private calendar address. Only the hash of its token is stored."""

from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    user = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="calendar_feeds")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at__isnull=True), name="feed_one_in_use"),
        ]

    def __str__(self):
        return f"{self.user}, {self.created_at:%Y-%m-%d}"
