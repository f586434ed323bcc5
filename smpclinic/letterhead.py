"""What stands on every paper: whose it is, on which sheet, and that a demonstration is one."""

from typing import Any

from smpclinic.models import ClinicProfile, Installation
from smpclinic.models.places import Paper
from smpclinic.paper_look import logo_picture, look_of

SHEETS = {Paper.A4: "A4", Paper.LETTER: "Letter"}


def letterhead(clinic: ClinicProfile | None = None) -> dict[str, Any]:
    """The part of a paper's context that every paper has (two queries)."""
    clinic = clinic or ClinicProfile.current()
    look = look_of(clinic)
    return {
        "clinic": clinic,
        "accent": look.colour,
        "logo": logo_picture(look),
        "is_demo": Installation.objects.filter(mode="demo").exists(),
    }


def sheet_of(clinic: ClinicProfile) -> str:
    """The paper in the clinic's printer, as ``render_pdf`` names it."""
    return SHEETS.get(clinic.paper, "A4")
