"""Which product and lots are searched for or put on recall, and who was told how."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.models import ToldBy
from smpclinic.models import Lot, Product
from smpclinic.scan_field import ScanInput

ALL, UNTOLD, TOLD = "all", "untold", "told"


class FindForm(forms.Form):
    """A product, and its lots or all of them; or a code that names one lot."""

    code = forms.CharField(
        label=_("Lot number or printed code"), required=False, max_length=120, widget=ScanInput(press="find-lot")
    )
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), required=False, to_field_name="public_id", empty_label=_("Choose")
    )
    all_lots = forms.BooleanField(label=_("All lots, those still to come as well"), required=False)
    lot = forms.ModelMultipleChoiceField(
        Lot.objects.none(),
        label=_("Lots"),
        required=False,
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("code", "product"):
            self.fields[name].widget.attrs["data-no-optional"] = "yes"
        # Every lot may be sent: the action says in words where one is of another product.
        self.fields["lot"].queryset = Lot.objects.select_related("product")
        self.fields["lot"].label_from_instance = lambda lot: lot.number

    def clean_code(self):
        code = self.cleaned_data["code"]
        self.coded = list(Lot.objects.with_code(code)) if code else []
        if code and not self.coded:
            raise forms.ValidationError(_("No lot has this number or code. Choose the product instead."))
        return code

    def clean(self):
        cleaned = self.cleaned_data
        product, lots = cleaned.get("product"), list(cleaned.get("lot") or [])
        coded = getattr(self, "coded", [])
        products = {lot.product_id: lot.product for lot in coded}
        if len(products) > 1 and product is None:
            self.add_error("product", _("Several products have a lot of that number: choose which."))
        if product is None and len(products) == 1:
            (product,) = products.values()
        lots += [lot for lot in coded if product is not None and lot.product_id == product.pk and lot not in lots]
        for lot in lots:
            if product is not None and lot.product_id != product.pk:
                words = _("Lot %(lot)s is of another product: %(other)s.")
                self.add_error("lot", words % {"lot": lot.number, "other": lot.product})
        return cleaned | {"product": product, "lots": lots}

    def offer_lots_of(self, product: Product | None) -> None:
        """Show the lots of the product alone."""
        lots = Lot.objects.filter(product=product) if product else Lot.objects.none()
        self.fields["lot"].queryset = lots.order_by("number")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Who recalled it and why"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reason", Submit("start", _("Put on recall"), css_class="danger filled"))


class ShownForm(forms.Form):
    """Which part of a recall's list is looked at; anything unreadable is the whole of it."""

    show = forms.ChoiceField(required=False, choices=[(each, each) for each in (ALL, UNTOLD, TOLD)])
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)
    part = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class TellForm(forms.Form):
    """Who of the list was told, how, and what there is to note."""

    way = forms.ChoiceField(label=_("How"), choices=[("", _("Choose")), *ToldBy.choices])
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    patient = forms.MultipleChoiceField(
        label=_("Who"), error_messages={"required": _("Choose at least one patient.")}, choices=()
    )

    def __init__(self, *args, touched=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.by_id = {str(each.patient.public_id): each.patient for each in touched}
        self.fields["patient"].choices = [(key, str(patient)) for key, patient in self.by_id.items()]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Row("way", "note"), Submit("tell", _("Note those chosen as told")))

    def patients(self):
        return [self.by_id[key] for key in self.cleaned_data["patient"]]
