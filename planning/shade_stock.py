"""The pigments in stock that a mix may be proposed from: usable today, and with a colour."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from planning.lot_life import usable_until
from planning.mix_proposals import MOST_PIGMENTS, Pigment
from smpclinic.colour import srgb_from_hex
from smpclinic.models import Lot, Product, ProductKind


@dataclass(frozen=True)
class Shelf:
    """What can be mixed from, and what was left out of it, in words."""

    pigments: tuple[Pigment, ...]
    left_out: tuple[str, ...]


def shelf(*, on: date) -> Shelf:
    """The pigments of which a lot may be used on the day ``on`` (one query), soonest to expire first.

    A lot on recall, expired or open too long is never offered.
    """
    lots = [lot for lot in Lot.objects.usable(on=on).filter(product__kind=ProductKind.PIGMENT) if _is_good(lot, on)]
    lot_of: dict[Product, Lot] = {}
    for lot in lots:
        if lot.product.is_active:
            lot_of.setdefault(lot.product, lot)
    coloured = [lot for product, lot in lot_of.items() if product.colour]
    left_out = [
        _("%(product)s has no colour entered and is left out.") % {"product": product}
        for product in lot_of
        if not product.colour
    ]
    if len(coloured) > MOST_PIGMENTS:
        left_out.append(
            _("Compared: the first %(most)s of %(count)s pigments.") % {"most": MOST_PIGMENTS, "count": len(coloured)}
        )
    return Shelf(tuple(_pigment(lot) for lot in coloured[:MOST_PIGMENTS]), tuple(left_out))


def _is_good(lot: Lot, on: date) -> bool:
    until = usable_until(
        expires_on=lot.expires_on, opened_on=lot.opened_on, months_after_opening=lot.product.months_after_opening
    )
    return until is None or on <= until


def _pigment(lot: Lot) -> Pigment:
    colour = srgb_from_hex(lot.product.colour)
    return Pigment(str(lot.public_id), str(lot), colour, lot.product.drop_ml)
