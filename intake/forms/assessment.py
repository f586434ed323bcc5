"""Grade the pattern and describe the hair."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.grading import BASP_WORDS, CALIBRES, FITZPATRICK_GRADES, HAIR_LEVELS, SCALES, Scale, salt_band, salt_score
from intake.models import ExistingHair
from smpclinic.widgets import PictureChoice

NOT_GRADED_CHOICE = "not_graded"
WITH_PICTURES = {Scale.NORWOOD, Scale.LUDWIG, Scale.SINCLAIR}
SALT_VIEWS = (("top", _("Top")), ("back", _("Back")), ("right", _("Right side")), ("left", _("Left side")))


class ScaleForm(forms.Form):
    """Which scale is on the screen; anything unknown is the first one."""

    scale = forms.ChoiceField(choices=[(scale.value, text.name) for scale, text in SCALES.items()], required=False)

    def chosen(self, *, default: Scale) -> Scale:
        return Scale(self.cleaned_data["scale"]) if self.is_valid() and self.cleaned_data["scale"] else default


class GradeForm(forms.Form):
    """One scale's grades as pictures with a line of text each. BASP is put together, SALT is reckoned."""

    assessed_on = forms.DateField(
        label=_("Seen on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, data=None, *, scale: Scale):
        super().__init__(data)
        self.scale = scale
        self.fields = self._grade_fields() | self.fields
        self.helper = _bare_helper()
        grade = list(self._grade_fields())
        self.helper.layout = Layout(*([Row(*grade)] if len(grade) > 1 else grade), Row("assessed_on", "note"))

    def _grade_fields(self) -> dict[str, forms.Field]:
        if self.scale is Scale.SALT:
            return {view: _percent(words) for view, words in SALT_VIEWS}
        if self.scale is Scale.BASP:
            return _basp_fields()
        grades = SCALES[self.scale].grades
        pictures = {g.code: f"intake/patterns/{self.scale}_{_file(g.code)}.svg" for g in grades}
        widget = PictureChoice(
            pictures=pictures if self.scale in WITH_PICTURES else {}, texts={g.code: g.words for g in grades}
        )
        choices = [(g.code, _shown(g.code)) for g in grades] + [(NOT_GRADED_CHOICE, _("Not graded"))]
        return {"grade": forms.ChoiceField(label=SCALES[self.scale].name, choices=choices, widget=widget)}

    def facts(self) -> dict:
        """What ``grade_pattern`` takes."""
        told = self.cleaned_data
        facts = {"scale": str(self.scale), "assessed_on": told["assessed_on"], "note": told["note"]}
        if self.scale is Scale.SALT:
            losses = {view: told[view] for view, _words in SALT_VIEWS}
            band = salt_band(salt_score(**losses))
            return facts | {"grade": band, "components": {view: str(loss) for view, loss in losses.items()}}
        if self.scale is Scale.BASP:
            return facts | {"grade": told["basic"] + told["front"] + told["crown"]}
        return facts | {"grade": "" if told["grade"] == NOT_GRADED_CHOICE else told["grade"]}


class HairForm(forms.ModelForm):
    """The hair the result must blend with, as seen now."""

    class Meta:
        model = ExistingHair
        fields = (
            "level",
            "measured_colour",
            "calibre",
            "is_shaved",
            "length_mm",
            "grey_percent",
            "skin_type",
            "head_circumference_cm",
        )
        labels = {
            "is_shaved": _("Kept shaved"),
            "length_mm": _("Kept length"),
            "grey_percent": _("Grey share"),
            "measured_colour": _("Measured colour"),
            "head_circumference_cm": _("Head circumference"),
        }
        help_texts = {"measured_colour": _("As #2b2a29, where it was measured.")}
        widgets = {
            "length_mm": forms.NumberInput(attrs={"data-unit": "mm"}),
            "grey_percent": forms.NumberInput(attrs={"data-unit": "%"}),
            "head_circumference_cm": forms.NumberInput(attrs={"data-unit": "cm", "step": "0.1"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        levels = [("", _("Not said")), *((grade.code, f"{grade.code} · {grade.words}") for grade in HAIR_LEVELS)]
        skin = [("", _("Not said")), *((grade.code, f"{grade.code} · {grade.words}") for grade in FITZPATRICK_GRADES)]
        self.fields["level"] = forms.TypedChoiceField(
            label=_("Natural level"), choices=levels, coerce=int, empty_value=None, required=False
        )
        self.fields["calibre"] = forms.ChoiceField(
            label=_("Calibre"),
            choices=[*((grade.code, grade.words.split(":")[0]) for grade in CALIBRES), ("", _("Not said"))],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["skin_type"] = forms.ChoiceField(label=_("Skin type (Fitzpatrick)"), choices=skin, required=False)
        self.helper = _bare_helper()
        self.helper.layout = Layout(
            Row("level", "measured_colour"),
            "calibre",
            "is_shaved",
            Row("length_mm", "grey_percent"),
            Row("skin_type", "head_circumference_cm"),
        )

    def facts(self) -> dict:
        """What ``record_hair`` takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self):
        """The action validates the row; the one shown stays as it is."""


def _bare_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def _percent(words) -> forms.Field:
    return forms.DecimalField(
        label=words,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "%"}),
    )


def _basp_fields() -> dict[str, forms.Field]:
    def offered(label, codes, *, none=None):
        choices = [*([("", none)] if none else []), *((code, f"{code} · {BASP_WORDS[code]}") for code in codes)]
        return forms.ChoiceField(label=label, choices=choices, required=none is None)

    basic = [code for code in BASP_WORDS if code[0] in "LMCU"]
    return {
        "basic": offered(_("Front edge"), basic),
        "front": offered(_("Front"), ("F1", "F2", "F3"), none=_("No thinning")),
        "crown": offered(_("Crown"), ("V1", "V2", "V3"), none=_("No thinning")),
    }


def _file(code: str) -> str:
    return code.replace(" ", "_")


def _shown(code: str) -> str:
    return code.replace("_", " ").capitalize() if code.islower() and len(code) > 1 else code
