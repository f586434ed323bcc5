"""Products and their lots: what a recall must be able to find."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from smpclinic.models.identity import Identified


class ProductKind(models.TextChoices):
    PIGMENT = "pigment", _("Pigment")
    DILUENT = "diluent", _("Diluent")
    NEEDLE = "needle", _("Needle")
    ANAESTHETIC = "anaesthetic", _("Anaesthetic")


class Product(Identified):
    kind = models.CharField(_("kind"), max_length=20, choices=ProductKind.choices)
    brand = models.CharField(_("brand"), max_length=80)
    name = models.CharField(_("name"), max_length=80)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #2b2a29."))],
    )
    base = models.CharField(_("base"), max_length=80, blank=True)
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    label_statement = models.TextField(_("ingredients and label statement"), max_length=2000, blank=True)
    safety_sheet = models.CharField(_("safety sheet"), max_length=200, blank=True, editable=False)
    months_after_opening = models.PositiveSmallIntegerField(_("months usable after opening"), null=True, blank=True)
    drop_ml = models.DecimalField(_("mL in one drop"), max_digits=5, decimal_places=3, default="0.050")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["kind", "brand", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "brand", "name"],
                name="product_once",
                violation_error_message=_("This product is already in stock."),
            ),
            models.CheckConstraint(condition=Q(drop_ml__gt=0), name="product_drop_is_positive"),
        ]

    def __str__(self):
        return f"{self.brand} {self.name}"


class LotQuerySet(models.QuerySet):
    def usable(self, *, on):
        """Lots neither recalled nor expired on the date, oldest expiry first (opening is judged by the row)."""
        return (
            self.filter(recalled_at__isnull=True)
            .filter(Q(expires_on__isnull=True) | Q(expires_on__gte=on))
            .select_related("product")
            .order_by(
                "product__kind", "product__brand", "product__name", F("expires_on").asc(nulls_last=True), "number"
            )
        )

    def expiring(self, *, before):
        return (
            self.filter(recalled_at__isnull=True, expires_on__lt=before)
            .select_related("product")
            .order_by("expires_on")
        )


class Lot(Identified):
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots", verbose_name=_("product"))
    number = models.CharField(_("lot number"), max_length=60)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    quantity = models.DecimalField(
        _("quantity received (mL or pieces)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    recalled_at = models.DateTimeField(null=True, blank=True, editable=False)
    recall_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = LotQuerySet.as_manager()

    class Meta:
        ordering = ["product", "expires_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "number"],
                name="lot_number_once_per_product",
                violation_error_message=_("This product already has a lot of that number."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0), name="lot_quantity_not_negative"
            ),
        ]

    def __str__(self):
        return _("%(product)s, lot %(lot)s") % {"product": self.product, "lot": self.number}

    @property
    def is_recalled(self) -> bool:
        return self.recalled_at is not None
