"""Judge the healed result, and keep the day on which it is looked at next."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.dates import add_months, in_words
from planning.models import TreatmentPlan
from planning.plan_lock import locked
from sessions.follow_up import TOUCH_UP_AFTER_MONTHS, next_check
from sessions.models import FollowUp, OutcomeCheck, TreatmentSession
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.roles import Permission
from smpclinic.saving import save_checked

ASK_AGAIN_DAYS = 14
JUDGED = ("look_score", "satisfaction", "fading", "colour", "dots", "wants_touch_up", "note")


def schedule_checks(*, plan: TreatmentPlan) -> None:
    """Count the checks anew from the plan's last signed session that is not void; none where there is none.

    Call inside the transaction that signs or voids. A touch-up's checks are its parent's: one result, one row.
    """
    of_result = plan.parent_plan or plan
    days = TreatmentSession.objects.signed().filter(appointment__planned_session__plan__in=_family(of_result))
    last = days.order_by("-appointment__local_day").select_related("appointment").first()
    if last is None:
        FollowUp.objects.filter(plan=of_result).delete()
        return
    counted_from = last.appointment.day
    FollowUp.objects.update_or_create(plan=of_result, defaults=_days(of_result, counted_from) | {"ended_reason": ""})


@transaction.atomic
def note_check(
    *,
    plan: TreatmentPlan,
    seen_on: date,
    months: int,
    judged: Mapping[str, Any],
    by: Actor,
    replaces: OutcomeCheck | None = None,
) -> OutcomeCheck:
    """Keep how the result looked on a day; ``judged`` holds the fields of JUDGED. ValidationError by field.

    ``replaces`` is a check that was noted wrongly: it stays readable and no longer counts.
    """
    plan = locked(plan)
    follow_up = _followed(plan, by)
    if not follow_up.counted_from < seen_on <= timezone.localdate():
        words = _("The result is seen after the last session (%(day)s) and not later than today.")
        raise ValidationError({"seen_on": words % {"day": in_words(follow_up.counted_from)}})
    check = OutcomeCheck(
        plan=plan,
        counted_from=follow_up.counted_from,
        months=months,
        seen_on=seen_on,
        noted_at=timezone.now(),
        noted_by=by.user,
        **{name: judged[name] for name in JUDGED},
    )
    if replaces is not None:
        plan.outcome_checks.standing().filter(pk=replaces.pk).update(is_replaced=True)
    save_checked(check)
    FollowUp.objects.filter(pk=follow_up.pk).update(**_days(plan, follow_up.counted_from))
    audit.record(
        by=by, verb="noted result", subject=check, patient=plan.patient, months=months, corrects=replaces is not None
    )
    return check


@transaction.atomic
def ask_again_later(*, follow_up: FollowUp, by: Actor) -> FollowUp:
    """Nobody was reached: the line comes back in two weeks."""
    follow_up.asked_again_on = timezone.localdate() + timedelta(days=ASK_AGAIN_DAYS)
    follow_up.save(update_fields=["asked_again_on"])
    audit.record(by=by, verb="asked in vain", subject=follow_up, patient=follow_up.plan.patient)
    return follow_up


@transaction.atomic
def end_follow_up(*, follow_up: FollowUp, reason: str, by: Actor) -> FollowUp:
    """The patient wants no more checks; a new session begins them anew. ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why no more checks are wanted.")})
    follow_up.ended_reason = reason.strip()
    save_checked(follow_up)
    audit.record(by=by, verb="ended checks", subject=follow_up, patient=follow_up.plan.patient)
    return follow_up


def _followed(plan: TreatmentPlan, by: Actor) -> FollowUp:
    """From when the result is counted; ValidationError where there is none, or for who does not treat."""
    if by.user is None or not by.user.has(Permission.RECORD_SESSIONS):
        raise ValidationError({"look_score": _("Only a practitioner judges the result.")})
    follow_up = FollowUp.objects.filter(plan=plan).first()
    if follow_up is None:
        raise ValidationError({"seen_on": _("No session of this plan is signed yet: there is no result to judge.")})
    return follow_up


def _days(plan: TreatmentPlan, counted_from: date) -> dict[str, Any]:
    """The next check and the day of the touch-up, by the checks noted since ``counted_from`` (one query)."""
    checks = list(plan.outcome_checks.standing().filter(counted_from=counted_from))
    months = next_check(max((each.months for each in checks), default=0))
    wished = [each.seen_on for each in checks if each.wants_touch_up]
    return {
        "counted_from": counted_from,
        "months": months,
        "due_on": add_months(counted_from, months),
        "touch_up_on": min(wished) if wished else add_months(counted_from, TOUCH_UP_AFTER_MONTHS),
        "asked_again_on": None,
    }


def _family(plan: TreatmentPlan) -> list[int]:
    return [plan.pk, *plan.touch_ups.values_list("pk", flat=True)]
