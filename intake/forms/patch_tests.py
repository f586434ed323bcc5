"""Place a patch test, and read one."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.models import PatchTest
from intake.models.consent import PatchResult
from smpclinic.models import Lot
from smpclinic.models.stock import ProductKind


def _moment(label) -> forms.DateTimeField:
    """A moment that has passed; empty is: just now."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, help_text=_("Empty: just now."), widget=widget)


def _refuse_ahead(moment):
    if moment and moment > timezone.now():
        raise forms.ValidationError(_("This moment is in the future."))
    return moment


class PlacePatchTestForm(forms.Form):
    lot = forms.ModelChoiceField(label=_("Pigment lot"), queryset=Lot.objects.none())
    site = forms.CharField(
        label=_("Where on the body"), max_length=120, help_text=_("For example behind the left ear.")
    )
    placed_at = _moment(_("Placed"))

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot"].queryset = Lot.objects.usable(on=on).filter(product__kind=ProductKind.PIGMENT)
        self.fields["lot"].error_messages["invalid_choice"] = _("This lot cannot be used any more. Choose another.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Row("lot", "site"), "placed_at")

    def clean_placed_at(self):
        return _refuse_ahead(self.cleaned_data["placed_at"])


class ReadPatchTestForm(forms.Form):
    test = forms.ModelChoiceField(
        queryset=PatchTest.objects.none(), to_field_name="public_id", widget=forms.HiddenInput
    )
    result = forms.ChoiceField(
        label=_("What it shows"),
        choices=PatchResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it shows.")},
    )
    read_at = _moment(_("Read"))
    note = forms.CharField(label=_("What was seen"), max_length=400, required=False)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )

    def __init__(self, *args, patient, may_photograph=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["test"].queryset = patient.patch_tests.all()
        if not may_photograph:
            del self.fields["photo"]

    def clean_read_at(self):
        return _refuse_ahead(self.cleaned_data["read_at"])
