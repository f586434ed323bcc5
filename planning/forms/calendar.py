"""How the calendar is asked: a day, by whom, and a place pressed or dragged to. All of it stands in the address."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.availability import LocalTimeProblem, local_to_minutes
from planning.converters import FIRST_DAY, LAST_DAY
from planning.forms.booking import validate_day
from smpclinic.models import ClinicProfile, Room, User


def validate_calendar_day(day) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(_("The calendar does not reach that far."))


class CalendarForm(forms.Form):
    """Which day, columns by practitioner or by room, and whose week alone."""

    VIEWS = (("day", _("Day")), ("week", _("Week")), ("month", _("Month")))

    day = forms.DateField(label=_("Go to"), required=False, validators=[validate_calendar_day])
    view = forms.ChoiceField(choices=VIEWS, required=False)
    by = forms.ChoiceField(choices=[("practitioner", ""), ("room", "")], required=False)
    who = forms.IntegerField(min_value=1, max_value=2**31, required=False)

    def told(self, name: str):
        """One answer, or None where it is empty or cannot be read."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def by_room(self) -> bool:
        return self.told("by") == "room"


class AskedForm(forms.Form):
    """A place on the calendar; what cannot be read is as if it had not been asked for."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        validators=[validate_day],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
    )
    practitioner = forms.ModelChoiceField(
        label=_("Practitioner"), queryset=User.objects.none(), required=False, empty_label=_("Whoever is free")
    )
    room = forms.ModelChoiceField(
        label=_("Room"), queryset=Room.objects.none(), required=False, empty_label=_("Any free room")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = User.objects.practitioners()
        self.fields["room"].queryset = Room.objects.filter(is_active=True).select_related("location")

    def clean(self):
        told = super().clean()
        if told.get("day") and told.get("at"):
            try:
                told["starts_min"] = local_to_minutes(told["day"], told["at"], ClinicProfile.current().zone)
            except LocalTimeProblem as error:
                self.add_error("at", str(error))
        return told

    @property
    def starts_min(self) -> int | None:
        """The start that was asked for, UTC minutes; None where none was, or it cannot be."""
        return self.cleaned_data.get("starts_min") if self.is_valid() else None

    @property
    def query(self) -> str:
        """The same place, for the next address."""
        names = ("day", "at", "practitioner", "room")
        return urlencode({name: self.data[name] for name in names if self.data.get(name)})
