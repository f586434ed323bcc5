"""A plan turned to its patient: the page of the plan in plain words, and the pictures that page shows."""

from django.http import HttpRequest
from django.urls import reverse

from planning.hairline_shown import photo_of
from planning.models import PlanVersion, TreatmentPlan
from smpclinic import turned
from smpclinic.languages import patients_language


def turn_to_plan(request: HttpRequest, plan: TreatmentPlan, *, back: str) -> str:
    """Turn the screen to the patient on the plan in force; turned back, it goes on at ``back``. Returns the address."""
    page = reverse("planning:agree", args=[plan.public_id])
    version = plan.current_version
    language = patients_language(plan.patient.language)
    turned.turn(request, page=page, back=back, language=language, also=_pictures(version) if version else ())
    return page


def _pictures(version: PlanVersion) -> list[str]:
    """The addresses of the patient's own photo and of the shade's picture, which the turned screen must reach."""
    shown = photo_of(version)
    photos = [reverse("intake:photo", args=[shown["photo"].public_id])] if shown else []
    return [*photos, reverse("planning:shade_preview")]
