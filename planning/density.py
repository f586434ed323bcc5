"""How many dots a zone of the scalp holds: done before this plan, done in it, and still to come.

    total = before + done + max(0, target - done)          dots per cm2 of the zone

``before`` counts every signed session of the patient's other plans and touch-ups within the last 24 months: pigment
fades, so older work no longer stands in the way. ``done`` counts every signed session of this plan, however old.
Sources: docs/formulas.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from intake.dates import add_months
from planning.protocol import DEFAULT_PROTOCOL

MONTHS_COUNTED = 24
ZERO = Decimal(0)


@dataclass(frozen=True)
class Placed:
    """Dots that one signed session placed in one zone, per cm2 of it."""

    zone: str
    dots_per_cm2: Decimal
    on: date
    in_this_plan: bool


@dataclass(frozen=True)
class ZoneDensity:
    """The dots of one zone, each per cm2. ``target`` is what the plan asks of the zone: 0 where it asks nothing."""

    zone: str
    target: Decimal = ZERO
    before: Decimal = ZERO
    done: Decimal = ZERO

    @property
    def to_come(self) -> Decimal:
        """What the plan still has to place here.

        >>> ZoneDensity("vertex", target=Decimal(90), done=Decimal(36)).to_come
        Decimal('54')
        """
        return max(ZERO, self.target - self.done)

    @property
    def total(self) -> Decimal:
        """What the zone will hold once the plan is done."""
        return self.before + self.done + self.to_come

    @property
    def percent_done(self) -> int:
        """How much of the target is placed: 0 to 100, whole per cent, halves up; 100 where nothing is asked.

        >>> ZoneDensity("vertex", target=Decimal(90), done=Decimal(36)).percent_done
        40
        """
        if self.target <= 0:
            return 100
        return int(min(Decimal(100), 100 * self.done / self.target).quantize(Decimal(1), ROUND_HALF_UP))


def counted_from(on: date) -> date:
    """The first day whose sessions still count on the day ``on``.

    >>> counted_from(date(2026, 3, 1))
    datetime.date(2024, 3, 1)
    """
    return add_months(on, -MONTHS_COUNTED)


def densities(targets: Mapping[str, Decimal], placed: Iterable[Placed], *, on: date) -> dict[str, ZoneDensity]:
    """By zone, what a plan asks (``targets``, dots per cm2) and what was done by the day ``on``.

    The zones of the plan come first, in their order; then those that only earlier work lies in. Laws, tested: the
    order of sessions does not matter, and a session more never lowers a total.

    >>> work = [Placed("vertex", Decimal(36), date(2026, 1, 5), in_this_plan=True)]
    >>> densities({"vertex": Decimal(90)}, work, on=date(2026, 2, 1))["vertex"].to_come
    Decimal('54')
    """
    found = {zone: ZoneDensity(zone, target=target) for zone, target in targets.items()}
    earliest = counted_from(on)
    for each in placed:
        zone = found.get(each.zone, ZoneDensity(each.zone))
        if each.in_this_plan:
            found[each.zone] = ZoneDensity(zone.zone, zone.target, zone.before, zone.done + each.dots_per_cm2)
        elif each.on >= earliest:
            found[each.zone] = ZoneDensity(zone.zone, zone.target, zone.before + each.dots_per_cm2, zone.done)
    return found


def is_too_dense(density: ZoneDensity, *, most_dots_per_cm2: Decimal = DEFAULT_PROTOCOL.most_dots_per_cm2) -> bool:
    """Whether the zone would hold more dots than the clinic's limit; the limit itself is fine."""
    return density.total > most_dots_per_cm2


def warnings_about_density(
    density: ZoneDensity, name: str, *, most_dots_per_cm2: Decimal = DEFAULT_PROTOCOL.most_dots_per_cm2
) -> list[str]:
    """Why a zone is denser than usual, in words with the zone's ``name``; empty where it is not. Never a bar.

    >>> warnings_about_density(ZoneDensity("vertex", target=Decimal(90), before=Decimal(30)), "Vertex (crown)")
    ['Vertex (crown): 120 dots per cm² in all (30 from earlier plans, 90 planned); the clinic’s limit is 100.']
    """
    if not is_too_dense(density, most_dots_per_cm2=most_dots_per_cm2):
        return []
    parts = ((density.before, "from earlier plans"), (density.done, "done"), (density.to_come, "planned"))
    told = ", ".join(f"{_plain(dots)} {words}" for dots, words in parts if dots)
    return [
        f"{name}: {_plain(density.total)} dots per cm² in all ({told}); "
        f"the clinic’s limit is {_plain(most_dots_per_cm2)}."
    ]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
