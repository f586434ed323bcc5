"""The medicine list and the health questions, drawn from the clinic's own rules."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.fields import LooseDateField, when_yes
from intake.forms.steps import StepForm
from intake.models import HealthAnswer
from intake.screening import Detail, Reply

ANSWERS = (
    (HealthAnswer.Answer.YES, _("Yes")),
    (HealthAnswer.Answer.NO, _("No")),
    (HealthAnswer.Answer.NOT_SURE, _("Not sure")),
)
_STORED = {Reply.YES: "yes", Reply.NO: "no", Reply.UNKNOWN: "not_sure"}


class MedicineForm(forms.Form):
    name = forms.CharField(label=_("Medicine"), max_length=160, required=False)
    since = LooseDateField(label=_("Since when?"), required=False, may_be_ahead=True)
    until = LooseDateField(label=_("Until when?"), required=False, latest=True, may_be_ahead=True)
    is_ongoing = forms.BooleanField(label=_("Still taken"), required=False)

    def clean(self):
        told = self.cleaned_data
        if any(told.get(name) for name in ("since", "until", "is_ongoing")) and not told.get("name"):
            self.add_error("name", _("Write the medicine's name, or clear the line."))
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", _("It cannot end before it began."))


class MedicinesForm(forms.formset_factory(MedicineForm, extra=2, max_num=60, absolute_max=80)):
    """The list of medicines. Empty lines are left out; two more are always there."""

    def __init__(self, data=None, *, present, born_on=None):
        super().__init__(data, initial=present["medications"], prefix="medicines")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.formset_row_name = _("Medicine")
        self.helper.formset_add_label = _("Add a medicine")
        self.helper.layout = Layout("name", Row("since", "until"), "is_ongoing")

    def answers(self):
        names = ("name", "since", "until", "is_ongoing")
        rows = [{name: row.get(name) for name in names} for row in self.cleaned_data if row.get("name")]
        return {"medications": rows}

    def add_error(self, field, error):
        """What an action refuses about the list stands above it."""
        self._non_form_errors = self.error_class(self.non_form_errors() + list(error.messages))

    @property
    def fields(self):
        return {}


class HealthForm(StepForm):
    """One page of questions: yes, no or not sure, and after a yes the details the rule asks for.

    ``told`` are answers that facts told elsewhere already give: they stand filled in, and are not typed again.
    """

    def __init__(self, data=None, *, rules, told, present, born_on=None):
        self.rules, self.told = rules, told
        super().__init__(data, present=present, born_on=born_on)

    def initial_from(self, present):
        initial = {}
        for rule, _row in self.rules:
            stored = present["health"].get(rule.code) or _stored(self.told.get(rule.code))
            initial |= {f"{rule.code}-{name}": value for name, value in stored.items()}
        return initial

    def layout(self):
        blocks = []
        for rule, row in self.rules:
            self.fields |= {f"{rule.code}-{name}": field for name, field in _fields_of(rule, row, self.told).items()}
            names = [name for name in _fields_of(rule, row, self.told) if name != "answer"]
            dates = [f"{rule.code}-{name}" for name in names if name in ("started_on", "on_date")]
            others = {name: f"{rule.code}-{name}" for name in names}
            details = [others[name] for name in ("option",) if name in others]
            details += [Row(*dates)] if dates else []
            details += [others[name] for name in ("is_ongoing", "detail") if name in others]
            blocks.append(when_yes(f"{rule.code}-answer", *details))
        return Layout(*blocks)

    def clean(self):
        for rule, _row in self.rules:
            begin, end = (self.cleaned_data.get(f"{rule.code}-{name}") for name in ("started_on", "on_date"))
            if begin and end and end < begin:
                self.add_error(f"{rule.code}-on_date", _("It cannot end before it began."))
            for name in ("started_on", "on_date"):
                if f"{rule.code}-{name}" in self.fields:
                    self.refuse_before_birth(f"{rule.code}-{name}")

    def answers(self):
        health = {}
        for rule, _row in self.rules:
            answer = self.cleaned_data.get(f"{rule.code}-answer") or ""
            told = {name: self.cleaned_data.get(f"{rule.code}-{name}") for name in ("started_on", "on_date")}
            texts = {name: self.cleaned_data.get(f"{rule.code}-{name}") or "" for name in ("option", "detail")}
            ongoing = bool(self.cleaned_data.get(f"{rule.code}-is_ongoing"))
            details = told | texts | {"is_ongoing": ongoing} if answer == "yes" else {}
            if answer:
                health[rule.code] = {"answer": answer} | details
        return {"health": health}


def _fields_of(rule, row, told) -> dict[str, forms.Field]:
    """The question and what a yes opens."""
    known = told.get(rule.code)
    help_text = (
        _("Told before: %(what)s. This counts as a yes.") % {"what": known.words} if known and known.words else ""
    )
    fields: dict[str, forms.Field] = {
        "answer": forms.ChoiceField(
            label=_(rule.question), choices=ANSWERS, widget=forms.RadioSelect, required=False, help_text=help_text
        )
    }
    if Detail.OPTION in rule.asks:
        choices = [("", _("Not said")), *((option.code, _(option.words)) for option in rule.options)]
        fields["option"] = forms.ChoiceField(label=_("Which?"), choices=choices, required=False)
    if Detail.STARTED_ON in rule.asks:
        fields["started_on"] = LooseDateField(label=_("First day"), required=False, may_be_ahead=True)
    if Detail.ENDED_ON in rule.asks:
        label = _(row.asks_date) if row.asks_date else _("Last day, or the day it was done")
        fields["on_date"] = LooseDateField(label=label, required=False, latest=True, may_be_ahead=True)
        if row.section == "medicines":  # a course may go on; a single procedure does not
            fields["is_ongoing"] = forms.BooleanField(label=_("It is still going on"), required=False)
    if Detail.WORDS in rule.asks:
        fields["detail"] = forms.CharField(label=_("Details"), max_length=400, required=False)
    return fields


def _stored(answer) -> dict:
    """A told answer in the fields of the form."""
    if answer is None:
        return {}
    return {
        "answer": _STORED[answer.reply],
        "option": answer.option,
        "started_on": answer.started_on,
        "on_date": answer.ended_on,
        "is_ongoing": answer.is_ongoing,
        "detail": answer.words,
    }
