"""How the stock stands: each lot and product with what is left, until when, and what to look after."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from sessions import mixes
from sessions.actions.mixing import facts_of
from smpclinic.actions.stock_ledger import amount_of
from smpclinic.models import Lot, Product

SOON_DAYS = 30


@dataclass(frozen=True)
class LotLine:
    """One lot as it stands on a day: ``lot`` carries ``on_hand``, None while nobody said how much came."""

    lot: Lot
    on: date

    @property
    def usable_until(self) -> date | None:
        return mixes.usable_until(facts_of(self.lot))

    @property
    def is_past(self) -> bool:
        return self.usable_until is not None and self.usable_until < self.on

    @property
    def ends_soon(self) -> bool:
        return self.usable_until is not None and self.usable_until <= self.on + timedelta(days=SOON_DAYS)

    @property
    def is_used_up(self) -> bool:
        return self.lot.on_hand is not None and self.lot.on_hand <= 0

    @property
    def is_good(self) -> bool:
        return not (self.lot.is_recalled or self.is_past or self.is_used_up)

    @property
    def left(self) -> str:
        """What is left, in words."""
        if self.lot.on_hand is None:
            return _("not counted")
        if self.lot.on_hand < 0:
            return _("more used than there was: count it")
        return amount_of(self.lot, self.lot.on_hand)

    @property
    def words(self) -> str:
        """Its state, for the badge."""
        if self.lot.is_recalled:
            return _("On recall: %(reason)s") % {"reason": self.lot.recall_reason}
        if self.is_used_up:
            return _("Used up")
        if self.is_past:
            return _("Past its date")
        return _("Ends soon") if self.ends_soon else _("Usable")

    @property
    def kind(self) -> str:
        """The badge's colour, as a word."""
        if self.lot.is_recalled:
            return "stop"
        if self.is_used_up:
            return ""
        return "caution" if self.ends_soon else "done"


@dataclass(frozen=True)
class ProductLine:
    """One product with its lots, the ones to use first in front."""

    product: Product
    lots: Sequence[LotLine] = field(default_factory=tuple)

    @property
    def good(self) -> list[LotLine]:
        return [line for line in self.lots if line.is_good]

    @property
    def on_hand(self) -> Decimal | None:
        """What is left in its good lots; None where one of them was never counted."""
        amounts = [line.lot.on_hand for line in self.good]
        return None if None in amounts else sum(amounts, Decimal(0))

    @property
    def is_low(self) -> bool:
        level, there = self.product.low_level, self.on_hand
        return level is not None and there is not None and there < level

    @property
    def left(self) -> str:
        return _("not counted") if self.on_hand is None else _amount(self.product, self.on_hand)

    @property
    def level(self) -> str:
        return _amount(self.product, self.product.low_level)

    @property
    def usable_until(self) -> date | None:
        """The end of the lot that ends first."""
        return min((line.usable_until for line in self.good if line.usable_until), default=None)

    @property
    def words(self) -> str:
        if self.product.recalled_at:
            return _("On recall: %(reason)s") % {"reason": self.product.recall_reason}
        if not self.product.is_active:
            return _("No longer in use")
        if self.is_low:
            return _("Low")
        return _("In stock") if self.good else _("Nothing to use")

    @property
    def kind(self) -> str:
        if self.product.recalled_at:
            return "stop"
        if not self.product.is_active:
            return ""
        return "caution" if self.is_low or not self.good else "done"


def lines_of(products: Iterable[Product], *, on: date) -> list[ProductLine]:
    """Products with their lots (one query for all lots)."""
    products = list(products)
    lots = defaultdict(list)
    for lot in Lot.objects.with_on_hand().filter(product__in=products).select_related("product"):
        lots[lot.product_id].append(LotLine(lot, on))
    return [ProductLine(product, sorted(lots[product.pk], key=_order)) for product in products]


def ending(*, on: date) -> list[LotLine]:
    """Lots of which something is left and that end within 30 days or have ended, the first to end in front."""
    lots = Lot.objects.with_on_hand().filter(recalled_at__isnull=True).select_related("product")
    lines = [LotLine(lot, on) for lot in lots]
    return sorted((line for line in lines if line.ends_soon and not line.is_used_up), key=_order)


def low(*, on: date) -> list[ProductLine]:
    """Products of which less is left than the clinic wants."""
    watched = Product.objects.filter(is_active=True, low_level__isnull=False, recalled_at__isnull=True)
    return [line for line in lines_of(watched, on=on) if line.is_low]


def _order(line: LotLine) -> tuple:
    return (not line.is_good, line.usable_until or date.max, line.lot.number, line.lot.pk)


def _amount(product: Product, amount: Decimal) -> str:
    return amount_of(Lot(product=product), amount)
