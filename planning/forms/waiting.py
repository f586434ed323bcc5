"""Forms of the waiting list and the call list."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.forms.booking import date_input, validate_day
from planning.kinds import DEFAULT_MINUTES
from planning.models import CallReason, PartOfDay
from planning.models.call import TRIES
from planning.models.hours import WEEKDAYS
from planning.models.waiting import EVERY_DAY
from smpclinic.models import User

USUAL_WAIT_DAYS = 30


class WaitingForm(forms.Form):
    """From when until when, on which days and at what time of day an earlier place would suit."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in DEFAULT_MINUTES])
    first_day = forms.DateField(label=_("From"), widget=date_input(), validators=[validate_day])
    last_day = forms.DateField(label=_("Until"), widget=date_input(), validators=[validate_day])
    weekdays = forms.MultipleChoiceField(
        label=_("Days that suit"),
        choices=[(str(number), name) for number, name in WEEKDAYS],
        initial=list(EVERY_DAY),
        widget=forms.CheckboxSelectMultiple,
    )
    part_of_day = forms.ChoiceField(
        label=_("Time of day"), choices=PartOfDay.choices, initial=PartOfDay.ANY, widget=forms.RadioSelect
    )
    practitioner = forms.ModelChoiceField(
        label=_("Practitioner"), queryset=User.objects.none(), required=False, empty_label=_("Anybody")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, visit=None, **kwargs):
        super().__init__(*args, **kwargs)
        if visit is not None:
            del self.fields["kind"]
        today = timezone.localdate()
        self.initial.setdefault("first_day", today)
        self.initial.setdefault("last_day", visit.day if visit else today + timedelta(days=USUAL_WAIT_DAYS))
        self.fields["practitioner"].queryset = User.objects.practitioners()
        self.helper = FormHelper()
        self.helper.form_class = "form"
        first = [] if visit else ["kind"]
        self.helper.layout = Layout(
            *first,
            Row("first_day", "last_day"),
            "weekdays",
            "part_of_day",
            Row("practitioner", "note"),
            Submit("save", _("Put on the waiting list")),
        )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day cannot lie before the first."))
        if last and last < timezone.localdate():
            self.add_error("last_day", _("That day has passed. Choose a later one."))
        return cleaned

    def wishes(self) -> dict:
        """What was typed, as ``wait_for_place`` takes it."""
        return self.cleaned_data | {"weekdays": "".join(self.cleaned_data["weekdays"])}


class CallForm(forms.Form):
    """What came of one try, and where to go back to."""

    outcome = forms.ChoiceField(choices=[(outcome.value, outcome.label) for outcome in TRIES])
    reason = forms.ChoiceField(choices=CallReason.choices)


class LateForm(forms.Form):
    """By how much we run late."""

    CHOICES = (15, 30, 45, 60, 90)

    minutes = forms.TypedChoiceField(choices=[(value, value) for value in CHOICES], coerce=int)

    def delay(self) -> int:
        """The minutes asked for, else the least."""
        return self.cleaned_data["minutes"] if self.is_valid() else self.CHOICES[0]
