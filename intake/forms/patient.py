"""Find, register and change a patient."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.actions.patients import EDITABLE, token_of
from intake.forms.fields import BirthDateField, validate_phone
from intake.models import Patient
from smpclinic.models import Location


class SearchForm(forms.Form):
    """What was typed into the search box; too much of it is cut, never refused."""

    q = forms.CharField(required=False, strip=True)

    def text(self) -> str:
        return self.cleaned_data["q"][:200] if self.is_valid() else ""


class PatientForm(forms.ModelForm):
    """Everything staff may write about who a patient is. Only name and phone are needed."""

    born_on = BirthDateField(
        label=_("Date of birth"), required=False, help_text=_("In any form, for example 3 May 1984 or 03.05.84.")
    )

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Patient
        fields = EDITABLE
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "second_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "full_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "sex": forms.RadioSelect,
        }
        labels = {
            "full_name": _("Name"),
            "preferred_name": _("What to call this person"),
            "pronoun": _("Pronoun"),
            "sex": _("Sex"),
            "phone": _("Phone"),
            "second_phone": _("Second phone"),
            "email": _("E-mail"),
            "address": _("Postal address"),
            "doctor": _("Doctor"),
            "emergency_contact": _("Whom to call in an emergency"),
            "language": _("Language"),
            "large_print": _("Print everything large"),
            "may_leave_message": _("We may leave a message"),
            "may_say_who_we_are": _("We may say who we are"),
            "may_print_name_on_post": _("Post may carry the clinic's name"),
            "home_location": _("Location"),
            "notes": _("Notes"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = True
        for name in {"phone", "second_phone"} & self.fields.keys():
            self.fields[name].validators.append(validate_phone)
        self.initial["seen"] = token_of(self.instance) if self.instance.pk else ""
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=_languages())
        locations = Location.objects.filter(is_active=True)
        self.fields["home_location"].queryset = locations
        self.fields["home_location"].empty_label = _("Not tied to one")
        if locations.count() < 2:
            del self.fields["home_location"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self._layout()

    def _layout(self) -> Layout:
        where = ["home_location"] if "home_location" in self.fields else []
        return Layout(
            Fieldset(_("Who"), "full_name", Row("preferred_name", "pronoun"), "born_on", Field("sex")),
            Fieldset(_("How to reach"), Row("phone", "second_phone"), "email", "address", "emergency_contact"),
            Fieldset(_("Discretion"), "may_leave_message", "may_say_who_we_are", "may_print_name_on_post"),
            Fieldset(_("For the clinic"), Row("language", *where), "large_print", "doctor", "notes"),
            "seen",
        )

    def details(self) -> dict:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in EDITABLE if name in self.cleaned_data}

    def _post_clean(self):
        """The action validates the whole patient; here the instance stays as it is in the database."""


class RegistrationForm(PatientForm):
    """A new patient: the few things that are known at the desk; the rest may come later."""

    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta(PatientForm.Meta):
        fields = (
            "full_name",
            "phone",
            "born_on",
            "email",
            "preferred_name",
            "sex",
            "language",
            "notes",
            "home_location",
        )

    def _layout(self) -> Layout:
        where = ["home_location"] if "home_location" in self.fields else []
        return Layout(
            "full_name",
            Row("phone", "born_on"),
            "email",
            Row("preferred_name", "language"),
            "sex",
            *where,
            "notes",
            "sure",
        )


class IdentityForm(forms.Form):
    """The kind of identity document seen: a button for each usual one, or its name."""

    kind = forms.CharField(label=_("Another document"), max_length=60)
    usual = (_("Passport"), _("Identity card"), _("Driving licence"), _("Residence permit"))


class PortraitForm(forms.Form):
    portrait = forms.FileField(
        label=_("Photo of the face"),
        help_text=_("JPEG, PNG or WebP, at most 20 MB. Place and camera are taken out of it."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class AlertForm(forms.Form):
    words = forms.CharField(
        label=_("New alert"), max_length=200, help_text=_("What everybody must see first, for example: faints easily.")
    )


def _languages():
    from django.conf import settings

    return settings.LANGUAGES
