"""What the page of session times shows: for each group of sessions a chart, and a table of its numbers."""

from collections.abc import Sequence

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.learned import learned_at
from planning.models import PaceSample
from planning.session_times import Times, Took, longer_than_planned, times_by_number
from planning.times_chart import chart_of
from smpclinic.models import User
from smpclinic.roles import Permission

NEWEST = 500


def times_page(user: User) -> dict:
    """The newest sessions by group: of everybody for who sees reports, else one's own and the clinic's (4 queries)."""
    sessions, unplanned = _newest_sessions()
    return {
        "groups": [_group(name, of_group) for name, of_group in _groups(user, sessions) if of_group],
        "sessions": sessions,
        "unplanned": unplanned,
        "newest": NEWEST,
        "is_cut": len(sessions) + unplanned == NEWEST,
        "is_of_everybody": user.has(Permission.SEE_REPORTS),
        "learned_at": learned_at(),
    }


def _newest_sessions() -> tuple[list[Took], int]:
    """The newest signed sessions with a planned time, and how many more had none (one query)."""
    by_session = PaceSample.objects.filter(is_void=False).values("session_id", "practitioner_id", "session_number")
    rows = by_session.annotate(
        signed=Max("signed_at"), actual=Sum("minutes"), planned=Sum("planned_minutes"),
        zones=Count("pk"), planned_zones=Count("planned_minutes"),
    ).order_by("-signed", "session_id")[:NEWEST]  # fmt: skip
    found = list(rows)
    sessions = [
        Took(row["practitioner_id"], row["session_number"] or 0, float(row["planned"]), float(row["actual"]))
        for row in found
        if row["zones"] == row["planned_zones"] and row["planned"]
    ]
    return sessions, len(found) - len(sessions)


def _groups(user: User, sessions: Sequence[Took]) -> list[tuple[str, list[Took]]]:
    """By name, what this user sees; the clinic's is shown beside people only where it says more than they do."""
    people = {each.practitioner for each in sessions}
    clinic = (_("The clinic"), list(sessions))
    if not user.has(Permission.SEE_REPORTS):
        return [(_("Your sessions"), _of(user.pk, sessions)), clinic]
    named = [(str(person), _of(person.pk, sessions)) for person in User.objects.filter(pk__in=people)]
    return [*([clinic] if len(named) != 1 else []), *sorted(named, key=lambda group: group[0])]


def _of(practitioner: int, sessions: Sequence[Took]) -> list[Took]:
    return [each for each in sessions if each.practitioner == practitioner]


def _group(name: str, sessions: Sequence[Took]) -> dict:
    times = times_by_number(sessions)
    return {
        "name": name,
        "count": len(sessions),
        "chart": chart_of(sessions),
        "words": _in_words(sessions),
        "kinds": [{"number": one.number, "name": _name_of(one.number)} for one in times],
        "rows": [_row(one) for one in times],
    }


def _in_words(sessions: Sequence[Took]) -> str:
    """What the chart shows, for who cannot see it: "12 sessions: 7 took longer than planned, 5 did not."."""
    count, longer = len(sessions), longer_than_planned(sessions)
    words = {"count": count, "longer": longer, "rest": count - longer}
    return (
        ngettext(
            "%(count)s session: %(longer)s took longer than planned, %(rest)s did not.",
            "%(count)s sessions: %(longer)s took longer than planned, %(rest)s did not.",
            count,
        )
        % words
    )


def _name_of(number: int) -> str:
    return _("Session %(number)s") % {"number": number} if number else _("Touch-up")


def _row(one: Times) -> dict:
    has_range = one.low_min is not None and one.high_min is not None
    return {
        "name": _name_of(one.number),
        "count": one.count,
        "planned": round(one.planned_min),
        "actual": round(one.actual_min),
        "range": f"{one.low_min:.0f}–{one.high_min:.0f}" if has_range else "",
        "missed_percent": "" if one.missed is None else round(100 * one.missed),
    }
