"""The guards as a whole: they stand after every migration, and one that does not is told and closes booking."""

import importlib
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate

from planning.closing import BookingClosed
from planning.models import Appointment
from smpclinic import actors
from smpclinic.database import guards
from smpclinic.database.guards import postgresql, sqlite
from smpclinic.database.guards.rules import EXCLUSIONS, RULES
from smpclinic.environment import BASE_DIR
from tests import make, sql
from tests.proofs import crowd, race
from tests.smpclinic import guarded

ALTERING = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("{app}", "{last}")]
    operations = [
        migrations.AlterField("appointment", "note", models.CharField(max_length=500, blank=True)),
        migrations.AddField("appointment", "colour", models.CharField(max_length=9, default="none")),
        migrations.AddConstraint("appointment", models.CheckConstraint(
            condition=~models.Q(colour=""), name="appointment_has_a_colour")),
        {more}
    ]
"""


def test_every_rule_is_tried_by_a_test():
    for name in ("bookings", "merges", "outcomes", "plans", "records", "stock", "trail"):
        importlib.import_module(f"tests.smpclinic.test_guards_{name}")
    importlib.import_module("tests.intake.test_rules")
    assert {rule.name for rule in (*RULES, *EXCLUSIONS)} == guarded.COVERED


@pytest.mark.django_db
def test_the_guards_stand_as_written_after_the_first_migration():
    assert guards.problems() == []


@pytest.mark.parametrize("dialect", [sqlite, postgresql])
def test_each_rule_becomes_a_guard_on_both_databases(dialect):
    standing = " ".join(dialect.expected(RULES, EXCLUSIONS))
    only_elsewhere = {rule.name for rule in RULES if rule.only} if dialect is postgresql else set()
    assert [
        rule.name for rule in RULES if f"guard_{rule.name}" not in standing and rule.name not in only_elsewhere
    ] == []


def drop_one() -> str:
    """Take one guard down as a careless migration would; returns its name."""
    if connection.vendor == "sqlite":
        sql.run("DROP TRIGGER guard_overlap_room_insert")
        return "guard_overlap_room_insert"
    sql.run("ALTER TABLE planning_appointment DROP CONSTRAINT guard_overlap_room")
    return "guard_overlap_room"


@pytest.mark.django_db
def test_a_missing_guard_is_told():
    name = drop_one()
    assert guards.problems() == [f"guard {name} is missing"]
    guards.create()
    assert guards.problems() == []


@pytest.mark.django_db
def test_a_missing_guard_closes_booking_in_words_until_it_stands_again():
    clinic = crowd.Clinic.build(patients=1)
    by = actors.staff(clinic.manager)
    name = drop_one()
    with pytest.raises(BookingClosed) as refusal:
        race.a_booking(clinic, by=by)
    assert str(refusal.value) == (f"Booking is closed: guard {name} is missing. Ask whoever looks after the computer.")
    connection.check_constraints()  # PostgreSQL alters no table while checks of it are pending
    guards.create()
    assert race.a_booking(clinic, by=by).state == "booked"


@pytest.mark.django_db
def test_a_guard_of_another_release_is_told_and_goes_with_the_next_migration():
    table = "smpclinic_location"
    if connection.vendor == "sqlite":
        sql.run(f"CREATE TRIGGER guard_old BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'old rule'); END")
    else:
        sql.run("CREATE FUNCTION guard_old() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        sql.run(f"CREATE TRIGGER guard_old BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION guard_old()")
    assert "guard guard_old is not of this release" in guards.problems()
    guards.after_migrating()
    assert guards.problems() == []


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_guard_that_was_changed_is_told_on_sqlite():
    sql.run("DROP TRIGGER guard_appointment_kept_delete")
    sql.run("CREATE TRIGGER guard_appointment_kept_delete BEFORE DELETE ON planning_appointment BEGIN SELECT 1; END")
    assert guards.problems() == ["guard guard_appointment_kept_delete was changed"]


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "ALTER TABLE planning_appointment DISABLE TRIGGER guard_appointment_kept",
            "guard_appointment_kept is missing",
        ),
        (
            "CREATE OR REPLACE FUNCTION guard_appointment_kept() RETURNS trigger"
            " LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
            "guard_appointment_kept() was changed",
        ),
        (
            "DROP TRIGGER guard_appointment_kept ON planning_appointment; CREATE TRIGGER guard_appointment_kept"
            " AFTER DELETE ON planning_appointment FOR EACH ROW EXECUTE FUNCTION guard_appointment_kept()",
            "guard_appointment_kept was changed",
        ),
        ("DROP TRIGGER guard_whole_intake_patient ON intake_patient", "guard_whole_intake_patient is missing"),
    ],
)
def test_a_guard_that_was_weakened_is_told_on_postgresql(statement, told):
    sql.run(statement)
    assert guards.problems() == [f"guard {told}"]


@pytest.fixture
def altering(tmp_path, monkeypatch, settings):
    """Give planning one more migration, which alters the guarded table and then does ``more``."""

    def add(more: str = "") -> None:
        package = tmp_path / f"altered_{tmp_path.name}"
        shutil.copytree(BASE_DIR / "planning" / "migrations", package, ignore=shutil.ignore_patterns("__pycache__"))
        last = sorted(path.stem for path in package.glob("0*.py"))[-1]
        (package / "9999_altering.py").write_text(ALTERING.format(app="planning", last=last, more=more))
        settings.MIGRATION_MODULES = {"planning": package.name}

    monkeypatch.syspath_prepend(tmp_path)
    return add


@pytest.mark.django_db(transaction=True)
def test_the_guards_survive_a_migration_that_rebuilds_their_table(altering):
    standing = make.make_appointment(kind="consultation")
    altering()
    call_command("migrate", verbosity=0, interactive=False)
    assert "colour" in sql.values_of(Appointment.objects.get())
    assert guards.problems() == []
    with sql.refused("overlap_"):
        sql.insert_like(standing, patient_id=make.make_patient().pk)


@pytest.mark.django_db(transaction=True)
def test_a_failed_migration_leaves_the_missing_guards_told(altering):
    altering(more='migrations.RunSQL("SELECT * FROM no_such_table"),')
    with pytest.raises(Exception, match="no_such_table"):
        call_command("migrate", verbosity=0, interactive=False)
    assert len(guards.problems()) > len(RULES)


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
def test_without_the_guards_care_a_migration_would_drop_them_silently(altering, monkeypatch):
    """The reason for all this: were it no longer so, the care could go."""
    altering()
    monkeypatch.setattr(pre_migrate, "receivers", [])
    monkeypatch.setattr(post_migrate, "receivers", [])
    sql.run("DROP TRIGGER guard_planned_session_dropped_free_update")  # reads the table: it would stop the rebuilding
    sql.run("DROP TRIGGER guard_plan_sessions_fit_version_update")
    sql.run("DROP TRIGGER guard_patient_merged_empty_update")
    for name in ("lot_not_mixed_insert", "lot_not_used_insert", "mix_not_taken_insert", "mix_not_taken_later_update"):
        sql.run(f"DROP TRIGGER guard_recalled_{name}")
    call_command("migrate", verbosity=0, interactive=False)
    assert "guard guard_overlap_room_insert is missing" in guards.problems()


@pytest.mark.django_db(transaction=True)
def test_migrating_again_changes_nothing():
    call_command("migrate", verbosity=0, interactive=False)
    assert guards.problems() == []


def test_the_migrations_of_all_four_rooms_are_where_the_guards_expect_them():
    assert {Path(rule.table).name.split("_")[0] for rule in RULES} == {"smpclinic", "intake", "planning", "treatment"}
