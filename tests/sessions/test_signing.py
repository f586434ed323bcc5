"""Signing, what it locks and teaches, amendments and voiding."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from planning.models import Appointment, DotsDone, PaceSample
from sessions import actions
from sessions.actions.signing import fingerprint
from sessions.models import TreatmentSession
from smpclinic import chain
from smpclinic.actors import staff
from tests.make import (
    make_manager,
    make_plan,
    make_practitioner,
    sign,
)
from tests.sessions.room import (
    NOW,
    arrived,
    begun,
    mixed,
    pass_fields,
    ready_to_sign,
    signed,
)

pytestmark = pytest.mark.usefixtures("today")


def by_of(session):
    return staff(session.practitioner)


class TestSigning:
    def test_the_seal_holds_exactly_the_record(self):
        session = ready_to_sign()
        shown = fingerprint(session)
        session = actions.sign_session(session=session, by=by_of(session), shown=shown)
        assert session.sealed.content_hash == shown
        assert session.signed_at == session.sealed.sealed_at
        assert chain.problems() == []

    def test_signing_ends_the_visit(self):
        assert Appointment.objects.get(session=signed()).state == "done"

    def test_only_who_treated_signs(self):
        with pytest.raises(ValidationError, match="Only Dr Lis"):
            actions.sign_session(session=ready_to_sign(), by=staff(make_practitioner()))

    def test_what_stands_in_the_way_is_named_and_nothing_is_changed(self):
        session = begun()
        with pytest.raises(ValidationError) as refusal:
            actions.sign_session(session=session, by=by_of(session))
        assert "Record at least one pass." in refusal.value.messages
        session.refresh_from_db()
        assert (session.is_signed, session.appointment.state) == (False, "in_treatment")

    def test_a_running_clock_stands_in_the_way_by_the_zones_name(self):
        session = ready_to_sign()
        actions.start_clock(session=session, number=1, by=by_of(session))
        with pytest.raises(ValidationError, match=r"Stop the clock of Vertex \(crown\)"):
            actions.sign_session(session=session, by=by_of(session))

    def test_what_changed_after_it_was_read_is_read_again(self):
        session = ready_to_sign()
        shown = fingerprint(session)
        actions.prepare_session(session=session, note="One more thing", by=by_of(session))
        with pytest.raises(actions.ChangedMeanwhile):
            actions.sign_session(session=session, by=by_of(session), shown=shown)

    def test_signing_twice_is_refused(self):
        session = signed()
        with pytest.raises(ValidationError, match="is signed"):
            actions.sign_session(session=session, by=by_of(session))

    @pytest.mark.parametrize(
        "change",
        [
            lambda session, by: actions.save_pass(session=session, fields=pass_fields(), by=by),
            lambda session, by: actions.remove_pass(session=session, number=1, by=by),
            lambda session, by: actions.prepare_session(session=session, note="x", by=by),
            lambda session, by: actions.note_reaction(session=session, kinds=["none"], by=by),
            lambda session, by: mixed(session),
        ],
    )
    def test_a_signed_record_takes_no_change(self, change):
        session = signed()
        with pytest.raises(ValidationError, match="Add an amendment"):
            change(session, by_of(session))

    def test_the_database_takes_none_either(self):
        session = signed()
        with pytest.raises(DatabaseError), transaction.atomic():
            session.passes.update(depth_mm=Decimal("2.0"))

    def test_the_pace_it_showed_is_told_to_planning(self):
        session = signed(minutes=30)
        sample = PaceSample.objects.get(session_id=session.public_id)
        assert (sample.zone, sample.dots, sample.minutes, sample.session_number) == ("vertex", 1800, 30, 1)
        assert (sample.needle_group, sample.among_hair, sample.is_void) == ("3RL", False, False)

    def test_the_dots_it_placed_are_told_to_planning(self):
        session = signed()
        done = DotsDone.objects.get(session_id=session.public_id)
        assert (done.zone, done.dots_per_cm2, done.performed_on) == ("vertex", 36, session.appointment.day)
        assert done.planned_session == session.appointment.planned_session

    def test_the_last_session_completes_the_plan(self):
        plan = make_plan(agreed=True, sessions=2, zones=("vertex",), practitioner=make_practitioner())
        arrived_first = arrived(plan=plan, number=1, starts_at=NOW - timedelta(days=10), state="in_treatment")
        first = actions.open_session(appointment=arrived_first, by=staff(plan.practitioner))
        TreatmentSession.objects.filter(pk=first.pk).update(opened_at=NOW - timedelta(days=10))
        _sign_past(first)
        plan.refresh_from_db()
        assert plan.state != "complete"
        signed(plan=plan, number=2)
        plan.refresh_from_db()
        assert plan.state == "complete"


def _sign_past(session):
    session.appointment.state = "done"
    session.appointment.save()
    sign(session)


class TestAfterwards:
    def amend(self, session, **fields):
        told = {"field": "depth", "text": "1.2 mm", "reason": "Typed wrong", "by": by_of(session)} | fields
        return actions.amend_session(session=session, **told)

    def test_an_amendment_is_sealed_beside_the_record(self):
        session = signed()
        before = session.sealed.content
        row = self.amend(session)
        session.sealed.refresh_from_db()
        assert session.sealed.content == before
        assert '"text":"1.2 mm"' in row.sealed.content
        assert chain.problems() == []

    @pytest.mark.parametrize("name", ["text", "reason"])
    def test_it_says_what_is_right_and_why(self, name):
        with pytest.raises(ValidationError) as refusal:
            self.amend(signed(), **{name: "  "})
        assert set(refusal.value.error_dict) == {name}

    def test_an_open_record_is_changed_directly(self):
        with pytest.raises(ValidationError, match="not signed yet"):
            self.amend(begun())

    def test_a_manager_amends_nothing(self):
        with pytest.raises(ValidationError, match="Only a practitioner"):
            self.amend(signed(), by=staff(make_manager()))

    def test_a_void_record_stays_and_teaches_nothing(self):
        session = signed()
        actions.void_session(session=session, reason="Wrong patient", by=by_of(session))
        assert PaceSample.objects.get(session_id=session.public_id).is_void
        assert DotsDone.objects.get(session_id=session.public_id).is_void
        assert not DotsDone.objects.of(session.patient).exists()
        assert TreatmentSession.objects.filter(pk=session.pk).exists()
        assert not TreatmentSession.objects.signed().filter(pk=session.pk).exists()

    def test_it_is_voided_once(self):
        session = signed()
        actions.void_session(session=session, reason="Wrong patient", by=by_of(session))
        with pytest.raises(ValidationError, match="void already"):
            actions.void_session(session=session, reason="Again", by=by_of(session))
