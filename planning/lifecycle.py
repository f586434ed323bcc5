"""The life of a plan and of an appointment: which state may follow which, and why another may not.

Plan: draft -> approved -> agreed -> in treatment -> complete, or stopped. A changed version goes back to draft and
needs approval and agreement again. Appointment: booked -> arrived -> in treatment -> done, or no-show, or cancelled.
"""

from collections.abc import Mapping

PLAN_STATES: Mapping[str, str] = {
    "draft": "draft",
    "approved": "approved",
    "agreed": "agreed",
    "in_treatment": "in treatment",
    "complete": "complete",
    "stopped": "stopped",
}
PLAN_MOVES: Mapping[str, tuple[str, ...]] = {
    "draft": ("approved", "stopped"),
    "approved": ("agreed", "draft", "stopped"),
    "agreed": ("in_treatment", "draft", "stopped"),
    "in_treatment": ("complete", "draft", "stopped"),
    "complete": (),
    "stopped": (),
}
APPOINTMENT_STATES: Mapping[str, str] = {
    "booked": "booked",
    "arrived": "arrived",
    "in_treatment": "in treatment",
    "done": "done",
    "no_show": "a no-show",
    "cancelled": "cancelled",
}
# Back to "booked" undoes a slip of the finger; a patient marked as a no-show may still come.
APPOINTMENT_MOVES: Mapping[str, tuple[str, ...]] = {
    "booked": ("arrived", "no_show", "cancelled"),
    "arrived": ("in_treatment", "booked", "cancelled"),
    "in_treatment": ("done", "arrived"),
    "done": (),
    "no_show": ("arrived", "booked", "cancelled"),
    "cancelled": (),
}
ACTIVE_APPOINTMENT_STATES = frozenset({"booked", "arrived", "in_treatment", "done"})
OPEN_PLAN_STATES = frozenset({"draft", "approved", "agreed", "in_treatment"})

_PLAN_END = {
    "complete": "A complete plan stays complete: plan a touch-up or a new plan.",
    "stopped": "A stopped plan stays stopped: draft a new plan.",
}
_APPOINTMENT_END = {
    "done": "A visit that is done stays done.",
    "cancelled": "A cancelled visit stays cancelled: book a new one.",
}
_PLAN_REASONS = {
    ("draft", "agreed"): "The plan must be approved by a qualified practitioner before the patient agrees to it.",
    ("draft", "in_treatment"): "Session 1 cannot start: the plan is still a draft.",
    ("approved", "in_treatment"): "Session 1 cannot start: the patient has not agreed to this version of the plan.",
}
_APPOINTMENT_REASONS = {
    ("booked", "in_treatment"): "Mark the patient as arrived first.",
    ("in_treatment", "cancelled"): "A visit in treatment cannot be cancelled; end it as done.",
    ("in_treatment", "no_show"): "The patient is here: a visit in treatment is no no-show.",
    ("arrived", "no_show"): "The patient is here; if that was a mistake, set the visit back to booked.",
}


def problems_with_plan_move(from_state: str, to_state: str) -> list[str]:
    """Why a plan in ``from_state`` may not become ``to_state``; empty where it may. Unknown states raise ValueError.

    >>> problems_with_plan_move("approved", "agreed")
    []
    >>> problems_with_plan_move("approved", "in_treatment")
    ['Session 1 cannot start: the patient has not agreed to this version of the plan.']
    """
    return _problems("plan", PLAN_STATES, PLAN_MOVES, _PLAN_REASONS, _PLAN_END, from_state, to_state)


def problems_with_appointment_move(from_state: str, to_state: str) -> list[str]:
    """Why a visit in ``from_state`` may not become ``to_state``; empty where it may. Unknown states raise ValueError.

    >>> problems_with_appointment_move("booked", "in_treatment")
    ['Mark the patient as arrived first.']
    """
    return _problems(
        "visit", APPOINTMENT_STATES, APPOINTMENT_MOVES, _APPOINTMENT_REASONS, _APPOINTMENT_END, from_state, to_state
    )


def _problems(
    what: str,
    states: Mapping[str, str],
    moves: Mapping[str, tuple[str, ...]],
    reasons: Mapping[tuple[str, str], str],
    ends: Mapping[str, str],
    from_state: str,
    to_state: str,
) -> list[str]:
    for state in (from_state, to_state):
        if state not in states:
            raise ValueError(f"A {what} has no state {state!r}; it has {', '.join(states)}.")
    if to_state in moves[from_state]:
        return []
    if from_state == to_state:
        return [f"The {what} is already {states[to_state]}."]
    if from_state in ends:
        return [ends[from_state]]
    allowed = ", ".join(states[state] for state in moves[from_state])
    general = f"A {what} that is {states[from_state]} cannot become {states[to_state]}; next can be: {allowed}."
    return [reasons.get((from_state, to_state), general)]


def diagram(states: Mapping[str, str], moves: Mapping[str, tuple[str, ...]]) -> str:
    """A table of moves as a Mermaid state diagram; the first state is where it begins, one without moves its end.

    >>> print(diagram({"on": "on", "off": "off"}, {"on": ("off",), "off": ()}))
    stateDiagram-v2
        [*] --> on
        on --> off
        off --> [*]
    """
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(states))}"]
    lines += [f"    {state} : {words}" for state, words in states.items() if words != state]
    for state in states:
        lines += [f"    {state} --> {following}" for following in moves[state] or ("[*]",)]
    return "\n".join(lines)
