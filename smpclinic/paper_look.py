"""The clinic's own colour and logo on its papers, kept among its settings."""

from base64 import b64encode
from dataclasses import dataclass

from django.utils.translation import gettext as _

from smpclinic import storage
from smpclinic.models import ClinicProfile

SECTION = "papers"
TEAL = "#0b5c65"
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text against its ground


@dataclass(frozen=True)
class PaperLook:
    """``colour`` as #rrggbb; ``logo`` a name in private storage with its hash, empty without one."""

    colour: str = TEAL
    logo: str = ""
    logo_sha256: str = ""


def look_of(clinic: ClinicProfile) -> PaperLook:
    """What the clinic has chosen, else the program's own."""
    kept = clinic.settings.get(SECTION, {})
    return PaperLook(**{name: kept[name] for name in PaperLook.__dataclass_fields__ if name in kept})


def logo_picture(look: PaperLook) -> str:
    """The logo as an inline picture; empty without one, and where its file is gone (``logo_problem`` says so)."""
    if not look.logo or logo_problem(look):
        return ""
    content = storage.read(look.logo, sha256=look.logo_sha256)
    return "data:image/jpeg;base64," + b64encode(content).decode("ascii")


def logo_problem(look: PaperLook) -> str:
    """What is wrong with the logo's file, in words; empty where nothing is."""
    if not look.logo:
        return ""
    try:
        storage.read(look.logo, sha256=look.logo_sha256)
    except storage.FileDamaged:
        return _("The file of the logo is missing or damaged. Papers are printed without it until you choose it again.")
    return ""


def problems_with_colour(colour: str) -> list[str]:
    """Why a colour cannot be the clinic's, in words; empty is fine.

    >>> problems_with_colour("#0b5c65"), len(problems_with_colour("#ffff00"))
    ([], 1)
    """
    contrast = 1.05 / (_luminance(colour) + 0.05)
    if contrast < LEAST_CONTRAST:
        return [_("This colour is too light to be read on white paper. Choose a darker one.")]
    return []


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 for black and 1 for white (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
