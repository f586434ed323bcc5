"""A plan says what was approved: its versions, zones, sessions and their number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from planning.models import Payment, PlannedSession, PlanZone
from tests import make, sql
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db

APPROVED = "an approved plan is never changed"


@covers("version_session_count")
@pytest.mark.parametrize(("is_touch_up", "count", "fits"), [
    (False, 0, False), (False, 1, False), (False, 2, True), (False, 3, True), (False, 4, False),
    (True, 0, False), (True, 1, True), (True, 2, False), (True, 3, False),
])  # fmt: skip
def test_a_plan_has_two_or_three_sessions_and_a_touch_up_one(is_touch_up, count, fits):
    parent = make.make_plan() if is_touch_up else None
    version = make.make_plan(parent=parent, approved=False).newest_version()
    if fits:
        assert sql.update(version, session_count=count) == 1
        assert sql.insert_like(version, number=2) == 1
        return
    for attempt in (
        lambda: sql.update(version, session_count=count),
        lambda: sql.insert_like(version, number=2, session_count=count),
    ):
        with sql.refused("two or three sessions|session_count"):
            attempt()


@covers("version_frozen")
def test_an_approved_version_stays():
    plan = make.make_plan(approved=False)
    version = plan.newest_version()
    assert sql.update(version, note="wish: soft") == 1
    make.approve(plan)
    for column, value in {
        "note": "hard",
        "approved_at": None,
        "session_count": 2,
        "plan_id": make.make_plan().pk,
    }.items():
        with sql.refused(APPROVED):
            sql.update(version, **{column: value})
    with sql.refused(APPROVED):
        sql.delete(version)
    draft = make.draft_version(plan, number=2, zones=())
    assert sql.delete(draft) == 1


@covers("zone_frozen_ins", "zone_frozen_upd", "zone_frozen_del")
def test_the_zones_of_an_approved_version_stay():
    plan = make.make_plan(approved=False)
    zone, other = plan.newest_version().zones.get(), make.draft_version(make.make_plan(), number=2).zones.get()
    assert sql.insert_like(zone, zone="crown") == 1
    assert sql.update(zone, area_cm2="70.0") == 1
    assert sql.run("DELETE FROM planning_planzone WHERE zone = 'crown'") == 1
    make.approve(plan)
    for attempt in (
        lambda: sql.insert_like(zone, zone="crown"),
        lambda: sql.update(zone, area_cm2="80.0"),
        lambda: sql.update(zone, version_id=other.version_id),
        lambda: sql.update(other, version_id=zone.version_id, zone="nape"),
        lambda: sql.delete(zone),
    ):
        with sql.refused(APPROVED):
            attempt()
    assert PlanZone.objects.get(pk=zone.pk).area_cm2 == 70


@covers("plan_kind_kept")
def test_a_plan_keeps_its_kind_and_parent():
    plan, other = make.make_plan(), make.make_plan()
    touch_up = make.make_plan(parent=plan)
    for record, change in (
        (plan, {"kind": "touch_up", "parent_plan_id": other.pk}),
        (touch_up, {"parent_plan_id": other.pk}),
        (touch_up, {"kind": "plan", "parent_plan_id": None}),
    ):
        with sql.refused("a plan keeps its kind"):
            sql.update(record, **change)
    assert sql.update(plan, state="agreed") == 1


@covers("plan_current_version", "plan_version_kept")
def test_the_current_version_is_an_approved_one_of_the_plan():
    plan = make.make_plan()
    draft, foreign = make.draft_version(plan, number=2), make.make_plan().current_version
    for version in (draft, foreign):
        with sql.refused("the current version is an approved one"):
            sql.update(plan, current_version_id=version.pk)
    with sql.refused("never a draft again"):
        sql.update(plan, current_version_id=None, state="draft")
    sql.update(draft, approved_at=timezone.now(), approved_by_id=plan.practitioner_id)
    assert sql.update(plan, current_version_id=draft.pk) == 1
    assert sql.update(make.make_plan(approved=False), current_version_id=None, state="draft") == 1


@covers("plan_sessions_fit_version")
def test_a_shorter_version_drops_its_last_session_first():
    plan = make.make_plan(sessions=3)
    shorter = make.draft_version(plan, sessions=2, number=2)
    sql.update(shorter, approved_at=timezone.now(), approved_by_id=plan.practitioner_id)
    with sql.refused("more sessions than its version"):
        sql.update(plan, current_version_id=shorter.pk)
    assert sql.update(plan.planned_sessions.get(number=3), is_dropped=True) == 1
    assert sql.update(plan, current_version_id=shorter.pk) == 1


@covers("planned_session_number", "planned_session_same", "planned_session_kept")
def test_a_planned_session_has_its_number_within_the_plan():
    plan = make.make_plan(sessions=2)
    second = plan.planned_sessions.get(number=2)
    with sql.refused("fewer sessions"):
        sql.insert_like(second, number=3)
    assert sql.insert_like(second, number=3, is_dropped=True) == 1
    third = plan.planned_sessions.get(number=3)
    with sql.refused("fewer sessions"):
        sql.update(third, is_dropped=False)
    for column, value in {"number": 1, "plan_id": make.make_plan().pk}.items():
        with sql.refused("keeps its plan and number|fewer sessions"):
            sql.update(second, **{column: value})
    with sql.refused("dropped, never deleted"):
        sql.delete(second)
    with sql.refused("fewer sessions"):
        PlannedSession.objects.create(plan=make.make_plan(approved=False), number=1)


@covers("planned_session_dropped_free", "appointment_session_dropped")
def test_a_session_is_dropped_or_booked_not_both():
    plan = make.make_plan(sessions=3)
    third = plan.planned_sessions.get(number=3)
    appointment = make.make_appointment(planned_session=third)
    with sql.refused("this session has an appointment"):
        sql.update(third, is_dropped=True)
    sql.update(appointment, active=False, state="cancelled", cancel_reason="shorter plan")
    assert sql.update(third, is_dropped=True) == 1
    with sql.refused("no longer part of the plan"):
        sql.update(appointment, active=True, state="booked")
    with sql.refused("no longer part of the plan"):
        sql.insert_like(appointment, active=True, state="booked", cancel_reason="")


@covers("appointment_of_its_plan")
def test_an_appointment_and_its_plan_are_one_patients_and_of_one_kind():
    plan, other = make.make_plan(), make.make_plan()
    touch_up = make.make_plan(parent=plan).planned_sessions.get()
    appointment = make.make_appointment(planned_session=plan.planned_sessions.get(number=1))
    for change in (
        {"patient_id": other.patient_id},
        {"planned_session_id": other.planned_sessions.get(number=1).pk},
        {"kind": "touch_up"},
        {"planned_session_id": touch_up.pk},
    ):
        with sql.refused("name different patients or kinds"):
            sql.update(appointment, **change)
        with sql.refused("name different patients or kinds|overlap_"):
            sql.insert_like(appointment, **make.appointment_times(make.MONDAY + timedelta(days=30), 60) | change)
    assert sql.update(appointment, planned_session_id=plan.planned_sessions.get(number=2).pk) == 1
    assert sql.update(appointment, planned_session_id=touch_up.pk, kind="touch_up") == 1


def test_one_planned_session_has_one_visit_ahead():
    appointment = make.make_appointment()
    later = make.appointment_times(make.MONDAY + timedelta(days=30), 60)
    with sql.refused("appointment_one_ahead_per_session|planned_session_id"):
        sql.insert_like(appointment, **later)
    sql.update(appointment, state="done")
    assert sql.insert_like(appointment, **later) == 1


@covers("plan_kept")
def test_only_a_draft_is_discarded():
    draft, approved = make.make_plan(approved=False, zones=()), make.make_plan()
    sql.delete(draft.newest_version())
    assert sql.delete(draft) == 1
    with sql.refused("only a draft may be discarded"):
        sql.delete(approved)


@covers("agreement_once_in_force")
def test_a_version_has_one_agreement_in_force():
    plan = make.make_plan(agreed=True)
    agreement = plan.current_version.agreements.get()
    other = make.make_consent(patient=plan.patient, kind="treatment")
    with sql.refused("an agreement in force"):
        sql.insert_like(agreement, consent_id=other.pk)
    sql.update(agreement.consent, withdrawn_at=timezone.now())
    assert sql.insert_like(agreement, consent_id=other.pk) == 1


@covers("agreement_kept")
def test_an_agreement_stays():
    agreement = make.make_plan(agreed=True).current_version.agreements.get()
    with sql.refused("an agreement is never changed"):
        sql.update(agreement, agreed_at=timezone.now())
    with sql.refused("an agreement is never changed"):
        sql.delete(agreement)


@covers("payment_kept")
def test_a_payment_is_never_changed_or_deleted(db):
    plan = make.make_plan()
    values = {"amount_minor": 5_000, "currency": "EUR", "paid_on": timezone.localdate(), "method": "card"}
    row = Payment.objects.create(plan=plan, noted_by=plan.practitioner, noted_at=timezone.now(), **values)
    for statement in ("UPDATE planning_payment SET amount_minor = 1", "DELETE FROM planning_payment"):
        with sql.refused("a payment is never changed or deleted"):
            sql.run(statement)
    sql.insert_like(row, amount_minor=7_000)
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [5_000, 7_000]
