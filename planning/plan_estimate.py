"""The estimate of a plan as it stands: two and three sessions, or the one session of a touch-up."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from planning.estimation import Estimate, SessionEstimate, estimate, estimate_touch_up
from planning.lengths import hours_and_minutes
from planning.models.plan import PlanKind
from planning.protocol import Protocol
from planning.zones import TreatedArea

SESSION_COUNTS = (2, 3)


def estimates_for(
    areas: Sequence[TreatedArea],
    *,
    kind: str,
    consulted_before: bool,
    protocol: Protocol,
    redraws_hairline: bool = False,
) -> dict[int, Estimate]:
    """By number of sessions, every estimate that a plan of this kind may choose; empty where nothing is treated."""
    if not areas:
        return {}
    known = {"zones": areas, "consulted_before": consulted_before, "protocol": protocol}
    if kind == PlanKind.TOUCH_UP:
        return {1: estimate_touch_up(redraws_hairline=redraws_hairline, **known)}
    return {count: estimate(session_count=count, **known) for count in SESSION_COUNTS}


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


def shown(estimates: Mapping[int, Estimate], *, chosen: int) -> list[dict[str, object]]:
    """Every estimate as the page shows it, the chosen one first."""
    return [_column(count, estimates[count], chosen) for count in sorted(estimates, key=lambda count: count != chosen)]


def _column(count: int, one: Estimate, chosen: int) -> dict[str, object]:
    return {
        "count": count,
        "is_chosen": count == chosen,
        "total": hours_and_minutes(sum(one.booked_minutes)),
        "sessions": [_session_shown(session, count) for session in one.sessions],
        "advice": one.advice,
        "needs_reason": one.needs_reason,
    }


def _session_shown(session: SessionEstimate, count: int) -> dict[str, object]:
    name = _("Session %(number)s") % {"number": session.number} if count > 1 else _("Touch-up")
    return {
        "name": name,
        "length": hours_and_minutes(session.booked_min),
        "range": range_in_words(session.low_min, session.high_min),
        "words": session.working,
        "lines": [(line.label, line.working) for line in session.lines],
    }


def range_in_words(low_min: int, high_min: int) -> str:
    """The range of a session's length: "1 h to 1 h 30 min"; empty where it is one length."""
    if low_min == high_min:
        return ""
    return _("%(low)s to %(high)s") % {"low": hours_and_minutes(low_min), "high": hours_and_minutes(high_min)}
