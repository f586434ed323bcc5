"""A photo of healed work, for the record and, nameless, for the ladder."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models import PhotoView
from planning.models import ShadeStep
from sessions.treated import zone_name

# Views that show the work and no face: the photo is shown beside the ladder without a name.
FACELESS = (PhotoView.TREATED, PhotoView.HAIRLINE, PhotoView.TOP, PhotoView.BACK)


class HealedForm(forms.Form):
    zone = forms.ChoiceField(label=_("Zone"))
    view = forms.ChoiceField(label=_("View"), choices=[(view.value, view.label) for view in FACELESS])
    shade_step = forms.ModelChoiceField(
        ShadeStep.objects.all(),
        label=_("Step used there"),
        required=False,
        empty_label=_("As recorded"),
        widget=forms.Select(attrs={"data-no-optional": "yes"}),
    )
    file = forms.FileField(
        label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}), max_length=200
    )

    def __init__(self, *args, zones: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(code, zone_name(code)) for code in dict.fromkeys(zones)]
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            Row("zone", "view"), "shade_step", "file", Submit("keep", _("Keep the healed photo"))
        )
