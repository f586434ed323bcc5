from django.db import migrations

from intake.naming import search_terms

LONGEST_TERM = 80


def find_inside(apps, schema_editor):
    """Store the terms anew: endings of names and phones, words written as one, umlauts spelled out."""
    term_model = apps.get_model("intake", "SearchTerm")
    alias = schema_editor.connection.alias
    patients = apps.get_model("intake", "Patient").objects.using(alias)
    for patient in patients.filter(merged_into=None).iterator():
        wanted = search_terms(
            names=[patient.full_name, patient.preferred_name],
            phones=[patient.phone, patient.second_phone],
            born_on=patient.born_on,
            numbers=[patient.record_number],
        )
        rows = [term_model(patient=patient, term=term) for term in sorted({term[:LONGEST_TERM] for term in wanted})]
        term_model.objects.using(alias).bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_patient_merges_and_alerts"),
    ]

    operations = [migrations.RunPython(find_inside, migrations.RunPython.noop)]
