"""The editor of one text, and its words as they will be read."""

from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from smpclinic.actions.texts import LONGEST_BODY, problems_with_words
from smpclinic.marks import filled
from smpclinic.text_kinds import TextKind


class TextForm(forms.Form):
    """Title and body; a mark that this text does not have is named beside the field."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("An empty line parts paragraphs; a line that begins with “- ” is an item of a list."),
    )

    def __init__(self, *args, kind: TextKind | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("seen", "title", "body")

    def clean(self):
        title, body = self.cleaned_data.get("title", ""), self.cleaned_data.get("body", "")
        for field, problems in problems_with_words(self.kind.key if self.kind else "", title, body).items():
            if field not in self.errors:
                self.add_error(field, problems)


@dataclass(frozen=True)
class Preview:
    """A text with an example in the place of each mark, in its own language and direction."""

    title: str
    body: str
    language: str
    is_right_to_left: bool


def preview_of(kind: TextKind | None, title: str, body: str, language: str) -> Preview:
    """What a reader of ``language`` will see of these words."""
    with translation.override(language):
        samples = kind.samples if kind else {}
        right_to_left = translation.get_language_bidi()
    return Preview(filled(title, samples), filled(body[:LONGEST_BODY], samples), language, right_to_left)
