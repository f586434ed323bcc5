"""The sheets a patient takes home, with real dates and times."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.aftercare import (
    NOT_HEALED_YET,
    THEN_THE_NEW_SHEET,
    CareFacts,
    CareProtocol,
    care_sheet,
    earliest_next_session,
    first_open_day,
    problems_with_care_facts,
    problems_with_protocol,
)
from sessions.aftercare_texts import DEFAULT_TEXTS, Look, PeriodText, RuleText
from sessions.care_words import day_in_words, length_in_words
from sessions.preparation import PreparationFacts, preparation_sheet

WARSAW = ZoneInfo("Europe/Warsaw")
STOP = datetime(2026, 9, 3, 14, 30, tzinfo=WARSAW)
TREATED = date(2026, 9, 3)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def make_sheet(stop=STOP, look=Look.SHAVED, **given_facts):
    return care_sheet(CareFacts(stop, look, **given_facts))


def every_line(sheet):
    rules = [line for period in sheet.periods for line in (period.title, *period.rules)]
    boxes = [line for box in sheet.boxes for line in (box.title, *box.lines)]
    return [*sheet.day0, *rules, *sheet.next_session, *boxes]


def spans(sheet):
    return [(period.title, period.from_on.isoformat(), period.until_on and period.until_on.isoformat())
            for period in sheet.periods]  # fmt: skip


# The day itself


def test_redness_is_gone_2_to_4_hours_after_the_last_stop():
    sheet = make_sheet()
    assert (sheet.redness_gone_from, sheet.redness_gone_by) == (STOP.replace(hour=16), STOP.replace(hour=18))
    assert sheet.day0[0] == (
        "Redness and tightness are normal. They usually settle by 16:30-18:30 today; "
        "rarely they last until Saturday 5 September 2026."
    )


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        (datetime(2026, 9, 3, 19, 59, tzinfo=WARSAW), "by 21:59-23:59 today"),
        (
            datetime(2026, 9, 3, 20, 0, tzinfo=WARSAW),
            "by 22:00 today to 00:00 on Friday 4 September 2026",
        ),
        (datetime(2026, 12, 31, 22, 30, tzinfo=WARSAW), "by 00:30-02:30 on Friday 1 January 2027"),
        (
            datetime(2026, 12, 31, 21, 30, tzinfo=WARSAW),
            "by 23:30 today to 01:30 on Friday 1 January 2027",
        ),
        (datetime(2026, 10, 25, 0, 0, tzinfo=WARSAW), "by 02:00 CEST to 03:00 CET on Sunday 25 October 2026"),
        (datetime(2026, 3, 28, 23, 30, tzinfo=WARSAW), "by 01:30 CET to 04:30 CEST on Sunday 29 March 2026"),
        (datetime(2026, 3, 29, 12, 0, tzinfo=WARSAW), "by 14:00-16:00 today"),
    ],
)
def test_the_redness_window_is_real_time_over_midnight_year_end_and_clock_change(stop, words):
    assert words in make_sheet(stop).day0[0]


def test_the_redness_window_is_the_clinics_figure():
    protocol = CareProtocol(redness_from_hours=1, redness_to_hours=3)
    assert "by 15:30-17:30 today" in make_sheet(protocol=protocol).day0[0]
    once = CareProtocol(redness_from_hours=3, redness_to_hours=3)
    assert "settle by 17:30 today;" in make_sheet(protocol=once).day0[0]


def test_a_stop_after_midnight_belongs_to_its_own_day():
    assert make_sheet(datetime(2026, 9, 4, 0, 10, tzinfo=WARSAW)).treated_on == date(2026, 9, 4)


def test_the_day_is_the_clinics_and_not_the_one_in_utc():
    tokyo = datetime(2026, 9, 4, 1, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert make_sheet(tokyo).treated_on == date(2026, 9, 4)
    assert make_sheet(tokyo).periods[0].from_on == date(2026, 9, 5)


@given(DAYS, st.times(), st.sampled_from(["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]))
def test_redness_hours_are_real_hours_in_every_zone(day, time, zone):
    stop = datetime.combine(day, time, tzinfo=ZoneInfo(zone))
    sheet = make_sheet(stop)
    waits = [
        moment.astimezone(UTC) - stop.astimezone(UTC) for moment in (sheet.redness_gone_from, sheet.redness_gone_by)
    ]
    assert waits == [timedelta(hours=2), timedelta(hours=4)]
    assert sheet.redness_gone_by.tzinfo is stop.tzinfo


# The days after


def test_without_a_next_session_the_rows_run_to_day_30_and_beyond():
    assert spans(make_sheet()) == [
        ("Days 1 to 4", "2026-09-04", "2026-09-07"),
        ("Days 5 to 10", "2026-09-08", "2026-09-13"),
        ("Days 11 to 30", "2026-09-14", "2026-10-03"),
        ("After day 30", "2026-10-04", None),
    ]


def test_rows_run_over_the_end_of_the_year():
    assert spans(make_sheet(datetime(2026, 12, 29, 12, tzinfo=WARSAW)))[:2] == [
        ("Days 1 to 4", "2026-12-30", "2027-01-02"),
        ("Days 5 to 10", "2027-01-03", "2027-01-08"),
    ]


def test_rows_count_calendar_days_over_a_clock_change():
    assert spans(make_sheet(datetime(2026, 10, 24, 23, 30, tzinfo=WARSAW)))[0] == (
        "Days 1 to 4",
        "2026-10-25",
        "2026-10-28",
    )


@pytest.mark.parametrize(
    ("day", "rows"),
    [
        (1, []),
        (2, [("Days 1 to 2", 2)]),
        (4, [("Days 1 to 4", 4)]),
        (5, [("Days 1 to 4", 4)]),
        (6, [("Days 1 to 4", 4), ("Days 5 to 6", 6)]),
        (10, [("Days 1 to 4", 4), ("Days 5 to 10", 10)]),
        (11, [("Days 1 to 4", 4), ("Days 5 to 10", 10)]),
        (12, [("Days 1 to 4", 4), ("Days 5 to 10", 10), ("Days 11 to 12", 12)]),
        (31, [("Days 1 to 4", 4), ("Days 5 to 10", 10), ("Days 11 to 30", 30)]),
        (40, [("Days 1 to 4", 4), ("Days 5 to 10", 10), ("Days 11 to 30", 30), ("After day 30", 40)]),
    ],
)
def test_rows_stop_at_the_next_session(day, rows):
    sheet = make_sheet(next_session_on=TREATED + timedelta(days=day))
    expected = [(title, TREATED + timedelta(days=until)) for title, until in rows]
    assert [(period.title, period.until_on) for period in sheet.periods] == expected


@given(st.integers(1, 120), st.sampled_from(Look))
def test_no_row_reaches_past_the_next_session_and_none_is_empty(day, look):
    next_on = TREATED + timedelta(days=day)
    for period in make_sheet(look=look, next_session_on=next_on).periods:
        assert period.from_on < next_on
        assert period.from_on <= period.until_on <= next_on
        assert period.rules


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from(Look))
def test_rows_follow_each_other_without_a_gap_from_the_day_after(treated_on, look):
    periods = make_sheet(datetime(treated_on.year, treated_on.month, treated_on.day, 12, tzinfo=WARSAW), look).periods
    assert periods[0].from_on == treated_on + timedelta(days=1)
    for earlier, later in pairwise(periods):
        assert later.from_on == earlier.until_on + timedelta(days=1)


def test_a_rule_that_names_its_last_day_names_that_of_its_row():
    dry = PeriodText("dry", 1, 4, "{days}", (RuleText("Dry until {until}."),))
    texts = replace(DEFAULT_TEXTS, periods=(dry,))
    whole = care_sheet(CareFacts(STOP, Look.SHAVED), texts).periods[0]
    assert whole.rules == ("Dry until Monday 7 September 2026.",)
    clipped = care_sheet(CareFacts(STOP, Look.SHAVED, next_session_on=date(2026, 9, 5)), texts).periods[0]
    assert clipped.rules == ("Dry until Saturday 5 September 2026.",)


def test_the_dates_of_a_row_are_not_said_again_in_its_rules():
    rules = [rule for period in make_sheet().periods[:3] for rule in period.rules]
    assert [rule for rule in rules if "2026" in rule] == []


@pytest.mark.parametrize("look", list(Look))
def test_no_sun_from_the_day_after_until_day_30(look):
    rows = make_sheet(look=look).periods[:3]
    assert [any("sun" in rule for rule in row.rules) for row in rows] == [True, True, True]


def test_a_row_of_a_single_day_is_titled_so():
    one_day = PeriodText("rest", 1, 1, "{days}", (RuleText("Rest until {until}."),))
    (period,) = care_sheet(CareFacts(STOP, Look.SHAVED), replace(DEFAULT_TEXTS, periods=(one_day,))).periods
    assert (period.title, period.rules) == ("Day 1", ("Rest until Friday 4 September 2026.",))


def test_the_touch_up_check_is_after_4_years_or_as_the_clinic_says():
    assert "around 3 September 2030" in make_sheet().periods[-1].rules[-1]
    assert "around 3 September 2029" in make_sheet(protocol=CareProtocol(touch_up_years=3)).periods[-1].rules[-1]
    leap = datetime(2028, 2, 29, 12, tzinfo=WARSAW)
    assert "around 28 February 2031" in make_sheet(leap, protocol=CareProtocol(touch_up_years=3)).periods[-1].rules[-1]


# The next session


def test_the_earliest_next_session_always_stands_there():
    assert make_sheet().earliest_next == date(2026, 9, 5)
    assert make_sheet().next_session == ("The earliest day for a next session is Saturday 5 September 2026.",)
    assert make_sheet(gap_days=10).earliest_next == date(2026, 9, 13)


@pytest.mark.parametrize(
    ("treated_on", "earliest"),
    [
        (date(2026, 12, 31), date(2027, 1, 2)),
        (date(2026, 2, 27), date(2026, 3, 1)),
        (date(2028, 2, 28), date(2028, 3, 1)),
        (date(2028, 2, 27), date(2028, 2, 29)),
    ],
)
def test_the_earliest_next_session_counts_calendar_days(treated_on, earliest):
    assert earliest_next_session(treated_on) == earliest


@pytest.mark.parametrize(
    ("closed", "open_on"),
    [
        ((), None),
        ((4, 6), None),
        ((5,), "Sunday 6 September 2026"),
        ((5, 6, 7), "Tuesday 8 September 2026"),
    ],
)
def test_a_holiday_on_the_earliest_day_is_said_with_the_day_the_clinic_opens_again(closed, open_on):
    days = frozenset(date(2026, 9, day) for day in closed)
    lines = make_sheet(closed_days=days).next_session
    expected = [f"We are closed then, and open again on {open_on}."] if open_on else []
    assert list(lines[1:]) == expected


def test_who_has_a_next_session_is_not_told_of_closed_days():
    lines = make_sheet(next_session_on=date(2026, 9, 13), closed_days=frozenset({date(2026, 9, 5)})).next_session
    assert not any("closed" in line for line in lines)


@given(DAYS, st.sets(st.integers(0, 30)))
def test_the_first_open_day_is_open_and_none_before_it_is(day, closed):
    days = frozenset(day + timedelta(days=number) for number in closed)
    found = first_open_day(day, days)
    assert found not in days
    assert all(day + timedelta(days=number) in days for number in range((found - day).days))


def test_a_next_session_hands_over_to_its_own_sheet():
    sheet = make_sheet(next_session_on=date(2026, 9, 13))
    assert (sheet.next_session_on, sheet.next_session[1]) == (date(2026, 9, 13), THEN_THE_NEW_SHEET)


@pytest.mark.parametrize(("day", "is_said"), [(2, True), (4, True), (5, False), (10, False)])
def test_before_day_5_the_scalp_may_not_have_healed(day, is_said):
    lines = make_sheet(next_session_on=TREATED + timedelta(days=day)).next_session
    assert (NOT_HEALED_YET in lines) == is_said


# What cannot be


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        (CareFacts(STOP.replace(tzinfo=None), Look.SHAVED), "The last stop has no time zone."),
        (CareFacts(STOP, Look.SHAVED, gap_days=1), "Sessions are at least 2 days apart, not 1."),
        (
            CareFacts(STOP, Look.SHAVED, TREATED),
            "The next session, 3 September 2026, is not after 3 September 2026.",
        ),
    ],
)
def test_facts_that_cannot_be_make_no_sheet(facts, problem):
    assert problems_with_care_facts(facts) == [problem]
    with pytest.raises(ValueError) as refused:
        care_sheet(facts)
    assert str(refused.value) == problem


def test_a_next_session_on_the_next_day_is_no_conflict_for_the_sheet():
    assert problems_with_care_facts(CareFacts(STOP, Look.SHAVED, date(2026, 9, 4), gap_days=2)) == []


@pytest.mark.parametrize(
    ("protocol", "problems"),
    [
        (CareProtocol(), []),
        (CareProtocol(redness_from_hours=0, redness_to_hours=48), []),
        (CareProtocol(redness_from_hours=-1), ["Redness settles within 0 to 48 hours."]),
        (CareProtocol(redness_to_hours=49), ["Redness settles within 0 to 48 hours."]),
        (
            CareProtocol(redness_from_hours=5),
            ["Redness settles within 5 to 4 hours: the first must not be more than the second."],
        ),
        (CareProtocol(touch_up_years=1), []),
        (CareProtocol(touch_up_years=20), []),
        (CareProtocol(touch_up_years=0), ["The touch-up check is in 1 to 20 years, not 0."]),
        (CareProtocol(touch_up_years=21), ["The touch-up check is in 1 to 20 years, not 21."]),
    ],
)
def test_a_clinics_figures_are_checked(protocol, problems):
    assert problems_with_protocol(protocol) == problems


# Words


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize("day", [None, 1, 3, 7, 20, 60])
def test_no_mark_is_left_unfilled(look, day):
    sheet = make_sheet(look=look, next_session_on=day and TREATED + timedelta(days=day))
    assert [line for line in every_line(sheet) if re.search(r"[{}]", line)] == []


def test_each_look_has_a_text_of_its_own():
    texts = {look: " ".join(every_line(make_sheet(look=look))) for look in Look}
    assert "clipper" in texts[Look.SHAVED]
    assert "clipper" not in texts[Look.KEPT_HAIR]
    assert "No fibres, concealer, dye, extensions or hot dryer." in texts[Look.KEPT_HAIR]
    assert "minoxidil" in texts[Look.KEPT_HAIR]
    assert "fibres" not in texts[Look.SHAVED]
    assert "scar" in texts[Look.SCAR]
    assert "scar" not in texts[Look.SHAVED]


@pytest.mark.parametrize("look", list(Look))
def test_the_words_never_promise_or_compare(look):
    text = " ".join(every_line(make_sheet(look=look))).casefold()
    assert "no known side effects" not in text
    assert "safer than" not in text


def test_the_four_boxes_stand_in_the_order_of_danger():
    boxes = make_sheet().boxes
    assert [box.code for box in boxes] == ["normal", "call_us", "doctor_today", "emergency"]
    assert [box.title for box in boxes] == ["Normal", "Call us", "See a doctor today", "Emergency: 112"]
    assert make_sheet(protocol=CareProtocol(emergency_number="999")).boxes[3].title == "Emergency: 999"
    assert boxes[1].lines[0] == "It gets worse instead of better after 14:30 on Saturday 5 September 2026."


def test_48_hours_are_real_ones_over_a_clock_change():
    sheet = make_sheet(datetime(2026, 10, 24, 14, 30, tzinfo=WARSAW))
    assert "after 13:30 on Monday 26 October 2026" in sheet.boxes[1].lines[0]


def test_growing_redness_is_a_reason_to_call_and_never_called_normal():
    normal, call_us = make_sheet().boxes[:2]
    assert any("Redness that grows" in line for line in call_us.lines)
    assert not any("grow" in line for line in normal.lines)


def test_a_clinics_own_words_are_used_and_braces_in_them_do_no_harm():
    texts = replace(DEFAULT_TEXTS, day0=(RuleText("Settles {redness} {0.__class__} {unknown}."),))
    sheet = care_sheet(CareFacts(STOP, Look.SHAVED), texts)
    assert sheet.day0 == ("Settles by 16:30-18:30 today {0.__class__} {unknown}.",)


def test_the_same_facts_make_the_same_sheet():
    assert make_sheet() == make_sheet()


# Before a session


STARTS = datetime(2026, 9, 3, 14, 0, tzinfo=WARSAW)


def prepare(starts=STARTS, shortest=120, longest=165, look=Look.SHAVED, **given_facts):
    return preparation_sheet(PreparationFacts(starts, shortest, longest, look, **given_facts))


def test_the_sheet_before_a_session_opens_with_time_and_length():
    assert prepare().lines[0] == (
        "Your time: Thursday 3 September 2026 at 14:00. It will likely take 2 h to 2 h 45 min, until about 16:45."
    )
    assert "likely take 1 h, until about 15:00" in prepare(shortest=60, longest=60).lines[0]


def test_hair_is_cut_at_most_48_hours_before():
    sheet = prepare()
    assert sheet.cut_from_local == datetime(2026, 9, 1, 14, 0, tzinfo=WARSAW)
    assert any("Cut your hair at 14:00 on Tuesday 1 September 2026 or later" in line for line in sheet.lines)
    assert prepare(cut_within_hours=24).cut_from_local == datetime(2026, 9, 2, 14, 0, tzinfo=WARSAW)


def test_hours_before_a_session_are_real_over_a_clock_change():
    sheet = prepare(datetime(2026, 10, 26, 14, 0, tzinfo=WARSAW))
    assert sheet.cut_from_local == datetime(2026, 10, 24, 15, 0, tzinfo=WARSAW)


def test_a_session_over_midnight_names_the_day_of_its_end():
    late = prepare(datetime(2026, 12, 31, 22, 0, tzinfo=WARSAW), 60, 180)
    assert late.lines[0].endswith("until about 01:00 on Friday 1 January 2027.")


@pytest.mark.parametrize("look", list(Look))
def test_everyone_is_told_the_same_essentials(look):
    text = " ".join(prepare(look=look).lines)
    for essential in ("Wash", "fibres", "razor", "Eat", "alcohol", "sunburn", "hat", "medicines", "Never stop"):
        assert essential in text
    assert not re.search(r"[{}]", text)


@pytest.mark.parametrize(("shortest", "longest"), [(0, 60), (61, 60), (-5, -1)])
def test_a_length_that_is_none_is_refused(shortest, longest):
    with pytest.raises(ValueError, match=f"A length of {shortest} to {longest} minutes is no length"):
        prepare(shortest=shortest, longest=longest)


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="The start has no time zone"):
        prepare(STARTS.replace(tzinfo=None))


def test_days_and_lengths_are_said_plainly():
    assert day_in_words(date(2026, 9, 6)) == "Sunday 6 September 2026"
    assert [length_in_words(m) for m in (0, 59, 60, 61, 240)] == ["0 min", "59 min", "1 h", "1 h 1 min", "4 h"]
