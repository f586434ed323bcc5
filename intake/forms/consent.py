"""Consents: each its own choice, signed together by name or on the pad; withdrawn one by one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from smpclinic.photos import LONGEST_STROKES_CHARACTERS, clean_signature

CHOICES = (("yes", _("I agree")), ("no", _("I do not agree")))


class SignedForm(forms.Form):
    """A typed name, and where the pad is there a drawn signature beside it."""

    signed_name = forms.CharField(
        label=_("Your name"), max_length=160, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    strokes = forms.CharField(
        label=_("Signature"), required=False, widget=forms.HiddenInput, max_length=LONGEST_STROKES_CHARACTERS
    )

    def clean_strokes(self):
        """The text of the pad, once it is known to be a signature."""
        strokes = self.cleaned_data["strokes"]
        if strokes:
            clean_signature(strokes)
        return strokes


class ConsentsForm(SignedForm):
    """One choice for each text shown. ``texts`` are by kind."""

    def __init__(self, data=None, *, texts):
        super().__init__(data)
        self.texts = texts
        for kind, text in texts.items():
            self.fields[kind] = forms.ChoiceField(
                label=_("Your choice: %(title)s") % {"title": text.title},
                choices=CHOICES,
                widget=forms.RadioSelect(attrs={"data-no-optional": "yes"}),
                required=False,
            )
            self.fields[f"{kind}-version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=text.pk, required=False
            )
        for name in ("signed_name", "strokes"):
            self.fields[name].widget.attrs["data-no-optional"] = "yes"

    @property
    def parts(self):
        """Each text with its choice, ready to draw."""
        return [(text, self[kind], self[f"{kind}-version"]) for kind, text in self.texts.items()]

    def chosen(self) -> dict[str, bool]:
        """What was chosen, by kind; a text left without a choice is not there."""
        return {kind: self.cleaned_data[kind] == "yes" for kind in self.texts if self.cleaned_data.get(kind)}

    def clean(self):
        for kind, text in self.texts.items():
            if self.cleaned_data.get(kind) and self.cleaned_data.get(f"{kind}-version") != text.pk:
                self.add_error(kind, _("The text was changed while you read it. Please read it again."))
        if any(self.chosen().values()) and not (self.cleaned_data.get("signed_name") or "").strip():
            self.add_error("signed_name", _("Write your name to agree."))


class WithdrawForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
