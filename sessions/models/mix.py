"""Pigment mixes: lots and leftover mixes, with the lots behind them flattened so that a recall finds all."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from smpclinic.models.identity import Identified


class Mix(Identified):
    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession", null=True, on_delete=models.PROTECT, related_name="mixes"
    )
    name = models.CharField(_("name"), max_length=60)
    shade_step = models.ForeignKey(
        "planning.ShadeStep", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    diluent_ml = models.DecimalField(_("diluent"), max_digits=6, decimal_places=3, default=Decimal("0"))
    diluent_lot = models.ForeignKey(
        "smpclinic.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("water from")
    )
    mixed_at = models.DateTimeField()
    mixed_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(diluent_ml__gte=0), name="mix_diluent_not_negative")]

    def __str__(self):
        return self.name


class MixComponent(models.Model):
    """Exactly one of a lot or a leftover mix, in mL (drops are converted when entered and kept for reading)."""

    mix = models.ForeignKey(Mix, on_delete=models.PROTECT, related_name="components")
    lot = models.ForeignKey("smpclinic.Lot", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    leftover = models.ForeignKey(Mix, null=True, blank=True, on_delete=models.PROTECT, related_name="used_in")
    ml = models.DecimalField(_("mL"), max_digits=6, decimal_places=3)
    drops = models.PositiveSmallIntegerField(_("drops"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lot__isnull=False, leftover__isnull=True) | Q(lot__isnull=True, leftover__isnull=False),
                name="mix_component_lot_or_leftover",
            ),
            models.CheckConstraint(
                condition=Q(ml__gt=0), name="mix_component_positive", violation_error_message=_("Use more than 0 mL.")
            ),
        ]

    def __str__(self):
        return f"{self.lot or self.leftover}: {self.ml} mL"


class MixLot(models.Model):
    """One lot in one mix, leftovers and the water's lot resolved: what a recall searches."""

    mix = models.ForeignKey(Mix, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey("smpclinic.Lot", on_delete=models.PROTECT, related_name="mix_uses")
    ml = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mix", "lot"], name="mix_lot_once")]

    def __str__(self):
        return f"{self.lot}: {self.ml} mL"
