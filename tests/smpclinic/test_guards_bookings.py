"""The guarded table: nobody and nothing in two places at once, two days between a patient's sessions.

Everything here goes past the program, in SQL. ``NINE`` and so on are minutes of one day; the visit that stands lasts
from ten to eleven, its room is free again a quarter past.
"""

from datetime import timedelta

import pytest

from planning.models import Appointment
from tests import make, sql
from tests.smpclinic.guarded import covers

pytestmark = pytest.mark.django_db

LENGTHS = [
    # starts at, minutes, clashes with the person, clashes with the room
    (-60, 60, False, True),
    (-75, 60, False, False),
    (-74, 60, False, True),
    (-60, 61, True, True),
    (-30, 30, False, True),
    (-15, 90, True, True),
    (0, 60, True, True),
    (15, 30, True, True),
    (59, 30, True, True),
    (60, 30, False, True),
    (74, 30, False, True),
    (75, 30, False, False),
]


def visit(**fields) -> Appointment:
    """A consultation, which the two-day rule leaves alone."""
    return make.make_appointment(kind="consultation", **fields)


@pytest.fixture
def standing():
    return visit()


@pytest.fixture
def elsewhere():
    """A visit of other people in another room, days later."""
    return visit(starts_at=make.MONDAY + timedelta(days=7))


def times(minutes_later: int = 0, minutes: int = 60, *, days: int = 0, cleaning_min: int = 15):
    starts_at = make.MONDAY + timedelta(days=days, minutes=minutes_later)
    return make.appointment_times(starts_at, minutes, cleaning_min=cleaning_min)


@covers("overlap_practitioner", "overlap_patient", "overlap_room")
@pytest.mark.parametrize("who", ["practitioner", "patient", "room"])
@pytest.mark.parametrize(("minutes_later", "minutes", "person_clashes", "room_clashes"), LENGTHS)
def test_nobody_and_no_room_is_in_two_places(
    who, minutes_later, minutes, person_clashes, room_clashes, standing, elsewhere
):
    values = {f"{who}_id": getattr(standing, f"{who}_id"), **times(minutes_later, minutes)}
    if room_clashes if who == "room" else person_clashes:
        with sql.refused(f"overlap_{who}"):
            sql.insert_like(elsewhere, **values)
        with sql.refused(f"overlap_{who}"):
            sql.update(elsewhere, **values)
    else:
        assert sql.insert_like(elsewhere, **values) == 1


@pytest.mark.parametrize("who", ["practitioner", "patient", "room"])
def test_a_cancelled_visit_frees_its_place_and_cannot_take_it_back(who, standing, elsewhere):
    assert sql.update(standing, active=False, state="cancelled", cancel_reason="ill") == 1
    assert sql.update(elsewhere, **{f"{who}_id": getattr(standing, f"{who}_id")}, **times()) == 1
    with sql.refused(f"overlap_{who}"):
        sql.update(standing, active=True, state="booked")


def test_a_visit_may_change_its_own_length_and_key(standing):
    assert sql.update(standing, **times(-15, 90)) == 1
    assert sql.update(standing, id=standing.pk + 1_000_000) == 1


def test_many_rows_inserted_at_once_are_each_checked(standing):
    columns = [column for column in sql.values_of(standing) if column not in ("id", "public_id")]
    names = ", ".join(columns)
    with sql.refused("overlap_"):
        sql.run(
            f"INSERT INTO planning_appointment (public_id, {names})"
            f" SELECT %s, {names} FROM planning_appointment WHERE id = %s",
            "0" * 32,
            standing.pk,
        )


def test_an_upsert_cannot_move_a_visit_onto_another(standing, elsewhere):
    values = sql.values_of(elsewhere) | {"practitioner_id": standing.practitioner_id}
    moved = make.appointment_times(make.MONDAY, 60) | {"practitioner_id": standing.practitioner_id}
    ending = "ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{column} = {value}" for column, value in moved.items())
    with sql.refused("overlap_"):
        sql.insert("planning_appointment", values, ending=ending)


@pytest.mark.sqlite
@pytest.mark.parametrize("conflict", ["ABORT", "FAIL", "IGNORE", "REPLACE"])
@pytest.mark.parametrize("key", ["id", "public_id", None])
def test_no_conflict_clause_of_sqlite_gets_past(conflict, key, standing, elsewhere):
    """``OR REPLACE`` would delete the visit whose key it takes; the others must not weaken the refusal.

    (``OR ROLLBACK`` would end this test's own transaction: the proof ``rawsql`` has it.)
    """
    taken = {key: sql.values_of(standing)[key]} if key else {}
    with sql.refused("overlap_|never deleted"):
        sql.insert_like(standing, how=f"INSERT OR {conflict}", **taken)
    if key and conflict != "IGNORE":
        with sql.refused("never deleted|UNIQUE|unique"):
            sql.update(elsewhere, how=f"UPDATE OR {conflict}", **taken)
    assert set(Appointment.objects.values_list("pk", flat=True)) == {standing.pk, elsewhere.pk}


@covers("appointment_kept")
def test_a_visit_is_never_deleted(standing):
    with sql.refused("cancelled, never deleted"):
        sql.delete(standing)


