"""Merged records, past the program in SQL: nothing changes its patient but by a merge, and no merge is undone."""

from datetime import timedelta

import pytest

from intake.models import Intake, IssuedDocument, KeptFindings, PatientAlert
from tests import make, sql
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db


@pytest.fixture
def winner():
    return make.make_patient()


@pytest.fixture
def loser():
    return make.make_patient()


@covers("patient_merged_by_merge")
def test_a_record_is_merged_by_a_merge_alone_and_stays_merged(winner, loser):
    with sql.refused("by a merge alone"):
        sql.update(loser, merged_into_id=winner.pk)
    make.make_merge(winner, loser)
    with sql.refused("by a merge alone"):
        sql.update(loser, merged_into_id=None)
    third = make.make_patient()
    with sql.refused("by a merge alone"):
        sql.update(loser, merged_into_id=third.pk)
    make.make_merge(third, winner)
    assert sql.update(loser, merged_into_id=third.pk) == 1


@covers("patient_merged_empty")
def test_a_merged_record_keeps_no_active_appointment(winner, loser):
    visit = make.make_appointment(kind="consultation", patient=loser)
    sql.insert("intake_patientmerge", merge_row(winner, loser))
    with sql.refused("keeps no appointment"):
        sql.update(loser, merged_into_id=winner.pk)
    sql.update(visit, active=False, state="cancelled", cancel_reason="twice")
    assert sql.update(loser, merged_into_id=winner.pk) == 1


def merge_row(winner, loser):
    import uuid

    return {
        "public_id": uuid.uuid4().hex, "winner_id": winner.pk, "loser_id": loser.pk, "at": make.MONDAY,
        "moved": "{}", "taken": "[]",
    }  # fmt: skip


@covers("merge_of_current")
def test_a_record_that_was_merged_is_not_merged_again(winner, loser):
    make.make_merge(winner, loser)
    third = make.make_patient()
    with sql.refused("not merged again"):
        sql.insert("intake_patientmerge", merge_row(loser, third))
    assert sql.insert("intake_patientmerge", merge_row(winner, third)) == 1


@covers("merge_kept")
def test_a_merge_is_never_undone(winner, loser):
    merge = make.make_merge(winner, loser)
    with sql.refused("never undone"):
        sql.delete(merge)
    with sql.refused("never undone"):
        sql.update(merge, winner_id=make.make_patient().pk)


@covers("alert_kept")
def test_an_alert_is_ended_never_deleted(winner):
    alert = PatientAlert.objects.create(patient=winner, words="Faints easily")
    with sql.refused("never deleted"):
        sql.delete(alert)
    assert sql.update(alert, ended_at=make.MONDAY) == 1


@covers("appointment_of_merged")
def test_nothing_active_is_placed_for_a_merged_record(winner, loser):
    make.make_merge(winner, loser)
    visit = make.make_appointment(kind="consultation", patient=winner)
    with sql.refused("merged into another"):
        sql.update(visit, patient_id=loser.pk)
    with sql.refused("merged into another"):
        sql.insert_like(visit, patient_id=loser.pk, **make.appointment_times(make.MONDAY + timedelta(days=3), 60))


@covers(
    "plan_patient_kept", "consent_patient_kept", "document_patient_kept", "intake_patient_kept", "findings_patient_kept"
)
def test_what_was_agreed_signed_or_issued_changes_its_patient_by_a_merge_alone(winner, loser):
    document = IssuedDocument.objects.create(
        patient=loser, kind="plan", title="Plan", file="x", sha256="0" * 64, issued_at=make.MONDAY
    )
    rows = [
        make.make_plan(patient=loser), make.make_consent(patient=loser), document,
        Intake.objects.create(patient=loser),
        KeptFindings.objects.create(
            patient=loser, occasion="plan_approved", at=make.MONDAY, actor_kind="staff", actor_label="Staff"
        ),
    ]  # fmt: skip
    for row in rows:
        with sql.refused("only a merge gives a row another patient"):
            sql.update(row, patient_id=winner.pk)
    make.make_merge(winner, loser)
    for row in rows:
        assert sql.update(row, patient_id=winner.pk) == 1
