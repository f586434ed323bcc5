"""Papers that are printed together: one batch, and a row for each paper in it. Gone two days later."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from smpclinic.models.identity import Identified


class BatchKind(models.TextChoices):
    DAY = "day", _("Papers for a day")
    CARE = "care", _("Care sheets not printed yet")


class PaperKind(models.TextChoices):
    DAY_SHEET = "day_sheet", _("Day sheet")
    BEFORE_SESSION = "before_session", _("Before your session")
    AGREEMENT = "agreement", _("Agreement to sign")
    BLANK_RECORD = "blank_record", _("Session record to fill in")
    CARE_SHEET = "care_sheet", _("Care sheet")


class PaperState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Not made")


class PrintBatch(Identified):
    """What was asked for, for which day, by whom. Its papers are drawn one after the other by the worker."""

    kind = models.CharField(max_length=8, choices=BatchKind)
    day = models.DateField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="print_batch_kind_known")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.day:%Y-%m-%d}"


class PrintPaper(models.Model):
    """One paper of a batch. ``subject_id`` is the key of its visit (none for the day sheet); no name is kept here."""

    batch = models.ForeignKey(PrintBatch, on_delete=models.CASCADE, related_name="papers")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=PaperKind)
    subject_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.WAITING)
    file = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="print_paper_number_once"),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="print_paper_kind_known"),
            models.CheckConstraint(
                condition=(Q(state="done") & ~Q(file="") & ~Q(sha256="")) | Q(state__in=("waiting", "failed")),
                name="print_paper_done_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.get_kind_display()}"
