"""The page that sets up an empty clinic. It is open until there is somebody who can sign in."""

from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from planning.actions.hours import set_weekly_hours
from smpclinic.actions.setup import is_set_up, set_up_clinic
from smpclinic.limits import allow, client_address
from smpclinic.roles import Role

TRIES, WINDOW_S = 10, 600


class SetupForm(forms.Form):
    code = forms.CharField(
        label=_("Set-up code"), max_length=8, help_text=_("It stands in the window where the program was started.")
    )
    name = forms.CharField(label=_("Clinic's name"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40, help_text=_("Printed large on every care sheet."))
    time_zone = forms.ChoiceField(label=_("Time zone"), initial="Europe/Madrid")
    emergency_number = forms.CharField(label=_("Emergency number"), max_length=20, initial="112")
    location = forms.CharField(label=_("Location"), max_length=80, initial=_("Main clinic"))
    room = forms.CharField(label=_("First room"), max_length=80, initial=_("Room 1"))
    opens = forms.TimeField(
        label=_("Opens, Monday to Friday"), initial="09:00", widget=forms.TimeInput(attrs={"type": "time"})
    )
    closes = forms.TimeField(label=_("Closes"), initial="18:00", widget=forms.TimeInput(attrs={"type": "time"}))
    display_name = forms.CharField(label=_("Your name"), max_length=120)
    username = forms.CharField(label=_("User name"), max_length=150)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(render_value=True), help_text=_("12 characters or more.")
    )
    roles = forms.MultipleChoiceField(
        label=_("You are also"),
        required=False,
        choices=[(Role.PRACTITIONER, Role.PRACTITIONER.label), (Role.RECEPTION, Role.RECEPTION.label)],
        widget=forms.CheckboxSelectMultiple,
    )
    qualification = forms.CharField(label=_("Your qualification, if you treat"), max_length=120, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(name, name) for name in sorted(available_timezones()) if "/" in name]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "code",
            Fieldset(_("The clinic"), "name", Row("phone", "emergency_number"), "time_zone"),
            Fieldset(_("Where and when"), Row("location", "room"), Row("opens", "closes")),
            Fieldset(
                _("You, the first manager"), "display_name", Row("username", "password"), "roles", "qualification"
            ),
            Submit("save", _("Set up the clinic")),
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("opens") and cleaned.get("closes") and cleaned["closes"] <= cleaned["opens"]:
            self.add_error("closes", _("The clinic closes after it opens."))
        return cleaned

    def clean_password(self):
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    @transaction.atomic
    def save(self):
        """Set the clinic up with its hours, all of it or nothing; a refusal comes back as ValidationError."""
        told = self.cleaned_data
        user = set_up_clinic(
            code=told["code"],
            profile={field: told[field] for field in ("name", "phone", "time_zone", "emergency_number")},
            location=told["location"],
            room=told["room"],
            manager={field: told[field] for field in ("username", "display_name", "roles", "qualification")},
            password=told["password"],
        )
        location = user.locations.get()
        minutes = [at.hour * 60 + at.minute for at in (told["opens"], told["closes"])]
        set_weekly_hours(
            location=location, users=[None, user], weekdays=range(5), starts_min=minutes[0], ends_min=minutes[1]
        )
        return user


@login_not_required
@require_http_methods(["GET", "POST"])
def setup(request):
    if is_set_up():
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST" and not allow("setup", client_address(request), TRIES, WINDOW_S):
        form.add_error(None, _("Too many tries. Wait ten minutes."))
    elif form.is_valid():
        try:
            form.save()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The clinic is set up. Sign in."))
            return redirect("account_login")
    return render(request, "smpclinic/setup.html", {"form": form})
