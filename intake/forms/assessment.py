"""Grade the pattern and describe the hair."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from intake.grading import (
    BASP_WORDS,
    CALIBRES,
    FITZPATRICK_GRADES,
    HAIR_LEVELS,
    SCALES,
    Scale,
    grade_in_words,
    grade_shown,
    salt_band,
    salt_score,
)
from intake.hair import DENSITY_ZONES, MOST_PER_CM2
from intake.models import ExistingHair
from smpclinic.widgets import PictureChoice

NOT_GRADED_CHOICE = "not_graded"
WITH_PICTURES = {Scale.NORWOOD, Scale.LUDWIG, Scale.SINCLAIR, Scale.OLSEN, Scale.AREATA, Scale.SCAR}
SALT_VIEWS = (("top", _("Top")), ("back", _("Back")), ("right", _("Right side")), ("left", _("Left side")))


_LIVE = HTML('{% include "intake/salt_live.html" %}')


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
        rows = [Div(*grade[:-1], css_class="salt-views"), _LIVE, grade[-1]] if scale is Scale.SALT else grade
        self.helper.layout = Layout(*rows, Row("assessed_on", "note"))

    def _grade_fields(self) -> dict[str, forms.Field]:
        if self.scale is Scale.SALT:
            not_graded = forms.BooleanField(label=_("Not graded"), required=False)
            return {view: _percent(words) for view, words in SALT_VIEWS} | {"not_graded": not_graded}
        if self.scale is Scale.BASP:
            return _basp_fields()
        grades = SCALES[self.scale].grades
        pictures = {g.code: f"intake/patterns/{self.scale}_{_file(g.code)}.svg" for g in grades}
        widget = PictureChoice(
            pictures=pictures if self.scale in WITH_PICTURES else {}, texts={g.code: _(g.words) for g in grades}
        )
        choices = [(g.code, grade_shown(g.code)) for g in grades] + [(NOT_GRADED_CHOICE, _("Not graded"))]
        return {"grade": forms.ChoiceField(label=_(SCALES[self.scale].name), choices=choices, widget=widget)}

    def clean(self):
        told = self.cleaned_data
        if self.scale is Scale.SALT and not told.get("not_graded"):
            for view, _words in SALT_VIEWS:
                if view not in self.errors and told.get(view) is None:
                    self.add_error(view, _("Write the loss in percent, 0 where there is none."))

    def score(self) -> dict | None:
        """The SALT score of what stands in the form, with its band in words; None where it cannot be worked out."""
        if self.scale is not Scale.SALT or not self.is_valid():
            return None
        losses = {view: self.cleaned_data[view] for view, _words in SALT_VIEWS}
        return None if self.cleaned_data["not_graded"] else score_in_words(losses)

    def facts(self) -> dict:
        """What ``grade_pattern`` takes."""
        told = self.cleaned_data
        facts = {"scale": str(self.scale), "assessed_on": told["assessed_on"], "note": told["note"]}
        if self.scale is Scale.SALT:
            losses = {view: told[view] for view, _words in SALT_VIEWS}
            if told["not_graded"]:
                return facts | {"grade": "", "components": {}}
            band = salt_band(salt_score(**losses))
            return facts | {"grade": band, "components": {view: str(loss) for view, loss in losses.items()}}
        if self.scale is Scale.BASP:
            if told["basic"] == NOT_GRADED_CHOICE:
                return facts | {"grade": ""}
            return facts | {"grade": told["basic"] + told["front"] + told["crown"]}
        return facts | {"grade": "" if told["grade"] == NOT_GRADED_CHOICE else told["grade"]}


class HairForm(forms.ModelForm):
    """The hair the result must blend with, as seen now. Density is asked zone by zone."""

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
        help_texts = {"measured_colour": _("sRGB as #2b2a29, where it was measured.")}
        widgets = {
            "measured_colour": forms.TextInput(attrs={"data-colour": "yes", "autocomplete": "off"}),
            "length_mm": forms.NumberInput(attrs={"data-unit": "mm"}),
            "grey_percent": forms.NumberInput(attrs={"data-unit": "%"}),
            "head_circumference_cm": forms.NumberInput(attrs={"data-unit": "cm", "step": "0.1"}),
        }

    def __init__(self, *args, initial=None, **kwargs):
        density = (initial or {}).get("density_by_zone") or {}
        zones = {f"density_{zone}": density.get(zone) for zone in DENSITY_ZONES}
        super().__init__(*args, initial=(initial or {}) | zones, **kwargs)
        self.fields["level"] = level_field(_("Natural level"))
        self.fields["calibre"] = forms.ChoiceField(
            label=_("Calibre"),
            choices=[*((grade.code, str(_(grade.words)).split(":")[0]) for grade in CALIBRES), ("", _("Not said"))],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["skin_type"] = forms.ChoiceField(
            label=_("Skin type (Fitzpatrick)"),
            choices=[
                *((grade.code, format_lazy("{} · {}", grade.code, _(grade.words))) for grade in FITZPATRICK_GRADES),
                ("", _("Not said")),
            ],
            widget=forms.RadioSelect(attrs={"data-layout": "stacked"}),
            required=False,
        )
        for zone, words in DENSITY_ZONES.items():
            self.fields[f"density_{zone}"] = forms.IntegerField(
                label=words,
                required=False,
                min_value=0,
                max_value=MOST_PER_CM2,
                widget=forms.NumberInput(attrs={"data-unit": "/cm²"}),
            )
        for field in self.fields.values():
            field.widget.attrs["data-no-optional"] = "yes"
        self.helper = _bare_helper()
        self.helper.layout = Layout(
            Div("level", css_class="swatches"),
            Row("measured_colour", "grey_percent"),
            "calibre",
            "is_shaved",
            Row("length_mm", "head_circumference_cm"),
            "skin_type",
            Fieldset(_("Density now, in follicular units"), *_in_pairs(list(zones)), css_class="several"),
        )

    def facts(self) -> dict:
        """What ``record_hair`` takes."""
        told = self.cleaned_data
        zones = {zone: told[f"density_{zone}"] for zone in DENSITY_ZONES}
        density = {zone: count for zone, count in zones.items() if count is not None}
        return {name: told[name] for name in self.Meta.fields} | {"density_by_zone": density}

    def _post_clean(self):
        """The action validates the row; the one shown stays as it is."""


def level_field(label) -> forms.Field:
    """The natural levels as swatches, each with its number and words."""
    levels = [(grade.code, format_lazy("{} · {}", grade.code, _(grade.words))) for grade in HAIR_LEVELS]
    pictures = {grade.code: f"intake/patterns/level_{grade.code}.svg" for grade in HAIR_LEVELS}
    return forms.TypedChoiceField(
        label=label,
        choices=[*levels, ("", _("Not said"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=PictureChoice(pictures=pictures),
    )


def score_in_words(losses) -> dict:
    """A SALT score as it is shown: the number, the class, its plain words."""
    score = salt_score(**losses)
    band = salt_band(score)
    return {"score": score.quantize(Decimal("0.1")), "band": band, "words": grade_in_words(Scale.SALT, band)}


def _in_pairs(names: list[str]) -> list[Row]:
    return [Row(*names[place : place + 2]) for place in range(0, len(names), 2)]


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
        required=False,
        widget=forms.NumberInput(
            attrs={
                "data-unit": "%",
                "data-slider": "yes",
                "data-no-optional": "yes",
                "min": 0,
                "max": 100,
                "step": "any",
            }
        ),
    )


def _basp_fields() -> dict[str, forms.Field]:
    def offered(label, codes, none):
        choices = [*((code, code) for code in codes), none]
        pictures = {code: f"intake/patterns/basp_{code}.svg" for code in codes}
        widget = PictureChoice(
            pictures=pictures,
            texts={code: _(BASP_WORDS[code]) for code in codes},
            attrs={"data-no-optional": "yes"},
        )
        return forms.ChoiceField(label=label, choices=choices, widget=widget, required=bool(none[0]))

    basic = [code for code in BASP_WORDS if code[0] in "LMCU"]
    return {
        "basic": offered(_("Front edge"), basic, (NOT_GRADED_CHOICE, _("Not graded"))),
        "front": offered(_("Density at the front"), ("F1", "F2", "F3"), ("", _("No thinning"))),
        "crown": offered(_("Density at the crown"), ("V1", "V2", "V3"), ("", _("No thinning"))),
    }


def _file(code: str) -> str:
    return code.replace(" ", "_")
