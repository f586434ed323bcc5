"""One pass over one zone: four fields before the eye, the rest under "More"."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout, Row, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from planning.zones import ZONE_BY_CODE
from sessions import technique, words
from sessions.forms.seen import SeenForm
from sessions.forms.times import DayTimeField, moment_on, time_of
from sessions.models import Mix, TreatmentSession, ZonePass
from sessions.treated import SCAR_IN

LIMITS = technique.DEFAULT_LIMITS
MORE = (
    '{% load look %}<details class="disclosure more"{% if form.is_open %} open{% endif %}>'
    '<summary>{% icon "chevron-right" %}{{ form.more_words }}</summary>'
)
HIDDEN = forms.HiddenInput


def _big_stepper(bounds: technique.Bounds, *, step: str, unit: str) -> forms.NumberInput:
    attrs = {"data-stepper": "big", "data-unit": unit, "step": step}
    return forms.NumberInput(attrs=attrs | {"min": str(bounds.possible_from), "max": str(bounds.possible_to)})


class MixChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, mix: Mix) -> str:
        return f"{mix.name}: {words.recipe_of(mix)} ({words.strength_of(mix)})"


class PassForm(SeenForm):
    """The fields are those of ZonePass; start and stop are typed only for late writing."""

    SEEN = (
        "needle_group",
        "depth_mm",
        "angle_degrees",
        "mix",
        "needle_diameter_mm",
        "depth_known_by",
        "hand_speed",
        "pattern",
        "area_cm2",
        "dots_per_cm2",
        "note",
    )

    zone = forms.CharField(max_length=30, widget=HIDDEN)
    new_id = forms.UUIDField(required=False, widget=HIDDEN)
    needle_group = forms.ChoiceField(
        label=_("Needle group"), choices=words.choices(words.NEEDLES), widget=forms.RadioSelect
    )
    depth_mm = forms.DecimalField(
        label=_("Depth"), max_digits=3, decimal_places=1, widget=_big_stepper(LIMITS.depth_mm, step="0.1", unit="mm")
    )
    angle_degrees = forms.IntegerField(
        label=_("Angle to the skin"),
        min_value=0,
        max_value=360,
        widget=_big_stepper(LIMITS.angle_degrees, step="5", unit="°"),
    )
    mix = MixChoiceField(
        Mix.objects.none(),
        label=_("Pigment mix"),
        required=False,
        empty_label=None,
        to_field_name="public_id",
        widget=forms.RadioSelect(attrs={"data-no-optional": "yes", "data-layout": "stacked"}),
    )
    dots_per_cm2 = forms.IntegerField(
        label=_("Density of this pass"),
        required=False,
        min_value=1,
        max_value=400,
        widget=forms.NumberInput(attrs={"data-unit": _("dots per cm²")}),
    )
    area_cm2 = forms.DecimalField(
        label=_("Area worked"),
        required=False,
        max_digits=5,
        decimal_places=1,
        min_value=0.1,
        widget=forms.NumberInput(attrs={"data-unit": "cm²", "step": "0.1"}),
    )
    needle_diameter_mm = forms.DecimalField(
        label=_("Needle diameter"),
        max_digits=3,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "mm", "step": "0.05", "data-stepper": "yes"}),
    )
    depth_known_by = forms.ChoiceField(
        label=_("How the depth is known"),
        choices=words.choices(words.DEPTH_KNOWN_BY),
        widget=forms.RadioSelect,
    )
    hand_speed = forms.ChoiceField(
        label=_("Hand speed"),
        required=False,
        choices=words.choices(words.HAND_SPEEDS, empty=_("Not said")),
        widget=forms.RadioSelect,
    )
    pattern = forms.ChoiceField(
        label=_("Dot pattern"), required=False, choices=words.choices(words.PATTERNS, empty=_("Not said"))
    )
    started = DayTimeField(label=_("Started at"))
    stopped = DayTimeField(label=_("Stopped at"))
    note = forms.CharField(label=_("Note"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    MORE_FIELDS = (
        "dots_per_cm2",
        "area_cm2",
        "needle_diameter_mm",
        "depth_known_by",
        "hand_speed",
        "pattern",
        "started",
        "stopped",
        "note",
    )

    def __init__(self, *args, session: TreatmentSession, row: ZonePass | None = None, initial=None, **kwargs):
        initial = dict(initial or {}) | (initial_of(row) if row else {})
        super().__init__(*args, row=row, initial=initial, **kwargs)
        self.session = session
        self.fields["mix"].queryset = session.mixes.prefetch_related("components__lot__product")
        self.more_words = _now("More: density, area, times, needle diameter, note")
        self.helper = FormHelper()
        self.helper.form_id = "pass-form"
        self.helper.form_action = self._address()
        self.helper.attrs = self._target()
        self.helper.layout = self._layout()

    @property
    def is_open(self) -> bool:
        """Whether "More" stands open: something in it was refused, or typed times are waiting there."""
        return any(name in self.errors for name in self.MORE_FIELDS) if self.is_bound else False

    def clean_zone(self):
        zone = self.cleaned_data["zone"]
        if zone.removeprefix(SCAR_IN) not in ZONE_BY_CODE:
            raise forms.ValidationError(_now("Choose a zone of the scalp."))
        return zone

    def pass_fields(self) -> dict:
        """The cleaned values as fields of ZonePass. A time that was not touched keeps its seconds."""
        names = ("zone", "needle_group", "depth_mm", "angle_degrees", "mix", "dots_per_cm2", "area_cm2")
        names += ("needle_diameter_mm", "depth_known_by", "hand_speed", "pattern", "note")
        fields = {name: self.cleaned_data[name] for name in names}
        day = self.session.appointment.day
        for name, column in (("started", "started_at"), ("stopped", "stopped_at")):
            if name in self.changed_data:
                fields[column] = moment_on(day, self.cleaned_data[name])
        if "started_at" in fields and fields["started_at"] is None:
            fields |= {"stopped_at": None, "pauses": []}
        return fields

    def _address(self) -> str:
        ids = [self.session.public_id]
        if self.row is None:
            return reverse("sessions:add_pass", args=ids)
        return reverse("sessions:change_pass", args=[*ids, self.row.number])

    def _target(self) -> dict[str, str]:
        """What the tablet saves this form as, field by field: the pass that is there, or the one to come."""
        if self.row is not None:
            return {"data-target": f"pass:{self.row.public_id}", "data-next": self._next()}
        return {"data-target": f"pass:{self['new_id'].value()}", "data-new": "yes", "data-next": self._next()}

    def _next(self) -> str:
        return f"{reverse('sessions:record', args=[self.session.public_id])}?zone={self['zone'].value()}"

    def _mix_field(self) -> list[str]:
        """Nothing to choose from is no question."""
        return ["mix"] if self.fields["mix"].queryset.exists() or "mix" in self.data else []

    def _layout(self) -> Layout:
        if self.row is None or self.row.started_at is None:
            buttons = [
                Submit("start", _("Save and start the clock"), css_class="big"),
                Submit("save", _("Save"), css_class="plain big"),
            ]
        else:
            buttons = [Submit("save", _("Save the pass"), css_class="big")]
        return Layout(
            "zone",
            "new_id",
            "seen",
            Div("needle_group", Row("depth_mm", "angle_degrees"), *self._mix_field(), css_class="big"),
            HTML(MORE),
            Row("dots_per_cm2", "area_cm2"),
            Row("started", "stopped"),
            Row("needle_diameter_mm", "pattern"),
            "depth_known_by",
            "hand_speed",
            Field("note"),
            HTML("</details>"),
            Div(*buttons, css_class="form-actions"),
        )


def initial_of(row: ZonePass) -> dict:
    """What stands in the form for a pass that is there."""
    names = ("zone", "needle_group", "depth_mm", "angle_degrees", "mix", "dots_per_cm2", "area_cm2")
    names += ("needle_diameter_mm", "depth_known_by", "hand_speed", "pattern", "note")
    values = {name: getattr(row, name) for name in names}
    return values | {"started": time_of(row.started_at), "stopped": time_of(row.stopped_at)}
