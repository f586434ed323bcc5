"""The plan on paper: everything the template needs, worked out beforehand."""

from base64 import b64encode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planning.clinic_protocol import protocol_of
from planning.models import Agreement, PlanVersion
from planning.plan_page import page_of
from planning.shade_preview import preview_jpeg
from planning.treatment_consent import reference_of
from smpclinic import chain
from smpclinic.limited.client import JobFailed
from smpclinic.models import ClinicProfile, Installation


def sheet_of(version: PlanVersion) -> dict:
    """The context of ``pdf/plan.html`` for one version; a draft says that it is one."""
    plan = version.plan
    agreement = Agreement.objects.newest_of(version)
    page = page_of(version)
    return page | {
        "picture": _picture(page["preview"]),
        "clinic": ClinicProfile.current(),
        "is_demo": Installation.objects.filter(mode="demo").exists(),
        "plan": plan,
        "patient": plan.patient,
        "reference": reference_of(plan),
        "gap_days": protocol_of(version).gap_days,
        "is_draft": not version.is_approved,
        "approved": _approved(version),
        "agreed": _agreed(agreement),
        "chain_head": chain.head(),
        "seal": version.sealed.content_hash if version.sealed else "",
        "printed_on": date_format(timezone.localtime(), "j F Y"),
    }


def _picture(preview: dict | None) -> str:
    """The preview as an inline picture; empty where there is none or it could not be drawn: the plan prints without."""
    if preview is None:
        return ""
    try:
        jpeg = preview_jpeg(**preview["figures"])
    except JobFailed:
        return ""
    return "data:image/jpeg;base64," + b64encode(jpeg).decode("ascii")


def _agreed(agreement: Agreement | None) -> str:
    if agreement is None or agreement.consent.withdrawn_at:
        return ""
    day = date_format(timezone.localtime(agreement.agreed_at), "j F Y")
    return _("%(name)s on %(day)s") % {"name": agreement.consent.signed_name, "day": day}


def _approved(version: PlanVersion) -> str:
    if version.approved_at is None:
        return ""
    day = date_format(timezone.localtime(version.approved_at), "j F Y")
    return _("%(name)s on %(day)s") % {"name": version.approved_by, "day": day}
