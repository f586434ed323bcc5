"""What was agreed, answered, issued or logged stays as it was, whoever writes to the database."""

import pytest
from django.utils import timezone

from intake.models import HairLossCause, HealthAnswer, Medication
from smpclinic import audit
from smpclinic.actors import SYSTEM
from smpclinic.models import AccessEntry, AuditValue, Installation, Text
from tests import make, sql
from tests.smpclinic.guarded import covers
from tests.smpclinic.test_guards_records import SIGNED, make_answers, make_document

pytestmark = pytest.mark.django_db


@covers("consent_frozen", "consent_kept", "consent_withdrawal_kept")
def test_a_consent_is_withdrawn_once_and_nothing_else():
    consent = make.make_consent()
    for column, value in {
        "granted": False, "kind": "messages", "exact_text": "I do not.", "text_sha256": "1" * 64, "signed_name": "X",
        "at": timezone.now(), "signature_strokes": "[]", "signature_png": b"x", "actor_label": "Y",
        "witness_id": make.make_user().pk,
    }.items():  # fmt: skip
        with sql.refused("what was signed is never changed"):
            sql.update(consent, **{column: value})
    assert sql.update(consent, withdrawn_at=timezone.now(), withdrawn_note="by phone") == 1
    with sql.refused("never revived"):
        sql.update(consent, withdrawn_at=None)
    with sql.refused("withdrawn, never deleted"):
        sql.delete(consent)


@covers("document_frozen", "document_kept")
def test_an_issued_paper_stays():
    document = make_document(make.make_patient())
    other_patient = make.make_patient()
    for column, value in {
        "kind": "plan",
        "title": "Plan",
        "file": "other",
        "sha256": "1" * 64,
        "text_versions": "[1]",
    }.items():
        with sql.refused("an issued paper is never changed"):
            sql.update(document, **{column: value})
    with sql.refused("an issued paper is kept"):
        sql.delete(document)
    with sql.refused("only a merge gives a row another patient"):
        sql.update(document, patient_id=other_patient.pk)


@covers("answers_frozen", "cause_frozen", "medication_frozen", "health_answer_frozen")
def test_answers_are_only_ever_added():
    answers = make_answers()
    rows = {
        answers: {"wishes": "more"},
        HairLossCause.objects.create(answers=answers, cause="scar"): {"cause": "other"},
        Medication.objects.create(answers=answers, name="aspirin"): {"name": "none"},
        HealthAnswer.objects.create(answers=answers, question="keloid", answer="yes"): {"answer": "no"},
    }
    for row, change in rows.items():
        with sql.refused("answers are never changed"):
            sql.update(row, **change)
        with sql.refused("answers are never changed"):
            sql.delete(row)
    assert sql.insert_like(answers, number=2) == 1


@covers("patient_kept")
def test_a_patient_is_never_deleted():
    patient = make.make_patient()
    assert sql.update(patient, full_name="Married") == 1
    sql.run("DELETE FROM intake_searchterm WHERE patient_id = %s", patient.pk)
    with sql.refused("a patient is never deleted"):
        sql.delete(patient)


@covers("text_frozen")
def test_an_approved_text_stays():
    text = Text.objects.create(key="care", title="Care", body="Wash after 4 days.")
    assert sql.update(text, body="Wash after 5 days.", approved_at=timezone.now()) == 1
    for attempt in (lambda: sql.update(text, body="Wash at once."), lambda: sql.delete(text)):
        with sql.refused("an approved text is never changed"):
            attempt()
    assert sql.delete(Text.objects.create(key="care", version=2, title="Care", body="A draft.")) == 1


# The trail


@covers("audit_kept", "access_kept", "installation_kept", "audit_value_kept", "audit_value_frozen")
def test_the_trail_is_only_ever_added_to():
    patient = make.make_patient()
    entry = audit.record(by=SYSTEM, verb="changed", subject=patient, patient=patient, changed={"phone": ("1", "2")})
    access = AccessEntry(
        at=timezone.now(), patient_id=patient.public_id, what="page", actor_kind="staff", actor_label="A"
    )
    access.save()
    for row, change in ((entry, {"verb": "saw"}), (access, {"what": "photo"})):
        with sql.refused("the trail is never changed"):
            sql.update(row, **change)
        with sql.refused("the trail is never changed"):
            sql.delete(row)
    installation = Installation.objects.get()
    for attempt in (lambda: sql.update(installation, mode="demo"), lambda: sql.delete(installation)):
        with sql.refused("demo and clinic never change places"):
            attempt()
    value = AuditValue.objects.get()
    for change in (
        {"after": "3"},
        {"before": "", "after": ""},
        {"erased_at": timezone.now()},
        {"erased_at": timezone.now(), "before": ""},
    ):
        with sql.refused("the trail is never changed"):
            sql.update(value, **change)
    with sql.refused("the trail is never changed"):
        sql.delete(value)
    assert sql.update(value, before="", after="", erased_at=timezone.now()) == 1
    with sql.refused("the trail is never changed"):
        sql.update(value, before="9", after="", erased_at=timezone.now())


@covers("sealed_frozen", "sealed_kept")
def test_sealed_content_is_erased_once_and_never_rewritten():
    row = make.make_session(signed=True).sealed
    now = timezone.now()
    for change in (
        {"content": ""}, {"content": "{}", "erased_at": now}, {"erased_at": now},
        {"mac": "0", "content": "", "erased_at": now},
        {"prev": "0", "content": "", "erased_at": now}, {"content_hash": "0", "content": "", "erased_at": now},
        {"sealed_at": now, "content": "", "erased_at": now}, {"kind": "x", "content": "", "erased_at": now},
    ):  # fmt: skip
        with sql.refused(SIGNED):
            sql.update(row, **change)
    with sql.refused(SIGNED):
        sql.delete(row)
    assert sql.update(row, content="", erased_at=now) == 1
    with sql.refused(SIGNED):
        sql.update(row, content="", erased_at=timezone.now())


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["smpclinic_auditentry", "planning_appointment", "intake_patient"])
def test_no_table_of_records_is_emptied_in_one_statement(table):
    with sql.refused("never emptied"):
        sql.run(f"TRUNCATE {table} CASCADE")
