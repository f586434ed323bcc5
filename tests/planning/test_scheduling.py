"""The days between sessions, proposals for a series, free places."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.availability import day_start, local_day_at, minute_of, to_local, to_local_day, utc_offset_min
from planning.scheduling import (
    Place,
    Practitioner,
    Room,
    Wishes,
    earliest_next,
    free_places,
    keeps_gap,
    latest_before,
    problems_with_gap,
    problems_with_series,
    propose_series,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = to_local_day(date(2026, 9, 7))


def at(day: int, hour: int, minute: int = 0) -> int:
    return minute_of(day, hour * 60 + minute, BERLIN)


def daily(days, starts=9, ends=17):
    return [(at(day, starts), at(day, ends)) for day in days]


def make_practitioner(key="ada", free=None, location=""):
    return Practitioner(
        key=key, name=key.title(), free=daily(range(MONDAY, MONDAY + 60)) if free is None else free, location=location
    )


def make_room(key="one", free=None, buffer_min=15, location=""):
    whole = [(at(MONDAY - 1, 0), at(MONDAY + 200, 0))]
    return Room(key=key, name=key, free=whole if free is None else free, buffer_min=buffer_min, location=location)


def propose(durations=(120, 60, 60), practitioners=None, rooms=None, **changes):
    settings_ = {"zone": BERLIN, "earliest_day": MONDAY, "horizon_days": 60} | changes
    return propose_series(
        durations=durations,
        practitioners=[make_practitioner()] if practitioners is None else practitioners,
        rooms=[make_room()] if rooms is None else rooms,
        **settings_,
    )


def days_of(series):
    return [place.local_day for place in series.places]


# The gap ---------------------------------------------------------------------------------------------------------


def test_two_days_apart_is_enough():
    assert problems_with_gap([MONDAY, MONDAY + 2]) == []


def test_one_day_apart_is_refused_in_words():
    assert problems_with_gap([MONDAY + 1, MONDAY]) == [
        "Monday 7 September 2026 and Tuesday 8 September 2026 are 1 day apart; sessions are at least 2 days apart."
    ]


def test_two_sessions_on_one_day_are_refused_in_words():
    assert problems_with_gap([MONDAY, MONDAY]) == [
        "Two sessions are on Monday 7 September 2026; sessions are at least 2 days apart."
    ]


def test_a_clinic_may_raise_the_gap_but_never_lower_it():
    assert problems_with_gap([MONDAY, MONDAY + 2], gap_days=3) != []
    with pytest.raises(ValueError, match="at least 2 days apart; a gap of 1 cannot be set"):
        problems_with_gap([], gap_days=1)


def test_the_next_session_can_be_two_calendar_days_later_across_a_clock_change():
    saturday = to_local_day(date(2026, 10, 24))
    assert earliest_next(saturday) == to_local_day(date(2026, 10, 26))
    assert latest_before(earliest_next(saturday)) == saturday
    assert at(saturday + 2, 9) - at(saturday, 9) == 49 * 60


@given(st.lists(st.integers(0, 60), max_size=6), st.integers(2, 9))
def test_days_are_refused_exactly_when_a_pair_is_too_close(days, gap_days):
    pairs = [(left, right) for place, left in enumerate(days) for right in days[place + 1 :]]
    too_close = any(abs(left - right) < gap_days for left, right in pairs)
    assert bool(problems_with_gap(days, gap_days)) == too_close


def test_a_series_says_the_earliest_day_of_the_session_that_comes_too_soon():
    assert problems_with_series([MONDAY, MONDAY + 2, MONDAY + 3]) == [
        "Session 3 can be on Friday 11 September 2026 at the earliest."
    ]
    assert problems_with_series([MONDAY, MONDAY + 2, MONDAY + 4]) == []


def test_sessions_out_of_order_are_refused():
    assert problems_with_series([MONDAY, MONDAY - 5]) == [
        "Session 2 can be on Wednesday 9 September 2026 at the earliest."
    ]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_series_has_two_or_three_sessions(count):
    assert problems_with_series([MONDAY + 10 * n for n in range(count)]) == [
        f"A plan has 2 or 3 sessions, not {count}."
    ]


# Proposals -------------------------------------------------------------------------------------------------------


def test_the_best_series_keeps_the_recommended_gap_and_one_practitioner_and_ends_soonest():
    best = propose(practitioners=[make_practitioner("ada"), make_practitioner("ben")]).series[0]
    assert days_of(best) == [MONDAY, MONDAY + 10, MONDAY + 20]
    assert [place.practitioner for place in best.places] == ["ada", "ada", "ada"]
    assert best.reason == (
        "Sessions 10 and 10 days apart, as recommended; Ada throughout; last visit on Sunday 27 September 2026."
    )


def test_three_proposals_lie_on_different_days_and_are_ranked():
    series = propose().series
    assert [days_of(each)[0] for each in series] == [MONDAY, MONDAY + 1, MONDAY + 2]
    assert [each.rank for each in series] == sorted(each.rank for each in series)


def test_a_wish_gives_way_to_the_recommended_gap_but_not_to_the_end_date():
    wishes = Wishes(weekdays=frozenset({2}), from_min=13 * 60)
    best = propose((60, 60), wishes=wishes, recommended_gap_days=7).series[0]
    assert days_of(best) == [MONDAY + 2, MONDAY + 9]
    assert [to_local(place.starts_min, BERLIN).hour for place in best.places] == [13, 13]
    assert "every wish met" in best.reason


def test_a_visit_that_ends_at_the_end_of_the_window_meets_the_wish():
    wishes = Wishes(from_min=16 * 60, until_min=17 * 60)
    assert propose((60, 60), wishes=wishes).series[0].wishes_missed == 0
    assert propose((75, 75), wishes=wishes).series[0].wishes_missed == 2


def test_a_change_of_practitioner_is_taken_only_where_it_must_be():
    ada = make_practitioner("ada", daily([MONDAY, MONDAY + 1]))
    ben = make_practitioner("ben", daily([MONDAY + 10, MONDAY + 11]))
    best = propose((60, 60), [ada, ben]).series[0]
    assert best.practitioner_changes == 1
    assert "with Ada, then Ben" in best.reason


def test_idle_minutes_too_short_to_book_are_avoided():
    free = [(at(MONDAY, 9), at(MONDAY, 11, 30)), *daily([MONDAY + 10])]
    best = propose((120, 60), [make_practitioner("ada", free)]).series[0]
    assert best.idle_min == 30
    roomy = [(at(MONDAY, 9), at(MONDAY, 11, 30)), (at(MONDAY, 13), at(MONDAY, 15)), *daily([MONDAY + 10])]
    best = propose((120, 60), [make_practitioner("ada", roomy)]).series[0]
    assert (best.idle_min, best.places[0].starts_min) == (0, at(MONDAY, 13))


@pytest.mark.parametrize(("room_until", "is_possible"), [((11, 15), True), ((11, 14), False)])
def test_a_room_must_be_free_for_the_cleaning_as_well(room_until, is_possible):
    practitioner = make_practitioner("ada", [(at(MONDAY, 9), at(MONDAY, 11))])
    room = make_room(free=[(at(MONDAY, 9), at(MONDAY, *room_until))])
    assert bool(propose((120,), [practitioner], [room]).series) == is_possible


def test_practitioner_and_room_are_at_the_same_location():
    practitioner = make_practitioner("ada", location="north")
    assert propose((60,), [practitioner], [make_room(location="south")]).series == ()
    place = propose((60,), [practitioner], [make_room("s", location="south"), make_room("n", location="north")])
    assert (place.series[0].places[0].room, place.series[0].places[0].location) == ("n", "north")


def test_the_patients_other_visits_are_kept_free():
    busy = [(at(MONDAY, 9), at(MONDAY, 16))]
    best = propose((60,), patient_busy=busy, practitioners=[make_practitioner(free=daily([MONDAY]))]).series[0]
    assert best.places[0].starts_min == at(MONDAY, 16)


@pytest.mark.parametrize("direction", [-1, 1])
def test_other_treatment_days_are_kept_apart_from_in_both_directions(direction):
    for distance, is_possible in ((1, False), (2, True)):
        proposals = propose(
            (60,),
            [make_practitioner(free=daily([MONDAY + 5]))],
            existing_days=[MONDAY + 5 + direction * distance],
        )
        assert bool(proposals.series) == is_possible


def test_a_fixed_session_stays_and_the_others_flow_around_it():
    stays = Place(at(MONDAY + 15, 10), at(MONDAY + 15, 11), MONDAY + 15, "ben", "two", "")
    best = propose((60, 60, 60), fixed={2: stays}).series[0]
    assert best.places[1] == stays
    assert days_of(best) == [MONDAY + 5, MONDAY + 15, MONDAY + 25]


def test_a_session_done_long_ago_can_be_fixed():
    done = Place(at(MONDAY - 40, 10), at(MONDAY - 40, 11), MONDAY - 40, "ada", "one", "")
    assert days_of(propose((60, 60), fixed={1: done}).series[0]) == [MONDAY - 40, MONDAY]


def test_no_place_is_offered_before_now():
    best = propose((60,), not_before_min=at(MONDAY, 12, 7)).series[0]
    assert best.places[0].starts_min == at(MONDAY, 12, 15)


def test_starts_lie_on_the_step_of_the_local_clock_where_the_offset_is_odd():
    zone = ZoneInfo("Asia/Kathmandu")
    free = [(minute_of(MONDAY, 9 * 60, zone), minute_of(MONDAY, 17 * 60, zone))]
    proposals = propose((60,), [make_practitioner(free=free)], [make_room(free=free)], zone=zone, step_min=30)
    assert to_local(proposals.series[0].places[0].starts_min, zone).time().isoformat() == "09:00:00"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"practitioners": []}, "No practitioner was given who could treat."),
        ({"rooms": []}, "No room was given to treat in."),
        ({"durations": (500,)}, "Session 1: no practitioner is free for 500 min in one piece"),
        ({"durations": (60,), "rooms": [make_room(free=[])]}, "never while a room is free"),
        ({"durations": (60,), "patient_busy": [(0, at(MONDAY + 99, 0))]}, "the patient's other visits stand in"),
        ({"durations": (60,), "horizon_days": 1, "existing_days": [MONDAY]}, "less than 2 days from another treatment"),
        (
            {"durations": (60, 60), "horizon_days": 2},
            "no 2 in order and at least 2 days apart, up to Tuesday 8 September",
        ),
    ],
)
def test_where_nothing_fits_the_constraint_in_the_way_is_named(changes, words):
    proposals = propose(**changes)
    assert proposals.series == ()
    assert words in " ".join(proposals.problems)


def test_a_series_needs_one_to_three_sessions_of_some_length():
    for durations in ((), (60, 60, 60, 60), (60, 0)):
        with pytest.raises(ValueError, match="A series has 1 to 3 sessions"):
            propose(durations)


# Against every possible series, one by one -----------------------------------------------------------------------

HORIZON = 8
STEP = 60


@st.composite
def clinics(draw):
    """A small clinic around the October clock change, with everything a search must mind."""
    first = to_local_day(date(2026, 10, 22))

    def stretches(most=12):
        piece = st.tuples(st.integers(0, HORIZON - 1), st.integers(8, 12), st.integers(20, 300))
        pieces = draw(st.lists(piece, min_size=min(most, 6), max_size=most))
        return [
            (at(first + day, hour, 10 * (length % 3)), at(first + day, hour) + length) for day, hour, length in pieces
        ]

    def room_free():
        return [(at(first, 0), at(first + HORIZON, 1))] if draw(st.booleans()) else stretches()

    locations = st.sampled_from(["north", "north", "south"])
    practitioners = [make_practitioner(key, stretches(), draw(locations)) for key in ("ada", "ben", "ada")]
    rooms = [make_room(key, room_free(), draw(st.integers(0, 20)), draw(locations)) for key in ("one", "two")]
    fixed_day = draw(st.integers(0, HORIZON - 1)) + first
    fixed = {2: Place(at(fixed_day, 9), at(fixed_day, 10), fixed_day, "ada", "one", "north")}
    return {
        "durations": draw(st.sampled_from([(60,), (60, 45), (90, 60), (60, 60, 30), (45, 30, 30)])),
        "practitioners": practitioners,
        "rooms": rooms,
        "patient_busy": stretches(2),
        "existing_days": draw(st.lists(st.integers(-2, HORIZON + 1).map(lambda day: day + first), max_size=1)),
        "gap_days": draw(st.integers(2, 3)),
        "recommended_gap_days": draw(st.integers(2, 5)),
        "wishes": Wishes(
            weekdays=draw(st.frozensets(st.integers(0, 6), max_size=3)),
            from_min=draw(st.none() | st.just(10 * 60)),
            until_min=draw(st.none() | st.just(13 * 60)),
            practitioner=draw(st.none() | st.just("ben")),
        ),
        "not_before_min": draw(st.just(0) | st.just(at(first, 11))),
        "earliest_day": first,
        "fixed": draw(st.just({}) | st.just(fixed)),
    }


@lru_cache
def minutes_of(intervals):
    return frozenset(minute for left, right in intervals for minute in range(left, right))


def inside(intervals, start, end):
    return minutes_of(tuple(intervals)).issuperset(range(start, end))


def merged(intervals, start):
    """The unbroken free time around a minute, minute by minute."""
    minutes = minutes_of(tuple(intervals))
    left = right = start
    while left - 1 in minutes:
        left -= 1
    while right in minutes:
        right += 1
    return left, right


def all_places(clinic, minutes):
    """Every place of one session, tried one by one: (place, wishes missed, idle minutes)."""
    found = []
    first, wishes = clinic["earliest_day"], clinic["wishes"]
    for start in range(day_start(first, BERLIN), day_start(first + HORIZON, BERLIN), 15):
        local = start + utc_offset_min(start, BERLIN)
        day = local_day_at(start, BERLIN)
        if (
            local % STEP
            or start < clinic["not_before_min"]
            or not keeps_gap(day, clinic["existing_days"], gap_days=clinic["gap_days"])
        ):
            continue
        if any(left < start + minutes and start < right for left, right in clinic["patient_busy"] if left < right):
            continue
        for who in clinic["practitioners"]:
            if not inside(who.free, start, start + minutes):
                continue
            fits = [
                r
                for r in clinic["rooms"]
                if r.location == who.location and inside(r.free, start, start + minutes + r.buffer_min)
            ]
            if not fits:
                continue
            left, right = merged(who.free, start)
            idle = sum(gap for gap in (start - left, right - start - minutes) if gap < 60)
            minute = local - day * 1440
            missed = sum(
                [
                    bool(wishes.weekdays) and (date(1970, 1, 1) + timedelta(days=day)).weekday() not in wishes.weekdays,
                    (wishes.from_min is not None and minute < wishes.from_min)
                    or (wishes.until_min is not None and minute + minutes > wishes.until_min),
                    wishes.practitioner is not None and who.key != wishes.practitioner,
                ]
            )
            found.append((Place(start, start + minutes, day, who.key, fits[0].key, who.location), missed, idle))
    return found


def ranks_by_trying_everything(clinic):
    """The best rank for each choice of days, best first."""
    fixed = clinic["fixed"] if len(clinic["durations"]) > 1 else {}
    choices = [
        [(fixed[number], 0, 0)] if number in fixed else all_places(clinic, minutes)
        for number, minutes in enumerate(clinic["durations"], start=1)
    ]
    best = {}
    for chosen in product(*choices):
        places = [place for place, _, _ in chosen]
        gaps = [right.local_day - left.local_day for left, right in pairwise(places)]
        if any(gap < clinic["gap_days"] for gap in gaps):
            continue
        rank = (
            sum(abs(gap - clinic["recommended_gap_days"]) for gap in gaps),
            sum(missed for _, missed, _ in chosen),
            sum(left.practitioner != right.practitioner for left, right in pairwise(places)),
            places[-1].local_day,
            sum(idle for _, _, idle in chosen),
            tuple(place.starts_min for place in places),
        )
        days = tuple(place.local_day for place in places)
        best[days] = min(rank, best.get(days, rank))
    return sorted(best.values())


@settings(max_examples=120, deadline=None)
@given(clinics())
def test_the_search_finds_what_trying_everything_finds(clinic):
    fixed = clinic["fixed"] if len(clinic["durations"]) > 1 else {}
    proposals = propose_series(**clinic | {"fixed": fixed}, zone=BERLIN, horizon_days=HORIZON, step_min=STEP)
    expected = ranks_by_trying_everything(clinic)
    assert [series.rank for series in proposals.series] == expected[:3]
    assert bool(proposals.problems) == (not expected)


@settings(max_examples=120, deadline=None)
@given(clinics())
def test_every_proposed_place_is_one_that_is_free(clinic):
    proposals = propose_series(**clinic | {"fixed": {}}, zone=BERLIN, horizon_days=HORIZON, step_min=STEP)
    for series in proposals.series:
        for place, minutes in zip(series.places, clinic["durations"], strict=True):
            assert place in [found for found, _, _ in all_places(clinic, minutes)]


@settings(max_examples=120, deadline=None)
@given(clinics(), st.none() | st.integers(0, HORIZON * 1440))
def test_free_places_are_the_nearest_of_all(clinic, near):
    minutes = clinic["durations"][0]
    earliest = at(clinic["earliest_day"], 11) if clinic["not_before_min"] else at(clinic["earliest_day"], 0)
    near_min = None if near is None else at(clinic["earliest_day"], 0) + near
    places = free_places(
        duration_min=minutes,
        practitioners=clinic["practitioners"],
        rooms=clinic["rooms"],
        zone=BERLIN,
        earliest_min=earliest,
        horizon_days=HORIZON,
        near_min=near_min,
        patient_busy=clinic["patient_busy"],
        existing_days=clinic["existing_days"],
        gap_days=clinic["gap_days"],
        step_min=STEP,
    )
    centre = earliest if near_min is None else near_min
    apart = minutes if near_min is None else STEP
    possible = [place for place, _, _ in all_places(clinic | {"not_before_min": earliest}, minutes)]
    expected = []
    for _, start in sorted({(abs(place.starts_min - centre), place.starts_min) for place in possible}):
        if len(expected) < 3 and all(abs(start - other) >= apart for other in expected):
            expected.append(start)
    assert [place.starts_min for place in places] == expected
    assert set(places) <= set(possible)


# Free places -----------------------------------------------------------------------------------------------------


def find(**changes):
    arguments = {
        "duration_min": 30,
        "practitioners": [make_practitioner()],
        "rooms": [make_room()],
        "zone": BERLIN,
        "earliest_min": at(MONDAY, 8),
    } | changes
    return [to_local(place.starts_min, BERLIN).strftime("%d %H:%M") for place in free_places(**arguments)]


def test_the_next_three_free_consultations_do_not_overlap():
    assert find() == ["07 09:00", "07 09:30", "07 10:00"]


def test_after_a_clash_the_nearest_free_places_are_offered_nearest_first():
    practitioner = make_practitioner(free=[(at(MONDAY, 9), at(MONDAY, 10)), (at(MONDAY, 11), at(MONDAY, 17))])
    assert find(practitioners=[practitioner], near_min=at(MONDAY, 10)) == ["07 09:30", "07 09:15", "07 09:00"]


def test_no_free_place_gives_none():
    assert find(practitioners=[make_practitioner(free=[])]) == []


def test_a_free_place_keeps_away_from_treatment_days():
    assert find(existing_days=[MONDAY, MONDAY + 2], limit=1) == ["11 09:00"]
