"""The estimate: worked patients to the minute, laws of the formula, and what is said in words."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.estimation import (
    DEFAULT_PROTOCOL,
    Protocol,
    estimate,
    estimate_touch_up,
    pace_factor,
    planned_dots,
    problems_with_protocol,
    target_dots_per_cm2,
)
from planning.zones import SCAR, ZONE_BY_CODE, Scar, Surface, TreatedArea, ZoneChoice, treated_areas, zones_for_grade

BAND = treated_areas([ZoneChoice(zone="hairline_band")])
VERTEX = treated_areas([ZoneChoice(zone="vertex")])
NORWOOD_III_VERTEX = treated_areas(zones_for_grade("norwood", "III vertex"))
NORWOOD_VI = treated_areas(zones_for_grade("norwood", "VI"))
NORWOOD_VII = treated_areas(zones_for_grade("norwood", "VII"))
LUDWIG_II = treated_areas(zones_for_grade("ludwig", "II"))
FUT_SCAR = treated_areas([], scars=[Scar(zone="occipital", length_cm=Decimal(25), width_cm=Decimal(1))])

areas = st.builds(
    TreatedArea,
    code=st.sampled_from([*sorted(ZONE_BY_CODE), SCAR]),
    area_cm2=st.decimals("0.1", 200, places=1),
    part_percent=st.sampled_from([25, 50, 75, 100]),
    surface=st.sampled_from(list(Surface)),
    target_dots_per_cm2=st.none() | st.decimals(1, 120, places=0),
)
plans = st.lists(areas, min_size=1, max_size=6)
counts = st.sampled_from([2, 3])


def make_area(code="vertex", area="50", **changes):
    return TreatedArea(code=code, area_cm2=Decimal(area), **changes)


def booked(zones, session_count, *, consulted_before=True, **changes):
    return estimate(
        zones=zones, session_count=session_count, consulted_before=consulted_before, **changes
    ).booked_minutes


# To the minute ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zones", "three_sessions", "two_sessions"),
    [
        pytest.param(BAND, (90, 60, 60), (90, 60), id="hairline band"),
        pytest.param(VERTEX, (60, 60, 60), (75, 60), id="vertex"),
        pytest.param(NORWOOD_III_VERTEX, (150, 105, 90), (180, 135), id="Norwood III vertex"),
        pytest.param(NORWOOD_VI, (240, 180, 165), (315, 240), id="Norwood VI with blend"),
        pytest.param(NORWOOD_VII, (240, 180, 165), (315, 240), id="Norwood VII with blend"),
        pytest.param(LUDWIG_II, (150, 135, 105), (180, 165), id="Ludwig II"),
        pytest.param(FUT_SCAR, (75, 60, 60), (75, 75), id="FUT scar"),
    ],
)
def test_the_worked_patients_come_out_to_the_minute(zones, three_sessions, two_sessions):
    assert booked(zones, 3) == three_sessions
    assert booked(zones, 2) == two_sessions


def test_without_an_earlier_consultation_session_1_has_30_minutes_of_paperwork():
    before, after = (
        estimate(zones=VERTEX, session_count=3, consulted_before=consulted).sessions for consulted in (True, False)
    )
    assert after[0].exact_min - before[0].exact_min == 30
    assert after[1:] == before[1:]


@pytest.mark.parametrize(("code", "minutes"), [("hairline_band", 20), ("left_temple", 20), ("vertex", 0), (SCAR, 0)])
def test_the_hairline_is_designed_in_session_1_where_band_or_temples_are_treated(code, minutes):
    first, second = estimate(zones=[make_area(code)], session_count=2, consulted_before=True).sessions
    assert sum(line.minutes for line in first.lines if line.label == "Hairline design") == minutes
    assert "Hairline design" not in {line.label for line in second.lines}


@pytest.mark.parametrize(("dots", "breaks"), [(75, 0), (76, 1), (150, 1), (151, 2), (1, 0)])
def test_a_break_stands_between_stretches_of_75_minutes(dots, breaks):
    protocol = replace(DEFAULT_PROTOCOL, pace_dots_per_min=Decimal(1), shares_of_two=(Decimal("0.5"), Decimal("0.5")))
    area = make_area(area="2", target_dots_per_cm2=Decimal(dots))
    session = estimate(zones=[area], session_count=2, consulted_before=True, protocol=protocol).sessions[0]
    assert session.needle_min == dots
    assert session.breaks == breaks
    assert session.exact_min == 30 + dots + 10 * breaks


@pytest.mark.parametrize(("needle", "minutes"), [(45, 75), (46, 90), (30, 60), (31, 75)])
def test_the_booked_length_is_rounded_up_to_a_quarter_of_an_hour(needle, minutes):
    protocol = replace(DEFAULT_PROTOCOL, pace_dots_per_min=Decimal(1), touch_up_share=Decimal(1))
    area = make_area(area="1", target_dots_per_cm2=Decimal(needle))
    touch_up = estimate_touch_up(zones=[area], consulted_before=True, protocol=protocol)
    assert touch_up.booked_minutes == (minutes,)


@pytest.mark.parametrize(
    ("area", "dots"),
    [
        (make_area(), 90),
        (make_area(SCAR), 90),
        (make_area(surface=Surface.AMONG_HAIR), 60),
        (make_area(target_dots_per_cm2=Decimal(75), surface=Surface.AMONG_HAIR), 75),
    ],
)
def test_target_dots_are_the_areas_own_else_the_protocols(area, dots):
    assert target_dots_per_cm2(area) == dots


@pytest.mark.parametrize(
    ("area", "factor"),
    [
        (make_area("hairline_band"), "0.5"),
        (make_area("left_temple"), "0.6"),
        (make_area("right_temple"), "0.6"),
        (make_area(SCAR), "0.4"),
        (make_area(), "1"),
        (make_area(surface=Surface.AMONG_HAIR), "0.5"),
        (make_area("left_temple", surface=Surface.AMONG_HAIR), "0.5"),
        (make_area(SCAR, surface=Surface.AMONG_HAIR), "0.4"),
    ],
)
def test_the_lowest_factor_that_applies_slows_the_pace(area, factor):
    assert pace_factor(area) == Decimal(factor)


def test_a_touch_up_is_one_session_that_designs_the_hairline_only_where_it_is_redrawn():
    plain, redrawn = (
        estimate_touch_up(zones=BAND, consulted_before=True, redraws_hairline=redraws).sessions
        for redraws in (False, True)
    )
    assert len(plain) == 1
    assert redrawn[0].exact_min - plain[0].exact_min == 20


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_plan_has_two_or_three_sessions(count):
    with pytest.raises(ValueError, match=f"A plan has 2 or 3 sessions, not {count}"):
        booked(VERTEX, count)


def test_an_estimate_without_zones_is_an_error():
    with pytest.raises(ValueError, match="at least one zone or scar"):
        booked([], 3)


# Laws ------------------------------------------------------------------------------------------------------------


@given(plans, counts, st.integers(0, 5), st.decimals("0.1", 50, places=1))
def test_more_area_never_takes_less_time(zones, count, which, more_cm2):
    bigger = list(zones)
    grown = bigger[which % len(zones)]
    bigger[which % len(zones)] = replace(grown, area_cm2=grown.area_cm2 + more_cm2)
    pairs = zip(booked(zones, count), booked(bigger, count), strict=True)
    assert all(small <= big for small, big in pairs)


@given(plans, counts)
def test_the_sessions_together_place_exactly_the_planned_dots(zones, count):
    sessions = estimate(zones=zones, session_count=count, consulted_before=True).sessions
    placed = sum(dots.dots for session in sessions for dots in session.dots)
    assert placed == sum(planned_dots(area) for area in zones)


@given(plans.flatmap(lambda zones: st.tuples(st.just(zones), st.permutations(zones))), counts)
def test_the_order_of_zones_is_irrelevant(both, count):
    zones, shuffled = both
    assert estimate(zones=zones, session_count=count, consulted_before=True) == estimate(
        zones=shuffled, session_count=count, consulted_before=True
    )


@given(plans, counts, st.booleans())
def test_the_lines_add_up_and_rounding_only_goes_up(zones, count, consulted_before):
    for session in estimate(zones=zones, session_count=count, consulted_before=consulted_before).sessions:
        assert sum(line.minutes for line in session.lines) == session.exact_min
        assert 0 <= session.rounded_min - session.exact_min < 15
        assert session.booked_min == max(60, session.rounded_min)
        assert session.booked_min % 15 == 0


@given(plans, counts)
def test_needle_time_is_the_formula(zones, count):
    shares = {2: ["0.55", "0.45"], 3: ["0.40", "0.33", "0.27"]}[count]
    for share, session in zip(
        shares, estimate(zones=zones, session_count=count, consulted_before=True).sessions, strict=True
    ):
        expected = sum(
            Fraction(area.area_cm2)
            * Fraction(area.part_percent, 100)
            * Fraction(target_dots_per_cm2(area))
            * Fraction(share)
            / (70 * Fraction(pace_factor(area)))
            for area in zones
        )
        assert session.needle_min == expected


@given(plans, counts)
def test_the_range_holds_the_estimate(zones, count):
    for session in estimate(zones=zones, session_count=count, consulted_before=True).sessions:
        assert session.low_min < session.exact_min < session.high_min


@given(plans, counts, st.decimals(58, 117, places=0), st.decimals(0, 40, places=0))
def test_a_faster_pace_never_takes_longer(zones, count, pace, faster):
    slow = replace(DEFAULT_PROTOCOL, pace_dots_per_min=pace)
    fast = replace(DEFAULT_PROTOCOL, pace_dots_per_min=pace + faster)
    pairs = zip(booked(zones, count, protocol=fast), booked(zones, count, protocol=slow), strict=True)
    assert all(quick <= long for quick, long in pairs)


# Words -----------------------------------------------------------------------------------------------------------


def test_the_working_is_kept_in_words():
    first = estimate(zones=NORWOOD_VI, session_count=3, consulted_before=True).sessions[0]
    assert [(line.label, line.working) for line in first.lines] == [
        ("Arrival, checks and photos", "20 min"),
        ("Hairline design", "20 min"),
        ("Frontal hairline band", "25 cm² × 36 / 35 per min = 26 min"),
        ("Left temple and right temple", "30 cm² × 36 / 42 per min = 26 min"),
        ("Frontal third, mid-scalp and vertex (crown)", "145 cm² × 36 / 70 per min = 75 min"),
        ("Left upper side and right upper side", "60 cm² × 24 / 35 per min = 41 min"),
        ("2 breaks", "2 × 10 min"),
        ("Photos and aftercare talk", "10 min"),
    ]
    assert first.working.endswith("= 237 min, rounded up to 240 min.")


def test_a_session_raised_to_the_minimum_says_so_in_its_working():
    first = estimate(zones=[make_area(area="5")], session_count=2, consulted_before=True).sessions[0]
    assert first.is_raised_to_minimum
    assert first.working.endswith("= 34 min, rounded up to 45 min, raised to the shortest booking of 60 min.")


def test_over_four_hours_needs_three_sessions_or_fewer_zones_or_a_reason():
    two, three = (estimate(zones=NORWOOD_VI, session_count=count, consulted_before=True) for count in (2, 3))
    assert two.needs_reason
    assert two.advice == (
        "Session 1 comes to 315 min, over 240: three sessions, fewer zones, or a practitioner's reason.",
    )
    assert (three.needs_reason, three.advice) == (False, ())


def test_over_four_hours_in_three_sessions_does_not_advise_three_sessions():
    long = estimate(zones=[*NORWOOD_VI, make_area("occipital", "105")], session_count=3, consulted_before=True)
    assert long.needs_reason
    assert "three sessions" not in " ".join(long.advice)


def test_three_sessions_all_under_an_hour_would_do_as_two():
    assert estimate(zones=VERTEX, session_count=3, consulted_before=True).advice == (
        "Every session is under 60 min: two sessions would do.",
    )


def test_a_short_session_is_said_to_be_booked_at_the_minimum():
    small = estimate(zones=[make_area(area="5")], session_count=2, consulted_before=True)
    assert small.advice == (
        "Session 1 should take 45 min; it is booked at the 1 h minimum.",
        "Session 2 should take 45 min; it is booked at the 1 h minimum.",
    )
    mixed = estimate(zones=[make_area("hairline_band", "10")], session_count=3, consulted_before=False)
    assert mixed.booked_minutes == (105, 60, 60)
    assert mixed.advice == (
        "Session 2 should take 45 min; it is booked at the 1 h minimum.",
        "Session 3 should take 45 min; it is booked at the 1 h minimum.",
    )


# The protocol ----------------------------------------------------------------------------------------------------


def test_the_default_protocol_can_be_worked_by():
    assert problems_with_protocol(DEFAULT_PROTOCOL) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gap_days": 1}, "Sessions are at least 2 days apart; 1 is too few. You may raise this, never lower it."),
        ({"pace_dots_per_min": Decimal(0)}, "Pace dots per min must be 10 to 400, not 0."),
        ({"break_min": -1}, "Break min must be 0 to 120, not -1."),
        ({"scar_factor": Decimal("1.1")}, "Scar factor must be 0.05 to 1, not 1.1."),
        (
            {"shares_of_two": (Decimal("0.5"), Decimal("0.4"))},
            "Shares of two must be 2 numbers above 0 that add up to 1, not 0.5 + 0.4.",
        ),
    ],
)
def test_a_protocol_that_cannot_be_worked_by_is_refused_in_words(changes, words):
    assert problems_with_protocol(Protocol(**changes)) == [words]


@pytest.mark.parametrize("changes", [{"gap_days": 2}, {"gap_days": 7}, {"break_min": 0}, {"scar_factor": Decimal(1)}])
def test_a_protocol_at_the_edge_is_fine(changes):
    assert problems_with_protocol(Protocol(**changes)) == []
