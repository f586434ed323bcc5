"""Opening, preparing and starting a record: what is refused in words, and that twice is as once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from sessions import actions, ready
from sessions.actions.locking import seen_values
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from tests.make import (
    make_appointment,
    make_plan,
    make_practitioner,
    make_user,
)
from tests.sessions.room import (
    HEALTHY,
    NOW,
    arrived,
    begun,
    opened,
    ready_to_begin,
    ready_to_sign,
    settled,
    signed,
    words,
)

pytestmark = pytest.mark.usefixtures("today")


def by_of(session):
    return staff(session.practitioner)


def standing(session) -> set[str]:
    return {item.code for item in ready.standing_in_the_way(session, ready.to_sign(session))}


class TestOpening:
    def test_an_arrived_patient_gets_a_record_kept_by_who_opens_it(self):
        session = opened()
        assert session.practitioner == session.appointment.practitioner
        assert AuditEntry.objects.filter(verb="opened record", subject_id=str(session.public_id)).count() == 1

    def test_opening_twice_gives_the_same_record(self):
        visit = arrived()
        by = staff(visit.practitioner)
        first = actions.open_session(appointment=visit, by=by)
        assert actions.open_session(appointment=visit, by=staff(make_practitioner())) == first

    @pytest.mark.parametrize(
        ("state", "says"), [("booked", "arrived first"), ("no_show", "no record"), ("done", "no record")]
    )
    def test_a_patient_who_is_not_here_gets_none(self, state, says):
        visit = arrived(state=state)
        with pytest.raises(ValidationError) as refusal:
            actions.open_session(appointment=visit, by=staff(visit.practitioner))
        assert says in words(refusal)

    def test_a_consultation_has_no_record(self):
        visit = make_appointment(kind="consultation", state="arrived")
        with pytest.raises(ValidationError, match="Only treatment sessions"):
            actions.open_session(appointment=visit, by=staff(visit.practitioner))

    def test_reception_opens_none(self):
        with pytest.raises(ValidationError, match="Only a practitioner"):
            actions.open_session(appointment=arrived(), by=staff(make_user()))

    def test_another_practitioner_may_take_it_over_and_then_signs(self):
        session, other = ready_to_sign(), make_practitioner()
        actions.take_over(session=session, by=staff(other))
        assert actions.sign_session(session=session, by=staff(other)).signed_by == other

    def test_a_signed_record_is_not_taken_over(self):
        with pytest.raises(ValidationError, match="signed"):
            actions.take_over(session=signed(), by=staff(make_practitioner()))


class TestHealthOfTheDay:
    def test_each_answer_is_kept_by_itself(self):
        session = opened()
        told = HEALTHY | {"no_food_in_4_hours": "yes"}
        check = actions.ask_health(session=session, unchanged=True, today=told, healed_well=None, by=by_of(session))
        assert check.today == told
        assert check.asked_at == timezone.now()
        assert "health_today" not in standing(session)

    def test_every_question_must_be_answered(self):
        session = opened()
        told = {code: reply for code, reply in HEALTHY.items() if code != "nsaid_in_24_hours"}
        with pytest.raises(ValidationError) as refusal:
            actions.ask_health(session=session, unchanged=True, today=told, healed_well=None, by=by_of(session))
        assert set(refusal.value.error_dict) == {"nsaid_in_24_hours"}

    def test_what_has_changed_is_corrected_in_the_intake_first(self):
        session = opened()
        with pytest.raises(ValidationError) as refusal:
            actions.ask_health(session=session, unchanged=False, today=HEALTHY, healed_well=None, by=by_of(session))
        assert set(refusal.value.error_dict) == {"unchanged"}

    def test_alcohol_today_blocks_the_start(self):
        session = opened()
        settled(session)
        told = HEALTHY | {"alcohol_or_drugs_today": "yes"}
        actions.ask_health(session=session, unchanged=True, today=told, healed_well=None, by=by_of(session))
        with pytest.raises(ValidationError, match="no treatment today"):
            actions.start_treatment(session=session, by=by_of(session))

    def test_healing_is_judged_from_the_second_session_on(self):
        plan = make_plan(agreed=True, zones=("vertex",), practitioner=make_practitioner())
        arrived(plan=plan, number=1, state="done", starts_at=NOW - timedelta(days=10))
        session = opened(plan=plan, number=2)
        with pytest.raises(ValidationError) as refusal:
            actions.ask_health(session=session, unchanged=True, today=HEALTHY, healed_well=None, by=by_of(session))
        assert set(refusal.value.error_dict) == {"healed_well"}
        actions.ask_health(session=session, unchanged=True, today=HEALTHY, healed_well=False, by=by_of(session))
        assert "healed" in standing(session)


class TestPreparing:
    def test_a_machine_outside_what_is_possible_is_refused_beside_its_field(self):
        session = opened()
        with pytest.raises(ValidationError) as refusal:
            actions.prepare_session(session=session, voltage_v=Decimal("-1"), by=by_of(session))
        assert set(refusal.value.error_dict) == {"voltage_v"}

    def test_the_anaesthetic_comes_off_after_it_is_put_on(self):
        session = opened()
        with pytest.raises(ValidationError) as refusal:
            actions.prepare_session(
                session=session,
                anaesthetic_on_at=NOW,
                anaesthetic_off_at=NOW - timedelta(minutes=1),
                by=by_of(session),
            )
        assert set(refusal.value.error_dict) == {"anaesthetic_off_at"}
        actions.prepare_session(session=session, anaesthetic_on_at=NOW, anaesthetic_off_at=NOW, by=by_of(session))

    def test_a_stale_page_is_told_what_changed(self):
        session = opened()
        seen = seen_values(session, ["machine", "room_cleaned"])
        actions.prepare_session(session=session, room_cleaned=True, by=by_of(session))
        with pytest.raises(actions.ChangedMeanwhile) as refusal:
            actions.prepare_session(session=session, machine="Pen", seen=seen, by=by_of(session))
        assert words(refusal) == "Room cleaned was changed meanwhile: it was no, it is yes."
        session.refresh_from_db()
        assert session.machine == ""

    def test_saving_the_same_again_leaves_no_second_entry(self):
        session = opened()
        for _again in range(2):
            actions.prepare_session(session=session, machine="Pen", by=by_of(session))
        assert AuditEntry.objects.filter(verb="prepared session").count() == 1


class TestGoingAhead:
    def test_an_item_is_settled_by_name_and_reason(self):
        session = opened()
        actions.override_item(session=session, item="room_cleaned", reason=" Cleaned by the nurse ", by=by_of(session))
        assert "room_cleaned" not in standing(session)
        assert session.overrides.get().reason == "Cleaned by the nurse"

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_without_a_reason_it_is_not(self, reason):
        session = opened()
        with pytest.raises(ValidationError, match="Say why"):
            actions.override_item(session=session, item="room_cleaned", reason=reason, by=by_of(session))

    def test_what_is_in_order_needs_none(self):
        session = opened()
        with pytest.raises(ValidationError, match="in order already"):
            actions.override_item(session=session, item="qualification", reason="Why not", by=by_of(session))

    def test_a_missing_signature_is_never_gone_ahead_without(self):
        plan = make_plan(practitioner=make_practitioner(), zones=("vertex",))
        session = opened(plan=plan)
        with pytest.raises(ValidationError, match="never be overridden"):
            actions.override_item(session=session, item="agreement", reason="In a hurry", by=by_of(session))

    def test_reception_goes_ahead_with_nothing(self):
        with pytest.raises(ValidationError, match="Only a practitioner"):
            actions.override_item(session=opened(), item="room_cleaned", reason="Busy", by=staff(make_user()))


class TestStarting:
    def test_a_start_puts_the_visit_and_the_plan_in_treatment(self):
        session = begun()
        assert session.appointment.state == "in_treatment"
        assert session.appointment.planned_session.plan.state == "in_treatment"

    def test_starting_twice_is_as_once(self):
        session = begun()
        actions.start_treatment(session=session, by=by_of(session))
        assert AuditEntry.objects.filter(verb="in_treatment").count() == 1

    def test_what_is_missing_is_named(self):
        session = opened()
        with pytest.raises(ValidationError) as refusal:
            actions.start_treatment(session=session, by=by_of(session))
        assert "Confirm that the room was cleaned." in refusal.value.messages

    def test_a_visit_of_another_day_is_moved_first(self, today):
        session = ready_to_begin()
        today.shift(timedelta(days=1))
        with pytest.raises(ValidationError):
            actions.start_treatment(session=session, by=by_of(session))
