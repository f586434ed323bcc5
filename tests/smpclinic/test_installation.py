"""Demo and clinic are two worlds: the first migration decides, for good."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError

from smpclinic.database import installation
from smpclinic.models import Installation
from tests import databases

pytestmark = pytest.mark.django_db


def test_the_first_migration_writes_the_mode():
    assert installation.mode() == "clinic"
    assert Installation.objects.get().pk == 1


def test_there_is_one_row():
    with pytest.raises(IntegrityError, match="installation_is_one"):
        Installation(pk=2, mode="clinic").save()


@pytest.mark.django_db(transaction=True)
def test_the_other_mode_cannot_migrate_it(settings):
    settings.MODE = "demo"
    with pytest.raises(ImproperlyConfigured) as error:
        call_command("migrate", verbosity=0, interactive=False)
    assert str(error.value) == (
        "SMPCLINIC_MODE=demo, but this database belongs to a clinic. "
        "Choose the other mode, or another folder or database."
    )


@pytest.mark.django_db(transaction=True)
def test_a_new_database_of_the_demo_is_the_demos(settings):
    settings.MODE = "demo"
    with databases.fresh_copy():
        assert installation.mode() == "demo"
    assert installation.mode() == "clinic"


def test_the_guards_stand_in_the_demo_too(settings):
    """Otherwise the demo would show what the clinic refuses."""
    from smpclinic.database import guards

    settings.MODE = "demo"
    assert guards.problems() == []
