"""The clinic's own numbers of colour and density, read from its profile."""

from dataclasses import dataclass
from decimal import Decimal

from planning.clinic_protocol import clinic_protocol
from planning.protocol import DEFAULT_PROTOCOL


@dataclass(frozen=True)
class ShadeSettings:
    """``most_dots_per_cm2``: above it a plan and a pass are warned of."""

    most_dots_per_cm2: Decimal = DEFAULT_PROTOCOL.most_dots_per_cm2


def shade_settings() -> ShadeSettings:
    """What the clinic has set, the defaults where it has set nothing (one query); the limit is the protocol's."""
    return ShadeSettings(most_dots_per_cm2=clinic_protocol().most_dots_per_cm2)
