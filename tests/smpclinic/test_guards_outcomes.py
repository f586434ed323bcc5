"""How a treatment turned out stays as it was judged and reported, whoever writes to the database."""

import uuid
from datetime import date

import pytest
from django.utils import timezone

from sessions.models import AdverseEvent, AdverseEventStep, AppliedChange, OutcomeCheck
from tests import make, sql
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db

REPORTED, JUDGED = "what was reported stays", "a result stays as it was judged"


def make_event(**fields) -> AdverseEvent:
    told = {"kind": "infection", "severity": "mild", "noticed_on": date(2026, 11, 20), "words": "Pus"}
    who = {"reported_at": timezone.now(), "actor_kind": "staff", "actor_label": "A"}
    return AdverseEvent.objects.create(**{"patient": make.make_patient()} | told | who | fields)


@covers("event_kept", "event_frozen", "event_step_kept")
def test_what_was_reported_stays_and_may_only_be_closed():
    event = make_event()
    step = AdverseEventStep.objects.create(
        event=event, words="Washed", at=timezone.now(), actor_kind="staff", actor_label="A"
    )
    for change in ({"words": "Nothing"}, {"severity": "severe"}, {"noticed_on": date(2026, 11, 21)}):
        with sql.refused(REPORTED):
            sql.update(event, **change)
    with sql.refused(REPORTED):
        sql.delete(event)
    with sql.refused(REPORTED):
        sql.update(step, words="Nothing")
    with sql.refused(REPORTED):
        sql.delete(step)
    closed = {"closed_at": timezone.now(), "closed_by_id": make.make_practitioner().pk, "ended_as": "healed"}
    assert sql.update(event, **closed) == 1


@covers("event_patient_kept")
def test_an_event_goes_to_another_patient_by_a_merge_alone():
    event, other = make_event(), make.make_patient()
    with sql.refused("only a merge"):
        sql.update(event, patient_id=other.pk)
    make.make_merge(other, event.patient)
    assert sql.update(event, patient_id=other.pk) == 1


@covers("outcome_kept", "outcome_frozen")
def test_a_judged_result_stays_and_may_only_be_replaced():
    plan = make.make_plan()
    check = OutcomeCheck.objects.create(
        plan=plan, counted_from=date(2026, 1, 1), months=1, seen_on=date(2026, 2, 1), look_score=4, fading="none",
        colour="true", dots="crisp", noted_at=timezone.now(), noted_by=plan.practitioner,
    )  # fmt: skip
    with sql.refused(JUDGED):
        sql.update(check, look_score=5)
    with sql.refused(JUDGED):
        sql.delete(check)
    assert sql.update(check, is_replaced=True) == 1


@covers("applied_change_kept")
def test_a_change_that_a_tablet_sent_is_never_forgotten():
    session = make.make_session()
    change = AppliedChange.objects.create(
        change_id=uuid.uuid4(), session=session, device=uuid.uuid4(), sequence=1, target="session", field="note",
        applied_at=timezone.now(), by=session.practitioner,
    )  # fmt: skip
    with sql.refused("never forgotten"):
        sql.update(change, field="machine")
    with sql.refused("never forgotten"):
        sql.delete(change)
