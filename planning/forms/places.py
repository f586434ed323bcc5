"""Forms of the manager: places, hours, time off, holidays, kinds of visit."""

from datetime import time

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from planning import public_holidays
from planning.forms.booking import date_input, validate_day
from planning.kinds import Kind
from planning.models.hours import WEEKDAYS
from planning.models.kinds import LONGEST_MIN, SHORTEST_MIN
from planning.visit_settings import BOUNDS, VisitSettings
from planning.week_hours import DAYS_A_WEEK, day_as_written, stretches_of_day
from smpclinic.models import Location, Room, User

MIDNIGHT_MIN = 1440
WORKDAYS = range(1, 5)


class HitsForm(forms.Form):
    """A form whose change may hit booked visits: once they were shown, the same form asks for a yes."""

    hits_accepted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def with_yes(self):
        """The same answers, with the yes filled in for the next press."""
        told = self.data.copy()
        told[self.add_prefix("hits_accepted")] = "on"
        self.data = told


class LocationForm(HitsForm, forms.ModelForm):
    class Meta:
        model = Location
        fields = ["name", "address", "is_active"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(Layout("name", "address", "is_active", "hits_accepted", Submit("save", _("Save"))))


class RoomForm(HitsForm, forms.ModelForm):
    class Meta:
        model = Room
        fields = ["location", "name", "equipment", "cleaning_min", "is_active"]
        widgets = {"cleaning_min": forms.NumberInput(attrs={"data-unit": "min", "min": 0, "max": 120, "step": 5})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _helper(
            Layout(
                Row("location", "name"),
                "equipment",
                "cleaning_min",
                "is_active",
                "hits_accepted",
                Submit("save", _("Save")),
            )
        )


class WeekForm(HitsForm):
    """Four times for each weekday: from, until, and a break. Both empty is a day off."""

    PARTS = (
        ("from", _("From")),
        ("until", _("Until")),
        ("rest_from", _("Break from")),
        ("rest_until", _("Break until")),
    )

    same = forms.BooleanField(label=_("Tuesday to Friday as on Monday"), required=False)

    def __init__(self, *args, week=None, **kwargs):
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS:
            written = day_as_written((week or {}).get(day, ()))
            for (part, label), minute in zip(self.PARTS, written, strict=True):
                widget = forms.TimeInput(
                    attrs={"type": "time", "step": 300, "class": "input", "aria-label": f"{name}, {label}"},
                    format="%H:%M",
                )
                self.fields[f"{part}_{day}"] = forms.TimeField(
                    label=label, required=False, widget=widget, initial=_as_time(minute)
                )

    @property
    def rows(self):
        """Each weekday with its four fields, for the table."""
        return [
            {"name": name, "fields": [self[f"{part}_{day}"] for part, _label in self.PARTS]} for day, name in WEEKDAYS
        ]

    def clean(self):
        told = super().clean()
        told["week"] = {}
        for day in range(DAYS_A_WEEK):
            source = 0 if told.get("same") and day in WORKDAYS else day
            names = [f"{part}_{source}" for part, _label in self.PARTS]
            if any(name in self.errors for name in names):
                continue
            starts, ends, rest_from, rest_until = (_as_minute(told.get(name)) for name in names)
            try:
                # Until 00:00 is the end of the day.
                stretches = stretches_of_day(starts, MIDNIGHT_MIN if ends == 0 else ends, rest_from, rest_until)
            except ValueError as problem:
                self.add_error(f"from_{day}", str(problem))
                continue
            if stretches:
                told["week"][day] = stretches
        return told


class TimeOffForm(HitsForm):
    """Whom it concerns, from when to when, and why."""

    whom = forms.ChoiceField(label=_("Who or what"))
    first_day = forms.DateField(label=_("First day"), widget=date_input(), validators=[validate_day])
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=date_input(), validators=[validate_day],
        help_text=_("Leave it empty for one day."),
    )  # fmt: skip
    starts = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
        help_text=_("Leave both empty for whole days; with times, they hold on each of the days."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"),
        max_length=120,
        required=False,
        help_text=_("Why the clinic is closed is shown to all staff."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = [(f"user-{user.pk}", str(user)) for user in User.objects.practitioners()]
        places = [(f"location-{row.pk}", str(row)) for row in Location.objects.filter(is_active=True)]
        self.fields["whom"].choices = [
            (_("Somebody is away"), people),
            (_("Closed"), [("clinic", _("The whole clinic")), *places]),
        ]
        self.helper = _helper(
            Layout(
                "whom",
                Row("first_day", "last_day"),
                Row("starts", "ends"),
                "reason",
                "hits_accepted",
                Submit("save", _("Save")),
            )
        )

    def clean(self):
        told = super().clean()
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("It cannot end before it starts."))
        starts, ends = _as_minute(told.get("starts")), _as_minute(told.get("ends"))
        if (starts is None) != (ends is None) and not {"starts", "ends"} & self.errors.keys():
            self.add_error("ends" if ends is None else "starts", _("Give both times, or none for whole days."))
        ends = MIDNIGHT_MIN if ends == 0 else ends
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("It must end after it starts."))
        told["minutes"] = {"starts_min": starts, "ends_min": ends}
        return told

    def fields_told(self) -> dict[str, object]:
        """What the action wants."""
        told = self.cleaned_data
        kind, _dash, key = told["whom"].partition("-")
        return {
            "user": User.objects.get(pk=key) if kind == "user" else None,
            "location": Location.objects.get(pk=key) if kind == "location" else None,
            "first_day": told["first_day"],
            "last_day": told["last_day"] or told["first_day"],
            "reason": told["reason"],
            **told["minutes"],
        }


class RemoveForm(forms.Form):
    row = forms.IntegerField(min_value=1, max_value=2**62)


class HolidaysForm(HitsForm):
    """Which holidays to look at, and, once they are shown, which of them to close on."""

    country = forms.ChoiceField(label=_("Country"))
    part = forms.CharField(
        label=_("State or region"), max_length=10, required=False, help_text=_("Its code, such as MD for Madrid.")
    )
    year = forms.IntegerField(
        label=_("Year"), min_value=public_holidays.FIRST_YEAR, max_value=public_holidays.LAST_YEAR
    )
    location = forms.ModelChoiceField(
        label=_("Where"), queryset=Location.objects.none(), required=False, empty_label=_("The whole clinic")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "---------"), *public_holidays.countries(get_language() or "en")]
        self.fields["year"].initial = timezone.localdate().year
        self.fields["location"].queryset = Location.objects.filter(is_active=True)

    def clean(self):
        told = super().clean()
        if told.get("country") and told.get("year"):
            try:
                told["found"] = public_holidays.holidays_of(
                    told["country"], told["year"], part=told.get("part", "").strip().upper()
                )
            except ValueError as problem:
                self.add_error("part", str(problem))
        return told


