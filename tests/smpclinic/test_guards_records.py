"""What is signed, approved, issued or logged stays as it was, whoever writes to the database."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models import Intake, IntakeAnswers, IssuedDocument, Photo
from sessions.models import (
    Amendment,
    HealthCheck,
    Mix,
    MixComponent,
    MixLot,
    Reaction,
    ReadinessOverride,
    SessionDocument,
    SessionLot,
    SessionPhoto,
)
from smpclinic import chain
from tests import make, sql
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db

SIGNED = "a signed record is never changed"


def make_mix(session, **fields) -> Mix:
    return Mix.objects.create(
        session=session, name="light", mixed_at=timezone.now(), mixed_by=session.practitioner, **fields
    )


def make_photo(patient) -> Photo:
    return Photo.objects.create(
        patient=patient,
        view="front",
        taken_at=timezone.now(),
        file=uuid.uuid4().hex,
        sha256="0" * 64,
        width_px=1,
        height_px=1,
    )


def make_document(patient) -> IssuedDocument:
    return IssuedDocument.objects.create(
        patient=patient,
        kind="care_sheet",
        title="Care",
        file=uuid.uuid4().hex,
        sha256="0" * 64,
        issued_at=timezone.now(),
    )


def make_answers() -> IntakeAnswers:
    intake = Intake.objects.create(patient=make.make_patient())
    return IntakeAnswers.objects.create(
        intake=intake, number=1, at=timezone.now(), actor_kind="staff", actor_label="Staff"
    )


# What hangs on a session: (make one, a change of it)
CHILDREN = {
    "pass_frozen": (lambda s: make.make_pass(s, number=9), {"depth_mm": "0.9"}),
    "session_lot_frozen": (lambda s: SessionLot.objects.create(session=s, lot=make.make_lot(), count=1), {"count": 2}),
    "reaction_frozen": (
        lambda s: Reaction.objects.create(session=s, kind="redness", at=timezone.now()),
        {"kind": "none"},
    ),
    "health_check_frozen": (
        lambda s: HealthCheck.objects.create(session=s, asked_by=s.practitioner, asked_at=timezone.now()),
        {"unchanged": True},
    ),
    "override_frozen": (
        lambda s: ReadinessOverride.objects.create(
            session=s, item="patch", reason="reacted never", by=s.practitioner, at=timezone.now()
        ),
        {"reason": "another"},
    ),
    "mix_frozen": (make_mix, {"name": "dark"}),
    "mix_component_frozen": (
        lambda s: MixComponent.objects.create(mix=make_mix(s), lot=make.make_lot(), ml="1"),
        {"ml": "2"},
    ),
    "mix_lot_frozen": (lambda s: MixLot.objects.create(mix=make_mix(s), lot=make.make_lot(), ml="1"), {"ml": "2"}),
}
# A column whose value must differ for a second row to be allowed at all.
OTHERWISE = {"pass_frozen": lambda: {"number": 8}}


def another(rule: str, child) -> dict[str, object]:
    if rule in ("session_lot_frozen", "mix_lot_frozen"):
        return {"lot_id": make.make_lot().pk}
    return {"pass_frozen": {"number": 8}, "override_frozen": {"item": "letter"}}.get(rule, {})


@covers(*(f"{rule}_{event}" for rule in CHILDREN for event in ("ins", "upd", "del")))
@pytest.mark.parametrize("rule", CHILDREN)
def test_what_hangs_on_a_session_is_open_until_it_is_signed(rule):
    make_child, change = CHILDREN[rule]
    session = make.make_session(passes=0)
    child, spare = make_child(session), None
    if rule != "health_check_frozen":  # one a session
        spare = make_child(make.make_session(passes=0))
        assert sql.insert_like(child, **another(rule, child)) == 1
        sql.delete(spare)
    assert sql.update(child, **change) == 1
    make.sign(session)
    for attempt in (
        lambda: sql.insert_like(child, **another(rule, child)),
        lambda: sql.update(child, **change),
        lambda: sql.delete(child),
    ):
        with sql.refused(SIGNED):
            attempt()


@pytest.mark.parametrize("rule", ["pass_frozen", "session_lot_frozen", "reaction_frozen", "override_frozen"])
def test_nothing_is_moved_into_or_out_of_a_signed_session(rule):
    make_child, _ = CHILDREN[rule]
    signed, open_session = make.make_session(passes=0), make.make_session(passes=0)
    inside, outside = make_child(signed), make_child(open_session)
    make.sign(signed)
    with sql.refused(SIGNED):
        sql.update(inside, session_id=open_session.pk)
    with sql.refused(SIGNED):
        sql.update(outside, session_id=signed.pk)


def test_a_mix_is_fixed_by_any_signed_session_that_used_it():
    """Mixed in one session, used as a leftover in the next: signing that one fixes the mix too."""
    mixed_in, used_in = make.make_session(passes=0), make.make_session(passes=0)
    mix = make_mix(mixed_in)
    component = MixComponent.objects.create(mix=mix, lot=make.make_lot(), ml="1")
    make.make_pass(used_in, mix=mix)
    assert sql.update(component, ml="2") == 1
    make.sign(used_in)
    with sql.refused(SIGNED):
        sql.update(component, ml="3")
    with sql.refused(SIGNED):
        sql.update(mix, name="dark")


@covers("session_frozen")
def test_a_session_is_changed_until_it_is_signed():
    session = make.make_session(passes=0)
    assert sql.update(session, note="one") == 1
    make.sign(session)
    for column, value in {
        "note": "two",
        "signed_at": None,
        "appointment_id": make.make_appointment().pk,
        "id": 1,
    }.items():
        with sql.refused(SIGNED):
            sql.update(session, **{column: value})
    with sql.refused(SIGNED):
        sql.delete(session)
    assert sql.delete(make.make_session(passes=0)) == 1


@pytest.mark.sqlite
def test_replacing_a_signed_session_is_deleting_it():
    session = make.make_session(signed=True)
    with sql.refused(SIGNED):
        sql.insert(
            "treatment_sessions_treatmentsession", sql.values_of(session) | {"note": "two"}, how="INSERT OR REPLACE"
        )


@covers("session_photo_frozen", "session_document_frozen")
def test_a_healed_photo_joins_a_signed_session_and_stays():
    session = make.make_session(signed=True)
    patient = session.patient
    photo = SessionPhoto.objects.create(session=session, photo=make_photo(patient), moment="healed")
    document = SessionDocument.objects.create(session=session, document=make_document(patient))
    for record, change in ((photo, {"moment": "before"}), (document, {"document_id": make_document(patient).pk})):
        with sql.refused(SIGNED):
            sql.update(record, **change)
        with sql.refused(SIGNED):
            sql.delete(record)
    open_photo = SessionPhoto.objects.create(session=make.make_session(), photo=make_photo(patient), moment="before")
    assert sql.update(open_photo, moment="after") == 1
    assert sql.delete(open_photo) == 1


@covers("amendment_of_signed", "amendment_kept")
def test_an_amendment_stands_beside_a_signed_record_for_good():
    signed, not_signed = make.make_session(signed=True), make.make_session()

    def amend(session):
        sealed = chain.seal(kind="amendment", subject=session, content={"depth": "0.6"})
        return Amendment.objects.create(
            session=session,
            text="0.6",
            reason="typing",
            at=timezone.now(),
            sealed=sealed,
            actor_kind="staff",
            actor_label="A",
        )

    with sql.refused("only a signed record is amended"):
        amend(not_signed)
    amendment = amend(signed)
    with sql.refused(SIGNED):
        sql.update(amendment, text="0.7")
    with sql.refused(SIGNED):
        sql.delete(amendment)


@covers("appointment_performed")
def test_a_signed_visit_is_never_moved():
    appointment = make.make_appointment()
    session = make.make_session(appointment=appointment, passes=0)
    later = make.appointment_times(make.MONDAY + timedelta(days=3), 60)
    assert sql.update(appointment, **later) == 1
    assert sql.update(appointment, state="done") == 1
    make.sign(session)
    other = make.make_appointment(starts_at=make.MONDAY + timedelta(days=99))
    for change in (
        make.appointment_times(make.MONDAY, 60),
        {"starts_min": later["starts_min"] - 1},
        {"state": "no_show", "active": False},
        {"practitioner_id": other.practitioner_id},
        {"patient_id": other.patient_id, "planned_session_id": other.planned_session_id},
        {"planned_session_id": None, "kind": "consultation", "counts_for_gap": False},
    ):
        with sql.refused("a signed visit is never moved"):
            sql.update(appointment, **change)
    assert sql.update(appointment, note="came by bus") == 1
