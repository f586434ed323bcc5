"""Which state may follow which, and why another may not."""

from itertools import pairwise, product

import pytest

from planning.lifecycle import (
    ACTIVE_APPOINTMENT_STATES,
    APPOINTMENT_MOVES,
    APPOINTMENT_STATES,
    OPEN_PLAN_STATES,
    PLAN_MOVES,
    PLAN_STATES,
    problems_with_appointment_move,
    problems_with_plan_move,
)
from planning.models.appointment import ACTIVE_STATES, AppointmentState
from planning.models.plan import PlanState


def reachable(moves, start):
    found, waiting = set(), [start]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += moves[state]
    return found


def test_the_tables_name_the_states_that_are_stored():
    assert set(PLAN_STATES) == set(PLAN_MOVES) == set(PlanState.values)
    assert set(APPOINTMENT_STATES) == set(APPOINTMENT_MOVES) == set(AppointmentState.values)
    assert set(ACTIVE_STATES) == ACTIVE_APPOINTMENT_STATES


def test_a_plan_goes_from_draft_to_complete():
    path = ["draft", "approved", "agreed", "in_treatment", "complete"]
    assert [problems_with_plan_move(*step) for step in pairwise(path)] == [[], [], [], []]


def test_a_visit_goes_from_booked_to_done():
    path = ["booked", "arrived", "in_treatment", "done"]
    assert [problems_with_appointment_move(*step) for step in pairwise(path)] == [[], [], []]


@pytest.mark.parametrize("state", ["approved", "agreed", "in_treatment"])
def test_a_changed_plan_goes_back_to_draft_and_must_be_approved_and_agreed_again(state):
    assert problems_with_plan_move(state, "draft") == []
    assert problems_with_plan_move("draft", "agreed") != []
    assert problems_with_plan_move("draft", "in_treatment") != []


def test_session_1_cannot_start_before_the_patient_has_agreed():
    assert problems_with_plan_move("approved", "in_treatment") == [
        "Session 1 cannot start: the patient has not agreed to this version of the plan."
    ]


@pytest.mark.parametrize("state", sorted(OPEN_PLAN_STATES))
def test_an_open_plan_can_be_stopped(state):
    assert problems_with_plan_move(state, "stopped") == []


@pytest.mark.parametrize(
    ("from_state", "words"),
    [
        ("complete", "A complete plan stays complete: plan a touch-up or a new plan."),
        ("stopped", "A stopped plan stays stopped: draft a new plan."),
    ],
)
def test_a_plan_that_has_ended_stays_ended(from_state, words):
    for to_state in set(PLAN_STATES) - {from_state}:
        assert problems_with_plan_move(from_state, to_state) == [words]


@pytest.mark.parametrize("from_state", ["done", "cancelled"])
def test_a_visit_that_has_ended_stays_ended(from_state):
    for to_state in set(APPOINTMENT_STATES) - {from_state}:
        assert len(problems_with_appointment_move(from_state, to_state)) == 1


def test_a_patient_marked_as_a_no_show_may_still_come():
    assert problems_with_appointment_move("no_show", "arrived") == []
    assert problems_with_appointment_move("no_show", "booked") == []


def test_a_slip_of_the_finger_can_be_undone():
    assert problems_with_appointment_move("arrived", "booked") == []
    assert problems_with_appointment_move("in_treatment", "arrived") == []


def test_a_visit_does_not_skip_the_arrival():
    assert problems_with_appointment_move("booked", "in_treatment") == ["Mark the patient as arrived first."]


def test_a_move_without_a_reason_of_its_own_says_what_can_be_next():
    assert problems_with_appointment_move("booked", "done") == [
        "A visit that is booked cannot become done; next can be: arrived, a no-show, cancelled."
    ]


def test_staying_the_same_is_told():
    assert problems_with_plan_move("draft", "draft") == ["The plan is already draft."]
    assert problems_with_appointment_move("done", "done") == ["The visit is already done."]


@pytest.mark.parametrize(
    ("states", "moves", "check"),
    [
        (PLAN_STATES, PLAN_MOVES, problems_with_plan_move),
        (APPOINTMENT_STATES, APPOINTMENT_MOVES, problems_with_appointment_move),
    ],
)
def test_every_move_is_either_allowed_or_refused_in_one_sentence(states, moves, check):
    for from_state, to_state in product(states, repeat=2):
        problems = check(from_state, to_state)
        assert (problems == []) == (to_state in moves[from_state])
        assert all(problem.endswith(".") for problem in problems)
        assert len(problems) <= 1


def test_every_state_can_be_reached_from_the_first():
    assert reachable(PLAN_MOVES, "draft") == set(PLAN_STATES)
    assert reachable(APPOINTMENT_MOVES, "booked") == set(APPOINTMENT_STATES)


@pytest.mark.parametrize("check", [problems_with_plan_move, problems_with_appointment_move])
def test_an_unknown_state_is_an_error(check):
    with pytest.raises(ValueError, match="has no state 'asleep'"):
        check("asleep", "done")
