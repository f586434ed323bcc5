"""Forms of a move: where to, and the answer to the question what it means."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.actions.booking import Move
from planning.actions.telling import Told
from planning.forms.booking import OnlyOfferedPlaceField
from planning.forms.calendar import AskedForm
from planning.models import Appointment
from planning.places import BadPlace, ChosenPlace, code_of, place_from
from planning.scheduling import Place

PART = ":"


class WhereForm(AskedForm):
    """Where a visit is to go: an offered ``place``, or a day and time; who is not named stays."""

    place = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].empty_label = _("As now")
        self.fields["room"].empty_label = _("As now, else any free room")
        for name in ("day", "at"):
            self.fields[name].widget.attrs["data-no-optional"] = "yes"
        self.helper = FormHelper()
        self.helper.form_class = "form"
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        look = Submit("look", _("Look at that place"), css_class="plain")
        self.helper.layout = Layout(
            Fieldset(_("Another day or time"), Row("day", "at"), Row("practitioner", "room")), look
        )

    def clean_place(self) -> ChosenPlace | None:
        try:
            return place_from(self.cleaned_data["place"]) if self.cleaned_data["place"] else None
        except BadPlace as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        told = super().clean()
        for name, other in (("day", "at"), ("at", "day")):
            if told.get(other) and not told.get(name) and name not in self.errors:
                self.add_error(name, _("Needed for another day or time."))
        return told

    @property
    def place_code(self) -> ChosenPlace | None:
        """The offered place that was chosen; None where none was, or it cannot be read."""
        return self.cleaned_data.get("place") if self.is_valid() else None


class MoveForm(forms.Form):
    """The answer. ``sequence`` is how often the visit had been moved when the page was opened: a stale page moves none.

    ``also``: where the later sessions go, as ``also_code`` wrote it.
    """

    place = OnlyOfferedPlaceField(label=gettext_lazy("When"))
    sequence = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    told = forms.ChoiceField(choices=[(each.value, each.value) for each in Told], required=False)
    also = forms.CharField(max_length=200, required=False)

    def __init__(self, *args, later: list[Appointment], **kwargs):
        super().__init__(*args, **kwargs)
        self.later = {visit.planned_session.number: visit for visit in later if visit.planned_session}

    def clean_told(self) -> Told | None:
        return Told(self.cleaned_data["told"]) if self.cleaned_data["told"] else None

    def clean_also(self) -> list[Move]:
        try:
            return [self._move(part) for part in self.cleaned_data["also"].split()]
        except (BadPlace, KeyError, ValueError) as error:
            raise forms.ValidationError(_("The later sessions have changed meanwhile. Look again.")) from error

    def _move(self, part: str) -> Move:
        number, sequence, code = part.split(PART)
        visit, place = self.later[int(number)], place_from(code)
        return Move(visit, place.practitioner, place.room, place.starts_min, visit.minutes, int(sequence))


def also_code(visits: tuple[Appointment, ...], places: tuple[Place, ...]) -> str:
    """Where the later sessions go, as one text for ``MoveForm``."""
    return " ".join(
        PART.join((str(visit.planned_session.number), str(visit.sequence), code_of(place)))
        for visit, place in zip(visits, places, strict=True)
    )
