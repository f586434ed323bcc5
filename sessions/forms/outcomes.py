"""How the healed result looks, and what went wrong with a patient."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sessions.due_list import check_words
from sessions.follow_up import nearest_check, next_check
from sessions.models import AdverseEvent, OutcomeCheck

LOOKS = {
    5: _("5 · cannot be told from hair"),
    4: _("4 · natural"),
    3: _("3 · seen at a second look"),
    2: _("2 · seen at once"),
    1: _("1 · unnatural"),
}
CONTENT = {5: _("5 · delighted"), 4: "4", 3: "3", 2: "2", 1: _("1 · unhappy")}


def date_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CorrectForm(forms.Form):
    """Which noted check is corrected, asked by the address."""

    correct = forms.UUIDField(required=False)

    def asked(self):
        return self.cleaned_data["correct"] if self.is_valid() else None


class CheckForm(forms.ModelForm):
    """The judgement of one day. What it counts as is proposed from the day of the last session."""

    months = forms.TypedChoiceField(label=_("Which check"), coerce=int)
    look_score = forms.TypedChoiceField(
        label=_("Healed look"), coerce=int, choices=list(LOOKS.items()), widget=forms.RadioSelect
    )
    satisfaction = forms.TypedChoiceField(
        label=_("The patient's own mark"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("not asked")), *CONTENT.items()],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = OutcomeCheck
        fields = (
            *("seen_on", "months", "look_score", "satisfaction", "fading", "colour", "dots"),
            *("wants_touch_up", "note"),
        )
        widgets = {
            "seen_on": date_input(),
            "fading": forms.RadioSelect,
            "colour": forms.RadioSelect,
            "dots": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, follow_up, settled=(), today=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("fading", "colour", "dots"):
            self.fields[name].choices = [one for one in self.fields[name].choices if one[0]]
        self.fields["months"].choices = [(0, _now("In between")), *_checks_to_choose(follow_up, settled, today)]
        if "months" not in self.initial:
            self.initial["months"] = nearest_check(follow_up.counted_from, today, settled)
            self.initial["seen_on"] = today
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            Row("seen_on", "months"),
            Div("look_score", "satisfaction", css_class="choices-of-scores"),
            "fading",
            "colour",
            "dots",
            "wants_touch_up",
            "note",
            Submit("keep", _("Keep this result")),
        )

    def _post_clean(self):
        """The action saves and judges; the form's own instance is never used."""


def _checks_to_choose(follow_up, settled, today):
    """The checks from the first to the one that comes, without those that are noted."""
    days, months = (today - follow_up.counted_from).days, 0
    while months == 0 or months * 30 <= days:
        months = next_check(months)
        if months not in settled:
            yield months, check_words(months)


class EventForm(forms.ModelForm):
    """What went wrong, as it was seen or told on the phone."""

    class Meta:
        model = AdverseEvent
        fields = ("kind", "severity", "noticed_on", "session", "words")
        widgets = {
            "kind": forms.RadioSelect,
            "severity": forms.RadioSelect(attrs={"data-layout": "stacked"}),
            "noticed_on": date_input(),
            "words": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("kind", "severity"):
            self.fields[name].choices = [one for one in self.fields[name].choices if one[0]]
        self.fields["session"].queryset = sessions
        self.fields["session"].label_from_instance = lambda row: (
            f"{row.appointment.day:%Y-%m-%d}, {row.appointment.title}"
        )
        self.fields["session"].empty_label = _now("None, or not known")
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            "kind", "severity", Row("noticed_on", "session"), "words", Submit("report", _("Report it"))
        )

    def _post_clean(self):
        """The action saves and judges; the form's own instance is never used."""


class StepForm(forms.Form):
    words = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what was done.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="step_%s", **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout("words", Submit("add", _("Add"), css_class="plain"))


class CloseForm(forms.Form):
    ended_as = forms.ChoiceField(
        label=_("How it ended"),
        widget=forms.RadioSelect(attrs={"data-layout": "stacked"}),
        error_messages={"required": _("Say how it ended.")},
    )
    words = forms.CharField(
        label=_("What was done at last"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what was done.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="close_%s", **kwargs)
        self.fields["ended_as"].choices = AdverseEvent._meta.get_field("ended_as").choices
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("ended_as", "words", Submit("close", _("Close it")))


class EndForm(forms.Form):
    reason = forms.CharField(max_length=400, error_messages={"required": _("Say why no more checks are wanted.")})


class PageForm(forms.Form):
    """The number of a page of a list; anything unreadable is the first."""

    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def number(self) -> int:
        self.is_valid()
        return self.cleaned_data.get("page") or 1
