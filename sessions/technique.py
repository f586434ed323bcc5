"""Needle, depth and angle: usual values, soft warnings, and what is refused as impossible.

Every limit is a clinic setting (``Limits``): a value outside the soft bounds is saved with a
warning, a value outside the hard bounds is refused as a slip of the hand. Published figures
for scalp micropigmentation disagree widely, so none of them is a rule of medicine.
"""

import re
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum


class NeedleGroup(StrEnum):
    ONE_RL = "1RL"
    TWO_RL = "2RL"
    THREE_RL = "3RL"
    FIVE_RL = "5RL"
    SEVEN_RL = "7RL"
    ROLLER = "roller"
    OTHER = "other"


class DepthKnownBy(StrEnum):
    """How the depth is known: read off the dial, by the needle's hang, or judged in the tissue."""

    DIALLED = "dialled"
    HANG = "hang"
    ESTIMATED = "estimated"


class HandSpeed(StrEnum):
    SLOW = "slow"
    MEDIUM = "medium"
    FAST = "fast"


class ScalpResistance(StrEnum):
    SOFT = "soft"
    NORMAL = "normal"
    TOUGH = "tough"


class ScalpState(StrEnum):
    OILY = "oily"
    DRY = "dry"
    FLAKY = "flaky"
    SCARRED = "scarred"


class Viscosity(StrEnum):
    THIN = "thin"
    MEDIUM = "medium"
    THICK = "thick"


class Reaction(StrEnum):
    NONE = "none"
    REDNESS = "redness"
    SWELLING = "swelling"
    BLEEDING = "bleeding"
    PAIN = "pain"
    OTHER = "other"


HAIRLINE_BAND = "hairline_band"
DEFAULT_DIAMETER_MM = Decimal("0.20")
DEFAULT_DEPTH_MM = Decimal("1.0")
DEFAULT_ANGLE_DEGREES = 90
PAIN_RANGE = range(11)
# Cartridge makers number diameters in their own way: 06 is 0.20 mm, 08 is 0.25, 10 is 0.30, 12 is 0.35.
DIAMETERS_MM = {"06": Decimal("0.20"), "08": Decimal("0.25"), "10": Decimal("0.30"), "12": Decimal("0.35")}
_NEEDLE_CODE = re.compile(r"(?P<diameter>\d\d)(?P<needles>\d\d)?(?:RL)?")


@dataclass(frozen=True)
class Bounds:
    """What is usual and what is possible; None is no bound on that side."""

    usual_from: Decimal | None = None
    usual_to: Decimal | None = None
    possible_from: Decimal | None = None
    possible_to: Decimal | None = None


def _bounds(*values: str) -> Bounds:
    return Bounds(*(Decimal(value) if value else None for value in values))


@dataclass(frozen=True)
class Limits:
    """The clinic's limits; replace any of them to change it (``dataclasses.replace``)."""

    diameter_mm: Bounds = field(default=_bounds("0.15", "0.35", "0.05", "1.5"))
    depth_mm: Bounds = field(default=_bounds("0.5", "2.0", "0.1", "4.0"))
    depth_in_tissue_mm: Bounds = field(default=_bounds("0.3", "1.5", "0.1", "4.0"))
    angle_degrees: Bounds = field(default=_bounds("45", "90", "10", "90"))
    volts: Bounds = field(default=_bounds("", "10", "0", ""))
    hertz: Bounds = field(default=_bounds("100", "150", "0", ""))
    dots_per_cm2: Bounds = field(default=_bounds("", "100", "0", ""))


DEFAULT_LIMITS = Limits()
LIMIT_WORDS = {
    "diameter_mm": ("needle diameter", "mm"),
    "depth_mm": ("depth", "mm"),
    "depth_in_tissue_mm": ("depth estimated in the tissue", "mm"),
    "angle_degrees": ("angle to the skin", "degrees"),
    "volts": ("voltage", "V"),
    "hertz": ("machine speed", "Hz"),
    "dots_per_cm2": ("density reached so far", "dots per cm2"),
}


