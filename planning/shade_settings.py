"""How colours heal in this clinic, against the cup. The clinic's limit of density is its protocol's."""

from planning.mixing import HealedLook
from smpclinic import clinic_settings
from smpclinic.models import ClinicProfile

SECTION = "healed_look"
MOST_DIFFERENCE = 40.0


def clinic_healed_look(clinic: ClinicProfile | None = None) -> HealedLook:
    """What the clinic has set, the defaults where it has set nothing (one query without ``clinic``)."""
    kept = clinic_settings.section(SECTION, clinic)
    return HealedLook(**{name: float(kept[name]) for name in ("lightness", "a", "b") if name in kept})
