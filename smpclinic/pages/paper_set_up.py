"""How the clinic's papers look: its sheet, its colour, its logo."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from smpclinic import storage
from smpclinic.actions.settings import change_section
from smpclinic.actors import staff
from smpclinic.limited.client import JobFailed
from smpclinic.models.places import Paper
from smpclinic.paper_look import SECTION, PaperLook, logo_picture, logo_problem, look_of, problems_with_colour
from smpclinic.photos import clean_photo, small_jpeg
from smpclinic.roles import Permission, requires

LOGO_SIDE_PX = 900
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class PaperLookForm(forms.Form):
    paper = forms.ChoiceField(label=gettext_lazy("Paper in the printer"), choices=Paper.choices)
    colour = forms.CharField(
        label=gettext_lazy("Colour of headings"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or WebP, at best on white. It stands at the head of every paper."),
    )
    without_logo = forms.BooleanField(label=gettext_lazy("Print without a logo"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.attrs = {"enctype": "multipart/form-data"}
        self.helper.layout = Layout(
            Row("paper", "colour"), "logo", "without_logo", Submit("save", gettext_lazy("Save"))
        )

    def clean_colour(self):
        colour = self.cleaned_data["colour"].lower()
        if not COLOUR.fullmatch(colour):
            raise ValidationError(_("Write a colour as #2b2a29."))
        if problems := problems_with_colour(colour):
            raise ValidationError(problems)
        return colour

    def clean_logo(self):
        """The picture encoded anew and made small; nothing of the file that came is kept."""
        upload = self.cleaned_data["logo"]
        if not upload:
            return None
        try:
            return small_jpeg(clean_photo(upload).bytes, longest_side_px=LOGO_SIDE_PX)
        except JobFailed as failure:
            raise ValidationError(_("That picture cannot be read. Choose another file.")) from failure


@require_http_methods(["GET", "POST"])
@requires(Permission.SET_UP)
def paper_look(request):
    look = look_of(request.clinic)
    initial = {"paper": request.clinic.paper, "colour": look.colour}
    form = PaperLookForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        _save(request, form.cleaned_data, look)
        messages.success(request, _("Saved. Papers that are issued keep the look they were issued with."))
        return redirect("paper_look")
    context = {"form": form, "look": look, "logo": logo_picture(look), "problem": logo_problem(look)}
    return render(request, "smpclinic/paper_look.html", context)


def _save(request, told, look: PaperLook) -> None:
    kept = {"logo": look.logo, "logo_sha256": look.logo_sha256}
    if told["without_logo"]:
        kept = {"logo": "", "logo_sha256": ""}
    elif told["logo"]:
        stored = storage.store(told["logo"], folder="documents", suffix="jpg")
        kept = {"logo": stored.name, "logo_sha256": stored.sha256}
    before = {"colour": look.colour, "logo": look.logo, "logo_sha256": look.logo_sha256, "paper": request.clinic.paper}
    with transaction.atomic():
        change_section(
            name=SECTION,
            before=before,
            values={"colour": told["colour"], **kept},
            by=staff(request.user),
            paper=told["paper"],
        )
