"""Work to be done later: e-mails to send, sheets to print in a batch, nightly tidying.

A row says *what* (``kind``) and *about whom* (two numbers). It has no room for a name, an
address or a token: the handler reads those from the record at the moment it works, and
mints links then. So nothing here has to be erased when a patient is.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxState(models.TextChoices):
    """What has become of one item of work."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being done")
    DONE = "done", _("Done")
    FAILED = "failed", _("Given up")


class OutboxQuerySet(models.QuerySet):
    """Rows by what has become of them."""

    def due(self, at):
        """Waiting items whose time has come at the moment ``at``, oldest first."""
        return self.filter(state=OutboxState.WAITING, run_after__lte=at).order_by("run_after", "pk")

    def abandoned(self, before):
        """Items taken before the moment ``before`` and never finished: their worker was killed."""
        return self.filter(state=OutboxState.RUNNING, locked_at__lt=before)

    def in_batch(self, batch):
        """The items of one batch, in the order they were given."""
        return self.filter(batch=batch).order_by("pk")

    def given_up(self):
        """Items that failed too often and wait for a person."""
        return self.filter(state=OutboxState.FAILED).order_by("-run_after")


class Outbox(models.Model):
    """One item of background work."""

    kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField(null=True, blank=True)
    second_id = models.BigIntegerField(null=True, blank=True)
    batch = models.UUIDField(null=True, blank=True)
    # Two workers may both see that 03:00 has come; only one row of that name can exist.
    once_key = models.CharField(max_length=100, null=True, blank=True, unique=True)
    state = models.CharField(max_length=8, choices=OutboxState, default=OutboxState.WAITING)
    run_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    locked_by = models.CharField(max_length=80, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        app_label = "smpclinic"
        indexes = [
            models.Index(fields=["state", "run_after"], name="outbox_state_run_after"),
            models.Index(fields=["batch"], name="outbox_batch"),
            models.Index(fields=["kind", "subject_id"], name="outbox_subject"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OutboxState.values), name="outbox_state_known"),
            models.CheckConstraint(condition=~Q(kind=""), name="outbox_kind_named"),
            models.CheckConstraint(
                condition=(
                    Q(state="running", locked_at__isnull=False) & ~Q(locked_by="")
                    | ~Q(state="running") & Q(locked_at__isnull=True, locked_by="")
                ),
                name="outbox_locked_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
                name="outbox_done_has_a_moment",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_id or ''} ({self.get_state_display()})"


class WorkerBeat(models.Model):
    """When each worker was last seen alive, so that a dead one is noticed."""

    worker = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "smpclinic"

    def __str__(self):
        return f"{self.worker}, seen {self.seen_at:%Y-%m-%d %H:%M:%S}"
