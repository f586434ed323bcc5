"""The scalp as forms: one for each zone, a list of scars, a list of places to leave alone."""

import json
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from planning.map_dots import AMONG, BARE
from planning.models import ShadeStep
from planning.plan_zones import Method, Treatment
from planning.protocol import DEFAULT_PROTOCOL
from planning.scalp_views import SPOTS, VIEW_BY_CODE, is_place
from planning.zones import PARTS_PERCENT, ZONES
from smpclinic.models import User

ZONE_CHOICES = [(zone.code, zone.name) for zone in ZONES]
MOST_DOTS = 300  # terminal hairs per cm2 of a dense scalp; more dots than hairs is a slip of the finger
MOST_LISTED = 12


def _number(unit: str, **attrs) -> forms.NumberInput:
    return forms.NumberInput(attrs={"data-unit": unit, "data-no-optional": "yes", **attrs})


def dots_field() -> forms.IntegerField:
    fewest = MinValueValidator(1, _("At least 1 dot per cm²."))
    most = MaxValueValidator(MOST_DOTS, _("%(limit_value)s dots per cm² is the most; dense hair has no more."))
    return forms.IntegerField(
        label=_("Dots per cm²"),
        initial=int(DEFAULT_PROTOCOL.bare_dots_per_cm2),
        validators=[fewest, most],
        widget=forms.NumberInput(attrs={"min": "1", "max": str(MOST_DOTS)}),
    )


def lighter_field() -> forms.CharField:
    return forms.CharField(
        label=_("Why lighter than before"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"data-no-optional": "yes", "autocomplete": "off"}),
        help_text=_("Only where the shade is lighter than what lies here already. For staff."),
    )


def zone_choices() -> dict[str, tuple]:
    """By field, what every zone may choose (a queryset) and how it is listed: read once for all (two queries)."""
    people, steps = User.objects.practitioners(), ShadeStep.objects.filter(is_active=True)
    return {
        "assessor": (people, [("", _("Whoever saves")), *((user.pk, str(user)) for user in people)]),
        "shade_step": (steps, [("", _("As the plan")), *((step.pk, str(step)) for step in steps)]),
    }


class ZoneForm(forms.Form):
    """One zone: whether it is treated, and how. What stands there while it is not chosen is not looked at."""

    treat = forms.BooleanField(required=False)
    part_percent = forms.TypedChoiceField(
        label=_("Part"), coerce=int, choices=[(part, f"{part} %") for part in reversed(PARTS_PERCENT)], initial=100
    )
    among_hair = forms.TypedChoiceField(
        label=_("Surface"),
        coerce=lambda text: text == "True",
        choices=[(False, _("Bare")), (True, _("Kept hair"))],
        initial=False,
    )
    dots_per_cm2 = dots_field()
    area_cm2 = forms.DecimalField(
        label=_("Measured area"), required=False, max_digits=5, decimal_places=1, widget=_number("cm²", step="0.1")
    )
    measured_by = forms.ChoiceField(
        label=_("Measured with"), required=False, choices=[("", _("Not measured")), *Method.choices]
    )
    assessor = forms.ModelChoiceField(User.objects.none(), label=_("Measured by"), required=False)
    shade_step = forms.ModelChoiceField(ShadeStep.objects.none(), label=_("Shade here"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"data-no-optional": "yes", "autocomplete": "off"}),
        help_text=_("Printed with the zone."),
    )
    lighter_reason = lighter_field()

    def __init__(self, *args, zone, choices, usual_cm2="", **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, choices)
        self.zone, self.usual_cm2 = zone, usual_cm2
        self.fields["treat"].label = zone.name

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.is_chosen:
            self._errors.clear()

    @property
    def is_chosen(self) -> bool:
        """Whether the zone is treated, as ticked now."""
        return bool(self["treat"].value())

    @property
    def spot(self) -> str:
        """Where something in this zone is put on the map at first."""
        return ",".join(map(str, SPOTS[self.zone.code]))

    @property
    def map_state(self) -> str:
        """How the map draws the zone when it is chosen."""
        return AMONG if str(self["among_hair"].value()) == "True" else BARE

    @property
    def has_more(self) -> bool:
        """Whether something stands in the folded part, or is wrong there."""
        folded = ("area_cm2", "measured_by", "assessor", "shade_step", "note", "lighter_reason")
        return any(self[name].value() or name in self.errors for name in folded)

    def clean(self):
        area_cm2, method = self.cleaned_data.get("area_cm2"), self.cleaned_data.get("measured_by")
        if area_cm2 is not None and area_cm2 <= 0:
            self.add_error("area_cm2", _("An area is more than 0 cm²."))
        elif area_cm2 and not method:
            self.add_error("measured_by", _("Say how it was measured."))
        elif method and not area_cm2 and "area_cm2" not in self.errors:
            self.add_error("area_cm2", _("Enter the measured area, or choose “Not measured”."))
        return self.cleaned_data

    def row(self) -> dict:
        """The zone as values of PlanZone."""
        names = ("part_percent", "among_hair", "dots_per_cm2", "shade_step", "note", "lighter_reason")
        values = {name: self.cleaned_data[name] for name in names}
        measured = {name: self.cleaned_data[name] for name in ("area_cm2", "measured_by", "assessor")}
        return {"zone": self.zone.code, **values, **(measured if measured["measured_by"] else {})}


