"""When booking was closed because the rows themselves broke a rule, and who opened it again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClosureQuerySet(models.QuerySet):
    def standing(self):
        """The closure that holds now: one or none."""
        return self.filter(reopened_at__isnull=True)


class BookingClosure(models.Model):
    """One time that the watch found visits which the guard should never have let in."""

    closed_at = models.DateTimeField(_("closed at"))
    found = models.PositiveIntegerField(_("visits that stand where they may not"))
    reopened_at = models.DateTimeField(_("opened again at"), null=True, blank=True)
    reopened_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure of booking")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(reopened_at__isnull=True), name="booking_closure_one_stands"
            )
        ]

    def __str__(self):
        return f"{self.closed_at:%Y-%m-%d %H:%M}"
