"""Before the treatment: health of today, the room, photos, going ahead in spite of an item."""

from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from intake.models.photo import VIEWS_OF_THE_HEAD, PhotoView
from intake.screening import Reply
from sessions.forms.seen import SeenForm
from sessions.models import SessionPhoto, TreatmentSession

REPLIES = [(Reply.YES.value, _("Yes")), (Reply.NO.value, _("No")), (Reply.UNKNOWN.value, _("Not sure"))]
YES_OR_NO = [("yes", _("Yes")), ("no", _("No, not yet"))]


class HealthForm(forms.Form):
    """The questions of today, one by one, and the confirmation that nothing else has changed."""

    unchanged = forms.BooleanField(label=_("Nothing else has changed since these answers"), required=False)

    def __init__(
        self, *args, session: TreatmentSession, rules, judge_healing: bool, warnings: Sequence[str] = (), **kwargs
    ):
        """``warnings``: what must be read about this patient, each ticked by itself."""
        super().__init__(*args, **kwargs)
        self.rules = rules
        if warnings:
            self.fields["acknowledged"] = forms.MultipleChoiceField(
                label=_("I have read"),
                required=False,
                choices=[(words, words) for words in warnings],
                widget=forms.CheckboxSelectMultiple(attrs={"data-layout": "stacked", "data-no-optional": "yes"}),
            )
        for rule in rules:
            self.fields[rule.code] = forms.ChoiceField(label=rule.question, choices=REPLIES, widget=forms.RadioSelect)
        if judge_healing:
            self.fields["healed_well"] = forms.ChoiceField(
                label=_("Has the scalp healed well since the last session?"),
                choices=YES_OR_NO,
                widget=forms.RadioSelect,
            )
        names = [
            *(["acknowledged"] if warnings else []),
            *(rule.code for rule in rules),
            *(["healed_well"] if judge_healing else []),
            "unchanged",
        ]
        self.helper = FormHelper()
        self.helper.form_action = reverse("sessions:health", args=[session.public_id])
        self.helper.layout = Layout(
            Div(*names, css_class="big"), Submit("ask", _("Save today's answers"), css_class="plain")
        )

    def answers(self) -> dict:
        """The cleaned values as ``ask_health`` takes them."""
        healed = self.cleaned_data.get("healed_well")
        return {
            "unchanged": self.cleaned_data["unchanged"],
            "acknowledged": self.cleaned_data.get("acknowledged", []),
            "today": {rule.code: self.cleaned_data[rule.code] for rule in self.rules},
            "healed_well": None if healed is None else healed == "yes",
        }


def health_as_told(session: TreatmentSession) -> dict:
    """What stands in the form once it was asked."""
    check = getattr(session, "health_check", None)
    if check is None:
        return {}
    healed = {} if check.healed_well is None else {"healed_well": "yes" if check.healed_well else "no"}
    return check.today | healed | {"unchanged": check.unchanged, "acknowledged": check.acknowledged}


class RoomForm(SeenForm):
    """Three things that somebody has to have done, each confirmed."""

    SEEN = ("room_cleaned", "needles_opened_before_patient", "ink_information_given")

    room_cleaned = forms.BooleanField(label=_("The room was cleaned and is set out afresh"), required=False)
    needles_opened_before_patient = forms.BooleanField(
        label=_("The sterile needles were opened in front of the patient"), required=False
    )
    ink_information_given = forms.BooleanField(
        label=_("The patient has the information about the pigment (label, ingredients)"), required=False
    )

    def __init__(self, *args, row: TreatmentSession, **kwargs):
        kwargs["initial"] = {name: getattr(row, name) for name in self.SEEN}
        super().__init__(*args, row=row, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("sessions:room", args=[row.public_id])
        self.helper.attrs = {
            "data-target": "session",
            "data-next": reverse("sessions:start", args=[row.appointment.public_id]),
        }
        self.helper.layout = Layout(Div(*self.SEEN, css_class="big"), "seen", self._buttons())

    def _buttons(self) -> Div:
        return Div(
            Submit("all", _("All of this is done"), css_class="big", data_check_all="yes"),
            Submit("confirm", _("Confirm"), css_class="plain big"),
            css_class="form-actions",
        )

    def values(self) -> dict:
        """The cleaned values; one press confirms all of them."""
        return {name: "all" in self.data or self.cleaned_data[name] for name in self.SEEN}


class PhotoForm(forms.Form):
    """One photo of one view."""

    moment = forms.ChoiceField(choices=SessionPhoto.Moment.choices, widget=forms.HiddenInput)
    view = forms.ChoiceField(
        label=_("View"), choices=[(view.value, view.label) for view in VIEWS_OF_THE_HEAD], widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}), max_length=200
    )

    def __init__(self, *args, session: TreatmentSession, moment: str, **kwargs):
        kwargs["initial"] = {"moment": moment, "view": PhotoView.FRONT}
        super().__init__(*args, auto_id=f"id_{moment}_%s", **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("sessions:photo", args=[session.public_id])
        self.helper.layout = Layout("moment", "view", "file", Submit("keep", _("Keep this photo"), css_class="plain"))


class OverrideForm(forms.Form):
    """Going ahead in spite of one item, with the reason."""

    item = forms.CharField(max_length=160)
    reason = forms.CharField(max_length=400, error_messages={"required": _("Say why you go ahead.")})
