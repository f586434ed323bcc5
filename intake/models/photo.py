"""The patient's photographs and issued papers: files outside the web root, named by chance, with their hashes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from smpclinic.models.identity import Identified


class PhotoView(models.TextChoices):
    FRONT = "front", _("Front")
    TOP = "top", _("Top")
    LEFT = "left", _("Left")
    RIGHT = "right", _("Right")
    BACK = "back", _("Back")
    HAIRLINE = "hairline", _("Hairline, close")
    TREATED = "treated", _("Treated area")
    PORTRAIT = "portrait", _("Portrait at the head of the record")


# What is compared over time; the portrait only tells one person from another.
VIEWS_OF_THE_HEAD = tuple(view for view in PhotoView if view is not PhotoView.PORTRAIT)


class Photo(Identified):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photos")
    # The intake it was asked for; a newer one of the same view stands in its place, and this one stays in the record.
    intake = models.ForeignKey(
        "intake.Intake", null=True, blank=True, on_delete=models.PROTECT, related_name="photos", editable=False
    )
    view = models.CharField(_("view"), max_length=10, choices=PhotoView.choices)
    taken_at = models.DateTimeField(_("taken at"))
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    taken_by = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-taken_at", "-id"]

    def __str__(self):
        return f"{self.get_view_display()}, {self.patient}"


class IssuedDocument(Identified):
    """A paper exactly as it was issued; a reprint gives the same bytes."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    text_versions = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("smpclinic.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-issued_at", "-id"]

    def __str__(self):
        return self.title
