"""Choosing a lot from stock: the usable ones first, what is expired said so, what is on recall shown but shut."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from sessions import mixes
from sessions.actions.mixing import facts_of, problems_with_recall
from smpclinic.actions.stock_ledger import amount_of
from smpclinic.local_dates import date_format
from smpclinic.models import Lot


class LotSelect(forms.Select):
    """A select in which the lots on recall cannot be chosen; ``facts`` of an option become ``data-`` attributes."""

    shut: frozenset[str] = frozenset()
    facts: dict[str, dict[str, str]] = {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.shut:
            option["attrs"]["disabled"] = True
        option["attrs"] |= {f"data-{fact}": told for fact, told in self.facts.get(str(value), {}).items()}
        return option


class LotField(forms.ChoiceField):
    """One of ``lots``, by its public id; cleans to the lot. Recalled ones are refused in words."""

    widget = LotSelect

    def __init__(self, *, lots: list[Lot] = (), on: date | None = None, empty: str = "", extra=(), **kwargs):
        super().__init__(**kwargs)
        self.offer(lots, on=on, empty=empty, extra=extra)

    def offer(self, lots: list[Lot], *, on: date | None, empty: str = "", extra=(), late: bool = False) -> None:
        """Set the lots to choose from; ``extra`` are choices of another kind, such as leftovers; ``late``: of a past
        visit, which is entered as it was."""
        self.by_id = {str(lot.public_id): lot for lot in lots}
        choices = [(str(lot.public_id), label_of(lot, on=on)) for lot in lots]
        self.choices = [("", empty or _("Choose a lot")), *choices, *extra]
        self.widget.facts = {key: {"drop-ml": str(lot.product.drop_ml)} for key, lot in self.by_id.items()}
        self.late = late
        shut = () if late else self.by_id.items()
        self.widget.shut = frozenset(key for key, lot in shut if lot.is_recalled)

    def lot_of(self, value: str) -> Lot | None:
        """The chosen lot; ValidationError where it is on recall, unless a past visit is entered."""
        lot = self.by_id.get(value)
        if lot is not None and (problems := problems_with_recall([lot], entered_late=self.late)):
            raise forms.ValidationError(problems)
        return lot


def lots_of(*kinds: str, on: date, late: bool = False) -> list[Lot]:
    """The lots of these kinds in the order to use them: usable ones by their end, expired ones, those on recall.

    Each carries ``on_hand``. What is used up is left out, but for a past visit (``late``) that may have used it.
    """
    lots = Lot.objects.with_on_hand().filter(product__kind__in=kinds, product__is_active=True)
    there = [lot for lot in lots.select_related("product") if late or lot.on_hand is None or lot.on_hand > 0]
    return sorted(there, key=lambda lot: _order(lot, on))


def label_of(lot: Lot, *, on: date | None) -> str:
    """A lot with what decides whether it may be used: "Carbon Black, lot 7 (until 3 May 2027, 12 mL left)"."""
    if lot.is_recalled:
        return _("%(lot)s (on recall)") % {"lot": lot}
    told = []
    if until := mixes.usable_until(facts_of(lot)):
        words = _("expired on %(day)s") if on and until < on else _("until %(day)s")
        told.append(words % {"day": date_format(until, "j M Y")})
    if getattr(lot, "on_hand", None) is not None:
        told.append(_("%(amount)s left") % {"amount": amount_of(lot, max(lot.on_hand, Decimal(0)))})
    return f"{lot} ({', '.join(told)})" if told else str(lot)


def _order(lot: Lot, on: date) -> tuple:
    until = mixes.usable_until(facts_of(lot)) or date.max
    return (lot.is_recalled, until < on, str(lot.product), until, lot.number)
