"""Which mixes of the pigments in stock come nearest to a colour: whole drops, fewest pigments first among equals.

Every one, two or three pigments in small whole proportions are tried at many dilutions; the nearest are then written
in whole drops and ranked by CIEDE2000. Nothing random: the same stock and target give the same list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, product
from math import gcd

import numpy as np

from planning.mixing import HealedLook, absorption_of, absorption_of_water, predicted_colour, reflectance
from planning.spectra import TO_LINEAR, Array
from smpclinic.colour import Lab, Srgb, difference, lab_of

MOST_PIGMENTS = 12
MOST_DROPS = 40  # pigment and water together: 2 mL, a cup for one session
MOST_PIGMENT_DROPS = 12
LEAST_DROPS = 6
WATER_DROP_ML = Decimal("0.05")
PRICE_OF_A_PIGMENT = 0.5  # of difference: a second bottle must be worth opening
CLOSE, NEAR = 2.0, 5.0
_PARTS_OF = {1: 1, 2: 7, 3: 4}
_DILUTIONS = np.geomspace(0.02, 1.0, 12)
_KEPT = 40
_WHITE = np.array((0.95047, 1.0, 1.08883))
_TO_XYZ = np.array(
    ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.119192, 0.9503041))
)


@dataclass(frozen=True)
class Pigment:
    """A pigment within reach: its colour in the bottle, and what a drop of it holds in mL."""

    key: str
    name: str
    colour: Srgb
    drop_ml: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class Proposal:
    """One mix in whole drops. ``difference``: CIEDE2000 between its healed look and the target."""

    drops: tuple[tuple[Pigment, int], ...]
    water_drops: int
    cup: Srgb
    healed: Srgb
    difference: float

    @property
    def words(self) -> str:
        """How near it comes, in words."""
        if self.difference <= CLOSE:
            return "Close: hardly to be told from the target."
        if self.difference <= NEAR:
            return "Near: a difference can be seen side by side."
        return "Far: a clear difference from the target."

    @property
    def water_ml(self) -> Decimal:
        return self.water_drops * WATER_DROP_ML


def propose(
    pigments: Sequence[Pigment], target: Srgb, *, healed: HealedLook | None = None, count: int = 3
) -> tuple[Proposal, ...]:
    """The best few mixes for a colour that the healed dots should have, each of other pigments; empty without pigment.

    ValueError where there are more than ``MOST_PIGMENTS``: choose fewer first.
    """
    if len(pigments) > MOST_PIGMENTS:
        raise ValueError(f"At most {MOST_PIGMENTS} pigments can be compared at once, not {len(pigments)}.")
    if not pigments:
        return ()
    return _ranked(tuple(pigments), target, healed or HealedLook())[:count]


@lru_cache(maxsize=64)
def _ranked(pigments: tuple[Pigment, ...], target: Srgb, healed: HealedLook) -> tuple[Proposal, ...]:
    """Every mix worth proposing, the best first: worked out once for one stock and one target."""
    wanted = _cup_wanted(target, healed)
    shares = _shares(pigments)
    tried = [_in_drops(pigments, row, wanted) for row in _nearest(pigments, shares, wanted)]
    ranked = sorted(
        (_proposal(pigments, parts, water, target, healed) for parts, water in dict.fromkeys(tried)), key=_rank
    )
    best: dict[frozenset[str], Proposal] = {}
    for each in ranked:
        best.setdefault(frozenset(pigment.key for pigment, _drops in each.drops), each)
    return tuple(best.values())


def words_about_reach(proposals: Sequence[Proposal], target: Srgb) -> list[str]:
    """Why the best mix is far from the target, in words; empty where it is near.

    >>> words_about_reach((), Srgb(0, 0, 0))
    []
    """
    if not proposals or proposals[0].difference <= NEAR:
        return []
    best, wanted = lab_of(proposals[0].healed), lab_of(target)
    ways = (
        (wanted.lightness - best.lightness, "lighter", "darker"),
        (wanted.a - best.a, "redder", "greener"),
        (wanted.b - best.b, "warmer (more yellow)", "cooler (more blue)"),
    )
    told = [more if gap > 0 else less for gap, more, less in ways if abs(gap) > 2]
    words = ", ".join(told) or "another colour"
    return [f"The target is {words} than anything these pigments give. Choose another target, or another pigment."]


def _cup_wanted(target: Srgb, healed: HealedLook) -> Lab:
    lab = lab_of(target)
    return Lab(max(0.0, lab.lightness - healed.lightness), lab.a - healed.a, lab.b - healed.b)


def _shares(pigments: Sequence[Pigment]) -> list[tuple[int, ...]]:
    """Every small proportion of up to three pigments: one whole number for each of ``pigments``."""
    rows = []
    for several in range(1, min(3, len(pigments)) + 1):
        for chosen in combinations(range(len(pigments)), several):
            for parts in _proportions(several):
                row = [0] * len(pigments)
                for index, part in zip(chosen, parts, strict=True):
                    row[index] = part
                rows.append(tuple(row))
    return rows


def _proportions(several: int) -> Iterator[tuple[int, ...]]:
    most = _PARTS_OF[several]
    for parts in product(range(1, most + 1), repeat=several):
        if sum(parts) <= most and gcd(*parts) == 1:
            yield parts


def _volumes(pigments: Sequence[Pigment], shares: Sequence[tuple[int, ...]]) -> Array:
    drops_ml = np.array([float(pigment.drop_ml) for pigment in pigments])
    return np.array(shares, dtype=float) * drops_ml


def _nearest(pigments: Sequence[Pigment], shares: list[tuple[int, ...]], wanted: Lab) -> list[tuple[int, ...]]:
    """The proportions that come nearest at their best dilution, the plain distance in L*a*b* counting."""
    volumes = _volumes(pigments, shares)
    volumes = volumes / volumes.sum(axis=1, keepdims=True)
    absorbed = volumes @ np.array([absorption_of(pigment.colour) for pigment in pigments])
    diluted = absorbed[:, None, :] * _DILUTIONS[:, None] + absorption_of_water() * (1 - _DILUTIONS)[:, None]
    away = _distance(diluted, wanted).min(axis=1)
    return [shares[index] for index in np.argsort(away, kind="stable")[:_KEPT]]


def _in_drops(pigments: Sequence[Pigment], shares: tuple[int, ...], wanted: Lab) -> tuple[tuple[int, ...], int]:
    """A proportion in whole drops, and the drops of water, at the dilution that comes nearest."""
    cups = []
    for times in range(1, MOST_PIGMENT_DROPS // sum(shares) + 1):
        drops = times * sum(shares)
        cups += [(times, water) for water in range(max(0, LEAST_DROPS - drops), MOST_DROPS - drops + 1)]
    volume = _volumes(pigments, [shares])[0]
    absorbed = volume @ np.array([absorption_of(pigment.colour) for pigment in pigments])
    times_each, water_ml = (np.array(each, dtype=float) for each in zip(*cups, strict=True))
    water_ml = water_ml * float(WATER_DROP_ML)
    whole = times_each * volume.sum() + water_ml
    mixed = (times_each[:, None] * absorbed + water_ml[:, None] * absorption_of_water()) / whole[:, None]
    times, water = cups[int(np.argmin(np.round(_distance(mixed, wanted), 6)))]
    return tuple(times * share for share in shares), water


def _distance(absorbed: Array, wanted: Lab) -> Array:
    """Plain distance in L*a*b* of mixes, given by absorption over scattering in the last axis, from a colour."""
    linear = np.clip(reflectance(absorbed) @ TO_LINEAR.T, 0, 1)
    x, y, z = np.moveaxis(_compressed(linear @ _TO_XYZ.T / _WHITE), -1, 0)
    lightness, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    return np.sqrt((lightness - wanted.lightness) ** 2 + (a - wanted.a) ** 2 + (b - wanted.b) ** 2)


def _compressed(part: Array) -> Array:
    return np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)


def _proposal(
    pigments: Sequence[Pigment], parts: tuple[int, ...], water: int, target: Srgb, healed: HealedLook
) -> Proposal:
    drops = tuple((pigment, part) for pigment, part in zip(pigments, parts, strict=True) if part)
    volumes = [(pigment.colour, float(pigment.drop_ml * part)) for pigment, part in drops]
    cup = predicted_colour(volumes, water_ml=float(water * WATER_DROP_ML))
    look = healed.of(cup)
    return Proposal(drops, water, cup, look, difference(lab_of(look), lab_of(target)))


def _rank(proposal: Proposal) -> tuple[float, int, str]:
    cost = proposal.difference + PRICE_OF_A_PIGMENT * (len(proposal.drops) - 1)
    total = sum(drops for _pigment, drops in proposal.drops) + proposal.water_drops
    return (round(cost, 3), total, " ".join(pigment.key for pigment, _drops in proposal.drops))
