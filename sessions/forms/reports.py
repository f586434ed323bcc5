"""Which days a report covers: one of the usual periods, or from a day to a day."""

from datetime import date, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.dates import add_months
from planning.converters import FIRST_DAY, LAST_DAY
from sessions.reports import Period

USUAL = "12-months"
PERIODS = {
    "month": _("This month"),
    "last-month": _("Last month"),
    "3-months": _("3 months"),
    "year": _("This year"),
    USUAL: _("12 months"),
}
LONGEST_DAYS = 10 * 366


def usual_period(code: str, today: date) -> Period:
    """One of PERIODS, ending today where it is not over yet."""
    first_of_month = today.replace(day=1)
    begins = {
        "month": first_of_month,
        "3-months": add_months(today, -3) + timedelta(days=1),
        "year": today.replace(month=1, day=1),
        USUAL: add_months(today, -12) + timedelta(days=1),
    }
    if code == "last-month":
        return Period(add_months(first_of_month, -1), first_of_month - timedelta(days=1))
    return Period(begins[code], today)


class PeriodForm(forms.Form):
    """Both days of a period of one's own; they win over a usual one."""

    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Row("first", "last"), Submit("show", _("Show"), css_class="plain"))

    def clean(self):
        told = super().clean()
        first, last = told.get("first"), told.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("The calendar does not reach that far."))
        if first and last and not self.errors and last < first:
            self.add_error("last", _("The period ends before it begins."))
        elif first and last and not self.errors and (last - first).days > LONGEST_DAYS:
            self.add_error("last", _("Ten years at most."))
        return told


class UsualForm(forms.Form):
    """A usual period by its code; anything unreadable is the last twelve months."""

    period = forms.ChoiceField(choices=list(PERIODS.items()), required=False)

    def code(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("period") or USUAL
