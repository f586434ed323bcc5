"""The database guards stand after every single migration, and each one that is missing closes booking."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from planning.actions import booking
from planning.closing import BookingClosed
from smpclinic import actors
from smpclinic.database import guards
from tests import databases, sql
from tests.proofs import crowd
from tests.proofs.race import a_booking

SAMPLE = 6


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    migrations, fallen = _after_every_migration(sabotage=sabotage)
    clinic = crowd.Clinic.build(patients=2)
    names = sorted(_all_guards())
    tried = names if full else names[seed % 7 :: max(1, len(names) // SAMPLE)]
    open_without = [name for name in tried if not _closes_booking(name, clinic)]
    whole = not guards.problems() and _books(clinic)
    return {
        "broken": bool(fallen or open_without) or not whole or not tried,
        "migrations": migrations,
        "fallen_after": fallen,
        "guards": len(names),
        "taken_down_one_by_one": len(tried),
        "booking_open_without": open_without,
    }


def _after_every_migration(*, sabotage: bool) -> tuple[int, list[str]]:
    """Migrate an empty database one step at a time; how many steps, and after which a guard was missing."""
    fallen, before = [], connection.settings_dict["NAME"]
    steps = _steps()
    with databases.empty():
        for app, name in steps:
            call_command("migrate", app, name, verbosity=0, interactive=False)
            if guards.missing_tables():
                continue  # the rooms are still being built
            if sabotage:
                _drop(sorted(_all_guards())[0])
            if guards.problems():
                fallen.append(f"{app}.{name}")
    assert connection.settings_dict["NAME"] == before
    return len(steps), fallen


def _steps() -> list[tuple[str, str]]:
    """Every migration of our own packages, in the order a new database takes them; others come along."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    own = ("smpclinic", "intake", "planning", "treatment_sessions")
    return [(migration.app_label, migration.name) for migration, _ in plan if migration.app_label in own]


def _all_guards() -> set[str]:
    with connection.cursor() as cursor:
        return set(guards._dialect(connection).standing(cursor))


def _closes_booking(name: str, clinic) -> bool:
    """Whether booking refuses while one guard is down, and opens again when it stands."""
    _drop(name)
    try:
        return not _books(clinic)
    finally:
        guards.create()


def _drop(name: str) -> None:
    if connection.vendor == "sqlite":
        sql.run(f"DROP TRIGGER {name}")
        return
    with connection.cursor() as cursor:
        for statement in guards.postgresql.drop_statements([name]):
            cursor.execute(statement)
        cursor.execute(
            "SELECT format('DROP TRIGGER %%I ON %%s', tgname, tgrelid::regclass) FROM pg_trigger WHERE tgname = %s",
            [name],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _books(clinic) -> bool:
    """Whether a visit can be booked (and takes it back)."""
    try:
        appointment = a_booking(clinic, by=actors.staff(clinic.manager))
    except BookingClosed:
        return False
    booking.cancel_appointment(appointment=appointment, reason="only tried", by=actors.staff(clinic.manager))
    return True
