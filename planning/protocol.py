"""Every number of the clinic's treatment protocol, in one place: a clinic may change each, the defaults are documented.

Sources of the defaults: docs/formulas.md.
"""

from dataclasses import dataclass, fields
from decimal import Decimal

LEAST_GAP_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """Minutes, densities (dots per cm2 of the whole plan), pace (dots per minute), factors of pace and shares of dots.

    ``area_low_factor`` and ``area_high_factor`` bound the true needle time when the area was misjudged: clinics' own
    estimates lie 35 % below to 18 % above the true area, so the truth is estimate / 1.18 to estimate / 0.65.
    """

    arrival_min: int = 20
    hairline_design_min: int = 20
    paperwork_min: int = 30
    photos_and_aftercare_min: int = 10
    break_min: int = 10
    break_every_min: int = 75
    round_up_to_min: int = 15
    shortest_booking_min: int = 60
    longest_usual_min: int = 240
    pace_dots_per_min: Decimal = Decimal(70)
    bare_dots_per_cm2: Decimal = Decimal(90)
    scar_dots_per_cm2: Decimal = Decimal(90)
    among_hair_dots_per_cm2: Decimal = Decimal(60)
    most_dots_per_cm2: Decimal = Decimal(100)
    hairline_band_factor: Decimal = Decimal("0.5")
    temples_factor: Decimal = Decimal("0.6")
    scar_factor: Decimal = Decimal("0.4")
    among_hair_factor: Decimal = Decimal("0.5")
    shares_of_two: tuple[Decimal, ...] = (Decimal("0.55"), Decimal("0.45"))
    shares_of_three: tuple[Decimal, ...] = (Decimal("0.40"), Decimal("0.33"), Decimal("0.27"))
    touch_up_share: Decimal = Decimal("0.30")
    area_low_factor: Decimal = Decimal("0.85")
    area_high_factor: Decimal = Decimal("1.54")
    gap_days: int = LEAST_GAP_DAYS
    recommended_gap_days: int = 10
    recommended_gap_scar_days: int = 28
    recommended_most_days: int = 60
    touch_up_after_days: int = 30

    def shares(self, session_count: int) -> tuple[Decimal, ...]:
        """The share of the dots that each session of a plan places; ``session_count`` is 2 or 3."""
        return {2: self.shares_of_two, 3: self.shares_of_three}[session_count]


DEFAULT_PROTOCOL = Protocol()
_MAY_BE_ZERO = {"arrival_min", "hairline_design_min", "paperwork_min", "photos_and_aftercare_min", "break_min"}


def problems_with_protocol(protocol: Protocol) -> list[str]:
    """Why a clinic cannot work by these numbers, in words; empty when it can."""
    problems = []
    for name in (field.name for field in fields(protocol)):
        value = getattr(protocol, name)
        if isinstance(value, tuple):
            problems += _problems_with_shares(name, value)
        elif value < 0 or (value == 0 and name not in _MAY_BE_ZERO):
            least = "0 or more" if name in _MAY_BE_ZERO else "more than 0"
            problems.append(f"{_words(name)} must be {least}, not {value}.")
        elif name.endswith("_factor") and not name.startswith("area_") and value > 1:
            problems.append(f"{_words(name)} must be 1 at most, not {value}.")
    if protocol.gap_days < LEAST_GAP_DAYS:
        problems.append(f"Sessions are at least {LEAST_GAP_DAYS} days apart; {protocol.gap_days} is too few.")
    if protocol.area_low_factor > 1 or protocol.area_high_factor < 1:
        problems.append("The range must hold the estimate itself: low factor 1 at most, high factor 1 at least.")
    return problems


def _problems_with_shares(name: str, shares: tuple[Decimal, ...]) -> list[str]:
    count = 2 if name == "shares_of_two" else 3
    if len(shares) == count and all(share > 0 for share in shares) and sum(shares) == 1:
        return []
    written = " + ".join(str(share) for share in shares)
    return [f"{_words(name)} must be {count} numbers above 0 that add up to 1, not {written}."]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
