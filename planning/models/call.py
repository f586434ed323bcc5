"""What came of calling a patient about a visit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planning.models.appointment import Appointment


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    MESSAGE_LEFT = "message_left", _("Message left")
    TRY_AGAIN = "try_again", _("Try again")
    NOT_YET = "not_yet", _("Not told yet")


# What a press on the call list can say; that nobody has been told is said where a visit is moved.
TRIES = [outcome for outcome in CallOutcome if outcome != CallOutcome.NOT_YET]


class CallReason(models.TextChoices):
    CONFIRM = "confirm", _("To confirm the visit")
    LATE = "late", _("We are running late")
    MOVED = "moved", _("The visit was moved")


class CallNote(models.Model):
    """One try. ``sequence`` is the visit's at that time: a confirmation of a time that has changed since is none."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="calls")
    reason = models.CharField(max_length=10, choices=CallReason.choices, default=CallReason.CONFIRM)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome.choices)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=CallOutcome.values), name="call_outcome_known"),
            models.CheckConstraint(condition=Q(reason__in=CallReason.values), name="call_reason_known"),
        ]

    def __str__(self):
        return self.get_outcome_display()
