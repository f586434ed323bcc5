"""What keeps a version of a plan from being approved, in words for the practitioner."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from intake.findings import standing_findings
from planning.dots_done import lighter_than_done
from planning.models import PlanVersion, PlanZone
from planning.models.plan import PlanKind
from planning.plan_zones import drawn
from planning.zones import HAIRLINE_ZONES
from smpclinic.models import User
from smpclinic.roles import Permission


def problems_with_approval(version: PlanVersion, rows: Sequence[PlanZone], *, approver: User, on: date) -> list[str]:
    """Every reason why ``approver`` cannot approve this version on the local day ``on``; empty where all is well."""
    return [
        *problems_with_approver(approver, on=on),
        *problems_with_version(version, rows),
        *lighter_than_done(version.plan.patient, rows, step=version.shade_step, on=on),
        *(finding.words for finding in standing_findings(version.plan.patient, on=on)),
    ]


def problems_with_approver(approver: User, *, on: date) -> list[str]:
    """Why this person may not approve plans; only a qualified practitioner may."""
    if not approver.has(Permission.PLAN_TREATMENT):
        return [_("%(name)s does not plan treatments. Ask a practitioner to approve it.") % {"name": approver}]
    if not approver.is_qualified(on=on):
        return [
            _("%(name)s has no qualification that is valid today. A qualified practitioner must approve this plan.")
            % {"name": approver}
        ]
    return []


def problems_with_version(version: PlanVersion, rows: Sequence[PlanZone]) -> list[str]:
    """What the version itself still lacks before a patient can be asked to agree to it."""
    problems = drawn(rows, circumference_cm=version.head_circumference_cm).problems()
    if version.shade_step is None:
        problems.append(_("Choose the target shade."))
    if version.price_minor is None:
        problems.append(_("Enter the price: the patient agrees to it."))
    if not version.hairline_shape and _draws_hairline(version, rows):
        problems.append(_("Choose the hairline's shape: the front edge is treated."))
    return problems


def _draws_hairline(version: PlanVersion, rows: Sequence[PlanZone]) -> bool:
    treated = {row.zone for row in rows if row.treatment == PlanZone.Treatment.TREAT}
    return version.plan.kind == PlanKind.PLAN and bool(treated & HAIRLINE_ZONES)
