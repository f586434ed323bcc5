"""Settle the details in which two records of one person differ."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from intake.actions.patients import token_of
from intake.merging import BOTH, LOSER, WINNER, Difference, differences
from intake.models import Patient


class MergeForm(forms.Form):
    """One choice for each detail both records tell differently, and the word that it is one person."""

    sure = forms.BooleanField(
        label=_("I have compared both records: it is one person"),
        error_messages={"required": _("Compare both records first, then tick this.")},
    )
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, winner: Patient, loser: Patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = differences(winner, loser)
        self.token = token_of(winner)[:20] + token_of(loser)[:20]
        self.initial["seen"] = self.token
        for row in self.clashes:
            self.fields[row.name] = forms.ChoiceField(
                label=capfirst(row.label), choices=_choices(row), initial=row.choices[0], widget=forms.RadioSelect
            )

    @property
    def clashes(self) -> list[Difference]:
        return [row for row in self.rows if row.is_clash]

    @property
    def filled_in(self) -> list[Difference]:
        """What only the other record knows: taken over without a question."""
        return [row for row in self.rows if not row.is_clash]

    def clean_seen(self):
        if self.cleaned_data["seen"] != self.token:
            raise forms.ValidationError(
                _("Somebody changed one of the records after you opened this page. Look again.")
            )
        return self.cleaned_data["seen"]

    def choices(self) -> dict[str, str]:
        """What the action takes."""
        return {row.name: self.cleaned_data[row.name] for row in self.clashes}


def _choices(row: Difference):
    words = {WINNER: row.winner, LOSER: row.loser, BOTH: _("Keep both")}
    return [(choice, words[choice] or _("nothing")) for choice in row.choices]
