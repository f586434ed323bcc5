"""What the page of a healed result shows: every judgement so far, and the sessions behind it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from intake.dates import add_months
from planning.models import TreatmentPlan
from sessions.due_list import check_words
from sessions.models import AdverseEvent, FollowUp, OutcomeCheck, TreatmentSession
from smpclinic.local_dates import date_format


def result_page(plan: TreatmentPlan, follow_up: FollowUp | None) -> dict:
    """The context of the page, without the form (three queries)."""
    sessions = TreatmentSession.objects.signed().filter(appointment__planned_session__plan=plan)
    return {
        "plan": plan,
        "patient": plan.patient,
        "follow_up": follow_up,
        "next_words": _next(follow_up) if follow_up else "",
        "checks": [_check(row, follow_up) for row in plan.outcome_checks.select_related("noted_by")],
        "sessions": list(
            sessions.select_related("appointment__planned_session__plan__current_version", "practitioner").order_by(
                "-appointment__local_day"
            )
        ),
    }


def _next(follow_up: FollowUp) -> str:
    if follow_up.ended_reason:
        return _("No more checks: %(reason)s") % {"reason": follow_up.ended_reason}
    day = date_format(add_months(follow_up.counted_from, follow_up.months), "j F Y")
    return _("Next: %(check)s, %(day)s") % {"check": check_words(follow_up.months), "day": day}


def _check(row: OutcomeCheck, follow_up: FollowUp | None) -> dict:
    return {
        "id": row.public_id,
        "title": check_words(row.months),
        "day": row.seen_on,
        "by": row.noted_by,
        "look": row.look_score,
        "satisfaction": row.satisfaction,
        "words": _seen(row),
        "note": row.note,
        "is_replaced": row.is_replaced,
        # What was judged before a touch-up is of another result.
        "may_correct": not row.is_replaced and follow_up is not None and row.counted_from == follow_up.counted_from,
    }


def _seen(row: OutcomeCheck) -> list[str]:
    return [
        f"{_('Fading')}: {row.get_fading_display().lower()}",
        f"{_('Colour')}: {row.get_colour_display().lower()}",
        f"{_('Dots')}: {row.get_dots_display().lower()}",
        *([_("a touch-up is due")] if row.wants_touch_up else []),
    ]


def result_words(row: OutcomeCheck) -> dict[str, str]:
    """One judgement for a paper: when and which, and what was seen."""
    marks = _("healed look %(look)s of 5") % {"look": row.look_score}
    replaced = [_("replaced by a correction")] if row.is_replaced else []
    return {
        "title": f"{date_format(row.seen_on, 'j F Y')}, {check_words(row.months)}",
        "text": "; ".join([marks, *_seen(row), *replaced]),
        "note": row.note,
        "who": str(row.noted_by),
    }


def event_words(row: AdverseEvent) -> dict[str, Any]:
    """One adverse event for a paper: what it was, what was done, how it ended."""
    steps = [
        f"{date_format(timezone.localtime(step.at), 'j M Y, H:i')}, {step.actor_label}: {step.words}"
        for step in row.steps.all()
    ]
    return {
        "title": f"{date_format(row.noticed_on, 'j F Y')}, {row.get_kind_display()}: {row.get_severity_display()}",
        "text": row.words,
        "who": row.actor_label,
        "steps": steps,
        "ended": row.get_ended_as_display() if row.ended_as else _("still open"),
    }
