"""The manager's forms of the screening: one rule with its list of actions, and the figures."""

from dataclasses import asdict

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from intake.figures import RANGES, Figures, problems_with_figures
from intake.models import ScreeningRule
from intake.rule_words import DETAIL_WORDS, KIND_WORDS
from intake.rules import PLACES, TODAY
from intake.screening import NEVER_OVERRIDDEN, Action, Asked, Detail, Kind, Option, Rule

NOT_TOLD = "-"  # an option nobody chose; a form sends no empty choice
MOST_ACTIONS = 8
MOST_DAYS = 3660


class RuleForm(forms.Form):
    """Question, where it is asked, what a yes opens. The actions are a formset beside it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    title = forms.CharField(label=_("Short name"), max_length=120, help_text=_("It begins every finding."))
    question = forms.CharField(label=_("Question"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    section = forms.ChoiceField(label=_("Where it is asked"), choices=list(PLACES.items()))
    asks = forms.MultipleChoiceField(
        label=_("After a yes, ask for"),
        choices=[(detail.value, words) for detail, words in DETAIL_WORDS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"data-layout": "stacked"}),
        required=False,
    )
    options = forms.CharField(
        label=_("Choices"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("One a line, where you ask which one. An action can then hold for some of them alone."),
    )
    overridable = forms.BooleanField(label=_("A finding may be overridden, by name and reason"), required=False)
    is_active = forms.BooleanField(label=_("The question is asked"), required=False)

    def __init__(self, data=None, *, row: ScreeningRule | None = None):
        self.row = row
        super().__init__(data, initial=_initial(row))
        if row is not None and row.code in NEVER_OVERRIDDEN:
            for name in ("overridable", "is_active"):
                self.fields[name].disabled = True
            self.fields["overridable"].help_text = _("This one can never be overridden, and is always asked.")
        self.helper = _bare_helper()
        self.helper.layout = Layout(
            "seen", Row("title", "section"), "question", "asks", "options", "overridable", "is_active"
        )

    def clean_options(self):
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if any(len(line) > 80 for line in lines) or len(lines) > 12:
            raise forms.ValidationError(_("At most 12 choices of 80 letters each."))
        return lines

    def rule(self, actions) -> Rule:
        """The rule as told; a choice that keeps its words keeps its code, so that answers given stay valid."""
        told = self.cleaned_data
        return Rule(
            code=self.row.code if self.row else "",
            title=told["title"].strip(),
            question=told["question"].strip(),
            actions=tuple(actions),
            asks=tuple(detail for detail in Detail if detail.value in told["asks"]),
            options=_options(told["options"], self.row),
            overridable=told["overridable"],
            asked=Asked.EVERY_SESSION if told["section"] == TODAY else Asked.INTAKE,
        )


class ActionForm(forms.Form):
    """One consequence with its figures; a row without a kind is left out."""

    kind = forms.ChoiceField(
        label=_("What follows"),
        choices=[("", _("Nothing")), *((kind.value, words) for kind, words in KIND_WORDS.items())],
        required=False,
    )
    words = forms.CharField(
        label=_("In words"), max_length=200, required=False, help_text=_("Empty: the usual words of this action.")
    )
    months = forms.IntegerField(label=_("Months"), required=False, min_value=0, max_value=120)
    days = forms.IntegerField(label=_("Days"), required=False, min_value=0, max_value=MOST_DAYS)
    starting_within_days = forms.IntegerField(
        label=_("When it begins within"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"data-unit": _("days")}),
    )
    only_if = forms.MultipleChoiceField(label=_("Only for"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, options=(), **kwargs):
        super().__init__(*args, **kwargs)
        if options:
            self.fields["only_if"].choices = [*options, (NOT_TOLD, _("not told"))]
        else:
            del self.fields["only_if"]
        for field in self.fields.values():
            field.widget.attrs["data-no-optional"] = "yes"

    def clean(self):
        told, kind = self.cleaned_data, self.cleaned_data.get("kind")
        if not kind:
            if any(told.get(name) for name in ("words", "months", "days", "starting_within_days", "only_if")):
                self.add_error("kind", _("Choose what follows, or clear the line."))
            return
        if kind == Kind.WAIT_UNTIL and not told.get("months") and not told.get("days"):
            self.add_error("months", _("Say how long to wait, in months or days."))
        if told.get("months") and kind != Kind.WAIT_UNTIL:
            self.add_error("months", _("Only a wait counts months."))
        if told.get("days") and kind not in (Kind.WAIT_UNTIL, Kind.UNTIL_CLEARED):
            self.add_error("days", _("Only a wait, or the next look at something to be cleared, counts days."))
        if told.get("starting_within_days") and kind != Kind.BLOCK:
            self.add_error("starting_within_days", _("Only a block can hold before something begins."))

    def action(self) -> Action | None:
        told = self.cleaned_data
        if not told.get("kind"):
            return None
        return Action(
            kind=Kind(told["kind"]),
            words=told["words"].strip(),
            months=told["months"] or 0,
            days=told["days"] or 0,
            starting_within_days=told["starting_within_days"],
            only_if=tuple("" if code == NOT_TOLD else code for code in told.get("only_if", ())),
        )


class ActionsForm(forms.formset_factory(ActionForm, extra=1, max_num=MOST_ACTIONS, absolute_max=MOST_ACTIONS + 4)):
    """The list of actions of one rule, with an empty line at its end."""

    def __init__(self, data=None, *, row: ScreeningRule | None = None):
        options = row.options if row else []
        super().__init__(
            data,
            prefix="actions",
            initial=[_action_initial(stored) for stored in (row.actions if row else [])],
            form_kwargs={"options": [tuple(option) for option in options]},
        )
        self.helper = _bare_helper()
        self.helper.formset_row_name = _("Action")
        self.helper.formset_add_label = _("Add an action")
        names = ["only_if"] if options else []
        self.helper.layout = Layout("kind", "words", Row("months", "days", "starting_within_days"), *names)

    def actions(self) -> list[Action]:
        return [action for form in self.forms if (action := form.action()) is not None]


class FiguresForm(forms.Form):
    """The clinic's own figures of intake and screening."""

    patch_test_demanded = forms.BooleanField(
        label=_("A clear patch test is wanted before every treatment"), required=False
    )

    def __init__(self, data=None, *, figures: Figures):
        super().__init__(data, initial=asdict(figures))
        labels = {
            "minimum_age_years": (_("Minimum age"), _("years")),
            "patch_test_wait_hours": (_("Patch test is read after"), _("hours")),
            "patch_test_valid_months": (_("A clear patch test holds for"), _("months")),
            "letter_due_days": (_("A doctor's letter is expected within"), _("days")),
            "link_days": (_("A private link to the intake opens for"), _("days")),
        }
        for name, (label, unit) in labels.items():
            least, most = RANGES[name]
            self.fields[name] = forms.IntegerField(
                label=label,
                widget=forms.NumberInput(attrs={"data-unit": unit, "min": least, "max": most}),
                help_text=_("18 or more; it can never be overridden.") if name == "minimum_age_years" else "",
            )
        self.helper = _bare_helper()
        self.helper.layout = Layout(
            Row("minimum_age_years", "letter_due_days"),
            Row("patch_test_wait_hours", "patch_test_valid_months"),
            "link_days",
            "patch_test_demanded",
        )

    def clean(self):
        if self.errors:
            return
        for name, words in problems_with_figures(self.figures()).items():
            self.add_error(name, words)

    def figures(self) -> Figures:
        return Figures(**self.cleaned_data)


def _initial(row: ScreeningRule | None) -> dict:
    if row is None:
        return {"is_active": True, "overridable": True, "asks": [Detail.WORDS.value], "seen": 0}
    return {
        "seen": row.number,
        "title": row.title,
        "question": row.question,
        "section": TODAY if row.every_session else row.section,
        "asks": row.asks,
        "options": "\n".join(words for _code, words in row.options),
        "overridable": row.overridable,
        "is_active": row.is_active,
    }


def _action_initial(stored: dict) -> dict:
    return stored | {"only_if": [code or NOT_TOLD for code in stored.get("only_if", ())]}


def _options(lines: list[str], row: ScreeningRule | None) -> tuple[Option, ...]:
    known = {words: code for code, words in (row.options if row else [])}
    options: dict[str, str] = {}
    for line in lines:
        code = known.get(line) or slugify(line).replace("-", "_")[:30] or f"choice_{len(options) + 1}"
        while code in options:
            code = f"{code}_{len(options) + 1}"
        options[code] = line
    return tuple(Option(code, words) for code, words in options.items())


def _bare_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
