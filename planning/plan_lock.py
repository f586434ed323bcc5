"""Changing a plan safely: read under a lock, refused when somebody else saved it meanwhile or when it is closed."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import PlanVersion, PlanZone, TreatmentPlan
from planning.models.plan import PlanState
from planning.plan_content import token_of
from smpclinic.database.holding import hold
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile

CLOSED = (PlanState.COMPLETE, PlanState.STOPPED)


class ChangedMeanwhile(Exception):
    """Somebody else saved this plan after it was opened; ``version`` is what stands now."""

    def __init__(self, version: PlanVersion):
        super().__init__(
            _("%(name)s saved this plan at %(time)s, after you opened it.")
            % {"name": version.drafted_by, "time": date_format(timezone.localtime(version.drafted_at), "H:i")}
        )
        self.version = version


def locked(plan: TreatmentPlan) -> TreatmentPlan:
    """The plan read again under a lock: two people saving at once come one after the other."""
    hold(TreatmentPlan.objects.filter(pk=plan.pk))
    return TreatmentPlan.objects.select_related("patient", "practitioner").get(pk=plan.pk)


def refuse_stale(version: PlanVersion, rows: Sequence[PlanZone], token: str | None) -> None:
    """ChangedMeanwhile, where ``token`` is of another state than the one stored; no token asks nothing."""
    if token is not None and token != token_of(version, rows):
        raise ChangedMeanwhile(version)


def refuse_closed(plan: TreatmentPlan) -> None:
    """ValidationError for a plan that is complete or stopped."""
    if plan.state in CLOSED:
        words = {"state": plan.get_state_display().lower()}
        raise ValidationError(_("This plan is %(state)s and is no longer changed. Draft a new plan.") % words)


def clinic_today() -> date:
    """Today on the clinic's calendar, also outside a request."""
    return timezone.localdate(timezone=ClinicProfile.current().zone)
