"""What is unusual about the lengths of a plan's sessions, in words: nothing is ever clipped silently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planning.protocol import Protocol

if TYPE_CHECKING:
    from planning.estimation import SessionEstimate

FEWEST_SESSIONS, MOST_SESSIONS = 2, 3


def advice_on(sessions: Sequence[SessionEstimate], *, protocol: Protocol) -> tuple[str, ...]:
    """Sessions over the longest usual length, and sessions booked longer than they should take."""
    long = [session for session in sessions if session.booked_min > protocol.longest_usual_min]
    short = [session for session in sessions if session.is_raised_to_minimum]
    all_short = all(session.exact_min < protocol.shortest_booking_min for session in sessions)
    advice = [_long_advice(session, len(sessions), protocol) for session in long]
    if all_short and len(sessions) == MOST_SESSIONS:
        advice.append(f"Every session is under {protocol.shortest_booking_min} min: two sessions would do.")
    else:
        advice += [_short_advice(session, len(sessions), protocol) for session in short]
    return tuple(advice)


def _long_advice(session: SessionEstimate, session_count: int, protocol: Protocol) -> str:
    way_out = "three sessions, fewer zones" if session_count == FEWEST_SESSIONS else "fewer zones"
    return (
        f"{_name(session, session_count)} comes to {session.booked_min} min, over {protocol.longest_usual_min}: "
        f"{way_out}, or a practitioner's reason."
    )


def _short_advice(session: SessionEstimate, session_count: int, protocol: Protocol) -> str:
    name = _name(session, session_count)
    return f"{name} should take {session.rounded_min} min; it is booked at the {_hours(protocol)} minimum."


def _hours(protocol: Protocol) -> str:
    minutes = protocol.shortest_booking_min
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _name(session: SessionEstimate, session_count: int) -> str:
    return "The session" if session_count == 1 else f"Session {session.number}"
