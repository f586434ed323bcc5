from django.db import migrations


def sort_by_bytes(apps, schema_editor):
    """A search reads the range from a beginning up to the highest sign there is, on both databases alike.

    SQLite compares bytes. PostgreSQL compares as its locale says, and the usual ones of Linux do not count the highest
    sign at all: then a range holds next to nothing.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE intake_searchterm ALTER COLUMN term TYPE varchar(80) COLLATE "C"')


def sort_by_locale(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE intake_searchterm ALTER COLUMN term TYPE varchar(80) COLLATE "default"')


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_pages_answered"),
    ]

    operations = [migrations.RunPython(sort_by_bytes, sort_by_locale)]
