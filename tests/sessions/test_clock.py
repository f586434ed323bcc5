"""The clock of a zone, with pauses."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.clock import (
    Interval,
    intervals_around,
    is_running,
    last_stop,
    problems_with_clock,
    warnings_for_clock,
    worked_minutes,
    worked_seconds,
)

WARSAW = ZoneInfo("Europe/Warsaw")


def at(hours, minutes=0, seconds=0, tz=UTC):
    return datetime(2026, 9, 3, hours, minutes, seconds, tzinfo=tz)


def work(start, stop=None):
    return Interval(at(*start), at(*stop) if stop else None)


def test_no_work_is_no_minutes():
    assert worked_minutes([]) == 0
    assert problems_with_clock([]) == warnings_for_clock([]) == []
    assert last_stop([]) is None


def test_pauses_are_left_out():
    intervals = [work((9,), (9, 20)), work((9, 30), (10, 5))]
    assert worked_minutes(intervals) == 55
    assert last_stop(intervals) == at(10, 5)
    assert not is_running(intervals)


def test_only_full_minutes_count_and_seconds_of_all_parts_add_up():
    assert worked_minutes([work((9,), (9, 0, 59))]) == 0
    assert worked_minutes([work((9,), (9, 0, 30)), work((9, 1), (9, 1, 30))]) == 1
    assert worked_seconds([work((9,), (9, 0, 59))]) == 59


def test_a_running_clock_counts_up_to_now():
    intervals = [work((9,), (9, 20)), work((9, 30))]
    assert is_running(intervals)
    assert worked_minutes(intervals, now=at(9, 45)) == 35
    with pytest.raises(ValueError, match="The clock started at 09:30 still runs"):
        worked_minutes(intervals)


def test_a_device_whose_clock_lags_takes_no_time_away():
    assert worked_minutes([work((9,), (9, 20)), work((9, 30))], now=at(9, 29)) == 20


def test_a_stop_before_its_start_is_refused_and_one_at_its_start_is_not():
    assert problems_with_clock([work((9,), (9,))]) == []
    wrong = [work((9,), (8, 59))]
    assert problems_with_clock(wrong) == ["The stop at 08:59 is before the start at 09:00."]
    with pytest.raises(ValueError, match="The stop at 08:59 is before the start at 09:00"):
        worked_minutes(wrong)


def test_overlapping_work_is_refused_and_touching_work_is_not():
    assert problems_with_clock([work((9,), (9, 20)), work((9, 20), (9, 30))]) == []
    assert problems_with_clock([work((9, 19), (9, 30)), work((9,), (9, 20))]) == [
        "The start at 09:19 lies before the stop at 09:20."
    ]


def test_only_the_last_part_may_be_running():
    assert problems_with_clock([work((9,), (9, 20)), work((9, 20))]) == []
    assert problems_with_clock([work((9,)), work((9, 30), (9, 40))]) == [
        "The clock started at 09:00 still runs at 09:30."
    ]


def test_a_time_without_its_zone_is_refused():
    naive = Interval(at(9).replace(tzinfo=None), at(10))
    assert problems_with_clock([naive]) == ["A start or stop has no time zone."]
    assert problems_with_clock([Interval(at(9), at(10).replace(tzinfo=None))]) == ["A start or stop has no time zone."]


def test_time_is_real_when_the_clock_is_put_back():
    before = datetime(2026, 10, 25, 1, 30, tzinfo=WARSAW)
    after = datetime(2026, 10, 25, 3, 30, tzinfo=WARSAW)
    assert worked_minutes([Interval(before, after)]) == 180


def test_time_is_real_when_the_clock_is_put_forward():
    before = datetime(2026, 3, 29, 1, 30, tzinfo=WARSAW)
    after = datetime(2026, 3, 29, 3, 30, tzinfo=WARSAW)
    assert worked_minutes([Interval(before, after)]) == 60


def test_a_doubled_hour_is_told_apart():
    first = datetime(2026, 10, 25, 2, 50, tzinfo=WARSAW)
    second = datetime(2026, 10, 25, 2, 10, tzinfo=WARSAW, fold=1)
    assert problems_with_clock([Interval(first, second)]) == []
    assert worked_minutes([Interval(first, second)]) == 20


def test_a_clock_left_running_is_warned_of_after_8_hours():
    assert warnings_for_clock([work((9,), (17,))]) == []
    assert warnings_for_clock([work((9,), (9, 30)), work((10,), (17, 1))]) == [
        "From 09:00 to 17:01 is more than 8 hours."
    ]


def test_start_stop_and_pauses_of_a_paper_become_the_work():
    pauses = [work((10,), (10, 10)), work((9, 20), (9, 30))]
    work_done = intervals_around(at(9), at(10, 30), pauses)
    assert work_done == (work((9,), (9, 20)), work((9, 30), (10,)), work((10, 10), (10, 30)))
    assert worked_minutes(work_done) == 70


def test_a_pause_may_touch_start_and_stop():
    assert worked_minutes(intervals_around(at(9), at(10), [work((9,), (9, 10)), work((9, 50), (10,))])) == 40


@pytest.mark.parametrize(
    ("start", "stop", "pauses", "problem"),
    [
        (at(9), at(8), [], "The stop at 08:00 is before the start at 09:00"),
        (at(9), at(10), [work((8, 59), (9, 10))], "The pause 08:59-09:10 lies outside the work"),
        (at(9), at(10), [work((9, 50), (10, 1))], "The pause 09:50-10:01 lies outside the work"),
        (at(9), at(10), [work((9, 50))], "The pause at 09:50 has no end"),
        (at(9), at(10), [work((9, 10), (9, 30)), work((9, 20), (9, 40))], "The start at 09:20 lies before the stop"),
        (at(9), at(10), [work((9, 30), (9, 10))], "The stop at 09:10 is before the start at 09:30"),
    ],
)
def test_pauses_that_cannot_be_are_refused(start, stop, pauses, problem):
    with pytest.raises(ValueError, match=problem):
        intervals_around(start, stop, pauses)


@given(st.lists(st.integers(0, 3600), min_size=2, max_size=20, unique=True))
def test_work_and_pauses_together_are_all_the_time(seconds):
    moments = [at(9) + timedelta(seconds=s) for s in sorted(seconds)]
    moments = moments[: len(moments) // 2 * 2]
    pauses = [Interval(a, b) for a, b in zip(moments[1:-1:2], moments[2:-1:2], strict=True)]
    work_done = intervals_around(moments[0], moments[-1], pauses)
    total = int((moments[-1] - moments[0]).total_seconds())
    assert worked_seconds(work_done) + worked_seconds(pauses) == total
    assert problems_with_clock(work_done) == []


@given(st.permutations([work((9,), (9, 20)), work((9, 30), (9, 45)), work((10,), (10, 1))]))
def test_the_order_in_which_times_are_told_never_matters(intervals):
    assert worked_minutes(intervals) == 36
