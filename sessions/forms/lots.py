"""Choosing a lot from stock: the usable ones first, what is expired said so, what is on recall shown but shut."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _

from sessions import mixes
from sessions.actions.mixing import facts_of
from smpclinic.local_dates import date_format
from smpclinic.models import Lot


class LotSelect(forms.Select):
    """A select in which the lots on recall cannot be chosen; each option knows the size of its drop."""

    shut: frozenset[str] = frozenset()
    drops: dict[str, str] = {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.shut:
            option["attrs"]["disabled"] = True
        if str(value) in self.drops:
            option["attrs"]["data-drop-ml"] = self.drops[str(value)]
        return option


class LotField(forms.ChoiceField):
    """One of ``lots``, by its public id; cleans to the lot. Recalled ones are refused in words."""

    widget = LotSelect

    def __init__(self, *, lots: list[Lot] = (), on: date | None = None, empty: str = "", extra=(), **kwargs):
        super().__init__(**kwargs)
        self.offer(lots, on=on, empty=empty, extra=extra)

    def offer(self, lots: list[Lot], *, on: date | None, empty: str = "", extra=()) -> None:
        """Set the lots to choose from; ``extra`` are choices of another kind, such as leftovers."""
        self.by_id = {str(lot.public_id): lot for lot in lots}
        choices = [(str(lot.public_id), label_of(lot, on=on)) for lot in lots]
        self.choices = [("", empty or _("Choose a lot")), *choices, *extra]
        self.widget.drops = {key: str(lot.product.drop_ml) for key, lot in self.by_id.items()}
        self.widget.shut = frozenset(key for key, lot in self.by_id.items() if lot.is_recalled)

    def lot_of(self, value: str) -> Lot | None:
        """The chosen lot; ValidationError where it is on recall."""
        lot = self.by_id.get(value)
        if lot is not None and (problems := mixes.problems_with_lot(facts_of(lot))):
            raise forms.ValidationError(problems)
        return lot


def lots_of(*kinds: str, on: date) -> list[Lot]:
    """The lots of these kinds in the order to use them: usable ones by their end, expired ones, those on recall."""
    lots = Lot.objects.filter(product__kind__in=kinds, product__is_active=True).select_related("product")
    return sorted(lots, key=lambda lot: _order(lot, on))


def label_of(lot: Lot, *, on: date | None) -> str:
    """A lot with what decides whether it may be used: "Carbon Black, lot 24-117 (until 3 May 2027)"."""
    if lot.is_recalled:
        return _("%(lot)s (on recall)") % {"lot": lot}
    until = mixes.usable_until(facts_of(lot))
    if until is None:
        return str(lot)
    words = _("%(lot)s (expired on %(day)s)") if on and until < on else _("%(lot)s (until %(day)s)")
    return words % {"lot": lot, "day": date_format(until, "j M Y")}


def _order(lot: Lot, on: date) -> tuple:
    until = mixes.usable_until(facts_of(lot)) or date.max
    return (lot.is_recalled, until < on, str(lot.product), until, lot.number)
