"""Where a photo is shown to others."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _


class PhotoUseForm(forms.Form):
    place = forms.CharField(
        label=_("Where it is shown"),
        max_length=120,
        help_text=_("For example: website, leaflet of spring, frame in the waiting room."),
        error_messages={"required": _("Write where it is shown.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout("place", Submit("use", _("Write it down")))
