"""One session linked to a complete plan, with its own screening and agreement.

It may be drafted some days after the plan's last session: the protocol's ``touch_up_after_days``, 30 by default.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from planning.actions.plan import draft_plan
from planning.clinic_protocol import clinic_protocol
from planning.models import Appointment, AppointmentState, TreatmentPlan
from planning.models.plan import PlanKind, PlanState
from planning.plan_lock import clinic_today, locked
from smpclinic.actors import Actor
from smpclinic.local_dates import date_format
from smpclinic.models import User


@transaction.atomic
def draft_touch_up(
    *,
    parent_plan: TreatmentPlan,
    practitioner: User,
    fields: Mapping[str, Any],
    zones: Sequence[Mapping[str, Any]],
    by: Actor,
    public_id: UUID | None = None,
) -> TreatmentPlan:
    """Begin a touch-up of ``parent_plan``. Raises ValidationError in words where none may be drafted today."""
    parent_plan = locked(parent_plan)
    if problems := problems_with_touch_up(parent_plan, on=clinic_today()):
        raise ValidationError(problems)
    return draft_plan(
        patient=parent_plan.patient,
        practitioner=practitioner,
        fields={**fields, "session_count": 1},
        zones=zones,
        by=by,
        parent_plan=parent_plan,
        public_id=public_id,
    )


def problems_with_touch_up(plan: TreatmentPlan, *, on: date) -> list[str]:
    """Why no touch-up of this plan can be drafted on the clinic-local day ``on``; empty where one can."""
    if plan.kind != PlanKind.PLAN:
        return [_("A touch-up belongs to a treatment plan, not to another touch-up.")]
    if plan.state != PlanState.COMPLETE:
        return [
            _("A touch-up follows a complete plan; this one is %(state)s.")
            % {"state": plan.get_state_display().lower()}
        ]
    last, after_days = last_session_on(plan), clinic_protocol().touch_up_after_days
    earliest = last + timedelta(days=after_days) if last else on
    if on < earliest:
        words = {"days": after_days, "earliest": date_format(earliest, "j F Y")}
        return [_("A touch-up can be planned from %(earliest)s, %(days)s days after the last session.") % words]
    return []


def last_session_on(plan: TreatmentPlan) -> date | None:
    """The local day of the plan's last performed session; None where none was performed (one query)."""
    done = Appointment.objects.filter(planned_session__plan=plan, state=AppointmentState.DONE)
    last = done.order_by("-local_day").first()
    return last.day if last else None
