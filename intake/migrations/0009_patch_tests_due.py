"""Give every patch test placed before the day it could be read from: 48 hours later."""

from datetime import timedelta

from django.db import migrations


def fill(apps, schema_editor):
    tests = apps.get_model("intake", "PatchTest").objects.using(schema_editor.connection.alias)
    for test in tests.filter(read_from__isnull=True).only("placed_at"):
        tests.filter(pk=test.pk).update(read_from=test.placed_at + timedelta(hours=48))


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_screening_kept")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
