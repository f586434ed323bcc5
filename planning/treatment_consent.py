"""What the patient reads and signs: the plan in plain words, then the clinic's treatment consent."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from intake.actions.consents import consent_text
from intake.models import ConsentKind
from intake.own_session import language_of
from planning.hairline_words import hairline_in_words
from planning.lengths import hours_and_minutes
from planning.models import PlanVersion, TreatmentPlan
from planning.money import price_in_words
from planning.plan_content import hairline_mark, row_name
from planning.plan_zones import Treatment, rows_of
from smpclinic.models import ClinicProfile, Text


@dataclass(frozen=True)
class Wording:
    """The exact text put before the patient; ``sha256`` proves that the one signed is the one shown."""

    text: Text
    facts: tuple[tuple[str, str], ...]
    exact: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.exact.encode()).hexdigest()


def wording_for(version: PlanVersion) -> Wording:
    """The treatment consent for exactly this version, in the patient's language.

    ValidationError where the clinic has no approved text to sign.
    """
    patient = version.plan.patient
    text = consent_text(ConsentKind.TREATMENT, language=patient.language)
    with override(language_of(patient)):
        facts = facts_for_patient(version)
        told = "\n".join(f"{name}: {value}" for name, value in facts)
    return Wording(text, facts, f"{text.title}\n\n{told}\n\n{text.body}")


def facts_for_patient(version: PlanVersion) -> tuple[tuple[str, str], ...]:
    """The plan as the patient may see it: nothing of health, nothing for staff."""
    plan = version.plan
    facts = [
        (_("Clinic"), ClinicProfile.current().name),
        (_("Patient"), str(plan.patient)),
        (_("Plan"), _("%(plan)s, version %(number)s") % {"plan": reference_of(plan), "number": version.number}),
        (_("Practitioner"), str(plan.practitioner)),
        (_("Hairline"), _exact_hairline(version)),
        (_("Shade"), shades_in_words(version)),
        (_("Sessions"), sessions_in_words(version)),
        (_("Price of the whole plan"), price_in_words(version.price_minor, version.currency)),
        (_("Deposit"), price_in_words(version.deposit_minor or None, version.currency)),
    ]
    return tuple((str(name), value) for name, value in facts if value)


def _exact_hairline(version: PlanVersion) -> str:
    """The hairline with the version that drew it, so that no other drawing can be meant; empty where none is."""
    words = {"hairline": hairline_in_words(version), "number": version.number, "mark": hairline_mark(version)}
    return _("%(hairline)s, as drawn in version %(number)s (mark %(mark)s)") % words if words["mark"] else ""


def shades_in_words(version: PlanVersion) -> str:
    """The plan's shade, and the zones that have one of their own: "3 Medium; Vertex: 4 Dark" (one query)."""
    own = [
        _("%(zone)s: %(shade)s") % {"zone": row_name(row), "shade": row.shade_step}
        for row in rows_of(version)
        if row.treatment != Treatment.DO_NOT_TREAT and row.shade_step_id not in (None, version.shade_step_id)
    ]
    return "; ".join([*([str(version.shade_step)] if version.shade_step else []), *own])


def reference_of(plan: TreatmentPlan) -> str:
    """What tells a patient's plans apart on paper: the record number and a few letters of the plan's own."""
    return f"{plan.patient.record_number} / {plan.public_id.hex[:6].upper()}"


def sessions_in_words(version: PlanVersion) -> str:
    """How many sessions, and how long each will take: "2 sessions, of about 1 h 15 min and 1 h"."""
    *first, last = [hours_and_minutes(minutes) for minutes in version.estimate_minutes]
    if not first:
        return _("1 session, of about %(length)s") % {"length": last}
    words = {"count": version.session_count, "first": ", ".join(first), "last": last}
    return _("%(count)s sessions, of about %(first)s and %(last)s") % words
