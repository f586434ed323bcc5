"""Take in products and lots, open a lot, mark a lot as recalled."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import Lot, Product
from smpclinic.saving import save_checked


@transaction.atomic
def add_product(*, by: Actor, **fields: object) -> Product:
    """A new product. ValidationError names the field that cannot stand."""
    product = Product(**fields)
    save_checked(product)
    audit.record(by=by, verb="added product", subject=product, changed=audit.changes({}, fields))
    return product


@transaction.atomic
def change_product(*, product: Product, by: Actor, **fields: object) -> Product:
    """Correct a product: its colour, its drop, its label. Lots, mixes and recalls keep hanging on it."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    before = {name: getattr(product, name) for name in fields}
    for name, value in fields.items():
        setattr(product, name, value)
    save_checked(product)
    audit.record(by=by, verb="changed product", subject=product, changed=audit.changes(before, fields))
    return product


@transaction.atomic
def add_lot(*, by: Actor, product: Product, **fields: object) -> Lot:
    """A lot of a product, as received."""
    lot = Lot(product=product, **fields)
    save_checked(lot)
    audit.record(by=by, verb="added lot", subject=lot, changed=audit.changes({}, fields))
    return lot


@transaction.atomic
def open_lot(*, lot: Lot, on: date, by: Actor) -> Lot:
    """Note the day a lot was opened; from then its months of use count."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if lot.opened_on is not None:
        raise ValidationError(_("This lot was already opened."))
    lot.opened_on = on
    save_checked(lot)
    audit.record(by=by, verb="opened lot", subject=lot, changed={"opened_on": (None, on)})
    return lot


@transaction.atomic
def recall_lot(*, lot: Lot, reason: str, by: Actor) -> Lot:
    """Mark a lot as recalled: from now on no mix may take it."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say who recalled it and why.")})
    if lot.is_recalled:
        raise ValidationError(_("This lot is already on recall."))
    lot.recalled_at, lot.recall_reason = timezone.now(), reason.strip()
    save_checked(lot)
    audit.record(by=by, verb="recalled lot", subject=lot, changed={"recall_reason": ("", lot.recall_reason)})
    return lot