@dataclass(frozen=True)
class PassTechnique:
    """How one pass over one zone is done; the four that stand before the practitioner come first, mix aside.

    ``cumulative_dots_per_cm2`` counts this pass and all earlier ones on the zone.
    """

    needle_group: NeedleGroup
    depth_mm: Decimal
    angle_degrees: int
    depth_known_by: DepthKnownBy = DepthKnownBy.DIALLED
    diameter_mm: Decimal = DEFAULT_DIAMETER_MM
    cumulative_dots_per_cm2: Decimal | None = None


@dataclass(frozen=True)
class MachineSetting:
    volts: Decimal | None = None
    hertz: Decimal | None = None


@dataclass(frozen=True)
class Needle:
    diameter_mm: Decimal
    needles: int | None


def defaults_for(zone: str) -> PassTechnique:
    """What a first pass on a zone starts with: a single needle at the hairline band, else three.

    >>> defaults_for("vertex").needle_group, defaults_for("hairline_band").needle_group
    (<NeedleGroup.THREE_RL: '3RL'>, <NeedleGroup.ONE_RL: '1RL'>)
    """
    group = NeedleGroup.ONE_RL if zone == HAIRLINE_BAND else NeedleGroup.THREE_RL
    return PassTechnique(group, DEFAULT_DEPTH_MM, DEFAULT_ANGLE_DEGREES)


