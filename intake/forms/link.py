"""What a link needs: the birth date that it asks for, and an e-mail address where it goes by mail."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.fields import BirthDateField
from intake.models import Patient
from intake.models.link import LinkChannel

SENT = (LinkChannel.EMAIL, LinkChannel.QR)


class LinkForm(forms.Form):
    """How to give the patient the link; what is missing on record is asked for here."""

    channel = forms.ChoiceField(choices=[(channel.value, channel.label) for channel in SENT])

    def __init__(self, data=None, *, patient: Patient):
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.asks: list[str] = []
        if patient.born_on is None:
            self.fields["born_on"] = BirthDateField(
                label=_("Date of birth"),
                help_text=_("The link asks for it, so that nobody else can open it. For example 3 May 1984."),
            )
            self.asks.append("born_on")
        if not patient.email:
            self.fields["email"] = forms.EmailField(
                label=_("E-mail"), required=False, max_length=254, help_text=_("Only to send the link by e-mail.")
            )
            self.asks.append("email")
        self.helper.layout = Layout(*self.asks)

    def clean(self):
        by_mail = self.cleaned_data.get("channel") == LinkChannel.EMAIL
        if by_mail and "email" in self.fields and self.cleaned_data.get("email") == "":
            self.add_error("email", _("Enter the address to which the link goes."))

    def details(self) -> dict:
        """What was missing on record and is told now."""
        return {name: self.cleaned_data[name] for name in ("born_on", "email") if self.cleaned_data.get(name)}


class OwnBirthDateForm(forms.Form):
    """The patient says who they are."""

    born_on = BirthDateField(
        label=_("Your date of birth"),
        help_text=_("For example 3 May 1984."),
        error_messages={"required": _("Enter your date of birth.")},
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["born_on"].widget.attrs["autocomplete"] = "bday"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
