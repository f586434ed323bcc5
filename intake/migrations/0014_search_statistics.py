from django.db import migrations


def count_beginnings_finely(apps, schema_editor):
    """PostgreSQL guesses how many terms begin so from a sample of a hundred; a common first name then looks rare.

    With the wrong guess it reads all of the common word instead of looking up the few patients of the rare one.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE intake_searchterm ALTER COLUMN term SET STATISTICS 1000")


def count_as_usual(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE intake_searchterm ALTER COLUMN term SET STATISTICS -1")


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0013_how_colour_is_known"),
    ]

    operations = [migrations.RunPython(count_beginnings_finely, count_as_usual)]