def _offer(form: forms.Form, choices: dict[str, tuple]) -> None:
    """Give the fields of a form what ``zone_choices`` read once for all forms."""
    for name, (queryset, listed) in choices.items():
        if name in form.fields:
            form.fields[name].queryset = queryset
            form.fields[name].choices = listed


class SpotField(forms.CharField):
    """Where something lies on the map: [view, x, y]. What cannot be read is no place: the zone's own counts."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=60, **kwargs)

    def prepare_value(self, value):
        return value if isinstance(value, str) else json.dumps(value) if value else ""

    def has_changed(self, initial, data):
        return read_spot(data) != (initial or [])

    def clean(self, value):
        return read_spot(super().clean(value))


def read_spot(text: str | None) -> list:
    """The place that was written, or an empty list."""
    try:
        spot = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    is_spot = isinstance(spot, list) and len(spot) == 3 and spot[0] in VIEW_BY_CODE and all(map(is_place, spot[1:]))
    return spot if is_spot else []


class ScarForm(forms.Form):
    """A scar to treat: where it lies and how large it is."""

    zone = forms.ChoiceField(label=_("Lies in"), choices=[("", _("Choose a zone")), *ZONE_CHOICES])
    length_cm = forms.DecimalField(
        label=_("Length"), max_digits=4, decimal_places=1, widget=_number("cm", min="0.1", max="60", step="0.1")
    )
    width_cm = forms.DecimalField(
        label=_("Width"), max_digits=4, decimal_places=1, widget=_number("cm", min="0.1", max="60", step="0.1")
    )
    dots_per_cm2 = dots_field()
    shade_step = forms.ModelChoiceField(ShadeStep.objects.none(), label=_("Shade here"), required=False)
    note = forms.CharField(label=_("What it is from, notes"), required=False, max_length=200)
    lighter_reason = lighter_field()
    spot = SpotField()

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, choices)

    def _positive(self, name: str) -> Decimal:
        if self.cleaned_data[name] <= 0:
            raise forms.ValidationError(_("More than 0 cm."))
        return self.cleaned_data[name]

    def clean_length_cm(self):
        return self._positive("length_cm")

    def clean_width_cm(self):
        return self._positive("width_cm")

    def row(self) -> dict:
        names = ("zone", "length_cm", "width_cm", "dots_per_cm2", "shade_step", "note", "lighter_reason", "spot")
        return {"treatment": Treatment.SCAR, **{name: self.cleaned_data[name] for name in names}}


class MarkForm(forms.Form):
    """A place that must not be treated: a mole, a lesion; the whole zone where no size is given."""

    zone = forms.ChoiceField(label=_("Lies in"), choices=[("", _("Choose a zone")), *ZONE_CHOICES])
    note = forms.CharField(
        label=_("What it is"), max_length=200, widget=forms.TextInput(attrs={"placeholder": _("Mole")})
    )
    area_cm2 = forms.DecimalField(
        label=_("Size"),
        required=False,
        max_digits=5,
        decimal_places=1,
        widget=_number("cm²", min="0.1", step="0.1"),
        help_text=_("Empty: the whole zone is left alone."),
    )
    spot = SpotField()

    def clean_area_cm2(self):
        area_cm2 = self.cleaned_data["area_cm2"]
        if area_cm2 is not None and area_cm2 <= 0:
            raise forms.ValidationError(_("An area is more than 0 cm². Leave it empty for the whole zone."))
        return area_cm2

    def row(self) -> dict:
        area_cm2 = self.cleaned_data["area_cm2"]
        measured = {"area_cm2": area_cm2, "measured_by": Method.RULER} if area_cm2 else {}
        return {
            "zone": self.cleaned_data["zone"],
            "treatment": Treatment.DO_NOT_TREAT,
            "note": self.cleaned_data["note"],
            "spot": self.cleaned_data["spot"],
            **measured,
        }


def _list_of(form):
    return forms.formset_factory(
        form, extra=1, can_delete=True, max_num=MOST_LISTED, validate_max=True, absolute_max=MOST_LISTED + 1
    )


ScarFormSet = _list_of(ScarForm)
MarkFormSet = _list_of(MarkForm)