@covers("appointment_integers")
@pytest.mark.sqlite
@pytest.mark.parametrize("column", ["starts_min", "ends_min", "room_until_min", "local_day", "gap_days"])
@pytest.mark.parametrize("value", ["soon", 34217400.5, b"1"])
def test_times_are_whole_numbers(column, value, standing):
    with sql.refused("whole minutes|typeof|CHECK|constraint"):
        sql.update(standing, **{column: value})


@pytest.mark.sqlite
@pytest.mark.parametrize("column", ["active", "counts_for_gap"])
def test_yes_and_no_are_one_and_nought(column, standing):
    with sql.refused("whole minutes"):
        sql.update(standing, **{column: 2})
    assert sql.update(standing, starts_min=str(standing.starts_min)) == 1


# Two days between a patient's sessions


@pytest.fixture
def plan():
    return make.make_plan(sessions=3)


def session_on(plan, day: int, number: int = 1, **fields):
    return make.make_appointment(
        planned_session=plan.planned_sessions.get(number=number), starts_at=make.MONDAY + timedelta(days=day), **fields
    )


def the_other(plan, **fields):
    """Session 2 of the plan, far away, to be moved near session 1 of day 0."""
    return session_on(plan, 300, 2, **fields)


@covers("two_days")
@pytest.mark.parametrize(("days", "fits"), [(-2, True), (-1, False), (0, False), (1, False), (2, True)])
def test_two_sessions_are_two_days_apart_either_way(days, fits, plan):
    first, second = session_on(plan, 0), the_other(plan)
    moved = times(0 if days else 240, days=days)
    if fits:
        assert sql.update(second, **moved) == 1
        return
    with sql.refused("two_days"):
        sql.update(second, **moved)
    with sql.refused("two_days"):
        sql.insert_like(second, planned_session_id=plan.planned_sessions.get(number=3).pk, **moved)
    assert first.gap_days == second.gap_days == 2


@pytest.mark.parametrize(
    ("gap_days", "days", "fits"), [(3, 2, False), (3, 3, True), (3, -2, True), (365, 364, False), (365, 365, True)]
)
def test_a_longer_gap_counts_from_the_earlier_session(gap_days, days, fits, plan):
    session_on(plan, 0, gap_days=gap_days)
    second = session_on(plan, 900, 2)
    if fits:
        assert sql.update(second, **times(days=days)) == 1
    else:
        with sql.refused("two_days"):
            sql.update(second, **times(days=days))


@pytest.mark.parametrize("gap_days", [1, 0, -1, 366])
def test_the_gap_is_never_less_than_two_days_nor_more_than_a_year(gap_days, plan):
    with sql.refused("appointment_gap_at_least_two|planning_appointment_gap_days_check|gap_days"):
        sql.update(session_on(plan, 0), gap_days=gap_days)


def test_the_day_is_the_clinics_own_not_the_one_in_london(plan):
    """23:00 UTC on Monday is Tuesday morning at +10:00; the row cannot claim another day to slip past the rule."""
    session_on(plan, 0)
    second = the_other(plan)
    late = times(13 * 60, days=1)
    with sql.refused("appointment_local_day_true"):
        sql.update(second, **late | {"local_day": late["local_day"] + 2})
    tuesday_in_sydney = late | {"utc_offset_min": 600, "local_day": late["local_day"] + 1}
    assert sql.update(second, **tuesday_in_sydney) == 1


def test_sessions_of_all_plans_and_touch_ups_count_other_visits_do_not(plan):
    session_on(plan, 0)
    touch_up = make.make_plan(parent=plan, practitioner=plan.practitioner)
    touched_up = make.make_appointment(
        planned_session=touch_up.planned_sessions.get(), kind="touch_up", starts_at=make.MONDAY + timedelta(days=50)
    )
    for later in (touched_up, session_on(make.make_plan(patient=plan.patient), 60)):
        with sql.refused("two_days"):
            sql.update(later, **times(days=1))
    assert visit(patient=plan.patient, starts_at=make.MONDAY + timedelta(days=1)).pk
    assert session_on(make.make_plan(), 1).pk


def test_a_session_cannot_be_taken_out_of_the_count(plan):
    with sql.refused("appointment_treatment_has_a_plan"):
        sql.update(session_on(plan, 0), counts_for_gap=False)


def test_a_cancelled_session_cannot_come_back_too_near_another(plan):
    first = session_on(plan, 0)
    sql.update(first, active=False, state="cancelled", cancel_reason="ill")
    session_on(plan, 1, 2)
    with sql.refused("two_days"):
        sql.update(first, active=True, state="booked")


@covers("appointment_breach_past")
def test_a_breach_is_kept_for_a_past_visit_only(plan):
    manager = make.make_manager()
    late = {"breach_reason": "came a day early", "breach_by_id": manager.pk, "state": "done", "entered_late": True}
    first, second = session_on(plan, 0), the_other(plan)
    with sql.refused("only a past visit"):
        sql.update(second, **late, **times(days=1))
    past = {"days": -20_000 + 7}
    sql.update(first, state="done", **times(days=past["days"] - 1))
    assert sql.update(second, **late, **times(**past)) == 1
    with sql.refused("two_days"):
        sql.update(second, breach_reason="", breach_by_id=None)
    with sql.refused("only a past visit"):
        sql.update(second, **times(days=1))
