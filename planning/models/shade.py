"""The clinic's shade ladder: practitioners think in dilutions of mostly one carbon pigment."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from intake.models import Consent, ConsentKind
from planning.shade import MOST_DROPS, MOST_STEPS, pigment_percent
from smpclinic.models.identity import Identified


class ShadeStep(models.Model):
    """One step: a recipe of one product and water, 1 the lightest. ``pigment_drops``: where it was told in drops."""

    number = models.PositiveSmallIntegerField(
        _("step"),
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STEPS)],
        error_messages={"unique": _("The ladder has this step already. Change that one, or choose another number.")},
    )
    name = models.CharField(_("name"), max_length=60)
    product = models.ForeignKey(
        "smpclinic.Product",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("pigment"),
    )
    pigment_ml = models.DecimalField(_("pigment, mL"), max_digits=5, decimal_places=2)
    pigment_drops = models.PositiveSmallIntegerField(
        _("pigment, drops"), null=True, blank=True, validators=[MaxValueValidator(MOST_DROPS)]
    )
    water_ml = models.DecimalField(_("water, mL"), max_digits=5, decimal_places=2)
    is_active = models.BooleanField(_("offered for new plans"), default=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pigment_ml__gt=0),
                name="shade_step_has_pigment",
                violation_error_message=_("A step needs pigment."),
            ),
            models.CheckConstraint(
                condition=Q(water_ml__gte=0),
                name="shade_step_water_not_negative",
                violation_error_message=_("Water is 0 mL or more."),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    @property
    def pigment_percent(self):
        """Share of pigment in the cup, per cent by volume, one place."""
        return pigment_percent(pigment_ml=self.pigment_ml, water_ml=self.water_ml)


class HealedPhotoQuerySet(models.QuerySet):
    def for_staff(self):
        """Photos of patients who agree to photos in their record: staff who treat may look at them, nobody else."""
        return self._agreed(ConsentKind.PHOTOS_RECORD, "is_for_staff")

    def for_others(self):
        """Of those, photos whose patients agree that others see them too: these may be shown to another patient."""
        return self.for_staff()._agreed(ConsentKind.PHOTOS_MARKETING, "is_for_others")

    def with_who_may_see(self):
        """``for_staff``, each with ``is_for_others``: whether it may be shown to another patient."""
        return self.for_staff().annotate(is_for_others=self._newest(ConsentKind.PHOTOS_MARKETING))

    def _agreed(self, kind, name):
        return self.annotate(**{name: self._newest(kind)}).filter(**{name: True})

    def _newest(self, kind):
        """What the patient last chose about ``kind`` and has not taken back: granted or not; null where neither."""
        choices = Consent.objects.in_force().filter(patient=OuterRef("photo__patient"), kind=kind)
        return Subquery(choices.order_by("-at", "-id").values("granted")[:1])


class HealedPhoto(Identified):
    """A photo of healed work, by the step of the ladder and the skin it healed on. Told downward by the session."""

    photo = models.OneToOneField("intake.Photo", on_delete=models.PROTECT, related_name="healed_use")
    shade_step = models.ForeignKey(ShadeStep, on_delete=models.PROTECT, related_name="healed_photos")
    zone = models.CharField(max_length=30)
    skin_type = models.CharField(max_length=3, blank=True)
    healed_days = models.PositiveIntegerField()

    objects = HealedPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-photo__taken_at", "-id"]

    def __str__(self):
        return f"{self.shade_step}: {self.zone}"
