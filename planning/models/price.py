"""The clinic's price list, and what was paid towards a plan: entries that are never changed, and their sum."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planning.models.plan import Look, TreatmentPlan
from smpclinic.models.identity import Identified


class PriceBand(models.Model):
    """One line of the price list: the whole plan of a look, up to an area."""

    look = models.CharField(_("look"), max_length=10, choices=Look.choices)
    up_to_cm2 = models.DecimalField(_("up to"), max_digits=5, decimal_places=1)
    price_minor = models.PositiveBigIntegerField(_("price"))
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ["look", "up_to_cm2"]
        constraints = [
            models.UniqueConstraint(fields=["look", "up_to_cm2"], name="price_band_once"),
            models.CheckConstraint(condition=Q(up_to_cm2__gt=0), name="price_band_area_positive"),
        ]

    def __str__(self):
        return f"{self.get_look_display()}, {self.up_to_cm2} cm²"


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Bank transfer")
    OTHER = "other", _("Other")


class Payment(Identified):
    """Money noted for a plan; never changed or deleted. A slip is corrected by an entry against it."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Paid back")
        CORRECTION = "correction", _("Correction")

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PAYMENT)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    paid_on = models.DateField(_("paid on"))
    method = models.CharField(_("how"), max_length=10, choices=PaymentMethod.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    noted_by = models.ForeignKey("smpclinic.User", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="payment", amount_minor__gt=0)
                | Q(kind="refund", amount_minor__lt=0)
                | Q(kind="correction"),
                name="payment_sign_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False)
                | ~Q(kind="correction") & Q(corrects__isnull=True),
                name="payment_correction_names_its_entry",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="payment_of_something"),
        ]

    def __str__(self):
        return f"{self.amount_minor} {self.currency}"
