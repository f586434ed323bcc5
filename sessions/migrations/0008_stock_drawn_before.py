"""Lots taken in before there was a ledger: what came, and what mixes and sessions have drawn since.

Where more was drawn than came, somebody filled up without saying so: how much is there stays unknown until it is
counted, and refuses nobody a mix.
"""

from collections import defaultdict
from decimal import Decimal

from django.db import migrations

AT_ONCE = 2000


def draw(apps, schema_editor):
    alias = schema_editor.connection.alias
    movement = apps.get_model("smpclinic", "StockMovement")
    lots = list(apps.get_model("smpclinic", "Lot").objects.using(alias).filter(quantity__isnull=False).order_by("pk"))
    drawn = defaultdict(Decimal)
    rows = []
    for lot_id, amount, cause, at in _taken(apps, alias):
        drawn[lot_id] += amount
        rows.append(_row(movement, lot_id, "used", -amount, at, cause))
    received = [lot for lot in lots if drawn[lot.pk] <= lot.quantity]
    began = min((row.at for row in rows), default=None)
    for lot in received:
        at = (
            began
            or apps.get_model("smpclinic", "Installation").objects.using(alias).values_list("created_at", flat=True)[0]
        )
        movement.objects.using(alias).bulk_create([_row(movement, lot.pk, "received", lot.quantity, at, None)])
    movement.objects.using(alias).bulk_create(rows, batch_size=AT_ONCE)


def _taken(apps, alias):
    """Lot, mL or pieces, what took it, when."""
    components = apps.get_model("treatment_sessions", "MixComponent").objects.using(alias).filter(lot__isnull=False)
    for row in components.select_related("mix").iterator(AT_ONCE):
        yield row.lot_id, row.ml, row.mix.public_id, row.mix.mixed_at
    used = apps.get_model("treatment_sessions", "SessionLot").objects.using(alias).filter(count__gt=0)
    for row in used.select_related("session").iterator(AT_ONCE):
        yield row.lot_id, row.count, row.session.public_id, row.session.opened_at


def _row(movement, lot_id, kind, amount, at, cause):
    return movement(
        lot_id=lot_id, kind=kind, amount=amount, at=at, cause=cause, actor_kind="system", actor_label="smpclinic"
    )


def forget(apps, schema_editor):
    apps.get_model("smpclinic", "StockMovement").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("treatment_sessions", "0007_recalls"),
        ("smpclinic", "0003_stock_ledger"),
    ]

    operations = [migrations.RunPython(draw, forget)]
