"""Sessions signed before plans knew the dots they placed: count them once, from their passes."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from django.db import migrations

ONE_PLACE = Decimal("0.1")


def count(apps, schema_editor):
    session_model = apps.get_model("treatment_sessions", "TreatmentSession")
    dots_done = apps.get_model("planning", "DotsDone")
    alias = schema_editor.connection.alias
    signed = session_model.objects.using(alias).filter(
        signed_at__isnull=False, appointment__planned_session__isnull=False
    )
    for session in signed.select_related("appointment").prefetch_related("passes", "amendments").iterator(500):
        day = date(1970, 1, 1) + timedelta(days=session.appointment.local_day)
        is_void = any(amendment.kind == "void" for amendment in session.amendments.all())
        dots_done.objects.using(alias).bulk_create(
            dots_done(
                planned_session_id=session.appointment.planned_session_id,
                session_id=session.public_id,
                zone=zone,
                dots_per_cm2=dots_per_cm2,
                performed_on=day,
                is_void=is_void,
            )
            for zone, dots_per_cm2 in _by_zone(session.passes.all()).items()
            if dots_per_cm2 > 0
        )


def _by_zone(passes):
    """Dots per cm2 by zone; a pass over a part of the largest area worked there counts by that part."""
    by_zone = defaultdict(list)
    for each in passes:
        if each.dots_per_cm2:
            by_zone[each.zone].append(each)
    return {zone: _density(rows) for zone, rows in by_zone.items()}


def _density(rows):
    whole = max((row.area_cm2 for row in rows if row.area_cm2), default=None)
    parts = (row.dots_per_cm2 * (row.area_cm2 / whole if row.area_cm2 else Decimal(1)) for row in rows)
    return sum(parts, Decimal(0)).quantize(ONE_PLACE)


def forget(apps, schema_editor):
    apps.get_model("planning", "DotsDone").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("treatment_sessions", "0001_first"),
        ("planning", "0004_dots_done"),
    ]

    operations = [migrations.RunPython(count, forget)]
