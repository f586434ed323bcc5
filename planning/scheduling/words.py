"""Why a series is proposed, and why none can be: the search told in words."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from planning.availability import written_day
from planning.scheduling.diary import Place

if TYPE_CHECKING:
    from planning.scheduling.series import Search


def reason_for(search: "Search", places: Sequence[Place], *, distance: int, missed: int, changes: int) -> str:
    """Why this series: its gaps, wishes, practitioners and end, in the order they were ranked by."""
    clauses = [
        *_gap_clause(search, places, distance),
        *_wish_clause(search, missed),
        _people_clause(search, places, changes),
        f"last visit on {written_day(places[-1].local_day)}",
    ]
    sentence = "; ".join(clauses)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _gap_clause(search: "Search", places: Sequence[Place], distance: int) -> list[str]:
    gaps = [str(later.local_day - earlier.local_day) for earlier, later in pairwise(places)]
    if not gaps:
        return []
    days = f"sessions {' and '.join(gaps)} days apart"
    return [f"{days}, as recommended" if distance == 0 else f"{days} ({search.recommended_gap_days} recommended)"]


def _wish_clause(search: "Search", missed: int) -> list[str]:
    wishes = search.wishes
    if not (wishes.weekdays or wishes.has_window or wishes.practitioner is not None):
        return []
    return ["every wish met" if missed == 0 else "1 wish not met" if missed == 1 else f"{missed} wishes not met"]


def _people_clause(search: "Search", places: Sequence[Place], changes: int) -> str:
    names = {practitioner.key: practitioner.name for practitioner in search.diary.practitioners}
    in_order = [names.get(place.practitioner, "the same practitioner") for place in places]
    if changes == 0:
        return f"{in_order[0]} throughout" if len(places) > 1 else f"with {in_order[0]}"
    return f"with {', then '.join(in_order)}"


def why_none(search: "Search") -> list[str]:
    """What stands in the way of any series: the first thing that leaves a session without a day, for each session."""
    if not search.diary.practitioners:
        return ["No practitioner was given who could treat."]
    if not search.diary.rooms:
        return ["No room was given to treat in."]
    problems = [
        problem
        for number in range(1, len(search.durations) + 1)
        if number not in search.fixed
        for problem in _why_not_session(search, number)
    ]
    return list(dict.fromkeys(problems)) or [_why_not_together(search)]


def _why_not_session(search: "Search", number: int) -> list[str]:
    minutes = search.durations[number - 1]
    within = f"between {written_day(search.first_day)} and {written_day(search.last_day)}"
    if not search.days_for(number, ignores_gap=True, ignores_rooms=True, ignores_patient=True):
        return [f"Session {number}: no practitioner is free for {minutes} min in one piece {within}."]
    if not search.days_for(number, ignores_gap=True, ignores_patient=True):
        return [
            f"Session {number}: practitioners are free for {minutes} min {within}, but never while a room is free for "
            "that long and its cleaning."
        ]
    if not search.days_for(number, ignores_gap=True):
        return [f"Session {number}: the patient's other visits stand in every place of {minutes} min {within}."]
    if not search.days_for(number):
        return [
            f"Session {number}: every free day {within} is less than {search.gap_days} days from another treatment day "
            "of the patient."
        ]
    return []


def _why_not_together(search: "Search") -> str:
    count = len(search.durations)
    kept = ", ".join(
        f"session {number} on {written_day(place.local_day)}" for number, place in sorted(search.fixed.items())
    )
    around = f" around {kept}" if kept else ""
    return (
        f"Each session has free days, but no {count} in order and at least {search.gap_days} days apart{around}, up to "
        f"{written_day(search.last_day)}. Look further ahead, or free an earlier day."
    )
