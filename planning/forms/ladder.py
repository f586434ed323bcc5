"""The manager's forms of the shade ladder."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from planning.mixing import HealedLook
from planning.models import ShadeStep
from smpclinic.models import Product, ProductKind


class StepForm(forms.ModelForm):
    """One step: a pigment, in drops or in mL, and water."""

    class Meta:
        model = ShadeStep
        fields = ("number", "name", "product", "pigment_drops", "pigment_ml", "water_ml", "is_active")
        widgets = {
            "number": forms.NumberInput(attrs={"min": 1, "max": 20}),
            "pigment_drops": forms.NumberInput(attrs={"min": 1, "data-no-optional": "yes"}),
            "pigment_ml": forms.NumberInput(attrs={"data-unit": "mL", "step": "0.05", "data-no-optional": "yes"}),
            "water_ml": forms.NumberInput(attrs={"data-unit": "mL", "step": "0.05", "min": 0}),
        }
        labels = {"pigment_drops": _("Pigment, drops"), "pigment_ml": _("or mL"), "water_ml": _("Water")}
        help_texts = {
            "number": _("1 is the lightest."),
            "pigment_drops": _("A drop is 0.05 mL unless the product says otherwise."),
            "is_active": _("A step that is no longer offered stays in the plans that use it."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_use = Product.objects.filter(kind=ProductKind.PIGMENT, is_active=True)
        mine = Product.objects.filter(pk=self.instance.product_id)
        self.fields["product"].queryset = in_use | mine
        self.fields["product"].empty_label = _now("No product named")
        self.fields["pigment_ml"].required = False
        if self.instance.pigment_drops:
            self.initial["pigment_ml"] = None
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            Row("number", "name"),
            "product",
            Row("pigment_drops", "pigment_ml", "water_ml"),
            "is_active",
            Submit("save", _("Save the step")),
        )

    def clean(self):
        cleaned = self.cleaned_data
        drops, ml = cleaned.get("pigment_drops"), cleaned.get("pigment_ml")
        if drops == 0:
            self.add_error("pigment_drops", _now("A step needs at least one drop of pigment."))
        elif drops and ml is not None:
            self.add_error("pigment_ml", _now("Give drops or mL, one of the two."))
        elif not drops and not ml and not {"pigment_drops", "pigment_ml"} & set(self.errors):
            self.add_error("pigment_drops", _now("Say how much pigment: drops or mL, more than 0."))
        return cleaned

    def _post_clean(self):
        """The action validates the row; the one shown stays as it is."""

    def values(self) -> dict:
        """What ``add_step`` and ``change_step`` take."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class HealedLookForm(forms.Form):
    """How the clinic's colours heal, against the cup."""

    lightness = forms.FloatField(
        label=_("Lighter by"), help_text=_("L* of healed skin less L* in the cup: above 0 is paler.")
    )
    a = forms.FloatField(label=_("Redder by"), help_text=_("a*: below 0 is greener."))
    b = forms.FloatField(label=_("Warmer by"), help_text=_("b*: below 0 is cooler, bluer."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(Row("lightness", "a", "b"), Submit("save", _("Save these numbers")))

    def values(self) -> HealedLook:
        return HealedLook(**self.cleaned_data)
