"""Plans as the actions make them: real zones, a shade, a price, a text to sign."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from planning import defaults
from planning.actions.plan import agree_plan, approve_plan, draft_plan
from planning.models import ShadeStep
from smpclinic import texts
from smpclinic.actors import staff
from tests.make import make_appointment, make_patient, make_practitioner

NORWOOD_III_VERTEX = (
    {"zone": "hairline_band"},
    {"zone": "left_temple"},
    {"zone": "right_temple"},
    {"zone": "vertex"},
)
NORWOOD_VI = (
    *NORWOOD_III_VERTEX,
    {"zone": "frontal_third"},
    {"zone": "mid_scalp"},
    {"zone": "left_upper_side", "among_hair": True},
    {"zone": "right_upper_side", "among_hair": True},
)


def whole_fields(**fields):
    """Everything that a version needs before it can be approved."""
    defaults.install()
    return {
        "session_count": 3,
        "look": "shaved",
        "hairline_shape": "natural",
        "shade_step": ShadeStep.objects.get(number=3),
        "price_minor": 145_000,
    } | fields


def drafted(*, patient=None, practitioner=None, zones=NORWOOD_III_VERTEX, **fields):
    practitioner = practitioner or make_practitioner()
    return draft_plan(
        patient=patient or make_patient(),
        practitioner=practitioner,
        fields=whole_fields(**fields),
        zones=zones,
        by=staff(practitioner),
    )


def approved(**fields):
    plan = drafted(**fields)
    approve_plan(plan=plan, by=staff(plan.practitioner))
    plan.refresh_from_db()
    return plan


def agreed(**fields):
    plan = approved(**fields)
    install_treatment_text()
    agree_plan(plan=plan, signed_name=plan.patient.full_name, witness=plan.practitioner, by=staff(plan.practitioner))
    plan.refresh_from_db()
    return plan


def install_treatment_text():
    texts.install(key="consent.treatment", title="Consent to treatment", body="I agree to the treatment in the plan.")


def done_visit(plan, *, number, at: datetime):
    session = plan.planned_sessions.get(number=number)
    return make_appointment(planned_session=session, starts_at=at, state="done", practitioner=plan.practitioner)


def today():
    return timezone.localdate()


def cm2(text):
    return Decimal(text)
