"""The trail: who did what, who read what; rows are only ever added."""

import json

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.utils import timezone

from smpclinic import access_backlog, audit
from smpclinic.actors import SYSTEM, staff
from smpclinic.models import AccessEntry, AuditEntry, AuditValue
from tests import make

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_whom():
    user, patient = make.make_user(display_name="Ada"), make.make_patient()
    entry = audit.record(by=staff(user), verb="changed", subject=patient, patient=patient, rows=2)
    entry = AuditEntry.objects.get(pk=entry.pk)
    assert (entry.actor_kind, entry.actor_user, entry.actor_label, entry.verb) == ("staff", user, "Ada", "changed")
    assert (entry.subject_type, entry.subject_id) == ("intake.Patient", str(patient.public_id))
    assert (entry.patient_id, entry.details, entry.fields) == (patient.public_id, {"rows": 2}, [])


def test_personal_values_lie_beside_the_entry_and_never_in_it():
    patient = make.make_patient()
    changed = {"phone": ("+44 20 7946 0001", "+44 20 7946 0002"), "email": (None, "ada@example.org")}
    entry = audit.record(by=SYSTEM, verb="changed", subject=patient, patient=patient, changed=changed)
    assert entry.fields == ["email", "phone"]
    assert "7946" not in json.dumps([entry.fields, entry.details, entry.subject_id])
    values = AuditValue.objects.filter(entry=entry).order_by("field").values_list("field", "before", "after")
    assert list(values) == [("email", "", "ada@example.org"), ("phone", "+44 20 7946 0001", "+44 20 7946 0002")]


def test_changes_are_the_fields_that_differ():
    assert audit.changes({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None, "d": 0}) == {"b": (2, 3), "d": (None, 0)}


@pytest.mark.parametrize("attempt", [
    lambda row: row.save(), lambda row: row.delete(), lambda row: type(row).objects.update(actor_label="X"),
    lambda row: type(row).objects.all().delete(), lambda row: type(row).objects.bulk_update([row], ["actor_label"]),
    lambda row: type(row).objects.update_or_create(pk=row.pk, defaults={"actor_label": "X"}),
])  # fmt: skip
def test_the_program_itself_cannot_change_the_trail(attempt):
    patient = make.make_patient()
    rows = [
        audit.record(by=SYSTEM, verb="changed", subject=patient),
        AccessEntry.objects.create(at=timezone.now(), patient_id=patient.public_id, what="page", actor_kind="staff"),
    ]
    for row in rows:
        with pytest.raises(TypeError, match="rows are never"):
            attempt(row)


@pytest.fixture
def request_by_ada(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    request.user = make.make_user(display_name="Ada")
    return request


@pytest.fixture
def backlog(tmp_path, settings):
    settings.DATA_ROOT = tmp_path
    return tmp_path / "access-backlog.jsonl"


def test_a_read_is_logged(request_by_ada):
    patient = make.make_patient()
    audit.note_read(request_by_ada, patient=patient, what="patient", subject_id="7")
    entry = AccessEntry.objects.get()
    assert (entry.actor_user, entry.actor_label, entry.what) == (request_by_ada.user, "Ada", "patient")
    assert (entry.patient_id, entry.subject_id, entry.address) == (patient.public_id, "7", "192.0.2.7")


@pytest.fixture
def full_disk(monkeypatch):
    def save(self, *args, **kwargs):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(AccessEntry, "save", save)
    return monkeypatch


def test_a_read_that_cannot_be_logged_is_kept_and_merged_later(request_by_ada, backlog, full_disk):
    patient = make.make_patient()
    for what in ("patient", "plan"):
        audit.note_read(request_by_ada, patient=patient, what=what)
    assert AccessEntry.objects.count() == 0
    assert backlog.stat().st_mode & 0o777 == 0o600
    full_disk.undo()
    assert access_backlog.merge() == 2
    found = AccessEntry.objects.order_by("id").values_list("what", "actor_user", "patient_id")
    assert list(found) == [(what, request_by_ada.user.pk, patient.public_id) for what in ("patient", "plan")]
    assert access_backlog.merge() == 0


def test_an_interrupted_merge_loses_no_read(request_by_ada, backlog, full_disk):
    patient = make.make_patient()
    audit.note_read(request_by_ada, patient=patient, what="patient")
    with pytest.raises(DatabaseError):
        access_backlog.merge()
    audit.note_read(request_by_ada, patient=patient, what="plan")
    full_disk.undo()
    access_backlog.merge()
    access_backlog.merge()
    assert set(AccessEntry.objects.values_list("what", flat=True)) == {"patient", "plan"}


def test_an_export_that_cannot_be_logged_is_refused(request_by_ada, backlog, full_disk):
    with pytest.raises(DatabaseError, match="full"):
        audit.note_read_or_refuse(request_by_ada, patient=make.make_patient(), what="photo")
    assert not backlog.exists()


def test_the_backlog_of_the_tests_is_not_the_clinics():
    assert "smpclinic-tests-" in str(django_settings.DATA_ROOT)


def test_a_line_cut_short_is_put_aside_and_the_reads_around_it_are_merged(request_by_ada, backlog, full_disk, caplog):
    patient = make.make_patient()
    audit.note_read(request_by_ada, patient=patient, what="patient")
    with backlog.open("a", encoding="utf-8") as file:
        file.write('{"actor_kind": "staff", "what": "pl')
    audit.note_read(request_by_ada, patient=patient, what="photo")
    full_disk.undo()
    assert access_backlog.merge() == 2
    assert set(AccessEntry.objects.values_list("what", flat=True)) == {"patient", "photo"}
    aside = backlog.with_suffix(".broken")
    assert aside.read_text(encoding="utf-8") == '{"actor_kind": "staff", "what": "pl\n'
    assert aside.stat().st_mode & 0o777 == 0o600
    assert "1 lines of the access log's backlog cannot be read" in caplog.text
    assert access_backlog.merge() == 0


@pytest.mark.parametrize(("proxies", "logged"), [(0, "192.0.2.7"), (1, "203.0.113.9"), (2, "198.51.100.1")])
def test_behind_proxies_of_our_own_the_readers_address_is_logged(request_by_ada, settings, proxies, logged):
    settings.TRUSTED_PROXY_COUNT = proxies
    request_by_ada.META["HTTP_X_FORWARDED_FOR"] = "198.51.100.1, 203.0.113.9"
    audit.note_read(request_by_ada, patient=make.make_patient(), what="patient")
    assert AccessEntry.objects.get().address == logged


def test_an_ipv6_address_is_logged_whole(request_by_ada):
    request_by_ada.META["REMOTE_ADDR"] = "2001:db8::17"
    audit.note_read(request_by_ada, patient=make.make_patient(), what="patient")
    assert AccessEntry.objects.get().address == "2001:db8::17"
