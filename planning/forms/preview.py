"""What the address of a preview says: colours and a density, each with a usual value."""

from django import forms
from django.core.validators import RegexValidator

from intake.hair_colours import LEVEL_COLOURS, SKIN_COLOURS
from planning.protocol import DEFAULT_PROTOCOL


def _colour() -> forms.CharField:
    return forms.CharField(required=False, max_length=7, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z")])


class PreviewForm(forms.Form):
    skin = _colour()
    hair = _colour()
    dot = _colour()
    dots_per_cm2 = forms.IntegerField(required=False, min_value=0, max_value=300)
    among_hair = forms.BooleanField(required=False)

    def figures(self) -> dict:
        """What the picture is drawn from."""
        told = self.cleaned_data
        dots = told["dots_per_cm2"]
        return {
            "skin": told["skin"] or SKIN_COLOURS["II"],
            "hair": told["hair"] or LEVEL_COLOURS[3],
            "dot": told["dot"] or LEVEL_COLOURS[5],
            "dots_per_cm2": int(DEFAULT_PROTOCOL.bare_dots_per_cm2) if dots is None else dots,
            "among_hair": told["among_hair"],
        }
