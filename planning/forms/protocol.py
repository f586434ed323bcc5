"""The treatment defaults as a form: every number of the protocol, its label, its unit, and what it is for."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from planning.protocol import BOUNDS, DEFAULT_PROTOCOL, PACE_SOURCES, Protocol, problems_by_field

PACE_LABELS = {
    "learned_when_enough": _(
        "The pace learned from signed sessions, once there are enough; before that the usual pace"
    ),
    "formula": _("Always the usual pace"),
    "learned": _("Always the learned pace, however few the sessions"),
}
MINUTES, DOTS, DAYS = "min", "dots/cm²", "days"
# name: (label, unit, help)
NUMBERS = {
    "bare_dots_per_cm2": (_("Bare skin"), DOTS, ""),
    "among_hair_dots_per_cm2": (_("Among kept hair"), DOTS, ""),
    "scar_dots_per_cm2": (_("Scar"), DOTS, ""),
    "most_dots_per_cm2": (
        _("Warn above"),
        DOTS,
        _("Counted over the plan and the touch-ups of two years. A warning, never a bar."),
    ),
    "touch_up_share": (_("Touch-up"), "", _("The part of the plan's dots that one touch-up places.")),
    "pace_dots_per_min": (_("Usual pace"), _("dots/min"), _("Published paces run from 58 to 117.")),
    "learned_from_sessions": (_("Enough means"), _("sessions"), _("Signed by the practitioner of the plan.")),
    "hairline_band_factor": (_("Hairline band"), "", ""),
    "temples_factor": (_("Temples"), "", ""),
    "scar_factor": (_("Scar"), "", ""),
    "among_hair_factor": (_("Among kept hair"), "", ""),
    "break_every_min": (_("A break after"), MINUTES, ""),
    "break_min": (_("Length of a break"), MINUTES, ""),
    "arrival_min": (_("Arrival, checks, photos"), MINUTES, ""),
    "hairline_design_min": (_("Hairline design"), MINUTES, _("Session 1, where band or temples are treated.")),
    "paperwork_min": (_("Paperwork"), MINUTES, _("Session 1, without an earlier consultation.")),
    "photos_and_aftercare_min": (_("Photos and aftercare talk"), MINUTES, ""),
    "round_up_to_min": (_("Round up to"), MINUTES, ""),
    "shortest_booking_min": (_("Shortest booking"), MINUTES, ""),
    "longest_usual_min": (
        _("Longer wants a reason"),
        MINUTES,
        _("A session above this needs the practitioner's reason."),
    ),
    "gap_days": (
        _("At least between two sessions"),
        DAYS,
        _("2 is the rule of the treatment: you may raise it, never lower it."),
    ),
    "recommended_gap_days": (_("Recommended: shaved look"), DAYS, ""),
    "recommended_gap_hair_days": (_("Recommended: kept hair"), DAYS, ""),
    "recommended_gap_scar_days": (_("Recommended: scar"), DAYS, ""),
    "recommended_most_days": (_("Recommended at most"), DAYS, ""),
    "touch_up_after_days": (_("Touch-up not before"), DAYS, _("After the last session of the plan.")),
}
SHARES = {"shares_of_two": 2, "shares_of_three": 3}


class ProtocolForm(forms.Form):
    """Every number of the treatment protocol. ``protocol`` is what counts now."""

    pace_from = forms.ChoiceField(
        label=_("Visits are booked by"),
        choices=[(source, PACE_LABELS[source]) for source in PACE_SOURCES],
        widget=forms.RadioSelect(attrs={"data-layout": "stacked"}),
    )

    def __init__(self, *args, protocol: Protocol, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, unit, text) in NUMBERS.items():
            self.fields[name] = _number(name, label, unit, text)
            self.initial.setdefault(name, getattr(protocol, name))
        for name in SHARES:
            for number, share in enumerate(getattr(protocol, name), start=1):
                self.fields[f"{name}_{number}"] = _share(number)
                self.initial.setdefault(f"{name}_{number}", share)
        self.initial.setdefault("pace_from", protocol.pace_from)
        self.helper = FormHelper()
        self.helper.layout = _layout()

    def clean(self):
        cleaned = self.cleaned_data
        if not self.errors:
            for name, problems in problems_by_field(self.protocol()).items():
                for problem in problems:
                    self.add_error(f"{name}_1" if name in SHARES else name, problem)
        return cleaned

    def protocol(self) -> Protocol:
        """What was typed, as a protocol; ask ``is_valid`` first."""
        told = self.cleaned_data
        shares = {
            name: tuple(told[f"{name}_{number}"] for number in range(1, count + 1)) for name, count in SHARES.items()
        }
        return Protocol(pace_from=told["pace_from"], **{name: told[name] for name in NUMBERS}, **shares)


def _number(name: str, label, unit, text) -> forms.Field:
    least, most = BOUNDS[name]
    is_whole = isinstance(getattr(DEFAULT_PROTOCOL, name), int)
    attrs = {"min": str(least), "max": str(most), "step": "1" if is_whole or unit in (DOTS,) else "any"}
    widget = forms.NumberInput(attrs=attrs | ({"data-unit": unit} if unit else {}))
    if is_whole:
        return forms.IntegerField(label=label, help_text=text, widget=widget)
    places = 0 if unit == DOTS else 2
    return forms.DecimalField(label=label, help_text=text, max_digits=12, decimal_places=places, widget=widget)


def _share(number: int) -> forms.Field:
    widget = forms.NumberInput(attrs={"min": "0.01", "max": "1", "step": "0.01"})
    label = _("Session %(number)s") % {"number": number}
    return forms.DecimalField(label=label, max_digits=4, decimal_places=2, widget=widget)


def _layout() -> Layout:
    return Layout(
        Fieldset(
            _("Target density of the whole plan"),
            Row("bare_dots_per_cm2", "among_hair_dots_per_cm2", "scar_dots_per_cm2"),
            "most_dots_per_cm2",
        ),
        Fieldset(_("Part of the dots in each of 3 sessions"), Row(*_shares("shares_of_three"))),
        Fieldset(
            _("Part of the dots in each of 2 sessions, and in a touch-up"),
            Row(*_shares("shares_of_two"), "touch_up_share"),
        ),
        Fieldset(_("Pace"), "pace_from", Row("pace_dots_per_min", "learned_from_sessions")),
        Fieldset(
            _("Slower work, as a part of the pace"),
            Row("hairline_band_factor", "temples_factor", "scar_factor", "among_hair_factor"),
        ),
        Fieldset(
            _("Minutes of a session beside the needle"),
            Row("arrival_min", "photos_and_aftercare_min"),
            Row("hairline_design_min", "paperwork_min"),
            Row("break_every_min", "break_min"),
        ),
        Fieldset(_("Booking"), Row("round_up_to_min", "shortest_booking_min", "longest_usual_min")),
        Fieldset(
            _("Days between sessions"),
            "gap_days",
            Row("recommended_gap_days", "recommended_gap_hair_days", "recommended_gap_scar_days"),
            Row("recommended_most_days", "touch_up_after_days"),
        ),
        Submit("save", _("Save the treatment defaults")),
    )


def _shares(name: str) -> list[str]:
    return [f"{name}_{number}" for number in range(1, SHARES[name] + 1)]


def label_of(name: str) -> str:
    """What a number of the protocol is called on the page."""
    if name in NUMBERS:
        label, unit, _text = NUMBERS[name]
        return f"{label} ({unit})" if unit else str(label)
    labels = {
        "shares_of_two": _("Parts of 2 sessions"),
        "shares_of_three": _("Parts of 3 sessions"),
        "pace_from": _("Visits are booked by"),
    }
    return str(labels.get(name, name))


def value_in_words(name: str, text: str) -> str:
    """A kept value of the protocol, as the trail holds it, in words."""
    if name == "pace_from":
        return str(PACE_LABELS.get(text, text))
    return text.strip("[]").replace("'", "") if name in SHARES else text
