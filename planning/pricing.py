"""What a plan costs by the clinic's list, and what is still owed. Amounts are whole minor units of one currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise


@dataclass(frozen=True, order=True)
class Band:
    """Plans of one look up to an area, in cm2 treated, the bound included, cost ``price_minor``."""

    look: str
    up_to_cm2: Decimal
    price_minor: int


def listed_price(bands: Iterable[Band], *, look: str, treated_cm2: Decimal) -> Band | None:
    """The band a plan falls in: the smallest of its look that reaches its area; None above the list or outside it.

    >>> bands = [Band("shaved", Decimal(50), 90_000), Band("shaved", Decimal(150), 160_000)]
    >>> [band and band.price_minor for band in (
    ...     listed_price(bands, look="shaved", treated_cm2=Decimal(area)) for area in (50, "50.1", 151)
    ... )]
    [90000, 160000, None]
    """
    return min((band for band in bands if band.look == look and treated_cm2 <= band.up_to_cm2), default=None)


def problems_with_list(bands: Sequence[Band]) -> list[str]:
    """Why a list cannot be: two prices for one area, or a larger area for less money; empty where it can."""
    problems = []
    ordered = sorted(bands)
    for one, other in pairwise(ordered):
        if one.look != other.look:
            continue
        if one.up_to_cm2 == other.up_to_cm2:
            problems.append(f"Two prices stand for the same look up to {one.up_to_cm2} cm².")
        elif other.price_minor < one.price_minor:
            problems.append(f"Up to {other.up_to_cm2} cm² costs less than up to {one.up_to_cm2} cm² of the same look.")
    return problems


def balance_minor(price_minor: int | None, payments_minor: Iterable[int]) -> int | None:
    """What is still owed of a price; None while there is no price.

    >>> balance_minor(145_000, [30_000, 20_000, -20_000])
    115000
    """
    return None if price_minor is None else price_minor - sum(payments_minor)