class KindForm(forms.Form):
    """One kind of visit."""

    minutes = forms.IntegerField(
        label=_("Usual minutes"),
        min_value=SHORTEST_MIN,
        max_value=LONGEST_MIN,
        widget=forms.NumberInput(attrs={"data-unit": "min", "step": 5}),
    )
    needs_qualification = forms.BooleanField(label=_("Only with a valid qualification"), required=False)

    def __init__(self, *args, kind: Kind, **kwargs):
        initial = {"minutes": kind.minutes, "needs_qualification": kind.needs_qualification}
        super().__init__(*args, prefix=kind.kind.value, initial=initial, **kwargs)
        self.kind = kind
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(HTML("<h2>{{ form.kind.kind.label }}</h2>"), Row("minutes", "needs_qualification"))


class VisitSettingsForm(forms.Form):
    """Reminders, and the notice within which a cancellation is late."""

    remind_days_before = forms.IntegerField(
        label=_("Reminder by e-mail"),
        min_value=BOUNDS["remind_days_before"][0],
        max_value=BOUNDS["remind_days_before"][1],
        help_text=_("Days before the visit; 0 sends none. Only to patients who agreed to messages."),
        widget=forms.NumberInput(attrs={"data-unit": _("days")}),
    )
    notice_hours = forms.IntegerField(
        label=_("Cancelled late"),
        min_value=BOUNDS["notice_hours"][0],
        max_value=BOUNDS["notice_hours"][1],
        help_text=_("When the patient gives up a visit less than so many hours before; 0 counts none."),
        widget=forms.NumberInput(attrs={"data-unit": _("hours")}),
    )

    def __init__(self, *args, settings: VisitSettings, **kwargs):
        super().__init__(*args, prefix="visits", initial=settings.as_values(), **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        heading = HTML("<h2>{% load i18n %}{% translate 'Reminders and cancellations' %}</h2>")
        self.helper.layout = Layout(heading, Row("remind_days_before", "notice_hours"))

    def settings(self) -> VisitSettings:
        """What was typed; ask ``is_valid`` first."""
        return VisitSettings(**self.cleaned_data)


def _helper(layout: Layout) -> FormHelper:
    helper = FormHelper()
    helper.form_class = "form"
    helper.layout = layout
    return helper


def _as_time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60 % 24, minute % 60)


def _as_minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute
