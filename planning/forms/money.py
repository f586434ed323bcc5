"""The price list, a payment, and a correction of one."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.models import PaymentMethod
from planning.models.plan import Look
from planning.money import amount, minor_units, places_of
from planning.pricing import Band

EMPTY_ROWS = 4


def money_field(label, currency: str, **kwargs) -> forms.DecimalField:
    attrs = {"data-unit": currency, "step": str(Decimal(1).scaleb(-places_of(currency))), "data-no-optional": "yes"}
    return forms.DecimalField(label=label, max_digits=12, widget=forms.NumberInput(attrs=attrs), **kwargs)


def minor_or_refusal(typed: Decimal | None, currency: str) -> int | None:
    """An amount in minor units; the form's refusal where it has finer parts, is negative or out of reach."""
    try:
        return None if typed is None else minor_units(typed, currency)
    except ValueError as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class BandForm(forms.Form):
    """One line of the price list; an empty one is left out."""

    look = forms.ChoiceField(label=_("Look"), choices=Look.choices, initial=Look.SHAVED)
    up_to_cm2 = forms.DecimalField(
        label=_("Treated area up to"),
        required=False,
        max_digits=5,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=2000,
        widget=forms.NumberInput(attrs={"data-unit": "cm²", "data-no-optional": "yes"}),
    )

    def __init__(self, *args, currency: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["price"] = money_field(_("Price"), currency, required=False)

    def clean_price(self):
        return minor_or_refusal(self.cleaned_data["price"], self.currency)

    def clean(self):
        told = self.cleaned_data
        for one, other in (("up_to_cm2", "price"), ("price", "up_to_cm2")):
            if told.get(one) is not None and told.get(other) is None and other not in self.errors:
                self.add_error(other, _("Enter both, or leave the line empty."))
        return told

    def band(self) -> Band | None:
        told = self.cleaned_data
        if told.get("up_to_cm2") is None:
            return None
        return Band(told["look"], told["up_to_cm2"], told["price"])


class BaseBands(forms.BaseFormSet):
    def bands(self) -> list[Band]:
        return [band for form in self.forms if (band := form.band())]


BandFormSet = forms.formset_factory(BandForm, formset=BaseBands, extra=EMPTY_ROWS, max_num=60, validate_max=True)


def initial_of_bands(bands: Iterable[Band], currency: str) -> list[dict]:
    return [
        {"look": band.look, "up_to_cm2": band.up_to_cm2, "price": amount(band.price_minor, currency)}
        for band in sorted(bands)
    ]


class SeenForm(forms.Form):
    """Which price list the page was opened with."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class PaymentForm(forms.Form):
    """Money taken, or paid back."""

    paid_on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    method = forms.ChoiceField(label=_("How"), choices=PaymentMethod.choices, initial=PaymentMethod.CARD)
    is_refund = forms.BooleanField(label=_("This was paid back to the patient"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    new_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, currency: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"] = money_field(_("Amount"), currency)
        self.initial.setdefault("new_id", uuid4())
        self.initial.setdefault("paid_on", timezone.localdate())
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            Row("amount", "paid_on"), "method", "is_refund", "note", "new_id", Submit("save", _("Note the payment"))
        )

    def clean_amount(self):
        return minor_or_refusal(self.cleaned_data["amount"], self.currency)


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=200,
        error_messages={
            "required": _("Say why this entry is corrected."),
            "max_length": _("Say in 200 letters or fewer why this entry is corrected."),
        },
    )
