"""Where a photo is shown to others, from when to when: what must be taken down when the consent is taken back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.models.patient import Patient
from intake.models.photo import Photo
from smpclinic.models.identity import Identified


class PhotoUseQuerySet(models.QuerySet):
    def standing(self):
        """Not taken down yet."""
        return self.filter(ended_at__isnull=True)

    def of(self, patient: Patient):
        return self.filter(photo__patient=patient)


class PhotoUse(Identified):
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="uses")
    place = models.CharField(_("where it is shown"), max_length=120)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("smpclinic.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PhotoUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a photo")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "place"],
                condition=Q(ended_at__isnull=True),
                name="photo_shown_at_a_place_once",
                violation_error_message=_("The photo is shown there already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="photo_use_ended_by_name",
            ),
        ]

    def __str__(self):
        return self.place
