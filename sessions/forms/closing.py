"""At the end: how the skin took it, the signature, and what may still be said after it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sessions import words
from sessions.forms.seen import SeenForm
from sessions.models import TreatmentSession
from sessions.treated import zone_name


class ReactionForm(SeenForm):
    """The reaction of the skin and the patient, and the note of the session."""

    SEEN = ("note",)

    kinds = forms.MultipleChoiceField(
        label=_("Reaction"),
        required=False,
        choices=words.choices(words.REACTIONS),
        widget=forms.CheckboxSelectMultiple(attrs={"data-no-optional": "yes"}),
    )
    pain = forms.IntegerField(
        label=_("Pain, if any"),
        required=False,
        help_text=_("From 0, none, to 10."),
        widget=forms.NumberInput(attrs={"data-stepper": "big", "min": 0, "max": 10, "step": 1}),
    )
    zone = forms.ChoiceField(label=_("Where, if in one zone only"), required=False)
    reaction_note = forms.CharField(
        label=_("What it looked like"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    note = forms.CharField(
        label=_("Note of this session"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-target": "session"}),
        help_text=_("What the patient said, what to think of next time."),
    )

    def __init__(self, *args, row: TreatmentSession, **kwargs):
        kwargs["initial"] = reaction_as_told(row)
        super().__init__(*args, row=row, **kwargs)
        zones = dict.fromkeys(row.passes.values_list("zone", flat=True))
        self.fields["zone"].choices = [("", _now("Everywhere")), *((code, zone_name(code)) for code in zones)]
        self.helper = FormHelper()
        self.helper.form_action = reverse("sessions:reaction", args=[row.public_id])
        self.helper.attrs = {"data-target": "reaction", "data-next": reverse("sessions:reaction", args=[row.public_id])}
        self.helper.layout = Layout(
            "seen",
            Div("kinds", "pain", css_class="big"),
            "zone",
            "reaction_note",
            "note",
            Submit("save", _("Save"), css_class="big"),
        )

    def reaction(self) -> dict:
        """The cleaned values as ``note_reaction`` takes them."""
        cleaned = self.cleaned_data
        return {
            "kinds": cleaned["kinds"],
            "pain": cleaned["pain"],
            "zone": cleaned["zone"],
            "note": cleaned["reaction_note"],
        }


def reaction_as_told(session: TreatmentSession) -> dict:
    """What stands in the form once a reaction was noted."""
    rows = list(session.reactions.order_by("id"))
    return {
        "kinds": [row.kind for row in rows],
        "pain": next((row.pain for row in rows if row.pain is not None), None),
        "zone": next((row.zone for row in rows if row.zone), ""),
        "reaction_note": next((row.note for row in rows if row.note), ""),
        "note": session.note,
    }


class SignForm(forms.Form):
    """The signature of exactly what was read."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AmendForm(forms.Form):
    """A correction beside a signed record."""

    field = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("for example: depth of pass 2")}),
    )
    text = forms.CharField(
        label=_("What is right"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what is right.")},
    )
    reason = forms.CharField(
        label=_("Why it is amended"), max_length=400, error_messages={"required": _("Say why it is amended.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("field", "text", "reason", Submit("amend", _("Add the amendment")))


class VoidForm(forms.Form):
    reason = forms.CharField(max_length=400, error_messages={"required": _("Say why the record is void.")})
