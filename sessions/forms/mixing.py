"""The mix builder: lots and leftovers, mL or drops each, water; how strong it is and what speaks against a lot."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from planning.models import ShadeStep
from sessions import mixes
from sessions.actions.mixing import Portion, flattened, problems_with_step, share_of, warnings_for
from sessions.forms.lots import LotField, lots_of
from sessions.mix_colour import colour_of_mix
from sessions.models import Mix, TreatmentSession
from sessions.words import millilitres
from smpclinic.actions.stock_ledger import problem_with_amount
from smpclinic.models import Lot, ProductKind

LEFTOVER = "mix:"
MOST_PORTIONS = 6


class PortionForm(forms.Form):
    """One pigment of the mix."""

    source = LotField(label=_("Lot"), required=False)
    drops = forms.IntegerField(
        label=_("Drops"), required=False, min_value=1, max_value=2000, widget=forms.NumberInput(attrs={"min": 1})
    )
    ml = forms.DecimalField(
        label=_("or mL"),
        required=False,
        max_digits=6,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"data-unit": "mL", "step": "0.05"}),
    )

    def __init__(self, *args, shelf: "Shelf", **kwargs):
        super().__init__(*args, **kwargs)
        self.shelf = shelf
        self.fields["source"].offer(shelf.lots, on=shelf.on, extra=shelf.leftover_choices(), late=shelf.late)
        self.fields["source"].widget.facts |= shelf.leftover_facts()
        for name in ("drops", "ml"):
            self.fields[name].widget.attrs["data-no-optional"] = "yes"
        self.fields["source"].widget.attrs["data-no-optional"] = "yes"

    def clean_source(self):
        value = self.cleaned_data["source"]
        self.fields["source"].lot_of(value)
        return value

    def clean(self):
        cleaned = self.cleaned_data
        amounts = [cleaned.get(name) for name in ("drops", "ml") if cleaned.get(name) is not None]
        if cleaned.get("source") and not amounts and not self.errors:
            self.add_error("drops", _now("Say how much: drops or mL."))
        if len(amounts) > 1:
            self.add_error("ml", _now("Give drops or mL, one of the two."))
        if amounts and not cleaned.get("source") and "source" not in self.errors:
            self.add_error("source", _now("Choose the lot this is from."))
        if cleaned.get("source") and not self.errors:
            self._refuse_more_than_is_there()
        return cleaned

    def _refuse_more_than_is_there(self):
        portion = self.portion()
        there = portion.lot.on_hand if portion.lot is not None and not self.shelf.late else None
        if there is not None and portion.component.volume_ml > there:
            field = "drops" if portion.drops is not None else "ml"
            self.add_error(field, problem_with_amount(portion.lot, portion.component.volume_ml))

    def portion(self) -> Portion | None:
        """What this row adds to the mix; None for a row left empty."""
        source = self.cleaned_data.get("source")
        if not source:
            return None
        amounts = {"drops": self.cleaned_data.get("drops"), "ml": self.cleaned_data.get("ml")}
        if source.startswith(LEFTOVER):
            return Portion(leftover=self.shelf.leftover(source.removeprefix(LEFTOVER)), **amounts)
        return Portion(lot=self.fields["source"].by_id[source], **amounts)


@dataclass
class Shelf:
    """What can be mixed from on a day: the lots of pigment and of water, and this session's own mixes.

    ``late``: a past visit, which may have used what is used up or on recall by now.
    """

    lots: list[Lot]
    waters: list[Lot]
    leftovers: list[Mix]
    on: date
    late: bool = False

    def leftover(self, public_id: str) -> Mix | None:
        return next((mix for mix in self.leftovers if str(mix.public_id) == public_id), None)

    def leftover_choices(self) -> list[tuple[str, str]]:
        return [(f"{LEFTOVER}{mix.public_id}", _now("Rest of %(mix)s") % {"mix": mix}) for mix in self.leftovers]

    def leftover_facts(self) -> dict[str, dict[str, str]]:
        """How much of each is pigment, for the strength that is told while it is typed."""
        return {f"{LEFTOVER}{mix.public_id}": {"pigment-share": f"{self._share(mix):.4f}"} for mix in self.leftovers}

    def with_code(self, code: str) -> list[Lot]:
        """The pigment lots here that a printed code or a lot number means."""
        meant = set(Lot.objects.with_code(code).values_list("pk", flat=True))
        return [lot for lot in self.lots if lot.pk in meant]

    def _share(self, mix: Mix) -> Decimal:
        kept = self.__dict__.setdefault("_shares", {})
        if mix.pk not in kept:
            kept[mix.pk] = share_of(mix)
        return kept[mix.pk]


def shelf_of(session: TreatmentSession) -> Shelf:
    """The lots and mixes within reach of this session."""
    on, late = session.appointment.day, session.appointment.entered_late
    own = session.mixes.prefetch_related("components__leftover")
    of_kind = {ProductKind.PIGMENT: [], ProductKind.DILUENT: []}
    for lot in lots_of(*of_kind, on=on, late=late):
        of_kind[lot.product.kind].append(lot)
    return Shelf(of_kind[ProductKind.PIGMENT], of_kind[ProductKind.DILUENT], list(own), on, late)


class MixForm(forms.Form):
    """The name and the water; the pigments stand in the list of ``PortionForm`` beside it."""

    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    diluent_ml = forms.DecimalField(
        label=_("Water"),
        required=False,
        max_digits=6,
        decimal_places=3,
        min_value=0,
        widget=forms.NumberInput(attrs={"data-unit": "mL", "step": "0.05", "min": 0, "data-no-optional": "yes"}),
    )
    shade_step = forms.ModelChoiceField(
        ShadeStep.objects.all(), label=_("Step of the ladder"), required=False, empty_label=_("None")
    )
    diluent_lot = LotField(label=_("Water from"), required=False)
    new_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, shelf: Shelf, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["diluent_lot"].offer(shelf.waters, on=shelf.on, empty=_now("No lot noted"), late=shelf.late)
        self.helper = FormHelper()
        self.helper.form_tag = False
        water = Row("diluent_ml", "diluent_lot") if shelf.waters else "diluent_ml"
        self.helper.layout = Layout("new_id", water, Row("name", "shade_step"))

    def clean_diluent_lot(self):
        return self.fields["diluent_lot"].lot_of(self.cleaned_data["diluent_lot"])

    def clean_diluent_ml(self):
        return self.cleaned_data["diluent_ml"] or Decimal(0)


class MixBuilder:
    """Both forms together."""

    def __init__(self, data=None, *, session: TreatmentSession, first: dict | None = None):
        first = first or {}
        self.session, self.shelf = session, shelf_of(session)
        initial = {"new_id": uuid4(), "name": self._next_name()} | first.get("form", {})
        self.form = MixForm(data, initial=initial, shelf=self.shelf)
        portions = first.get("portions", [])
        formset = forms.formset_factory(
            PortionForm, extra=max(0, 2 - len(portions)), max_num=MOST_PORTIONS, absolute_max=MOST_PORTIONS
        )
        self.formset = formset(data, prefix="portions", initial=portions, form_kwargs={"shelf": self.shelf})
        self.formset.helper = portions_helper()

    def is_valid(self) -> bool:
        """Whether both forms are; a mix needs at least one pigment."""
        valid = self.form.is_valid() and self.formset.is_valid()
        if valid and not self.portions():
            self.form.add_error(None, _now("A mix needs at least one pigment."))
            return False
        return valid

    def portions(self) -> list[Portion]:
        return [portion for form in self.formset.forms if (portion := form.portion()) is not None]

    def fields(self) -> dict:
        """The cleaned values as ``mix_pigment`` takes them."""
        cleaned = self.form.cleaned_data
        return {
            "name": cleaned["name"].strip() or self._next_name(),
            "portions": self.portions(),
            "diluent_ml": cleaned["diluent_ml"],
            "shade_step": cleaned["shade_step"],
            "diluent_lot": cleaned["diluent_lot"],
            "new_id": cleaned["new_id"],
        }

    def preview(self) -> dict:
        """How strong the mix would be, and what speaks against its lots; the forms must be valid."""
        portions, diluent_ml = self.portions(), self.form.cleaned_data["diluent_ml"]
        components = [portion.component for portion in portions]
        problems = mixes.problems_with_mix(components, diluent_ml)
        problems += problems_with_step(self.form.cleaned_data["shade_step"], flattened(portions))
        if problems:
            return {"problems": problems}
        dilution = mixes.dilution_of(components, diluent_ml)
        return {
            "words": dilution.words,
            "total": millilitres(dilution.total_ml.quantize(Decimal("0.01"))),
            "warnings": warnings_for(portions, on=self.shelf.on),
            "colour": colour_of_mix(flattened(portions), total_ml=dilution.total_ml, patient=self.session.patient),
        }

    def _next_name(self) -> str:
        return _now("Mix %(number)s") % {"number": len(self.shelf.leftovers) + 1}


def portions_helper() -> FormHelper:
    """How the list of pigments is laid out; its tag and buttons stand in the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout("source", Row("drops", "ml"))
    helper.formset_row_name = _("Pigment")
    helper.formset_add_label = _("Add another pigment")
    return helper
