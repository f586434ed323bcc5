"""Set once a session: needles and anaesthetic from stock, machine, skin."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sessions import words
from sessions.forms.lots import LotField, lots_of
from sessions.forms.seen import SeenForm
from sessions.forms.times import DayTimeField, moment_on, time_of
from sessions.models import TreatmentSession
from smpclinic.models import ProductKind


class LotForm(forms.Form):
    """A needle or anaesthetic lot, and how much of it."""

    lot = LotField(label=_("Lot"))
    count = forms.DecimalField(
        label=_("How much (pieces, or mL)"),
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=0,
        initial=1,
        widget=forms.NumberInput(attrs={"data-stepper": "yes", "min": 0, "step": 1}),
    )

    def __init__(self, *args, session: TreatmentSession, **kwargs):
        super().__init__(*args, **kwargs)
        on, late = session.appointment.day, session.appointment.entered_late
        lots = lots_of(ProductKind.NEEDLE, ProductKind.ANAESTHETIC, on=on, late=late)
        self.fields["lot"].offer(lots, on=on, late=late)
        self.helper = FormHelper()
        self.helper.form_action = reverse("sessions:use_lot", args=[session.public_id])
        self.helper.layout = Layout("lot", "count", Submit("use", _("Note this lot"), css_class="plain"))

    def clean_lot(self):
        return self.fields["lot"].lot_of(self.cleaned_data["lot"])


class MachineForm(SeenForm):
    """The machine, the skin and the anaesthetic's times of this session."""

    SEEN = ("machine", "speed_hz", "voltage_v", "viscosity", "skin", "anaesthetic_on_at", "anaesthetic_off_at")

    machine = forms.CharField(label=_("Machine"), required=False, max_length=80)
    speed_hz = forms.DecimalField(
        label=_("Speed"),
        required=False,
        max_digits=5,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"data-unit": "Hz", "step": "5", "data-stepper": "yes", "min": 0}),
    )
    voltage_v = forms.DecimalField(
        label=_("Voltage"),
        required=False,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"data-unit": "V", "step": "0.5", "data-stepper": "yes", "min": 0}),
    )
    viscosity = forms.ChoiceField(
        label=_("Viscosity of the mix"),
        required=False,
        choices=words.choices(words.VISCOSITIES, empty=_("Not said")),
        widget=forms.RadioSelect,
    )
    resistance = forms.ChoiceField(
        label=_("How the scalp takes the needle"),
        required=False,
        choices=words.choices(words.RESISTANCES, empty=_("Not said")),
        widget=forms.RadioSelect(attrs={"data-field": "skin"}),
    )
    states = forms.MultipleChoiceField(
        label=_("Skin today"),
        required=False,
        choices=words.choices(words.SKIN_STATES),
        widget=forms.CheckboxSelectMultiple(attrs={"data-field": "skin"}),
    )
    on = DayTimeField(label=_("Anaesthetic on"))
    off = DayTimeField(label=_("Anaesthetic off"))

    def __init__(self, *args, row: TreatmentSession, before: TreatmentSession | None = None, **kwargs):
        """``before``: the session whose machine is carried over while nothing was said of this one's."""
        kwargs["initial"] = machine_as_told(row if row.machine or before is None else before) | skin_as_told(row)
        super().__init__(*args, row=row, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse("sessions:machine", args=[row.public_id])
        self.helper.attrs = {"data-target": "session", "data-next": reverse("sessions:materials", args=[row.public_id])}
        self.helper.layout = Layout(
            "seen",
            "machine",
            Row("speed_hz", "voltage_v"),
            "viscosity",
            "resistance",
            "states",
            Row("on", "off"),
            Submit("save", _("Save"), css_class="plain"),
        )

    def values(self) -> dict:
        """The cleaned values as fields of TreatmentSession."""
        cleaned, day = self.cleaned_data, self.row.appointment.day
        values = {name: cleaned[name] for name in ("machine", "speed_hz", "voltage_v", "viscosity")}
        values["skin"] = [*filter(None, [cleaned["resistance"]]), *cleaned["states"]]
        for name, column in (("on", "anaesthetic_on_at"), ("off", "anaesthetic_off_at")):
            if name in self.changed_data:
                values[column] = moment_on(day, cleaned[name])
        return values

    def add_refused(self, error) -> None:
        """Beside this form's field for the column that was refused."""
        names = {"anaesthetic_on_at": "on", "anaesthetic_off_at": "off", "skin": "states"}
        for column, errors in error.error_dict.items() if hasattr(error, "error_dict") else [(None, error)]:
            name = names.get(column, column)
            self.add_error(name if name in self.fields else None, errors)


def machine_as_told(session: TreatmentSession) -> dict:
    return {name: getattr(session, name) for name in ("machine", "speed_hz", "voltage_v", "viscosity")}


def skin_as_told(session: TreatmentSession) -> dict:
    return {
        "resistance": next((value for value in session.skin if value in set(words.RESISTANCES)), ""),
        "states": [value for value in session.skin if value in set(words.SKIN_STATES)],
        "on": time_of(session.anaesthetic_on_at),
        "off": time_of(session.anaesthetic_off_at),
    }
