"""The estimate of a plan as it stands: two and three sessions, or the one session of a touch-up."""

from collections.abc import Sequence

from planning.estimation import Estimate, estimate, estimate_touch_up
from planning.models.plan import PlanKind
from planning.zones import TreatedArea

SESSION_COUNTS = (2, 3)


def estimates_for(
    areas: Sequence[TreatedArea], *, kind: str, consulted_before: bool, redraws_hairline: bool = False
) -> dict[int, Estimate]:
    """By number of sessions, every estimate that a plan of this kind may choose; empty where nothing is treated."""
    if not areas:
        return {}
    if kind == PlanKind.TOUCH_UP:
        return {1: estimate_touch_up(zones=areas, consulted_before=consulted_before, redraws_hairline=redraws_hairline)}
    return {
        count: estimate(zones=areas, session_count=count, consulted_before=consulted_before) for count in SESSION_COUNTS
    }


def working_lines(chosen: Estimate) -> list[dict[str, object]]:
    """What a version keeps of its estimate: per session the booked minutes, the range, and each line of the working."""
    return [
        {
            "number": session.number,
            "booked_min": session.booked_min,
            "low_min": session.low_min,
            "high_min": session.high_min,
            "words": session.working,
            "lines": [[line.label, line.working] for line in session.lines],
        }
        for session in chosen.sessions
    ]
