"""The form of a past visit that is entered afterwards."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.actions.late_entry import Performed
from planning.availability import LocalTimeProblem, local_to_minutes
from planning.forms.booking import date_input, validate_day
from smpclinic.models import ClinicProfile, Room, User


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")


class PastVisitForm(forms.Form):
    """When it was, by whom and where, and why it is entered only now. ``wanted``: what can be entered."""

    kind = forms.ChoiceField(label=gettext_lazy("What"))
    day = forms.DateField(label=gettext_lazy("Day"), widget=date_input(), validators=[validate_day])
    at = forms.TimeField(label=gettext_lazy("From"), widget=_time_input())
    until = forms.TimeField(label=gettext_lazy("Until"), widget=_time_input())
    practitioner = forms.ModelChoiceField(label=gettext_lazy("Practitioner"), queryset=User.objects.none())
    room = forms.ModelChoiceField(label=gettext_lazy("Room"), queryset=Room.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("Why only now"),
        max_length=400,
        help_text=gettext_lazy("On paper, a power cut, nobody had booked it ..."),
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan or photo of the paper"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "PDF, JPEG or PNG, 20 MB at most. It is kept in the record and seen by those who treat."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"}),
    )
    breach_reason = forms.CharField(
        label=gettext_lazy("It broke a rule. Keep it all the same, because"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Kept as an incident under your name. Only for a day before today."),
    )

    def __init__(self, *args, wanted, may_breach: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.code, each.label) for each in wanted]
        # Whoever has left since may have treated then.
        self.fields["practitioner"].queryset = (
            User.objects.filter(staff_roles__role="practitioner").distinct().order_by("display_name")
        )
        self.fields["room"].queryset = Room.objects.select_related("location")
        if not wanted:
            del self.fields["kind"]
        if not may_breach:
            del self.fields["breach_reason"]
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            *(["kind"] if wanted else []),
            Row("day", "at", "until"),
            Row("practitioner", "room"),
            "reason",
            "scan",
            *(["breach_reason"] if may_breach else []),
            Submit("save", _("Enter the visit")),
        )

    def clean_day(self):
        if self.cleaned_data["day"] > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Book the visit instead."))
        return self.cleaned_data["day"]

    def clean(self):
        told = super().clean()
        for name in ("at", "until"):
            told[f"{name}_min"] = self._minute(name, told)
        if told["at_min"] is not None and told["until_min"] is not None and told["until_min"] <= told["at_min"]:
            self.add_error("until", _("It ended after it began."))
        return told

    def _minute(self, name: str, told) -> int | None:
        """A time of the day as UTC minutes; None where it cannot be, which is said beside it."""
        if not told.get("day") or not told.get(name):
            return None
        try:
            return local_to_minutes(told["day"], told[name], ClinicProfile.current().zone)
        except LocalTimeProblem as error:
            self.add_error(name, str(error))
            return None

    def performed(self) -> Performed:
        """What was typed; ask ``is_valid`` first."""
        told = self.cleaned_data
        return Performed(told["practitioner"], told["room"], told["at_min"], told["until_min"] - told["at_min"])
