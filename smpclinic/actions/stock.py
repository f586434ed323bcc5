"""Take in products and lots, open a lot, mark a lot or a whole product as recalled."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from smpclinic import audit, printed_codes, storage
from smpclinic.actions import stock_ledger
from smpclinic.actors import Actor
from smpclinic.models import Lot, MovementKind, Product
from smpclinic.saving import save_checked
from smpclinic.scans import clean_scan


@transaction.atomic
def add_product(*, by: Actor, safety_sheet: Any = None, **fields: object) -> Product:
    """A new product. ValidationError names the field that cannot stand."""
    product = Product(**fields)
    _check_gtin(product)
    _keep_safety_sheet(product, safety_sheet)
    save_checked(product)
    audit.record(by=by, verb="added product", subject=product, changed=audit.changes({}, fields))
    return product


@transaction.atomic
def change_product(*, product: Product, by: Actor, safety_sheet: Any = None, **fields: object) -> Product:
    """Correct a product: its colour, its drop, its label. Lots, mixes and recalls keep hanging on it."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    before = {name: getattr(product, name) for name in fields}
    for name, value in fields.items():
        setattr(product, name, value)
    changed = audit.changes(before, fields)
    if safety_sheet:
        changed["safety_sheet"] = (product.safety_sheet_sha256, _keep_safety_sheet(product, safety_sheet))
    _check_gtin(product)
    save_checked(product)
    audit.record(by=by, verb="changed product", subject=product, changed=changed)
    return product


@transaction.atomic
def add_lot(*, by: Actor, product: Product, **fields: object) -> Lot:
    """A lot of a product, as received; of a product on recall it is on recall from the start."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    lot = Lot(product=product, **fields)
    lot.code = printed_codes.read(lot.code).text
    _refuse_dates(lot)
    lot.recalled_at, lot.recall_reason = product.recalled_at, product.recall_reason
    save_checked(lot)
    if lot.quantity is not None:
        stock_ledger.write(lot=lot, kind=MovementKind.RECEIVED, amount=lot.quantity, by=by)
    audit.record(by=by, verb="added lot", subject=lot, changed=audit.changes({}, fields))
    return lot


@transaction.atomic
def change_lot(*, lot: Lot, by: Actor, **fields: object) -> Lot:
    """Correct what was read from the label of a lot; how much is there is counted, not changed."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    before = {name: getattr(lot, name) for name in fields}
    for name, value in fields.items():
        setattr(lot, name, value)
    lot.code = printed_codes.read(lot.code).text
    _refuse_dates(lot)
    save_checked(lot)
    audit.record(by=by, verb="changed lot", subject=lot, changed=audit.changes(before, fields))
    return lot


@transaction.atomic
def open_lot(*, lot: Lot, on: date, by: Actor) -> Lot:
    """Note the day a lot was opened; from then its months of use count."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if lot.opened_on is not None:
        raise ValidationError(_("This lot was already opened."))
    lot.opened_on = on
    _refuse_dates(lot)
    save_checked(lot)
    audit.record(by=by, verb="opened lot", subject=lot, changed={"opened_on": (None, on)})
    return lot


@transaction.atomic
def recall_lot(*, lot: Lot, reason: str, by: Actor) -> Lot:
    """Mark a lot as recalled: from now on no mix and no session may take it."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say who recalled it and why.")})
    if lot.is_recalled:
        raise ValidationError(_("This lot is already on recall."))
    lot.recalled_at, lot.recall_reason = timezone.now(), reason.strip()
    save_checked(lot)
    audit.record(by=by, verb="recalled lot", subject=lot, changed={"recall_reason": ("", lot.recall_reason)})
    return lot


@transaction.atomic
def recall_product(*, product: Product, reason: str, by: Actor) -> Product:
    """Mark a product as recalled with all its lots, those still to come included."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    if not reason.strip():
        raise ValidationError({"reason": _("Say who recalled it and why.")})
    product.recalled_at, product.recall_reason = product.recalled_at or timezone.now(), reason.strip()
    save_checked(product)
    audit.record(by=by, verb="recalled product", subject=product, changed={"recall_reason": ("", reason.strip())})
    for lot in product.lots.filter(recalled_at__isnull=True).order_by("pk"):
        recall_lot(lot=lot, reason=reason, by=by)
    return product


@transaction.atomic
def lift_lot(*, lot: Lot, by: Actor) -> Lot:
    """Take a lot off recall: it was marked by mistake."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    before, lot.recalled_at, lot.recall_reason = lot.recall_reason, None, ""
    save_checked(lot)
    audit.record(by=by, verb="lifted recall of lot", subject=lot, changed={"recall_reason": (before, "")})
    return lot


@transaction.atomic
def lift_product(*, product: Product, by: Actor) -> Product:
    """Lots that come from now on are good again; those there are lifted one by one."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    before, product.recalled_at, product.recall_reason = product.recall_reason, None, ""
    save_checked(product)
    audit.record(by=by, verb="lifted recall of product", subject=product, changed={"recall_reason": (before, "")})
    return product


def _keep_safety_sheet(product: Product, upload: Any) -> str:
    """Look the file through in the limited process and keep it; returns its SHA-256."""
    if upload:
        try:
            clean = clean_scan(upload)
        except ValidationError as refused:
            raise ValidationError({"safety_sheet": refused.messages}) from refused
        product.safety_sheet = storage.store(clean.bytes, folder="stock", suffix=clean.suffix).name
        product.safety_sheet_sha256 = clean.sha256
    return product.safety_sheet_sha256


def _check_gtin(product: Product) -> None:
    if product.gtin.isdecimal() and not printed_codes.has_right_check_digit(product.gtin):
        raise ValidationError({"gtin": _("The last digit does not fit the others: read the number again.")})


def _refuse_dates(lot: Lot) -> None:
    today = timezone.localdate()
    for name in ("received_on", "opened_on"):
        day = getattr(lot, name)
        if day is not None and day > today:
            raise ValidationError({name: _("This day is still to come.")})
    if lot.opened_on and lot.received_on and lot.opened_on < lot.received_on:
        raise ValidationError({"opened_on": _("It was opened before it came: one of the two days is wrong.")})
