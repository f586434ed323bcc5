"""The clinic's own numbers of colour and density, read from its profile."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from planning.protocol import DEFAULT_PROTOCOL
from smpclinic.models import ClinicProfile

MOST_DOTS = "most_dots_per_cm2"


@dataclass(frozen=True)
class ShadeSettings:
    """``most_dots_per_cm2``: above it a plan and a pass are warned of."""

    most_dots_per_cm2: Decimal = DEFAULT_PROTOCOL.most_dots_per_cm2


def shade_settings() -> ShadeSettings:
    """What the clinic has set, the defaults where it has set nothing (one query)."""
    kept = ClinicProfile.current().settings
    default = ShadeSettings()
    return ShadeSettings(most_dots_per_cm2=_number(kept.get(MOST_DOTS), default.most_dots_per_cm2))


def _number(kept: object, default: Decimal) -> Decimal:
    """A kept number; the default where none is kept or it is none (the profile's settings are free text in the end)."""
    if kept is None:
        return default
    try:
        value = Decimal(str(kept))
    except InvalidOperation:
        return default
    return value if value.is_finite() else default
