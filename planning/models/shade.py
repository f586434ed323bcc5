"""The clinic's shade ladder: practitioners think in dilutions of mostly one carbon pigment."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ShadeStep(models.Model):
    """One step: a recipe of one product and water, 1 the lightest."""

    number = models.PositiveSmallIntegerField(_("step"), unique=True)
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
    water_ml = models.DecimalField(_("water, mL"), max_digits=5, decimal_places=2)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(pigment_ml__gt=0), name="shade_step_has_pigment"),
            models.CheckConstraint(condition=Q(water_ml__gte=0), name="shade_step_water_not_negative"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    @property
    def pigment_percent(self):
        """Share of pigment in the cup, per cent by volume, one place."""
        return round(100 * self.pigment_ml / (self.pigment_ml + self.water_ml), 1)