def problems_with_pass(technique: PassTechnique, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """Why a pass cannot be saved, in words; empty is fine.

    >>> problems_with_pass(PassTechnique(NeedleGroup.THREE_RL, Decimal("10"), 90))
    ['The depth must be 0.1-4.0 mm, not 10 mm.']
    """
    return [words for name, value in _values(technique) for words in _refused(name, value, limits)]


def problems_by_field(technique: PassTechnique, limits: Limits = DEFAULT_LIMITS) -> dict[str, list[str]]:
    """The same problems by the name of the value they are about; empty is fine.

    >>> problems_by_field(PassTechnique(NeedleGroup.THREE_RL, Decimal("1.0"), 5))
    {'angle_degrees': ['The angle to the skin must be 10-90 degrees, not 5 degrees.']}
    """
    problems = {name: _refused(name, value, limits) for name, value in _values(technique)}
    return {name.replace("depth_in_tissue_mm", "depth_mm"): words for name, words in problems.items() if words}


def warnings_for_pass(technique: PassTechnique, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """What is unusual about a pass that may be saved, in words; empty is usual.

    >>> warnings_for_pass(PassTechnique(NeedleGroup.THREE_RL, Decimal("2.1"), 90))
    ['The depth is usually 0.5-2.0 mm, here 2.1 mm.']
    """
    return [words for name, value in _values(technique) for words in _unusual(name, value, limits)]


def problems_with_machine(setting: MachineSetting, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """Why a machine setting cannot be saved, in words; empty is fine."""
    return [words for name, value in _machine_values(setting) for words in _refused(name, value, limits)]


def warnings_for_machine(setting: MachineSetting, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    """What is unusual about a machine setting, in words.

    >>> warnings_for_machine(MachineSetting(volts=Decimal("10.5"), hertz=Decimal("120")))
    ['The voltage is usually at most 10 V, here 10.5 V.']
    """
    return [words for name, value in _machine_values(setting) for words in _unusual(name, value, limits)]


def problems_with_pain(pain: int) -> list[str]:
    """Pain is told from 0 (none) to 10.

    >>> problems_with_pain(11)
    ['Pain is told from 0 to 10, not 11.']
    """
    return [] if pain in PAIN_RANGE else [f"Pain is told from 0 to 10, not {pain}."]


def problems_with_reactions(reactions: frozenset[Reaction], *, note: str = "", pain: int | None = None) -> list[str]:
    """Why a reaction cannot be saved, in words; empty is fine."""
    problems = [] if reactions else ['Choose the reaction, or "none".']
    if Reaction.NONE in reactions and len(reactions) > 1:
        problems.append('"None" cannot stand beside another reaction.')
    if Reaction.OTHER in reactions and not note.strip():
        problems.append("Describe the other reaction.")
    if Reaction.PAIN in reactions and not pain:
        problems.append("Say how strong the pain was, from 1 to 10.")
    return problems + (problems_with_pain(pain) if pain is not None else [])


def needle_of(code: str) -> Needle:
    """Diameter and number of needles from a cartridge code; a ``ValueError`` in words when it is none.

    >>> needle_of("0603"), needle_of("08")
    (Needle(diameter_mm=Decimal('0.20'), needles=3), Needle(diameter_mm=Decimal('0.25'), needles=None))
    """
    match = _NEEDLE_CODE.fullmatch("".join(code.upper().split()))
    if match is None or match["diameter"] not in DIAMETERS_MM or match["needles"] == "00":
        known = ", ".join(f"{number} = {mm} mm" for number, mm in DIAMETERS_MM.items())
        raise ValueError(f"{code.strip()!r} is not a needle code. Write it like 0603 (0.20 mm, 3 needles); {known}.")
    return Needle(DIAMETERS_MM[match["diameter"]], int(match["needles"]) if match["needles"] else None)


def problems_with_limits(limits: Limits) -> list[str]:
    """Why limits cannot be saved: what is usual must lie within what is possible."""
    problems = []
    for name in (limit.name for limit in fields(limits)):
        bounds: Bounds = getattr(limits, name)
        steps = [bounds.possible_from, bounds.usual_from, bounds.usual_to, bounds.possible_to]
        told = [step for step in steps if step is not None]
        if told != sorted(told):
            problems.append(f"The {LIMIT_WORDS[name][0]}: what is usual must lie within what is possible.")
    return problems


def _values(technique: PassTechnique) -> list[tuple[str, Decimal]]:
    in_tissue = technique.depth_known_by is DepthKnownBy.ESTIMATED
    values = [
        ("diameter_mm", technique.diameter_mm),
        ("depth_in_tissue_mm" if in_tissue else "depth_mm", technique.depth_mm),
        ("angle_degrees", Decimal(technique.angle_degrees)),
    ]
    if technique.cumulative_dots_per_cm2 is not None:
        values.append(("dots_per_cm2", technique.cumulative_dots_per_cm2))
    return values


def _machine_values(setting: MachineSetting) -> list[tuple[str, Decimal]]:
    told = (("volts", setting.volts), ("hertz", setting.hertz))
    return [(name, value) for name, value in told if value is not None]


def _refused(name: str, value: Decimal, limits: Limits) -> list[str]:
    bounds: Bounds = getattr(limits, name)
    if _is_within(value, bounds.possible_from, bounds.possible_to):
        return []
    words, unit = LIMIT_WORDS[name]
    return [f"The {words} must be {_span(bounds.possible_from, bounds.possible_to)} {unit}, not {value} {unit}."]


def _unusual(name: str, value: Decimal, limits: Limits) -> list[str]:
    bounds: Bounds = getattr(limits, name)
    if _is_within(value, bounds.usual_from, bounds.usual_to):
        return []
    words, unit = LIMIT_WORDS[name]
    return [f"The {words} is usually {_span(bounds.usual_from, bounds.usual_to)} {unit}, here {value} {unit}."]


def _is_within(value: Decimal, lowest: Decimal | None, highest: Decimal | None) -> bool:
    return value.is_finite() and (lowest is None or lowest <= value) and (highest is None or value <= highest)


def _span(lowest: Decimal | None, highest: Decimal | None) -> str:
    if lowest is not None and highest is not None:
        return f"{lowest}-{highest}"
    return f"at most {highest}" if lowest is None else f"at least {lowest}"
