"""/healthz: well, or the reason in words."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone

from smpclinic import health
from smpclinic.models import WorkerBeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "files"


def asked():
    response = health.healthz(RequestFactory().get("/healthz"))
    return response.status_code, json.loads(response.content)


def test_a_well_clinic_answers_200():
    status, body = asked()
    assert body["reasons"] == []
    assert status == 200
    assert body["checks"] == {
        "database": "well",
        "migrations": "well",
        "guards": "well",
        "storage": "well",
        "bookings": "well",
    }


def test_a_missing_guard_answers_503_with_the_reason(monkeypatch):
    monkeypatch.setattr(health.guards, "problems", lambda: ["guard room_free is missing"])
    status, body = asked()
    assert (status, body["reasons"]) == (503, ["guards: guard room_free is missing"])
    assert body["checks"]["guards"] == "unwell"


def test_a_missing_migration_answers_503(monkeypatch):
    known = health._migrations_on_disk()
    monkeypatch.setattr(health, "_migrations_on_disk", lambda: known | {("smpclinic", "9999_future")})
    status, body = asked()
    assert (status, body["reasons"]) == (503, ["migrations: 1 migrations have not been applied"])


def test_a_folder_that_others_can_read_answers_503(settings):
    health.storage.problems()
    settings.PRIVATE_ROOT.chmod(0o755)
    assert asked()[0] == 503


def test_a_database_that_does_not_answer_is_named_and_nothing_else_is_asked_of_it(monkeypatch):
    def gone(*arguments):
        raise DatabaseError("could not connect to 10.1.2.3 as clinic")

    monkeypatch.setattr(connection, "cursor", gone)
    status, body = asked()
    assert (status, body["reasons"]) == (503, ["database: the database does not answer (DatabaseError)"])
    assert set(body["checks"]) == {"database", "storage"}
    assert "worker" not in body


def test_a_check_that_fails_to_run_is_a_reason(monkeypatch):
    def broken():
        raise DatabaseError("no such table: people")

    monkeypatch.setattr(health.guards, "problems", broken)
    assert asked()[1]["reasons"] == ["guards: could not be checked (DatabaseError)"]


@pytest.mark.parametrize(("seconds", "is_running"), [(10, True), (119, True), (121, False)])
def test_the_worker_is_told_for_information(seconds, is_running):
    seen_at = timezone.now() - timedelta(seconds=seconds)
    WorkerBeat.objects.create(worker="here:1", started_at=seen_at, seen_at=seen_at)
    status, body = asked()
    assert status == 200
    assert body["worker"]["is_running"] is is_running


def test_without_a_worker_the_clinic_is_still_well():
    status, body = asked()
    assert (status, body["worker"]["is_running"], body["worker"]["seen_at"]) == (200, False, None)


def test_the_address_needs_no_sign_in():
    assert health.healthz.login_required is False
