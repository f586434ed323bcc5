"""Consents (each its own, each withdrawable) and patch tests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from smpclinic.models.audit import Acted
from smpclinic.models.identity import Identified


class ConsentKind(models.TextChoices):
    PRIVACY = "privacy", _("Privacy notice")
    PHOTOS_RECORD = "photos_record", _("Photos in the record")
    PHOTOS_MARKETING = "photos_marketing", _("Photos for marketing")
    MESSAGES = "messages", _("Messages")
    TREATMENT = "treatment", _("Treatment")
    PATCH_TEST_DECLINED = "patch_test_declined", _("Patch test declined")


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)


class Consent(Identified, Acted):
    """A choice, signed: the exact text, its hash, the time, the witness, a drawn signature or a typed name."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=30, choices=ConsentKind.choices)
    granted = models.BooleanField()
    text = models.ForeignKey("smpclinic.Text", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    exact_text = models.TextField(max_length=40_000)
    text_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    witness = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(_("name"), max_length=160, blank=True)
    signature_strokes = models.JSONField(null=True, blank=True)
    signature_png = models.BinaryField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_note = models.CharField(max_length=400, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted=False) | ~Q(signed_name=""),
                name="consent_granted_is_signed",
                violation_error_message=_("A consent needs the name of who gives it."),
            ),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_known"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.patient}"


class PatchResult(models.TextChoices):
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")


class PatchTestQuerySet(models.QuerySet):
    def to_read(self, *, at):
        """Not read yet, and due at the moment ``at``, the longest waiting first."""
        return self.filter(read_at__isnull=True, read_from__lte=at).order_by("read_from")


class PatchTest(Identified):
    """Placed, read from ``read_from`` on (48 hours by default), valid 6 months by default.

    Both spans are the clinic's; what they were when the test was placed and read stays with it. A clear test never
    excludes a later allergy.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="patch_tests")
    lot = models.ForeignKey(
        "smpclinic.Lot", on_delete=models.PROTECT, related_name="patch_tests", verbose_name=_("pigment lot")
    )
    site = models.CharField(_("site"), max_length=120)
    placed_at = models.DateTimeField(_("placed at"))
    read_from = models.DateTimeField(_("to be read from"))
    performer = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    read_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=12, choices=PatchResult.choices, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    reading_note = models.CharField(_("what was seen"), max_length=400, blank=True)
    photo = models.ForeignKey("intake.Photo", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PatchTestQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", read_at__isnull=True) | (~Q(result="") & Q(read_at__isnull=False)),
                name="patch_result_has_a_reading",
                violation_error_message=_("A result needs the time it was read."),
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(read_at__gte=models.F("placed_at")),
                name="patch_read_after_placed",
                violation_error_message=_("A patch test cannot be read before it was placed."),
            ),
            models.CheckConstraint(
                condition=Q(read_from__gte=models.F("placed_at")),
                name="patch_read_from_after_placed",
                violation_error_message=_("A patch test cannot be read before it was placed."),
            ),
        ]

    def __str__(self):
        return f"{self.patient}, {self.placed_at:%Y-%m-%d}"
