"""How a past visit came to be entered afterwards: from paper, after a power cut, or as nobody had booked it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planning.models.appointment import Appointment
from smpclinic.models.identity import Identified


class LateEntry(Identified):
    """One for each visit entered late. It was performed on the visit's day, and entered ``entered_at``.

    ``file`` is a scan of the paper, where there is one.
    """

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="late_entry")
    reason = models.CharField(_("why it is entered late"), max_length=400)
    file = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="late_entry_with_reason",
                violation_error_message=_("Say why it is entered late."),
            )
        ]

    def __str__(self):
        return self.reason

    @property
    def media_type(self) -> str:
        """What kind of file the scan is; empty without one."""
        return "" if not self.file else "application/pdf" if self.file.endswith(".pdf") else "image/jpeg"
