"""Whom a delay touches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.running_late import Booked, knock_on


def visit(key, start, end, who="Ruiz", room="1", cleaning=0):
    return Booked(key, start, end, end + cleaning, who, room)


def test_the_next_visit_of_the_practitioner_begins_later():
    assert knock_on([visit(1, 600, 660), visit(2, 660, 720, room="2")], late=1, minutes=15) == {2: 675}


def test_a_pause_swallows_the_delay():
    assert knock_on([visit(1, 600, 660), visit(2, 675, 720)], late=1, minutes=15) == {}
    assert knock_on([visit(1, 600, 660), visit(2, 674, 720)], late=1, minutes=15) == {2: 675}


def test_a_room_is_cleaned_before_the_next():
    day = [visit(1, 600, 660, cleaning=15), visit(2, 680, 700, who="Sato")]
    assert knock_on(day, late=1, minutes=15) == {2: 690}


def test_the_delay_is_handed_on_through_people_and_rooms():
    day = [visit(1, 600, 660), visit(2, 660, 720, room="2"), visit(3, 720, 780, who="Sato", room="2")]
    assert knock_on(day, late=1, minutes=30) == {2: 690, 3: 750}


def test_nobody_elsewhere_and_nobody_before_is_touched():
    day = [visit(1, 600, 660), visit(2, 660, 700, who="Sato", room="2"), visit(3, 500, 600)]
    assert knock_on(day, late=1, minutes=90) == {}


def test_a_delay_below_zero_is_refused():
    with pytest.raises(ValueError, match="-5"):
        knock_on([visit(1, 600, 660)], late=1, minutes=-5)


@st.composite
def days(draw):
    """A day without overlaps: each practitioner and room in turn."""
    starts = sorted(draw(st.sets(st.integers(0, 40), min_size=2, max_size=8)))
    return [
        visit(number, start * 30, start * 30 + 30, who=draw(st.sampled_from("AB")), room=draw(st.sampled_from("12")))
        for number, start in enumerate(starts)
    ]


@given(days(), st.integers(0, 120), st.integers(0, 120))
def test_a_longer_delay_never_helps_anybody(day, shorter, more):
    few = knock_on(day, late=0, minutes=shorter)
    many = knock_on(day, late=0, minutes=shorter + more)
    assert all(many[key] >= begins for key, begins in few.items())


@given(days(), st.integers(0, 240))
def test_nobody_is_delayed_by_more_than_the_delay(day, minutes):
    booked = {row.key: row.starts_min for row in day}
    assert all(0 < begins - booked[key] <= minutes for key, begins in knock_on(day, late=0, minutes=minutes).items())
