"""The short pages of the questionnaire."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.causes import CauseKind
from intake.forms.assessment import level_field
from intake.forms.fields import LooseDateField
from intake.grading import CALIBRES, NOT_SURE, PICTURES
from intake.hair import TREATMENTS
from intake.models.questionnaire import Course
from intake.screening_feeds import NO_TRANSPLANT
from smpclinic.widgets import PictureChoice

REASONS = (
    ("thinning", _("Thinning hair")),
    ("receding", _("A receding hairline")),
    ("baldness", _("Baldness")),
    ("scar", _("A scar")),
)
TRANSPLANTS = (
    (NO_TRANSPLANT, _("No")),
    ("fue", _("Yes, single grafts (FUE)")),
    ("fut", _("Yes, a strip (FUT)")),
    ("not_known", _("Yes, method not known")),
)
LOOKS = (
    ("shaved", _("A shaved look")),
    ("density", _("More density among my hair")),
    ("scar", _("A scar that shows less")),
    ("", _("Not sure yet")),
)
HAIRLINES = (
    ("natural", _("Natural")),
    ("soft", _("Soft")),
    ("sharp", _("Sharp")),
    ("receded", _("A little receded")),
    ("", _("Not sure yet")),
)


class StepForm(forms.Form):
    """One page. ``present`` are the answers so far, in the shape of ``answers_as_mapping``."""

    names: tuple[str, ...] = ()

    def __init__(self, data=None, *, present, born_on=None):
        self.present, self.born_on = present, born_on
        super().__init__(data, initial=self.initial_from(present))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        if layout := self.layout():
            self.helper.layout = layout
        # Nothing here must be answered; saying so at every field would only be noise.
        for field in self.fields.values():
            field.widget.attrs["data-no-optional"] = "yes"

    def initial_from(self, present) -> dict:
        return {name: present[name] for name in self.names}

    def layout(self) -> Layout | None:
        return None

    def answers(self) -> dict:
        """What ``save_answers`` takes."""
        return {name: self.cleaned_data[name] for name in self.names}

    def refuse_before_birth(self, field: str) -> None:
        day = self.cleaned_data.get(field)
        if day and self.born_on and day < self.born_on:
            self.add_error(field, _("This is before the patient was born."))


class ReasonsForm(StepForm):
    names = ("reasons",)
    reasons = forms.MultipleChoiceField(
        label=_("What brings you here?"),
        help_text=_("Choose all that apply."),
        choices=REASONS,
        widget=forms.CheckboxSelectMultiple(attrs={"data-layout": "stacked"}),
        error_messages={"required": _("Choose at least one.")},
    )


class PatternForm(StepForm):
    names = ("picture", "course", "onset_on", "family_history")
    picture = forms.ChoiceField(
        label=_("Which picture comes closest?"),
        choices=[(grade.code, _(grade.words)) for grade in (*PICTURES, NOT_SURE)],
        widget=PictureChoice(pictures={grade.code: f"intake/patterns/picture_{grade.code}.svg" for grade in PICTURES}),
        required=False,
    )
    onset_on = LooseDateField(label=_("Since when?"), required=False, help_text=_("A year is enough."))
    course = forms.ChoiceField(
        label=_("How did it come?"), choices=Course.choices, widget=forms.RadioSelect, required=False
    )
    family_history = forms.CharField(
        label=_("Who in the family has lost hair?"),
        help_text=_("For example: father and both grandfathers."),
        max_length=400,
        required=False,
    )

    def initial_from(self, present):
        """The onset stands filled in from the earliest cause told; it is not typed twice."""
        began = [row["since"] for row in present["causes"] if row["since"]]
        onset = present["onset_on"] or min(began, default=None)
        return super().initial_from(present) | {"onset_on": onset}

    def layout(self):
        """Who in the family lost hair is asked once: with the hereditary cause, else here."""
        told = any(row["cause"] == CauseKind.HEREDITARY and row["detail"] for row in self.present["causes"])
        if told and not self.present["family_history"]:
            del self.fields["family_history"]

    def answers(self):
        return {name: self.cleaned_data[name] for name in self.names if name in self.fields}

    def clean(self):
        self.refuse_before_birth("onset_on")


class HairForm(StepForm):
    names = ("treatments_chosen", "treatments_now", "transplant_kind", "transplant_on")
    told = ("level", "calibre", "is_shaved", "length_mm", "grey_percent")
    level = level_field(_("Natural hair colour"))
    calibre = forms.ChoiceField(
        label=_("How thick is a single hair?"),
        choices=[*((grade.code, _(grade.words)) for grade in CALIBRES), ("", _("Not sure"))],
        widget=forms.RadioSelect(attrs={"data-layout": "stacked"}),
        required=False,
    )
    is_shaved = forms.BooleanField(label=_("I keep my head shaved"), required=False)
    length_mm = forms.IntegerField(
        label=_("How long do you keep your hair?"),
        min_value=0,
        max_value=1500,
        required=False,
        widget=forms.NumberInput(attrs={"data-unit": "mm"}),
    )
    grey_percent = forms.IntegerField(
        label=_("How much of it is grey?"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"data-unit": "%"}),
    )
    treatments_chosen = forms.MultipleChoiceField(
        label=_("What do you do for your hair now?"),
        choices=list(TREATMENTS.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"data-layout": "stacked"}),
        required=False,
    )
    treatments_now = forms.CharField(
        label=_("Anything else, or how much and since when"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    transplant_kind = forms.ChoiceField(
        label=_("Have you had a hair transplant?"),
        choices=TRANSPLANTS,
        widget=forms.RadioSelect(attrs={"data-layout": "stacked"}),
        required=False,
    )
    transplant_on = LooseDateField(label=_("When was the transplant?"), required=False, latest=True)

    def initial_from(self, present):
        return super().initial_from(present) | present["hair_told"]

    def layout(self):
        return Layout(
            Div("level", css_class="swatches"),
            "grey_percent",
            "calibre",
            "is_shaved",
            "length_mm",
            "treatments_chosen",
            "treatments_now",
            "transplant_kind",
            "transplant_on",
        )

    def clean(self):
        self.refuse_before_birth("transplant_on")
        told = self.cleaned_data
        if told.get("is_shaved") and told.get("length_mm"):
            self.add_error("length_mm", _("Hair that is kept shaved has no length. Clear one of the two."))
        if told.get("transplant_on") and told.get("transplant_kind") in ("", NO_TRANSPLANT):
            self.add_error(
                "transplant_kind", _("A date is given. Choose how the transplant was done, or clear the date.")
            )

    def answers(self):
        told = {name: self.cleaned_data[name] for name in self.told}
        return super().answers() | {
            "hair_told": {name: value for name, value in told.items() if value or (value == 0 and value is not False)}
        }


class WishesForm(StepForm):
    names = ("wished_look", "wished_hairline", "wishes")
    wished_look = forms.ChoiceField(
        label=_("Which look would you like?"),
        choices=LOOKS,
        widget=forms.RadioSelect(attrs={"data-layout": "stacked"}),
        required=False,
    )
    wished_hairline = forms.ChoiceField(
        label=_("Which hairline?"), choices=HAIRLINES, widget=forms.RadioSelect, required=False
    )
    wishes = forms.CharField(
        label=_("Anything else that matters to you"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
