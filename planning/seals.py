"""Whether approved plans and the agreements to them still are what was sealed, in words."""

import hashlib
import json

from planning.models import Agreement, PlanVersion
from planning.plan_content import content_of
from smpclinic import chain
from smpclinic.models import SealedRecord
from smpclinic.seal_check import first_difference

# Looked up elsewhere when it was sealed: people and steps of the ladder may be called something else by now.
MAY_CHANGE = {"patient", "practitioner", "drafted_by", "approved_by", "shade_step", "grade"}
MAY_CHANGE |= {"zones assessor", "zones shade_step"}


def problem_with_version(row: SealedRecord) -> str:
    """What differs between an approved plan and its seal; empty where nothing does."""
    versions = PlanVersion.objects.select_related("plan__patient", "plan__practitioner")
    version = versions.filter(public_id=row.subject_id).first()
    if version is None:
        return "the approved plan is gone"
    if version.sealed_id != row.pk:
        return f"{_plan(version)} no longer points to its seal"
    rows = version.zones.select_related("assessor", "shade_step").order_by("id")
    live = json.loads(chain.canonical(content_of(version, rows)))
    found = first_difference(json.loads(row.content), live, may_change=MAY_CHANGE)
    return f"{_plan(version)}: {found} is not what was approved" if found else ""


def problem_with_agreement(row: SealedRecord) -> str:
    """What differs between a signed agreement (text and signature included) and its seal."""
    told = json.loads(row.content)
    agreement = Agreement.objects.filter(consent__public_id=told["consent"]).select_related("consent").first()
    if agreement is None:
        return "the signed agreement is gone"
    version, consent = agreement.plan_version, agreement.consent
    live = {
        "version_id": str(version.public_id),
        "text_sha256": hashlib.sha256(consent.exact_text.encode()).hexdigest(),
        "signed_name": consent.signed_name,
        "signature_sha256": hashlib.sha256(bytes(consent.signature_png or b"")).hexdigest(),
        "at": consent.at.isoformat(),
    }
    found = first_difference(told, live)
    return f"the agreement to {_plan(version)}: {found} is not what was signed" if found else ""


def _plan(version: PlanVersion) -> str:
    return f"version {version.number} of the plan of record {version.plan.patient.record_number}"
