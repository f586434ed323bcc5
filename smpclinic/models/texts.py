"""The clinic's texts: consents, care rules, leaflets; versioned, by language."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextQuerySet(models.QuerySet):
    def in_force(self, key: str, *, language: str):
        """The newest approved version of a text in that language, else in English; None where none is approved."""
        approved = self.filter(key=key, approved_at__isnull=False).order_by("-version")
        return approved.filter(language=language).first() or approved.filter(language="en").first()


class Text(models.Model):
    """One version of one text. A new wording is a new row; a row that was signed or printed never changes."""

    key = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), max_length=20_000)
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["key", "language", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "language", "version"], name="text_version_once")]

    def __str__(self):
        return f"{self.title} ({self.language}, {self.version})"
