"""Add a photo of one view of the head."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models import PhotoView
from smpclinic.photos import LARGEST_PHOTO_BYTES

ASKED_AT_INTAKE = (PhotoView.FRONT, PhotoView.TOP, PhotoView.LEFT, PhotoView.RIGHT, PhotoView.BACK)


ACCEPTED = "image/jpeg,image/png,image/webp"


class SlotForm(forms.Form):
    """A photo for one view, sent from its own place on the page."""

    view = forms.ChoiceField(choices=[(view.value, view.label) for view in ASKED_AT_INTAKE])
    photo = forms.FileField(
        error_messages={
            "required": _("Choose a photo first."),
            "empty": _("That file is empty. Choose the photo again."),
        }
    )

    def clean_photo(self):
        return _not_too_large(self.cleaned_data["photo"])


def _not_too_large(photo):
    if photo.size > LARGEST_PHOTO_BYTES:
        raise forms.ValidationError(_("That photo is larger than 20 MB. Take it again at a smaller size."))
    return photo


class PhotoForm(forms.Form):
    view = forms.ChoiceField(
        label=_("View"), choices=[(view.value, view.label) for view in ASKED_AT_INTAKE], widget=forms.RadioSelect
    )
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, at most 20 MB. Place and camera are taken out of it."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("view", "photo")

    def clean_photo(self):
        return _not_too_large(self.cleaned_data["photo"])
