"""The page of causes: one line for each, several may apply at once."""

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.causes import CAUSES, GROUP_WORDS, Asks, CauseKind, TreatmentGroup, problems_with_causes
from intake.findings import cause_from
from intake.forms.fields import LooseDateField, when_ticked
from intake.forms.steps import StepForm
from intake.models import HairLossCause


class CausesForm(StepForm):
    """One line for each cause; a medicine or treatment has one for each group. Several may apply at once."""

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
                self.fields[f"{key}-{name}"] = field
        rows = {key: self._row(key, line) for key, line in self.lines.items()}
        choice = next(choice for choice in CAUSES if choice.kind is CauseKind.MEDICATION)
        medical = [rows.pop(_key(choice.kind, group)) for group in TreatmentGroup]
        before, *after = rows.values()
        return Layout(before, Fieldset(_(choice.words), *medical, css_class="several"), *after)

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
            lines[_key(choice.kind, "")] = (choice.kind, None, (_(choice.words), _(choice.help)))
            continue
        for group in TreatmentGroup:
            lines[_key(choice.kind, group)] = (choice.kind, group, (_(GROUP_WORDS[group]), ""))
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
        label = _("Who in the family has lost hair?") if kind is CauseKind.HEREDITARY else _("Details")
        fields["detail"] = forms.CharField(label=label, max_length=400, required=False)
    return fields


def _field_of(problem: str, row, form) -> str:
    """Beside which field a problem in words belongs."""
    if "name" in problem:
        return "name"
    if "ended" in problem:
        return "until"
    return "since" if "future" in problem else "is"
