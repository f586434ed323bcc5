"""Passes and their clock: numbers, bounds, stale pages, pauses."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from sessions import actions
from sessions.actions.locking import seen_values
from sessions.actions.passes import intervals_of
from sessions.clock import worked_minutes
from smpclinic.actors import staff
from tests.make import (
    make_practitioner,
)
from tests.sessions.room import (
    NOW,
    begun,
    mixed,
    opened,
    pass_fields,
)

pytestmark = pytest.mark.usefixtures("today")


def by_of(session):
    return staff(session.practitioner)


class TestPasses:
    def add(self, session, **fields):
        return actions.save_pass(session=session, fields=pass_fields(**fields), by=by_of(session))

    def test_passes_are_numbered_and_a_number_is_not_used_again(self):
        session = begun()
        assert [self.add(session).number for _each in range(2)] == [1, 2]
        actions.remove_pass(session=session, number=1, by=by_of(session))
        assert self.add(session).number == 3

    def test_before_the_start_there_is_none(self):
        with pytest.raises(ValidationError, match="Start the treatment first"):
            self.add(opened())

    def test_a_form_sent_twice_adds_one(self):
        session, new_id = begun(), uuid4()
        for _again in range(2):
            actions.save_pass(session=session, fields=pass_fields(), new_id=new_id, by=by_of(session))
        assert session.passes.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("depth_mm", Decimal("0.0")),
            ("depth_mm", Decimal("4.1")),
            ("angle_degrees", 9),
            ("angle_degrees", 91),
            ("needle_diameter_mm", Decimal("0.04")),
            ("needle_group", "9RL"),
        ],
    )
    def test_a_slip_of_the_hand_is_refused_beside_its_field(self, field, value):
        session = begun()
        with pytest.raises(ValidationError) as refusal:
            self.add(session, **{field: value})
        assert set(refusal.value.error_dict) == {field}

    @pytest.mark.parametrize(
        ("field", "value"),
        [("depth_mm", Decimal("0.1")), ("depth_mm", Decimal("4.0")), ("angle_degrees", 10), ("angle_degrees", 90)],
    )
    def test_the_bounds_themselves_are_possible(self, field, value):
        assert getattr(self.add(begun(), **{field: value}), field) == value

    def test_a_stale_page_is_told_what_changed(self):
        session = begun()
        row = self.add(session)
        seen = seen_values(row, ["depth_mm", "angle_degrees"])
        actions.save_pass(session=session, number=1, fields={"depth_mm": Decimal("1.2")}, by=by_of(session))
        with pytest.raises(actions.ChangedMeanwhile, match=r"it was 1\.0, it is 1\.2"):
            actions.save_pass(session=session, number=1, fields={"angle_degrees": 80}, seen=seen, by=by_of(session))

    def test_a_time_that_has_not_come_is_refused(self):
        with pytest.raises(ValidationError, match="not come yet"):
            self.add(begun(), started_at=timezone.now() + timedelta(minutes=6))

    def test_a_stop_alone_is_refused(self):
        with pytest.raises(ValidationError, match="when it started"):
            self.add(begun(), stopped_at=NOW)

    def test_a_stop_before_the_start_is_refused(self):
        with pytest.raises(ValidationError, match="before the start"):
            self.add(begun(), started_at=NOW, stopped_at=NOW - timedelta(minutes=1))

    def test_a_mix_of_another_session_is_refused(self):
        with pytest.raises(ValidationError) as refusal:
            self.add(begun(), mix=mixed(begun()))
        assert set(refusal.value.error_dict) == {"mix"}

    def test_removing_one_that_is_gone_does_no_harm(self):
        actions.remove_pass(session=begun(), number=7, by=staff(make_practitioner()))


class TestClock:
    def test_a_pause_is_left_out_of_the_work(self, today):
        session = begun()
        row = actions.save_pass(session=session, fields=pass_fields(), by=by_of(session))
        for press, minutes in (("start", 20), ("stop", 5), ("start", 10), ("stop", 0)):
            act = actions.start_clock if press == "start" else actions.stop_clock
            act(session=session, number=row.number, by=by_of(session))
            today.shift(timedelta(minutes=minutes))
        row.refresh_from_db()
        assert worked_minutes(intervals_of(row)) == 30

    def test_pressing_twice_is_as_once(self, today):
        session = begun()
        row = actions.save_pass(session=session, fields=pass_fields(), by=by_of(session))
        actions.start_clock(session=session, number=row.number, by=by_of(session))
        today.shift(timedelta(minutes=1))
        again = actions.start_clock(session=session, number=row.number, by=by_of(session))
        assert again.started_at == timezone.now() - timedelta(minutes=1)
        stopped = actions.stop_clock(session=session, number=row.number, by=by_of(session)).stopped_at
        today.shift(timedelta(minutes=1))
        assert actions.stop_clock(session=session, number=row.number, by=by_of(session)).stopped_at == stopped

    def test_one_clock_runs_at_a_time(self):
        session = begun()
        for _zone in range(2):
            row = actions.save_pass(session=session, fields=pass_fields(), by=by_of(session))
            actions.start_clock(session=session, number=row.number, by=by_of(session))
        first, second = session.passes.order_by("number")
        assert (first.stopped_at is not None, second.stopped_at is None) == (True, True)

    def test_a_clock_that_never_started_does_not_stop(self):
        session = begun()
        actions.save_pass(session=session, fields=pass_fields(), by=by_of(session))
        with pytest.raises(ValidationError, match="Start the clock first"):
            actions.stop_clock(session=session, number=1, by=by_of(session))
