"""A photo on its way into a record, and the two points by which photos are laid over one another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from intake.models.photo import PhotoView
from sessions.models.links import SessionPhoto
from sessions.models.record import TreatmentSession
from smpclinic.models.identity import Identified


class PhotoUpload(Identified):
    """The part of a photo that has arrived. Where the network drops, the rest is sent later."""

    session = models.ForeignKey(TreatmentSession, on_delete=models.PROTECT, related_name="uploads")
    moment = models.CharField(max_length=10, choices=SessionPhoto.Moment.choices)
    view = models.CharField(max_length=10, choices=PhotoView.choices)
    size_bytes = models.PositiveIntegerField()
    received_bytes = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)  # told by the browser: it finds its own half-sent photo again
    part_file = models.CharField(max_length=200)
    begun_at = models.DateTimeField(db_index=True)
    begun_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    photo = models.ForeignKey("intake.Photo", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0) & Q(received_bytes__lte=F("size_bytes")), name="upload_within_its_size"
            ),
            models.UniqueConstraint(
                fields=["session", "moment", "view", "fingerprint", "size_bytes", "begun_by"],
                name="upload_of_a_photo_once",
                violation_error_message=_("This photo is on its way already."),
            ),
        ]

    def __str__(self):
        return f"{self.moment}: {self.view}"


class PhotoMarks(models.Model):
    """Two places of the head as they lie in one photo, in permille of its width and height."""

    photo = models.OneToOneField("intake.Photo", on_delete=models.PROTECT, related_name="marks")
    first_x = models.PositiveSmallIntegerField()
    first_y = models.PositiveSmallIntegerField()
    second_x = models.PositiveSmallIntegerField()
    second_y = models.PositiveSmallIntegerField()
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_x__lte=1000, first_y__lte=1000, second_x__lte=1000, second_y__lte=1000),
                name="marks_within_the_photo",
                violation_error_message=_("A mark lies within the photo."),
            )
        ]

    def __str__(self):
        return f"{self.photo}"
