"""Free time in UTC minutes, right across every clock change."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.availability import (
    Hours,
    Interval,
    LocalTimeProblem,
    TimeOff,
    day_start,
    difference,
    free_intervals,
    intersection,
    local_day_at,
    local_to_minutes,
    minute_of,
    problems_with_hours,
    problems_with_local_time,
    to_date,
    to_local,
    to_local_day,
    union,
    utc_offset_min,
    written_day,
)

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
MONDAY = date(2026, 9, 7)
# Half-hour changes, changes at midnight, both hemispheres, odd offsets, a skipped calendar day, and none at all.
ZONES = [
    ZoneInfo(name)
    for name in (
        *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana"),
        *("Asia/Kathmandu", "Asia/Beirut", "America/Santiago", "Pacific/Apia", "UTC"),
    )
]
zones = st.sampled_from(ZONES)
days = st.dates(date(2011, 1, 1), date(2037, 12, 31))
intervals = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def minutes_in(stretches):
    return {minute for start, end in stretches for minute in range(start, end)}


def weekday_hours(starts=9 * 60, ends=17 * 60, weekdays=range(5), **changes):
    return [Hours(weekday=weekday, starts_min=starts, ends_min=ends, **changes) for weekday in weekdays]


def free(hours=None, first_day=MONDAY, last_day=MONDAY, zone=BERLIN, **changes):
    """Free time as the local clock shows it."""
    stretches = free_intervals(
        hours=weekday_hours() if hours is None else hours,
        opening=changes.pop("opening", weekday_hours(0, 1440, range(7))),
        first_day=first_day,
        last_day=last_day,
        zone=zone,
        **changes,
    )
    return [f"{to_local(start, zone):%d %H:%M}-{to_local(end, zone):%H:%M}" for start, end in stretches]


# Local time and back ---------------------------------------------------------------------------------------------


@given(days)
def test_a_date_and_its_number_are_the_same_day(day):
    assert to_date(to_local_day(day)) == day


def test_a_day_is_written_in_words():
    assert written_day(to_local_day(date(2026, 3, 1))) == "Sunday 1 March 2026"


def test_a_missing_local_time_is_refused_in_words():
    assert problems_with_local_time(SPRING, time(2, 30), BERLIN) == [
        "There is no 02:30 on Sunday 29 March 2026: the clocks go forward. Choose an earlier or later time."
    ]
    with pytest.raises(LocalTimeProblem, match="There is no 02:30"):
        local_to_minutes(SPRING, time(2, 30), BERLIN)


def test_a_doubled_local_time_is_refused_in_words():
    with pytest.raises(LocalTimeProblem, match="There are two moments of 02:30 on Sunday 25 October 2026"):
        local_to_minutes(AUTUMN, time(2, 30), BERLIN)


@pytest.mark.parametrize(
    ("day", "at", "is_fine"),
    [
        (SPRING, time(1, 59), True),
        (SPRING, time(2, 0), False),
        (SPRING, time(2, 59), False),
        (SPRING, time(3, 0), True),
        (AUTUMN, time(1, 59), True),
        (AUTUMN, time(2, 0), False),
        (AUTUMN, time(2, 59), False),
        (AUTUMN, time(3, 0), True),
    ],
)
def test_only_the_hour_of_the_clock_change_is_refused(day, at, is_fine):
    assert (problems_with_local_time(day, at, BERLIN) == []) == is_fine


@given(days, st.times(), zones)
def test_a_local_time_that_is_accepted_comes_back_as_it_was(day, at, zone):
    at = at.replace(second=0, microsecond=0)
    if problems_with_local_time(day, at, zone):
        return
    assert to_local(local_to_minutes(day, at, zone), zone).replace(tzinfo=None) == datetime.combine(day, at)


@given(days, st.times(), zones)
def test_a_local_time_is_refused_exactly_when_no_or_two_moments_show_it(day, at, zone):
    wall = datetime.combine(day, at.replace(second=0, microsecond=0))
    moments = {
        (wall - timedelta(minutes=offset)).replace(tzinfo=UTC)
        for offset in range(-15 * 60, 15 * 60 + 1, 15)
        if (wall - timedelta(minutes=offset)).replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) == wall
    }
    assert (problems_with_local_time(day, wall.time(), zone) == []) == (len(moments) == 1)


@given(days, zones)
def test_a_local_day_starts_with_its_first_minute(day, zone):
    local_day = to_local_day(day)
    start = day_start(local_day, zone)
    if start < day_start(local_day + 1, zone):
        assert local_day_at(start, zone) == local_day
    assert local_day_at(start - 1, zone) < local_day


@given(st.integers(to_local_day(date(2011, 1, 1)) * 1440, to_local_day(date(2037, 1, 1)) * 1440), zones)
def test_day_and_offset_of_a_minute_agree_with_the_clock(minute, zone):
    local = to_local(minute, zone)
    assert to_date(local_day_at(minute, zone)) == local.date()
    assert utc_offset_min(minute, zone) * 60 == local.utcoffset().total_seconds()


# Stretches -------------------------------------------------------------------------------------------------------


@given(intervals)
def test_a_union_holds_the_same_minutes_sorted_and_apart(stretches):
    merged = union(stretches)
    assert minutes_in(merged) == minutes_in(stretches)
    assert all(left.ends_min < right.starts_min for left, right in itertools.pairwise(merged))


@given(intervals, intervals)
def test_intersection_and_difference_are_those_of_the_minutes(left, right):
    assert minutes_in(intersection(left, right)) == minutes_in(left) & minutes_in(right)
    assert minutes_in(difference(left, right)) == minutes_in(left) - minutes_in(right)


def test_touching_stretches_are_one_and_empty_ones_none():
    assert union([(0, 5), (5, 9), (9, 9)]) == [Interval(0, 9)]


# Free time -------------------------------------------------------------------------------------------------------


def test_own_hours_count_only_within_opening_hours():
    assert free(opening=weekday_hours(10 * 60, 20 * 60)) == ["07 10:00-17:00"]
    assert free(opening=[]) == []


def test_a_break_cuts_the_day_in_two():
    assert free(breaks=weekday_hours(12 * 60, 12 * 60 + 30)) == ["07 09:00-12:00", "07 12:30-17:00"]


def test_visits_are_taken_out():
    busy = [(local_to_minutes(MONDAY, time(9), BERLIN), local_to_minutes(MONDAY, time(10), BERLIN))]
    assert free(busy=busy) == ["07 10:00-17:00"]


def test_time_off_takes_whole_days_the_first_and_the_last_included():
    off = [TimeOff(first_day=MONDAY + timedelta(days=1), last_day=MONDAY + timedelta(days=3))]
    assert free(time_off=off, last_day=MONDAY + timedelta(days=4)) == ["07 09:00-17:00", "11 09:00-17:00"]


def test_time_off_can_take_a_part_of_each_day():
    off = [TimeOff(first_day=MONDAY, last_day=MONDAY, starts_min=13 * 60, ends_min=14 * 60)]
    assert free(time_off=off) == ["07 09:00-13:00", "07 14:00-17:00"]


def test_hours_and_time_off_of_another_location_do_not_count():
    hours = [*weekday_hours(9 * 60, 12 * 60, location="north"), *weekday_hours(13 * 60, 17 * 60, location="south")]
    off = [TimeOff(first_day=MONDAY, last_day=MONDAY, location="south")]
    assert free(hours, location="north", time_off=off) == ["07 09:00-12:00"]
    assert free(hours, location="south", time_off=off) == []


def test_hours_hold_from_their_first_to_their_last_day():
    hours = weekday_hours(weekdays=[0], valid_from=MONDAY, valid_until=MONDAY + timedelta(days=7))
    mondays = [MONDAY + timedelta(days=7 * week) for week in (-1, 0, 1, 2)]
    assert [bool(free(hours, monday, monday)) for monday in mondays] == [False, True, True, False]


def test_nobody_works_on_a_weekday_without_hours():
    assert free(first_day=date(2026, 9, 5), last_day=date(2026, 9, 6)) == []


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (MONDAY, 24)])
def test_a_day_that_is_open_all_day_is_as_long_as_it_is(day, hours):
    stretches = free_intervals(
        hours=weekday_hours(0, 1440, range(7)),
        opening=weekday_hours(0, 1440, range(7)),
        first_day=day,
        last_day=day,
        zone=BERLIN,
    )
    assert [end - start for start, end in stretches] == [hours * 60]


def test_working_hours_keep_to_the_local_clock_across_a_clock_change():
    sundays = weekday_hours(weekdays=[6, 0])
    assert free(sundays, AUTUMN, AUTUMN + timedelta(days=1)) == ["25 09:00-17:00", "26 09:00-17:00"]


def test_hours_that_begin_at_a_missing_time_begin_at_the_clock_change():
    nights = weekday_hours(2 * 60 + 30, 5 * 60, [6])
    assert free(nights, SPRING, SPRING) == ["29 03:00-05:00"]


def test_hours_around_a_doubled_time_hold_both_of_them():
    nights = weekday_hours(2 * 60 + 30, 3 * 60, [6])
    ((start, end),) = free_intervals(
        hours=nights, opening=weekday_hours(0, 1440, range(7)), first_day=AUTUMN, last_day=AUTUMN, zone=BERLIN
    )
    assert end - start == 90


@settings(max_examples=60, deadline=None)
@given(days, zones, st.integers(0, 1439), st.integers(1, 1440))
def test_free_minutes_lie_on_their_day_and_hold_every_minute_the_clock_shows_within_hours(day, zone, starts, ends):
    hours = weekday_hours(starts, max(ends, starts + 1), range(7))
    stretches = free_intervals(hours=hours, opening=hours, first_day=day, last_day=day, zone=zone)
    local_day = to_local_day(day)
    found = minutes_in(stretches)
    within = {
        minute
        for minute in range(day_start(local_day, zone), day_start(local_day + 1, zone))
        if starts <= minute + utc_offset_min(minute, zone) - local_day * 1440 < max(ends, starts + 1)
    }
    assert within <= found
    assert all(local_day_at(minute, zone) == local_day for minute in found)


@given(days, zones)
def test_days_follow_each_other_without_gap_or_overlap(day, zone):
    local_day = to_local_day(day)
    assert day_start(local_day, zone) <= day_start(local_day + 1, zone)
    assert minute_of(local_day, 1440, zone, is_end=True) == day_start(local_day + 1, zone)


@pytest.mark.parametrize(
    ("starts", "ends", "is_fine"),
    [(0, 1440, True), (540, 541, True), (540, 540, False), (600, 540, False), (-1, 60, False), (1380, 1441, False)],
)
def test_hours_end_after_they_start_within_one_day(starts, ends, is_fine):
    assert (problems_with_hours(weekday_hours(starts, ends, [0])) == []) == is_fine


def test_wrong_hours_are_named():
    assert problems_with_hours(weekday_hours(600, 540, [0])) == [
        "Monday: hours from 10:00 to 09:00 must end after they start, within one day."
    ]
