"""The clinic's price list as the rules read it, and how much of a plan's price is paid, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning.models import Payment, PlanVersion, PriceBand, TreatmentPlan
from planning.models.plan import PlanKind
from planning.money import price_in_words
from planning.pricing import Band, balance_minor, listed_price
from planning.zones import TreatedArea


def bands(currency: str) -> list[Band]:
    """The list in this currency (one query); prices typed in another currency no longer count."""
    rows = PriceBand.objects.filter(currency=currency)
    return [Band(row.look, row.up_to_cm2, row.price_minor) for row in rows]


def listed_for(areas: Iterable[TreatedArea], *, look: str, kind: str, currency: str) -> Band | None:
    """What the list asks for a plan; a touch-up is not on it."""
    treated_cm2 = sum((area.treated_cm2 for area in areas), Decimal(0))
    if kind != PlanKind.PLAN or not treated_cm2:
        return None
    return listed_price(bands(currency), look=look, treated_cm2=treated_cm2)


@dataclass(frozen=True)
class Account:
    """What a plan costs, what was paid and what is owed, in minor units; ``entries`` oldest first."""

    plan: TreatmentPlan
    currency: str
    price_minor: int | None
    deposit_minor: int | None
    entries: tuple[Payment, ...]

    @property
    def paid_minor(self) -> int:
        return sum(entry.amount_minor for entry in self.entries)

    @property
    def balance_minor(self) -> int | None:
        return balance_minor(self.price_minor, [entry.amount_minor for entry in self.entries])

    @property
    def price(self) -> str:
        return price_in_words(self.price_minor, self.currency)

    @property
    def deposit(self) -> str:
        return price_in_words(self.deposit_minor, self.currency)

    @property
    def paid(self) -> str:
        return price_in_words(self.paid_minor, self.currency)

    @property
    def balance(self) -> str:
        return price_in_words(self.balance_minor, self.currency)


def account_of(plan: TreatmentPlan, version: PlanVersion | None = None) -> Account:
    """The account of a plan by the version in force, else by the draft (two queries at most)."""
    version = version or plan.current_version or plan.newest_version()
    entries = tuple(plan.payments.select_related("noted_by", "corrects", "corrected_by"))
    return _account(plan, version, entries)


def accounts_of(plans: Sequence[TreatmentPlan]) -> list[Account]:
    """The accounts of plans whose version in force has a price, in their order (one query)."""
    priced = [plan for plan in plans if plan.current_version and plan.current_version.price_minor is not None]
    entries: dict[int, list[Payment]] = {plan.pk: [] for plan in priced}
    for entry in Payment.objects.filter(plan__in=priced):
        entries[entry.plan_id].append(entry)
    return [_account(plan, plan.current_version, tuple(entries[plan.pk])) for plan in priced]


def _account(plan: TreatmentPlan, version: PlanVersion, entries: tuple[Payment, ...]) -> Account:
    return Account(plan, version.currency, version.price_minor, version.deposit_minor, entries)
