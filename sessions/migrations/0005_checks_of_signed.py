"""Plans treated before results were followed up: count their checks from the last signed session."""

from datetime import date, timedelta

from django.db import migrations
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce


def add_months(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def count(apps, schema_editor):
    session_model = apps.get_model("treatment_sessions", "TreatmentSession")
    follow_up = apps.get_model("treatment_sessions", "FollowUp")
    voided = (
        apps.get_model("treatment_sessions", "Amendment")
        .objects.using(schema_editor.connection.alias)
        .filter(session=OuterRef("pk"), kind="void")
    )
    plan = "appointment__planned_session__plan"
    alias = schema_editor.connection.alias
    signed = session_model.objects.using(alias).filter(
        signed_at__isnull=False, appointment__planned_session__isnull=False
    )
    last_days = (
        signed.exclude(Exists(voided))
        .order_by()
        .values(result=Coalesce(f"{plan}__parent_plan_id", f"{plan}_id"))
        .annotate(last=Max("appointment__local_day"))
    )
    rows = []
    for each in last_days:
        day = date(1970, 1, 1) + timedelta(days=each["last"])
        days = {"due_on": add_months(day, 1), "touch_up_on": add_months(day, 48)}
        rows.append(follow_up(plan_id=each["result"], counted_from=day, months=1, **days))
    follow_up.objects.using(alias).bulk_create(rows, batch_size=500)


def forget(apps, schema_editor):
    apps.get_model("treatment_sessions", "FollowUp").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("treatment_sessions", "0004_outcomes")]

    operations = [migrations.RunPython(count, forget)]
