"""Products, their lots, and the ledger of what came in, was used, counted or thrown away."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from smpclinic import printed_codes
from smpclinic.models.audit import Acted, AppendedRow
from smpclinic.models.identity import Identified


class ProductKind(models.TextChoices):
    PIGMENT = "pigment", _("Pigment")
    DILUENT = "diluent", _("Diluent")
    NEEDLE = "needle", _("Needle")
    ANAESTHETIC = "anaesthetic", _("Anaesthetic")


class ProductQuerySet(models.QuerySet):
    def matching(self, read):
        """Products whose names, GTIN or lots a typed text or a scanned code means; all of them for an empty one."""
        if not read.text:
            return self
        own = Q(brand__icontains=read.text) | Q(name__icontains=read.text) | Q(base__icontains=read.text)
        own |= Q(supplier__icontains=read.text)
        if read.gtin:
            own |= Q(gtin=read.gtin)
        lots = Lot.objects.filter(product=OuterRef("pk"))
        lots = lots.filter(Q(number__icontains=read.lot or read.text) | Q(code__iexact=read.text))
        return self.filter(own | Exists(lots))


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
    safety_sheet_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    gtin = models.CharField(
        _("GTIN, the number below the bar code"),
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^\d{8}(\d{4,6})?$", _("A GTIN has 8, 12, 13 or 14 digits."))],
    )
    low_level = models.DecimalField(
        _("low below (mL or pieces)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("This cannot be below 0."))],
    )
    months_after_opening = models.PositiveSmallIntegerField(
        _("months usable after opening"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(120, _("At most 120 months."))],
    )
    drop_ml = models.DecimalField(
        _("mL in one drop"),
        max_digits=5,
        decimal_places=3,
        default="0.050",
        validators=[
            MinValueValidator(Decimal("0.001"), _("A drop holds 0.001 to 1 mL.")),
            MaxValueValidator(Decimal(1), _("A drop holds 0.001 to 1 mL.")),
        ],
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # All lots are on recall, those still to come as well.
    recalled_at = models.DateTimeField(null=True, blank=True, editable=False)
    recall_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

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

    @property
    def is_counted_in_pieces(self) -> bool:
        return self.kind == ProductKind.NEEDLE

    @property
    def unit(self) -> str:
        """What its amounts are in, for reading."""
        return _("pieces") if self.is_counted_in_pieces else "mL"


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

    def with_on_hand(self):
        """Each lot with ``on_hand``: the sum of its ledger, None while nobody said how much came."""
        known = StockMovement.objects.filter(lot=OuterRef("pk"), kind__in=TELLING)
        total = StockMovement.objects.filter(lot=OuterRef("pk")).order_by().values("lot")
        summed = total.annotate(sum=Round(Sum("amount"), 3)).values("sum")
        return self.annotate(on_hand=Case(When(Exists(known), then=Subquery(summed))))

    def with_code(self, text):
        """The lots that a printed code or a typed lot number means; see ``smpclinic.printed_codes``."""
        read = printed_codes.read(text)
        if not read.text:
            return self.none()
        meant = Q(code__iexact=read.text) | Q(number__iexact=read.text)
        if read.lot:
            meant |= Q(number__iexact=read.lot) & (Q(product__gtin="") | Q(product__gtin=read.gtin))
        return self.filter(meant).select_related("product")


class Lot(Identified):
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots", verbose_name=_("product"))
    number = models.CharField(_("lot number"), max_length=60)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    quantity = models.DecimalField(
        _("quantity received (mL or pieces)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    # What the scanner reads from the label: a QR text, or a code of the maker's own.
    code = models.CharField(_("printed code"), max_length=120, blank=True, db_index=True)
    recalled_at = models.DateTimeField(null=True, blank=True, editable=False)
    recall_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = LotQuerySet.as_manager()
    on_hand: Decimal | None  # of ``with_on_hand`` alone

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


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("Received")
    USED = "used", _("Used")
    GIVEN_BACK = "given_back", _("Given back")
    COUNTED = "counted", _("Counted")
    THROWN_AWAY = "thrown_away", _("Thrown away")


# After one of these the ledger knows how much is there.
TELLING = ("received", "counted")


class StockMovement(Acted, AppendedRow):
    """One line of a lot's ledger, in mL or pieces: what came is above 0, what went below. Lines are only added."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("what happened"), max_length=12, choices=MovementKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=3)
    counted = models.DecimalField(_("counted"), max_digits=10, decimal_places=3, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # The public id of the mix or the session that took it; it may have been discarded since.
    cause = models.UUIDField(null=True, blank=True, db_index=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("stock movement")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("received", "given_back"), amount__gte=0)
                | Q(kind__in=("used", "thrown_away"), amount__lte=0)
                | Q(kind="counted", counted__isnull=False, counted__gte=0),
                name="stock_movement_sign_fits_kind",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
