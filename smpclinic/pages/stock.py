"""Products and lots: what is there, what expires, what is on recall."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from sessions import mixes
from sessions.actions.mixing import facts_of as lot_facts
from smpclinic.actions import stock as actions
from smpclinic.actors import staff
from smpclinic.models import Lot, Product
from smpclinic.roles import Permission, requires


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ["kind", "brand", "name", "colour", "drop_ml", "supplier", "months_after_opening", "label_statement"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["drop_ml"].required = False
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "kind",
            Row("brand", "name"),
            Row("colour", "drop_ml"),
            Row("supplier", "months_after_opening"),
            "label_statement",
            Submit("save", gettext_lazy("Save") if self.instance.pk else gettext_lazy("Add product")),
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

    def _post_clean(self):
        """The action validates the row; the one shown stays as it is."""


class LotForm(forms.ModelForm):
    class Meta:
        model = Lot
        fields = ["product", "number", "expires_on", "received_on", "opened_on", "quantity"]
        widgets = {name: forms.DateInput(attrs={"type": "date"}) for name in ("expires_on", "received_on", "opened_on")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.filter(is_active=True)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "product",
            Row("number", "quantity"),
            Row("received_on", "expires_on", "opened_on"),
            Submit("save", gettext_lazy("Add lot")),
        )


class RecallForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Who recalled it and why"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "reason", Submit("save", gettext_lazy("Put this lot on recall"), css_class="danger")
        )


@require_GET
@requires(Permission.SEE_STOCK)
def stock(request):
    lots = Lot.objects.select_related("product").order_by(
        "product__kind", "product__brand", "product__name", "expires_on"
    )
    today = timezone.localdate()
    context = {"lots": [_row(lot, today) for lot in lots], "may_manage": request.user.has(Permission.MANAGE_STOCK)}
    return render(request, "smpclinic/stock.html", context)


def _row(lot, today):
    """A lot and its state in words; the same rule judges it when a mix is made."""
    facts = lot_facts(lot)
    if lot.is_recalled:
        words, kind = _("On recall: %(reason)s") % {"reason": lot.recall_reason}, "stop"
    elif mixes.warnings_for_lot(facts, on=today):
        words, kind = _("Past its date"), "caution"
    else:
        words, kind = _("Usable"), "done"
    return {"lot": lot, "usable_until": mixes.usable_until(facts), "words": words, "kind": kind}


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def add_product(request):
    return _add(
        request,
        ProductForm(request.POST or None),
        _("New product"),
        lambda told: actions.add_product(by=staff(request.user), **told),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def change_product(request, product_id):
    product = get_object_or_404(Product, public_id=product_id)
    return _add(
        request,
        ChangedProductForm(request.POST or None, instance=product),
        str(product),
        lambda told: actions.change_product(product=product, by=staff(request.user), **told),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def add_lot(request):
    return _add(
        request,
        LotForm(request.POST or None),
        _("New lot"),
        lambda told: actions.add_lot(by=staff(request.user), **told),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_STOCK)
def recall_lot(request, lot_id):
    lot = get_object_or_404(Lot.objects.select_related("product"), public_id=lot_id)
    title = _("Recall of %(lot)s") % {"lot": lot}
    return _add(
        request,
        RecallForm(request.POST or None),
        title,
        lambda told: actions.recall_lot(lot=lot, by=staff(request.user), **told),
    )


def _add(request, form, title, act):
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("stock")
    return render(request, "smpclinic/stock_form.html", {"form": form, "title": title})
