"""The short pages of the questionnaire."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.causes import CAUSES, GROUP_WORDS, Asks, CauseKind, TreatmentGroup, problems_with_causes
from intake.findings import cause_from
from intake.forms.fields import LooseDateField, when_ticked
from intake.grading import CALIBRES, HAIR_LEVELS, NOT_SURE, PICTURES
from intake.models import HairLossCause
from intake.models.questionnaire import Course
from smpclinic.widgets import PictureChoice

REASONS = (
    ("thinning", _("Thinning hair")),
    ("receding", _("A receding hairline")),
    ("baldness", _("Baldness")),
    ("scar", _("A scar")),
)
TRANSPLANTS = (
    ("", _("No")),
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
        choices=[(grade.code, grade.words) for grade in (*PICTURES, NOT_SURE)],
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

    def clean(self):
        self.refuse_before_birth("onset_on")


class HairForm(StepForm):
    names = ("treatments_now", "transplant_kind", "transplant_on")
    told = ("level", "calibre", "is_shaved", "length_mm", "grey_percent")
    level = forms.TypedChoiceField(
        label=_("Natural hair colour"),
        choices=[("", _("Not said")), *((grade.code, f"{grade.code} · {grade.words}") for grade in HAIR_LEVELS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    calibre = forms.ChoiceField(
        label=_("How thick is a single hair?"),
        choices=[*((grade.code, grade.words) for grade in CALIBRES), ("", _("Not sure"))],
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
    treatments_now = forms.CharField(
        label=_("What do you do for your hair now?"),
        help_text=_("For example minoxidil, finasteride, fibres, a hairpiece."),
        widget=forms.Textarea(attrs={"rows": 3}),
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
            Row("level", "grey_percent"),
            "calibre",
            "is_shaved",
            "length_mm",
            "treatments_now",
            "transplant_kind",
            "transplant_on",
        )

    def clean(self):
        self.refuse_before_birth("transplant_on")
        told = self.cleaned_data
        if told.get("is_shaved") and told.get("length_mm"):
            self.add_error("length_mm", _("Hair that is kept shaved has no length. Clear one of the two."))
        if told.get("transplant_on") and not told.get("transplant_kind"):
            self.add_error(
                "transplant_kind", _("A date is given. Choose how the transplant was done, or clear the date.")
            )

    def answers(self):
        told = {name: self.cleaned_data[name] for name in self.told}
        return super().answers() | {
            "hair_told": {name: value for name, value in told.items() if value not in (None, "", False)}
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


class CausesForm(StepForm):
    """One line for each cause; a medicine or treatment has one for each group. Several may apply at once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = self.layout()

    def initial_from(self, present):
        """The first stored row of each line; ``self.others`` are rows this form has no line for, kept as they are."""
        self.lines, self.others, initial = _lines(), [], {}
        for row in present["causes"]:
            key = _key(row["cause"], row["group"])
            if key not in self.lines or f"{key}-is" in initial:
                self.others.append(row)
                continue
            initial[f"{key}-is"] = True
            initial |= {f"{key}-{name}": row[name] for name in ("name", "since", "until", "is_ongoing", "detail")}
        return initial

    def layout(self):
        for key, line in self.lines.items():
            for name, field in _fields_of(line).items():
                self.fields.setdefault(f"{key}-{name}", field)
        return Layout(*(self._row(key, line) for key, line in self.lines.items()))

    def _row(self, key, line):
        names = [name for name in _fields_of(line) if name != "is"]
        dates = [f"{key}-{name}" for name in names if name in ("since", "until")]
        before = [f"{key}-{name}" for name in names if name == "name"]
        after = [f"{key}-{name}" for name in names if name in ("is_ongoing", "detail")]
        return when_ticked(f"{key}-is", *before, Row(*dates), *after)

    def clean(self):
        rows = {key: self._row_of(key, line) for key, line in self.lines.items() if self.cleaned_data.get(f"{key}-is")}
        for key, row in rows.items():
            for problem in problems_with_causes([cause_from(HairLossCause(**row))], on=timezone.localdate()):
                self.add_error(f"{key}-{_field_of(problem, row, self)}", problem)
            for name in ("since", "until"):
                if f"{key}-{name}" in self.fields:
                    self.refuse_before_birth(f"{key}-{name}")
        self.rows = [*rows.values(), *self.others]
        if not self.rows or (len(rows) > 1 and CauseKind.NOT_KNOWN in rows):
            causes = [cause_from(HairLossCause(**row)) for row in self.rows]
            self.add_error(None, problems_with_causes(causes, on=timezone.localdate())[0])

    def _row_of(self, key, line):
        kind, group, _words = line
        told = {name: self.cleaned_data.get(f"{key}-{name}") for name in ("since", "until")}
        texts = {name: self.cleaned_data.get(f"{key}-{name}") or "" for name in ("name", "detail")}
        ongoing = bool(self.cleaned_data.get(f"{key}-is_ongoing"))
        return {"cause": str(kind), "group": str(group or ""), "is_ongoing": ongoing} | texts | told

    def answers(self):
        return {"causes": self.rows}


def _lines() -> dict:
    """The lines of the form by their key: ``(cause, group, (words, help))``."""
    lines = {}
    for choice in CAUSES:
        if choice.kind is not CauseKind.MEDICATION:
            lines[_key(choice.kind, "")] = (choice.kind, None, (choice.words, choice.help))
            continue
        for group in TreatmentGroup:
            lines[_key(choice.kind, group)] = (choice.kind, group, (GROUP_WORDS[group], ""))
    return lines


def _key(cause: str, group: str) -> str:
    return f"{cause}-{group}" if group else str(cause)


def _fields_of(line) -> dict[str, forms.Field]:
    kind, _group, (words, help_text) = line
    asked = next(choice for choice in CAUSES if choice.kind is kind).asks
    fields: dict[str, forms.Field] = {"is": forms.BooleanField(label=words, help_text=help_text, required=False)}
    if Asks.NAME in asked:
        label = _("Which?") if kind is not CauseKind.TRAUMA else _("What happened?")
        fields["name"] = forms.CharField(label=label, max_length=160, required=False)
    if Asks.SINCE in asked:
        ahead = kind is CauseKind.MEDICATION
        fields["since"] = LooseDateField(label=_("Since when?"), required=False, may_be_ahead=ahead)
    if Asks.UNTIL in asked:
        fields["until"] = LooseDateField(label=_("Until when?"), required=False, latest=True, may_be_ahead=True)
        fields["is_ongoing"] = forms.BooleanField(label=_("It is still going on"), required=False)
    if Asks.DETAIL in asked:
        fields["detail"] = forms.CharField(label=_("Details"), max_length=400, required=False)
    return fields


def _field_of(problem: str, row, form) -> str:
    """Beside which field a problem in words belongs."""
    if "name" in problem:
        return "name"
    if "ended" in problem:
        return "until"
    return "since" if "future" in problem else "is"
