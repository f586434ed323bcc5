"""The patient agrees: the signed treatment consent to exactly one version of a plan."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions import give_consent
from intake.models import Consent, ConsentKind
from planning.lifecycle import problems_with_plan_move
from planning.models import Agreement, Appointment, PlanVersion, TreatmentPlan
from planning.models.plan import PlanState
from planning.plan_content import hairline_sha256, shade_values
from planning.plan_lock import locked, refuse_closed
from planning.plan_zones import rows_of
from planning.treatment_consent import Wording, wording_for
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.chain import seal
from smpclinic.models import User
from smpclinic.saving import save_checked


@transaction.atomic
def agree_plan(
    *,
    plan: TreatmentPlan,
    signed_name: str,
    strokes: str | None = None,
    witness: User | None,
    by: Actor,
    shown_sha256: str | None = None,
) -> Agreement:
    """Keep the patient's agreement to the version in force, and seal it. One that was taken back is signed anew here.

    ``strokes`` is the text of a drawn signature (smpclinic.photos.clean_signature); without it the typed name
    signs. ``shown_sha256`` is of the wording that stood before the patient; where the wording has changed since,
    ValidationError, and nothing is signed.
    """
    plan = locked(plan)
    refuse_closed(plan)
    version = _version_to_agree(plan)
    wording = wording_for(version)
    if shown_sha256 is not None and shown_sha256 != wording.sha256:
        raise ValidationError(
            _("The plan or its text has changed since it was shown. Please read it again, then sign.")
        )
    consent = give_consent(
        patient=plan.patient,
        kind=ConsentKind.TREATMENT,
        granted=True,
        signed_name=signed_name,
        strokes=strokes,
        witness=witness,
        by=by,
        text=wording.text,
        exact_text=wording.exact,
    )
    agreement = Agreement(plan_version=version, consent=consent, agreed_at=timezone.now())
    save_checked(agreement)
    seal(kind="agreement", subject=version, content=_content(version, wording, consent))
    plan.state = state_of_agreed(plan)
    plan.save(update_fields=["state"])
    audit.record(by=by, verb="agreed", subject=plan, patient=plan.patient, version=version.number)
    return agreement


def is_agreed(plan: TreatmentPlan) -> bool:
    """Whether the patient has signed the version in force, and has not taken it back (one query)."""
    return Agreement.objects.in_force().filter(plan_version=plan.current_version_id).exists()


def state_of_agreed(plan: TreatmentPlan) -> str:
    """Agreed, or in treatment where a session of this plan was held before this version was agreed (one query)."""
    held = Appointment.objects.filter(planned_session__plan=plan, state__in=("in_treatment", "done")).exists()
    return PlanState.IN_TREATMENT if held else PlanState.AGREED


def _version_to_agree(plan: TreatmentPlan) -> PlanVersion:
    version = plan.current_version
    if version is None or plan.state == PlanState.DRAFT:
        raise ValidationError(problems_with_plan_move(PlanState.DRAFT, PlanState.AGREED))
    if Agreement.objects.in_force().filter(plan_version=version).exists():
        words = {"number": version.number}
        raise ValidationError(
            _("Version %(number)s was agreed already. A changed version needs a new agreement.") % words
        )
    return version


def _content(version: PlanVersion, wording: Wording, consent: Consent) -> dict[str, object]:
    return {
        "plan": version.plan.public_id,
        "version": version.number,
        "version_id": version.public_id,
        "version_content_hash": version.sealed.content_hash if version.sealed else "",
        "hairline_sha256": hairline_sha256(version),
        "shade": version.shade_step and shade_values(version.shade_step),
        "zone_shades": [
            {"zone": row.zone, "treatment": str(row.treatment), **shade_values(row.shade_step)}
            for row in rows_of(version)
            if row.shade_step
        ],
        "consent": consent.public_id,
        "text_sha256": wording.sha256,
        "signed_name": consent.signed_name,
        "signature_sha256": hashlib.sha256(bytes(consent.signature_png or b"")).hexdigest(),
        "witness": str(consent.witness) if consent.witness else "",
        "at": consent.at,
    }
