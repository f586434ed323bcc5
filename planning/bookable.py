"""May a visit be booked there? Plain Python: facts in, refusals in words out.

The guard in the database refuses clashes; this says what else stands in the way, before it is tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from intake.dates import in_words

OPEN_PLAN_STATES = frozenset({"approved", "agreed", "in_treatment"})
SHORTEST_MINUTES, LONGEST_MINUTES = 5, 720


@dataclass(frozen=True)
class Neighbour:
    """Another session of the same plan: its number and its day."""

    number: int
    day: date


@dataclass(frozen=True)
class Request:
    """What somebody wants to book, and what is known about it. Minutes are UTC minutes since 1970."""

    now_min: int
    starts_min: int
    minutes: int
    day: date
    practitioner: str
    is_practitioner: bool
    is_qualified: bool
    room: str
    room_in_use: bool
    inside_hours: bool
    needs_plan: bool = False
    needs_qualification: bool = False
    plan_state: str = ""
    session_number: int | None = None
    neighbours: Sequence[Neighbour] = ()
    patient_merged: bool = False


def problems_with(request: Request) -> list[str]:
    """Every reason why this cannot be booked, in words for the desk; empty where it can.

    Sources: domain sheet, sections 4 and 6.
    """
    return [
        *_time_problems(request),
        *_people_problems(request),
        *(_plan_problems(request) if request.needs_plan else []),
    ]


def problems_with_past(request: Request) -> list[str]:
    """Every reason why this cannot have taken place as it is told; empty where it can.

    Hours, and whether room and practitioner are in use now, say nothing of the past. Source: domain sheet, section 5.
    """
    problems = _length_problems(request)
    if request.starts_min + request.minutes > request.now_min:
        problems.append("That visit is not over yet: book it, or mark the patient as arrived.")
    if request.patient_merged:
        problems.append("This record was merged into another. Enter it on the record that is in use.")
    if (request.needs_plan or request.needs_qualification) and not request.is_qualified:
        problems.append(f"{request.practitioner} had no qualification that was valid on that day.")
    return [*problems, *(_plan_problems(request) if request.needs_plan else [])]


def problems_with_plan_state(state: str) -> list[str]:
    """Why no session of a plan in this state (empty: no plan) can be booked; empty where one can."""
    if state in OPEN_PLAN_STATES:
        return []
    return [f"The plan is {state.replace('_', ' ') or 'missing'}; only sessions of an approved plan can be booked."]


def _time_problems(request: Request) -> list[str]:
    problems = []
    if request.starts_min < request.now_min:
        problems.append("That time has passed. Choose a later one.")
    problems += _length_problems(request)
    if not request.inside_hours:
        problems.append(f"{request.practitioner} does not work there at that time.")
    return problems


def _length_problems(request: Request) -> list[str]:
    if SHORTEST_MINUTES <= request.minutes <= LONGEST_MINUTES:
        return []
    longest = f"{LONGEST_MINUTES // 60} hours"
    return [f"A visit lasts {SHORTEST_MINUTES} minutes to {longest}, not {request.minutes} minutes."]


def _people_problems(request: Request) -> list[str]:
    problems = []
    if request.patient_merged:
        problems.append("This record was merged into another. Book on the record that is in use.")
    if not request.is_practitioner:
        problems.append(f"{request.practitioner} does not treat patients now. Choose another practitioner.")
    elif (request.needs_plan or request.needs_qualification) and not request.is_qualified:
        problems.append(f"{request.practitioner} has no qualification that is valid on that day.")
    if not request.room_in_use:
        problems.append(f"{request.room} is not in use. Choose another room.")
    return problems


def _plan_problems(request: Request) -> list[str]:
    if problems := problems_with_plan_state(request.plan_state):
        return problems
    return [problem for neighbour in request.neighbours if (problem := _order_problem(request, neighbour))]


def _order_problem(request: Request, neighbour: Neighbour) -> str:
    if request.session_number is None:
        return ""
    if neighbour.number < request.session_number and neighbour.day >= request.day:
        side = "after"
    elif neighbour.number > request.session_number and neighbour.day <= request.day:
        side = "before"
    else:
        return ""
    on = in_words(neighbour.day)
    return f"Session {request.session_number} comes {side} session {neighbour.number}, which is on {on}."
