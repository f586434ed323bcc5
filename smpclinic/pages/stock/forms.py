"""What is typed about products and lots."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from smpclinic.models import Lot, Product, ProductKind
from smpclinic.scan_field import ScanInput

_DATE = {"type": "date"}
_DAYS = ("received_on", "expires_on", "opened_on")


class SearchForm(forms.Form):
    """What is looked for in the stock; anything unreadable looks for nothing."""

    q = forms.CharField(required=False, max_length=80)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *ProductKind.choices])
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class ProductForm(forms.ModelForm):
    safety_sheet = forms.FileField(
        label=_("Safety sheet"), required=False, help_text=_("PDF, JPEG, PNG or WebP, up to 20 MB.")
    )

    class Meta:
        model = Product
        fields = (
            *("kind", "brand", "name", "colour", "base", "supplier", "gtin", "drop_ml"),
            *("months_after_opening", "low_level", "label_statement", "is_active"),
        )
        help_texts = {
            "colour": _("As it looks in the bottle, such as #2b2a29. Mixes are foretold from it."),
            "drop_ml": _("0.05 means 20 drops in 1 mL."),
            "is_active": _("A product no longer in use is not offered for new lots and mixes."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["drop_ml"].required = False
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "kind",
            Row("brand", "name"),
            Row("colour", "base"),
            Row("supplier", "gtin"),
            Row("drop_ml", "months_after_opening", "low_level"),
            "label_statement",
            "safety_sheet",
            "is_active",
            Submit("save", _("Save") if self.instance.pk else _("Add product")),
        )

    def clean_drop_ml(self):
        return self.cleaned_data["drop_ml"] or Decimal("0.05")


class ChangedProductForm(ProductForm):
    """A product that is there; what kind it is was said when it came, and lots hang on it."""

    class Meta(ProductForm.Meta):
        fields = [name for name in ProductForm.Meta.fields if name != "kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout.pop(0)
        if self.instance.safety_sheet:
            self.fields["safety_sheet"].help_text = _("A new file takes the place of the one that is kept.")

    def _post_clean(self):
        """The action validates the row; the one shown stays as it is."""


class LotForm(forms.ModelForm):
    class Meta:
        model = Lot
        fields = ("product", "number", "code", "quantity", *_DAYS)
        widgets = {
            "code": ScanInput(),
            **{name: forms.DateInput(attrs=_DATE, format="%Y-%m-%d") for name in _DAYS},
        }
        help_texts = {"code": _("Scan the label here, so that a scan finds this lot at the chair.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.filter(is_active=True)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "product",
            Row("number", "quantity"),
            "code",
            Row(*_DAYS),
            Submit("save", _("Add lot")),
        )


class ChangedLotForm(LotForm):
    """What was read from the label; how much there is, is counted."""

    class Meta(LotForm.Meta):
        fields = ("number", "code", *_DAYS)

    def __init__(self, *args, **kwargs):
        forms.ModelForm.__init__(self, *args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("number", "code", Row(*_DAYS), Submit("save", _("Save")))

    def _post_clean(self):
        """The action validates the row; the one shown stays as it is."""


class CountForm(forms.Form):
    counted = forms.DecimalField(
        label=_("There is"), min_value=0, max_digits=8, decimal_places=3, widget=forms.NumberInput(attrs={"min": 0})
    )
    reason = forms.CharField(label=_("Why it differs, where it does"), required=False, max_length=200)

    def __init__(self, *args, lot: Lot, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counted"].widget.attrs |= {"data-unit": lot.product.unit, "data-no-optional": "yes"}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Row("counted", "reason"), Submit("count", _("Write the count down"), css_class=""))


class OpenForm(forms.Form):
    on = forms.DateField(label=_("Opened on"), widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("on", Submit("open", _("Note it as opened"), css_class="plain"))


class ThrowAwayForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reason", Submit("throw", _("Throw the rest away"), css_class="danger"))
