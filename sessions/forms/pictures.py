"""A photo of one view, a photo on its way, two marks in a photo, and which photos are compared."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models.photo import VIEWS_OF_THE_HEAD
from sessions.models import SessionPhoto

VIEWS = [(view.value, view.label) for view in VIEWS_OF_THE_HEAD]
SIDE, SLIDER = "side", "slider"


class ViewPhotoForm(forms.Form):
    """One photo for one of the seven places."""

    view = forms.ChoiceField(choices=VIEWS)
    file = forms.FileField(
        max_length=200,
        error_messages={
            "required": _("Choose a photo first."),
            "empty": _("That file is empty. Choose the photo again."),
        },
    )


class UploadForm(forms.Form):
    """What the browser tells of a photo before it sends it in pieces."""

    moment = forms.ChoiceField(choices=SessionPhoto.Moment.choices)
    view = forms.ChoiceField(choices=VIEWS)
    size_bytes = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")


class OffsetForm(forms.Form):
    offset = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class MarksForm(forms.Form):
    """Two places in percent of the photo's width and height; the pointer fills them, the keyboard can."""

    first_x = forms.DecimalField(label=_("First mark, from the left"), min_value=0, max_value=100)
    first_y = forms.DecimalField(label=_("First mark, from the top"), min_value=0, max_value=100)
    second_x = forms.DecimalField(label=_("Second mark, from the left"), min_value=0, max_value=100)
    second_y = forms.DecimalField(label=_("Second mark, from the top"), min_value=0, max_value=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.NumberInput(attrs={"data-unit": "%", "step": "0.1", "min": 0, "max": 100})
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            Row("first_x", "first_y"), Row("second_x", "second_y"), Submit("keep", _("Keep the marks"))
        )

    def points(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Both marks in permille."""
        told = {name: round(10 * value) for name, value in self.cleaned_data.items()}
        return (told["first_x"], told["first_y"]), (told["second_x"], told["second_y"])


class CompareForm(forms.Form):
    """Which view, which two photos, and how they are shown; all of it stands in the address."""

    view = forms.ChoiceField(label=_("View"), choices=VIEWS, required=False)
    before = forms.UUIDField(label=_("Earlier"), required=False)
    after = forms.UUIDField(label=_("Later"), required=False)
    shown = forms.ChoiceField(
        label=_("Shown"),
        choices=[(SIDE, _("Side by side")), (SLIDER, _("Under a slider"))],
        required=False,
        initial=SIDE,
    )

    def told(self, name: str):
        """One answer, or None where it is empty or cannot be read."""
        self.is_valid()
        return self.cleaned_data.get(name) or None
