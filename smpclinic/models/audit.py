"""The trail: who changed what, who read what, and the chain of sealed records. Rows are only ever added."""

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from smpclinic.actors import ActorKind


class AppendOnly(models.QuerySet):
    """Triggers in the database say the same; this says it sooner and in Python."""

    def about(self, patient):
        """Entries about a patient, those of records merged into it included: the trail itself never moves."""
        return self.filter(patient_id__in=patient.public_ids())

    def update(self, **kwargs):
        raise TypeError(f"{self.model._meta.verbose_name} rows are never changed")

    def delete(self):
        raise TypeError(f"{self.model._meta.verbose_name} rows are never deleted")


class AppendedRow(models.Model):
    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError(f"{self._meta.verbose_name} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(f"{self._meta.verbose_name} rows are never deleted")


class Acted(models.Model):
    """Who did it: kind, account where there is one, and the name as it was then."""

    actor_kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in ActorKind])
    actor_user = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=150)

    class Meta:
        abstract = True


class AuditEntry(Acted, AppendedRow):
    """One thing somebody did.

    The subject is kept as text, not as a foreign key, so that an entry outlives the record it describes. ``fields``
    names what changed; personal values lie in AuditValue, which lawful erasure may empty.
    """

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    patient_id = models.UUIDField(null=True, db_index=True)
    fields = models.JSONField(default=list)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit entry")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_subject")]

    def __str__(self):
        return f"{self.actor_label} {self.verb} {self.subject_type}"

    @property
    def subject_name(self) -> str:
        """What kind of thing it was about, in words; a model that no longer exists keeps its label."""
        try:
            return str(apps.get_model(self.subject_type)._meta.verbose_name)
        except LookupError:
            return self.subject_type


class AuditValue(models.Model):
    """A personal value before and after a change; the only part of the trail that erasure may empty."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="values")
    field = models.CharField(max_length=60)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="audit_value_once")]

    def __str__(self):
        return self.field


class AccessEntry(Acted, AppendedRow):
    """One read of a page, document, photo or export about one patient."""

    at = models.DateTimeField(db_index=True)
    patient_id = models.UUIDField(db_index=True)
    what = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("access entry")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.actor_label}: {self.what}"


class SealedRecord(AppendedRow):
    """Signed content, exactly as signed, linked to the one before it by a keyed hash.

    ``content`` is canonical JSON as text. It may be replaced once by a tombstone (``erased_at``); the chain covers
    hashes only and stays whole.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True)
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    prev = models.CharField(max_length=64, unique=True)
    mac = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sealed record")
        ordering = ["id"]

    def __str__(self):
        return f"{self.kind} {self.subject_id}"


class Installation(AppendedRow):
    """Written at the first migration: demo or clinic, for ever."""

    mode = models.CharField(max_length=10, choices=[("demo", "demo"), ("clinic", "clinic")])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("installation")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="installation_is_one")]

    def __str__(self):
        return self.mode
