"""The clinic's price list as the rules read it, and how much of a plan's price is paid, in words."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from planning.models import Payment, PlanVersion, PlanZone, PriceBand, TreatmentPlan
from planning.models.plan import PlanKind, PlanState
from planning.money import price_in_words
from planning.plan_zones import drawn
from planning.pricing import Band, balance_minor, listed_price
from planning.zones import TreatedArea


def bands(currency: str) -> list[Band]:
    """The list in this currency (one query); prices typed in another currency no longer count."""
    rows = PriceBand.objects.filter(currency=currency)
    return [Band(row.look, row.up_to_cm2, row.price_minor) for row in rows]


def list_token(listed: Iterable[Band]) -> str:
    """Short text that changes whenever the price list does; its page carries it to notice a second writer."""
    said = repr([(band.look, f"{band.up_to_cm2:.1f}", band.price_minor) for band in sorted(listed)])
    return hashlib.sha256(said.encode()).hexdigest()[:20]


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
    def to_pay_back(self) -> str:
        """What is told where more was paid than the plan now costs; empty where it was not."""
        if self.balance_minor is None or self.balance_minor >= 0:
            return ""
        words = _("%(paid)s was paid; %(rest)s are to be paid back.")
        return words % {"paid": self.paid, "rest": price_in_words(-self.balance_minor, self.currency)}

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
        """The amount that ``balance_name`` names, never negative; empty while there is no price."""
        minor = self.balance_minor
        return "" if minor is None else price_in_words(abs(minor), self.currency)

    @property
    def balance_name(self) -> str:
        """A price lowered below what was paid leaves money to give back; what a stopped plan owes, people settle."""
        if (self.balance_minor or 0) < 0:
            return _("To be paid back")
        return _("Not paid of the stopped plan") if self.plan.state == PlanState.STOPPED else _("Still owed")


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


def settle_price(version: PlanVersion, rows: Sequence[PlanZone]) -> None:
    """Take the list's price where none was typed; ValidationError where another stands there without a reason."""
    areas = drawn(rows, circumference_cm=version.head_circumference_cm).areas()
    band = listed_for(areas, look=version.look, kind=version.plan.kind, currency=version.currency)
    version.price_listed_minor = band.price_minor if band else None
    if version.price_minor is None:
        version.price_minor = version.price_listed_minor
    if band and version.price_minor != band.price_minor and not version.price_reason.strip():
        listed = price_in_words(band.price_minor, version.currency)
        words = _("The price list asks %(listed)s. Leave the price empty to take it, or say why it is another.")
        raise ValidationError({"price_reason": words % {"listed": listed}})
    if version.deposit_minor and version.deposit_minor > (version.price_minor or 0):
        raise ValidationError({"deposit": _("The deposit is more than the price of the whole plan.")})
