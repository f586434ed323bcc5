"""``/healthz``: whether the clinic can work, for run.py, for a monitor, and for the person who is called.

A check is a function without arguments that returns what is wrong, in words fit for strangers:
the address needs no sign-in.
"""

import functools
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.utils import timezone

from smpclinic import storage
from smpclinic.database import guards
from smpclinic.models import Outbox, WorkerBeat

WORKER_SILENT_AFTER = timedelta(minutes=2)

_checks = {}


def check(name: str):
    """Register a check under ``name``; anything it returns turns ``/healthz`` to 503."""

    def register(function):
        _checks[name] = function
        return function

    return register


@login_not_required
def healthz(request):
    """200 where every check is well, else 503 with the reasons."""
    found = problems()
    reasons = [f"{name}: {reason}" for name, list_of_reasons in found.items() for reason in list_of_reasons]
    body = {
        "status": "unwell" if reasons else "well",
        "reasons": reasons,
        "checks": {name: "unwell" if list_of_reasons else "well" for name, list_of_reasons in found.items()},
    }
    if not found["database"]:
        body["worker"] = worker_state()
    return JsonResponse(body, status=503 if reasons else 200)


def problems() -> dict[str, list[str]]:
    """What each check found, by its name. Without a database the checks that ask it are not run."""
    found = {"database": database_problems()}
    for name, function in _checks.items():
        if not found["database"]:
            found[name] = _asked(function)
    if found["database"]:
        found["storage"] = storage.problems()
    return found


def _asked(function) -> list[str]:
    try:
        return function()
    except DatabaseError as error:
        return [f"could not be checked ({type(error).__name__})"]


def database_problems() -> list[str]:
    """Whether the database answers at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return [f"the database does not answer ({type(error).__name__})"]
    return []


@check("migrations")
def migration_problems() -> list[str]:
    """Whether the tables are those this version of the program expects."""
    missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    return [f"{len(missing)} migrations have not been applied"] if missing else []


@functools.cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


@check("guards")
def guard_problems() -> list[str]:
    """Whether the database itself still refuses double bookings and changes to signed records."""
    return guards.problems()


@check("storage")
def storage_problems() -> list[str]:
    """Whether photos and documents can be kept."""
    return storage.problems()


def worker_state() -> dict[str, object]:
    """When a worker was last seen and how much work was given up. For information: the clinic runs without."""
    try:
        seen_at = WorkerBeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
        given_up = Outbox.objects.given_up().count()
    except DatabaseError:
        return {"is_running": False, "seen_at": None, "given_up": None}
    is_running = seen_at is not None and seen_at > timezone.now() - WORKER_SILENT_AFTER
    return {"is_running": is_running, "seen_at": seen_at, "given_up": given_up}
