"""Pigment mixes: how strong a mix is, and whether its lots may be used.

pigment % = 100 x pigment / (pigment + diluent),   both in mL; 1 drop = 0.05 mL unless the product says otherwise
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from intake.dates import in_words
from planning import lot_life

DROP_ML = Decimal("0.05")
ML_PLACES = Decimal("0.0001")
PERCENT_PLACES = Decimal("0.01")
MOST_ML = Decimal("100")
MOST_DROP_ML = Decimal("1")
# Far above any mix: it keeps a slip of the hand from overflowing the arithmetic.
MOST_AMOUNT = Decimal("10000")


@dataclass(frozen=True)
class Component:
    """Pigment from one lot, or a part of another mix, in mL or in drops (one of the two).

    ``pigment_share``: how much of it is pigment, 1 for a lot, less for what was mixed with water before.
    """

    lot: str
    ml: Decimal | None = None
    drops: Decimal | None = None
    drop_ml: Decimal = DROP_ML
    pigment_share: Decimal = Decimal(1)

    @property
    def volume_ml(self) -> Decimal:
        """The volume in mL, to 0.0001."""
        volume_ml = self.ml if self.ml is not None else (self.drops or Decimal(0)) * self.drop_ml
        return volume_ml.quantize(ML_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True)
class Dilution:
    pigment_ml: Decimal
    diluent_ml: Decimal
    pigment_percent: Decimal

    @property
    def total_ml(self) -> Decimal:
        return self.pigment_ml + self.diluent_ml

    @property
    def words(self) -> str:
        """Read aloud, as practitioners say it: "1 part pigment to 9 parts water (10 %)"."""
        if not self.diluent_ml:
            return "undiluted (100 %)"
        if not self.pigment_ml:
            return "water alone (0 %)"
        parts = (self.diluent_ml / self.pigment_ml).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return f"1 part pigment to {_plain(parts)} parts water ({_plain(self.pigment_percent)} %)"


@dataclass(frozen=True)
class LotFacts:
    """What decides whether a lot may be used; ``recalled`` holds the reason of its recall."""

    label: str
    expires_on: date | None = None
    opened_on: date | None = None
    months_after_opening: int | None = None
    recalled: str = ""


def problems_with_mix(components: Sequence[Component], diluent_ml: Decimal) -> list[str]:
    """Why a mix cannot be saved, in words; empty is fine."""
    problems = [] if components else ["A mix needs at least one pigment."]
    for component in components:
        problems += _problems_with_component(component)
    if not diluent_ml.is_finite() or not 0 <= diluent_ml <= MOST_ML:
        problems.append(f"The water must be 0-{MOST_ML} mL, not {diluent_ml} mL.")
    return problems


def _problems_with_component(component: Component) -> list[str]:
    amounts = [amount for amount in (component.ml, component.drops) if amount is not None]
    if len(amounts) != 1:
        return [f"{component.lot}: give mL or drops, one of the two."]
    if not component.drop_ml.is_finite() or not 0 < component.drop_ml <= MOST_DROP_ML:
        return [
            f"{component.lot}: a drop must be more than 0 and at most {MOST_DROP_ML} mL, not {component.drop_ml} mL."
        ]
    if not amounts[0].is_finite() or not 0 < amounts[0] <= MOST_AMOUNT:
        return [f"{component.lot}: the amount must be more than 0 and at most {MOST_AMOUNT}, not {amounts[0]}."]
    if not 0 < component.volume_ml <= MOST_ML:
        return [f"{component.lot}: the amount must be 0.0001-{MOST_ML} mL, not {component.volume_ml} mL."]
    return []


def dilution_of(components: Sequence[Component], diluent_ml: Decimal) -> Dilution:
    """How strong a mix is; a ``ValueError`` in words when it is no mix.

    >>> dilution_of([Component("A1", drops=Decimal(4))], Decimal("1.8")).words
    '1 part pigment to 9 parts water (10 %)'
    """
    if problems := problems_with_mix(components, diluent_ml):
        raise ValueError(" ".join(problems))
    whole_ml = sum((component.volume_ml for component in components), Decimal(0))
    pigment_ml = sum((each.volume_ml * each.pigment_share for each in components), Decimal(0))
    pigment_ml = pigment_ml.quantize(ML_PLACES, ROUND_HALF_UP)
    diluent_ml = (diluent_ml + whole_ml - pigment_ml).quantize(ML_PLACES, ROUND_HALF_UP)
    percent = (100 * pigment_ml / (pigment_ml + diluent_ml)).quantize(PERCENT_PLACES, ROUND_HALF_UP)
    return Dilution(pigment_ml, diluent_ml, percent)


def usable_until(lot: LotFacts) -> date | None:
    """The last day a lot may be used: its expiry or its life once open, whichever comes first.

    >>> usable_until(LotFacts("A1", date(2027, 1, 31), opened_on=date(2026, 3, 31), months_after_opening=6))
    datetime.date(2026, 9, 30)
    """
    return lot_life.usable_until(
        expires_on=lot.expires_on, opened_on=lot.opened_on, months_after_opening=lot.months_after_opening
    )


def problems_with_lot(lot: LotFacts) -> list[str]:
    """Why a lot is refused, in words: a lot on recall is never used.

    >>> problems_with_lot(LotFacts("Scalpaink SC, lot 7", recalled="bacteria"))
    ['Scalpaink SC, lot 7 is on recall and cannot be used: bacteria.']
    """
    return [f"{lot.label} is on recall and cannot be used: {lot.recalled}."] if lot.recalled else []


def warnings_for_lot(lot: LotFacts, *, on: date) -> list[str]:
    """What speaks against using a lot on the day ``on``, in words; the last usable day is still good."""
    warnings = []
    if lot.expires_on is not None and on > lot.expires_on:
        warnings.append(f"{lot.label} expired on {in_words(lot.expires_on)}.")
    open_until = _open_until(lot)
    if open_until is not None and lot.opened_on is not None and on > open_until:
        warnings.append(
            f"{lot.label} has been open too long: opened on {in_words(lot.opened_on)}, "
            f"usable until {in_words(open_until)}."
        )
    return warnings


def _open_until(lot: LotFacts) -> date | None:
    return lot_life.open_until(lot.opened_on, lot.months_after_opening)


def _plain(number: Decimal) -> str:
    """A number without trailing zeros: 10 instead of 10.00."""
    return f"{number.normalize():f}"
