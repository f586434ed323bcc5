"""Moving to PostgreSQL says in words why it cannot begin (what arrives is the proof ``move``)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from smpclinic.database import moving
from tests import make


def refusal(url):
    with pytest.raises(CommandError) as refused:
        call_command("move_database", url)
    assert list(connections) == ["default"]
    return str(refused.value)


@pytest.mark.django_db
def test_the_new_place_must_be_postgresql(database):
    said = refusal("sqlite:////tmp/other.sqlite3")
    assert ("already" if database == "postgres" else "postgres://user:password@host:5432/name") in said
    assert said.endswith("Nothing was changed here.")


def test_a_server_that_is_not_there_is_named(database, django_db_blocker):
    with django_db_blocker.unblock():
        said = refusal("postgres://clinic@127.0.0.1:9/clinic")
    assert ("already" if database == "postgres" else "cannot be reached") in said


@pytest.mark.django_db
def test_one_changed_letter_changes_the_hash_of_its_table():
    from intake.models import Patient

    patient = make.make_patient(full_name="Zoë")
    before = moving.digest(Patient, "default")
    Patient.objects.filter(pk=patient.pk).update(notes="Zoe")
    assert moving.digest(Patient, "default") != before
    assert before[0] == 1
