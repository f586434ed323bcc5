"""The estimate of a plan as it stands: two and three sessions, or the one session of a touch-up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.estimation import Estimate, SessionEstimate, estimate, estimate_touch_up
from planning.lengths import hours_and_minutes
from planning.models.plan import PlanKind
from planning.protocol import Protocol
from planning.work_pace import SessionPace, ShownPace
from planning.zones import TreatedArea
from smpclinic.local_dates import date_format

SESSION_COUNTS = (2, 3)


def estimates_for(
    areas: Sequence[TreatedArea],
    *,
    kind: str,
    consulted_before: bool,
    protocol: Protocol,
    paces: Mapping[int, SessionPace],
    redraws_hairline: bool = False,
) -> dict[int, Estimate]:
    """By number of sessions, every estimate that a plan of this kind may choose; empty where nothing is treated."""
    if not areas:
        return {}
    known = {"zones": areas, "consulted_before": consulted_before, "protocol": protocol, "paces": paces}
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
            "pace": session.pace_words,
            "shown": _shown_pace(session.pace.shown),
            "zones": _minutes_by_zone(session),
        }
        for session in chosen.sessions
    ]


def _shown_pace(shown: ShownPace) -> dict[str, object]:
    """What stands behind a range: how many sessions, whose, how far plans missed, and when that was learned."""
    learned_at = shown.learned_at.isoformat() if shown.learned_at else None
    told = {"sessions": shown.sessions, "is_own": shown.is_own, "error_percent": shown.error_percent}
    return {**told, "learned_at": learned_at}


def _minutes_by_zone(session: SessionEstimate) -> dict[str, str]:
    """The needle time planned in each zone, as text with one place: what a signed session is compared with."""
    found: dict[str, Fraction] = {}
    for zone in session.dots:
        found[zone.code] = found.get(zone.code, Fraction(0)) + zone.minutes
    return {code: f"{float(minutes):.1f}" for code, minutes in found.items()}


def basis_in_words(shown: Mapping[str, object] | None, practitioner: object) -> str:
    """What stands behind the usual length: "from 34 signed sessions of Ana Ruiz; past error 8 % (...)"; else empty."""
    if not shown:
        return ""
    if not shown["sessions"]:
        return _("by published paces, as no session is signed yet")
    words = {"count": shown["sessions"], "name": practitioner, "percent": shown["error_percent"]}
    if shown["is_own"]:
        basis = _("from %(count)s signed sessions of %(name)s") % words
    else:
        basis = _("from %(count)s signed sessions of the clinic, none of %(name)s yet") % words
    if shown["error_percent"] is None:
        return basis
    return _("%(basis)s; past error %(percent)s %% (half of them came closer)") % {"basis": basis, **words}


def range_explained(shown: Mapping[str, object] | None) -> str:
    """What a range says, as one sentence: learned and since when, of published paces, or (None) as older plans had it.

    ``shown`` is what a version keeps of the pace behind a session's range.
    """
    if not shown:
        return _("The range allows for areas that turn out smaller or larger than planned.")
    if not shown["sessions"]:
        return _("Eight of ten sessions should fall within the range of published paces.")
    if not shown.get("learned_at"):
        return _("Eight of ten sessions should fall within the range, as learned from signed ones.")
    when = timezone.localtime(datetime.fromisoformat(str(shown["learned_at"])))
    words = _("Eight of ten sessions should fall within the range, as learned from signed ones on %(when)s.")
    return words % {"when": date_format(when, "j F Y, H:i")}


def shown(estimates: Mapping[int, Estimate], *, chosen: int, practitioner: object = "") -> list[dict[str, object]]:
    """Every estimate as the page shows it, the chosen one first."""
    counts = sorted(estimates, key=lambda count: count != chosen)
    return [_column(count, estimates[count], chosen, practitioner) for count in counts]


def _column(count: int, one: Estimate, chosen: int, practitioner: object) -> dict[str, object]:
    return {
        "count": count,
        "is_chosen": count == chosen,
        "total": hours_and_minutes(sum(one.booked_minutes)),
        "sessions": [_session_shown(session, count, practitioner) for session in one.sessions],
        "range_explained": range_explained(_shown_pace(one.sessions[0].pace.shown)),
        "advice": one.advice,
        "needs_reason": one.needs_reason,
    }


def _session_shown(session: SessionEstimate, count: int, practitioner: object) -> dict[str, object]:
    name = _("Session %(number)s") % {"number": session.number} if count > 1 else _("Touch-up")
    return {
        "name": name,
        "length": hours_and_minutes(session.booked_min),
        "range": range_in_words(session.low_min, session.high_min),
        "basis": basis_in_words(_shown_pace(session.pace.shown), practitioner),
        "pace": session.pace_words,
        "words": session.working,
        "lines": [(line.label, line.working) for line in session.lines],
    }


def range_in_words(low_min: int, high_min: int) -> str:
    """The range of a session's length: "1 h to 1 h 30 min"; empty where it is one length."""
    if low_min == high_min:
        return ""
    return _("%(low)s to %(high)s") % {"low": hours_and_minutes(low_min), "high": hours_and_minutes(high_min)}
