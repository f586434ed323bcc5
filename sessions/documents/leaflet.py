"""The information leaflet: what the treatment is, for whom, and its risks. The clinic's own text."""

from typing import Any

from django.utils.translation import get_language

from intake.models import Patient
from smpclinic.marks import filled_by_paragraph
from smpclinic.models import ClinicProfile
from smpclinic.texts import words_of

KEY = "leaflet.smp"


def leaflet_of(patient: Patient | None) -> dict[str, Any]:
    """The text in the language of the paper; the same for everybody."""
    clinic = ClinicProfile.current()
    words = words_of(KEY, language=get_language() or clinic.language)
    marks = {"clinic": clinic.name, "phone": clinic.phone}
    return {"patient": None, "words": words.title, "body": filled_by_paragraph(words.body, marks)}
