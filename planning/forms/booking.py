"""Forms of the desk: a call, a visit for a known patient, a move, a cancellation, a series."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.forms.fields import validate_phone
from planning.availability import WEEKDAY_NAMES, LocalTimeProblem, local_to_minutes
from planning.places import MOST_DAYS_AWAY, BadPlace, ChosenPlace, place_from
from planning.scheduling import Wishes
from smpclinic.models import ClinicProfile, Room, User

OTHER = "other"
PLACE_FIELDS = ("place", "day", "at", "practitioner", "room")  # what says where, in every form that asks for a place
NOON_MIN = 12 * 60


def validate_day(day) -> None:
    """Booking looks two years ahead at most; a slip in the year is said beside the field."""
    today = timezone.localdate()
    if not today - timedelta(days=MOST_DAYS_AWAY) <= day <= today + timedelta(days=MOST_DAYS_AWAY):
        raise forms.ValidationError(_("Check the year: choose a day within two years of today."))


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OfferedPlaces:
    """A form whose ``place`` is one of those offered; they are looked for only where the form is shown."""

    def offer(self, choices) -> None:
        """Show these places, (code, words) each, the first chosen."""
        self.fields["place"].choices = [*choices, *self.other_choices]
        if choices:
            self.initial.setdefault("place", choices[0][0])
        self.has_places = bool(choices)

    other_choices = ()


class OfferedPlaceField(forms.ChoiceField):
    """Radio buttons of offered places. A place that was offered before counts too: booking judges it again."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.RadioSelect(attrs={"data-layout": "stacked"}), **kwargs)

    def validate(self, value):
        forms.Field.validate(self, value)

    def without(self, code) -> None:
        """What it means that none of the offered places was chosen: another one is asked for."""

    def clean(self, value):
        code = super().clean(value)
        if code in ("", OTHER):
            return self.without(code)
        try:
            return place_from(code)
        except BadPlace as error:
            raise forms.ValidationError(str(error)) from error


class OnlyOfferedPlaceField(OfferedPlaceField):
    """As above, where nothing else can be asked for."""

    def without(self, code):
        raise forms.ValidationError(_("Choose one of the places."))


class CallForm(OfferedPlaces, forms.Form):
    """Name and phone, and the first of the next free consultations is chosen already."""

    full_name = forms.CharField(
        label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        validators=[validate_phone],
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    place = OnlyOfferedPlaceField(label=_("Consultation"))
    known = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = Layout(
            Row("full_name", "phone"), "place", Row("email", "note"), "known", Submit("save", _("Register and book"))
        )


class PlaceForm(OfferedPlaces, forms.Form):
    """One of the offered places, or another day, time, practitioner and room."""

    place = OfferedPlaceField(label=_("When"))
    day = forms.DateField(label=_("Day"), required=False, widget=date_input(), validators=[validate_day])
    at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
    )
    practitioner = forms.ModelChoiceField(label=_("Practitioner"), queryset=User.objects.none(), required=False)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False)
    submit_label = _("Book")
    other_choices = ((OTHER, _("Another day or time, given below")),)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = User.objects.practitioners()
        self.fields["room"].queryset = Room.objects.filter(is_active=True).select_related("location")
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.layout = self.layout()

    def layout(self):
        other = Fieldset(_("Another day or time"), Row("day", "at"), Row("practitioner", "room"))
        return Layout(*self.first_fields(), "place", other, Submit("save", self.submit_label))

    def first_fields(self):
        return ()

    def clean(self):
        cleaned = super().clean()
        if "place" in cleaned and cleaned["place"] is None:
            cleaned["place"] = self._other_place(cleaned)
        return cleaned

    def _other_place(self, cleaned) -> ChosenPlace | None:
        missing = [
            name for name in ("day", "at", "practitioner", "room") if not cleaned.get(name) and name not in self.errors
        ]
        for name in missing:
            self.add_error(name, _("Needed for another day or time."))
        if missing or self.errors:
            return None
        try:
            starts_min = local_to_minutes(cleaned["day"], cleaned["at"], ClinicProfile.current().zone)
        except LocalTimeProblem as error:
            self.add_error("at", str(error))
            return None
        return ChosenPlace(starts_min, cleaned["practitioner"], cleaned["room"])


class VisitForm(PlaceForm):
    """Any visit of a known patient: a kind that needs no plan, or a session of a plan that has no visit yet."""

    kind = forms.ChoiceField(
        label=_("What"),
        error_messages={
            "invalid_choice": _("This has its visit already, or its plan is no longer open. Choose what to book.")
        },
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args, wanted, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.code, each.label) for each in wanted]

    def first_fields(self):
        return ("kind", "note")


class WalkInForm(OfferedPlaces, forms.Form):
    """Who is here now: what for, and with whom who is free."""

    kind = forms.ChoiceField(label=_("What"))
    place = OnlyOfferedPlaceField(label=_("Who is free"))
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args, wanted, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.code, each.label) for each in wanted]
        self.helper = FormHelper()
        self.helper.form_class = "form"
        look_again = Submit("look", _("Show who is free for this"), css_class="plain")
        self.helper.layout = Layout("kind", "place", "note", Submit("save", _("Arrived")), look_again)


class CancelForm(forms.Form):
    """Why, and who gives it up: only what the patient gives up can be late."""

    WHO = (("patient", _("The patient")), ("clinic", _("We, the clinic")))

    who = forms.ChoiceField(label=_("Who cancels"), choices=WHO, initial="patient", widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=400)


class StateForm(forms.Form):
    """The next state of a visit; which are possible is the lifecycle's word."""

    state = forms.CharField(max_length=20)


class KindForm(forms.Form):
    """What the address asks to book; anything unknown is the first of what can be booked, a consultation."""

    kind = forms.CharField(max_length=40, required=False)

    def chosen(self, wanted):
        code = self.cleaned_data.get("kind") if self.is_valid() else ""
        return next((each for each in wanted if each.code == code), wanted[0])


class SeriesWishesForm(forms.Form):
    """What the patient wishes for the whole series."""

    PARTS = (("", _("Any time")), ("morning", _("Mornings")), ("afternoon", _("Afternoons")))

    earliest = forms.DateField(label=_("Not before"), required=False, widget=date_input(), validators=[validate_day])
    practitioner = forms.ModelChoiceField(
        label=_("Practitioner"), queryset=User.objects.none(), required=False, empty_label=_("Anyone qualified")
    )
    part = forms.ChoiceField(label=_("Time of day"), choices=PARTS, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        required=False,
        choices=[(number, _(name)) for number, name in enumerate(WEEKDAY_NAMES)],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = User.objects.practitioners()
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row("earliest", "practitioner", "part"),
            "weekdays",
            Submit("propose", _("Propose dates"), css_class="plain"),
        )

    def wishes(self) -> Wishes:
        """The wishes as the scheduling module reads them; an unreadable form wishes nothing."""
        told = self.cleaned_data
        return Wishes(
            weekdays=frozenset(told.get("weekdays") or ()),
            from_min=NOON_MIN if told.get("part") == "afternoon" else None,
            until_min=NOON_MIN if told.get("part") == "morning" else None,
        )


class SeriesForm(forms.Form):
    """The chosen series: places in the order of their sessions, joined by a space."""

    places = forms.CharField(max_length=200)

    def clean_places(self) -> list[ChosenPlace]:
        try:
            return [place_from(code) for code in self.cleaned_data["places"].split()]
        except BadPlace as error:
            raise forms.ValidationError(str(error)) from error
