"""What a practitioner decides for the whole plan, and the small forms of its page."""

import json
from decimal import Decimal
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from intake.models import Photo
from planning.hairline_photo import as_values, on_photo
from planning.hairline_words import HairlineShape
from planning.models import PlanVersion, ShadeStep
from planning.models.plan import Look, PlanKind
from planning.money import amount, minor_units, places_of
from planning.scalp_views import is_place
from smpclinic.models import User
from smpclinic.widgets import PictureChoice

LARGEST_PRICE_DIGITS = 12
MOST_POINTS = 40


class PhotoSelect(forms.Select):
    """Photos to choose from; each option carries the address of its picture."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        if value:
            option["attrs"]["data-url"] = reverse("intake:photo", args=[value.value])
        return option


class PlanForm(forms.Form):
    """Everything of a version but its zones."""

    look = forms.ChoiceField(label=_("Look"), choices=Look.choices, widget=forms.RadioSelect, initial=Look.SHAVED)
    hairline_shape = forms.ChoiceField(
        label=_("Hairline"),
        required=False,
        choices=[("", _("Stays as it is")), *HairlineShape.choices],
        widget=PictureChoice(
            attrs={"data-no-optional": "yes"},
            pictures={shape: f"planning/hairlines/{shape or 'none'}.svg" for shape in ("", *HairlineShape.values)},
        ),
    )
    hairline_height_mm = forms.IntegerField(
        label=_("Height above the brow"),
        required=False,
        min_value=30,
        max_value=150,
        widget=forms.NumberInput(attrs={"data-unit": "mm"}),
        help_text=_(
            "From the glabella, the point between the brows, to the middle of the hairline. Often 60 to 80 mm."
        ),
    )
    hairline_points = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)
    hairline_photo = forms.ModelChoiceField(
        Photo.objects.none(),
        label=_("Photo"),
        required=False,
        to_field_name="public_id",
        empty_label=_("On the map alone"),
        widget=PhotoSelect,
    )
    hairline_on_photo = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)
    shade_step = forms.ModelChoiceField(
        ShadeStep.objects.filter(is_active=True),
        label=_("Target shade"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect(attrs={"data-no-optional": "yes"}),
        help_text=_("Chosen against the existing hair and the skin. Session 1 starts one step lighter."),
    )
    head_circumference_cm = forms.DecimalField(
        label=_("Head circumference"),
        min_value=40,
        max_value=75,
        max_digits=4,
        decimal_places=1,
        initial=Decimal("57.0"),
        widget=forms.NumberInput(attrs={"data-unit": "cm", "step": "0.1"}),
        help_text=_("Scales every area that was not measured."),
    )
    session_count = forms.TypedChoiceField(
        label=_("Number of sessions"),
        coerce=int,
        choices=[(3, _("3 sessions")), (2, _("2 sessions"))],
        widget=forms.RadioSelect,
        initial=3,
    )
    consulted_before = forms.BooleanField(
        label=_("The paperwork was done at an earlier consultation"), required=False, initial=True
    )
    long_session_reason = forms.CharField(
        label=_("Reason for a session over 4 hours"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "data-no-optional": "yes"}),
    )
    practitioner = forms.ModelChoiceField(User.objects.none(), label=_("Practitioner"), empty_label=None)
    price = forms.DecimalField(
        label=_("Price of the whole plan"),
        required=False,
        min_value=0,
        max_digits=LARGEST_PRICE_DIGITS,
        widget=forms.NumberInput(attrs={"data-no-optional": "yes"}),
        help_text=_("Leave it empty to take the price of the list. The patient agrees to it."),
    )
    price_reason = forms.CharField(
        label=_("Why another price than the list's"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"data-no-optional": "yes"}),
    )
    deposit = forms.DecimalField(
        label=_("Deposit asked"),
        required=False,
        min_value=0,
        max_digits=LARGEST_PRICE_DIGITS,
        widget=forms.NumberInput(attrs={"data-no-optional": "yes"}),
        help_text=_("Part of the price; it holds the dates."),
    )
    note = forms.CharField(
        label=_("Note for staff"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    new_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, currency: str, kind: str = PlanKind.PLAN, photos=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hairline_photo"].queryset = Photo.objects.none() if photos is None else photos
        self.currency, self.kind = currency, kind
        self.fields["practitioner"].queryset = User.objects.practitioners()
        places = places_of(currency)
        for name in ("price", "deposit"):
            self.fields[name].widget.attrs |= {"data-unit": currency, "step": str(Decimal(1).scaleb(-places))}
        if kind == PlanKind.TOUCH_UP:
            self.fields["session_count"].choices = [(1, _("1 session"))]
            self.initial["session_count"] = 1

    def shades(self) -> list[dict]:
        """The steps of the ladder with their radio button and how strong a dot of theirs is drawn."""
        options = [(option, option.data["value"].instance) for option in self["shade_step"]]
        return [{"option": option, "step": step, "opacity": swatch_opacity(step)} for option, step in options]

    def clean_price(self):
        return self._amount("price")

    def clean_deposit(self):
        return self._amount("deposit")

    def _amount(self, name: str) -> Decimal | None:
        typed = self.cleaned_data[name]
        try:
            if typed is not None:
                minor_units(typed, self.currency)
        except ValueError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return typed

    def clean_hairline_points(self):
        """The points of a drawn hairline: [[x, y], ...] in the units of the front view, whole numbers."""
        text = self.cleaned_data["hairline_points"]
        try:
            points = json.loads(text or "[]")
        except (ValueError, RecursionError) as error:
            raise _not_drawn() from error
        if not isinstance(points, list) or len(points) > MOST_POINTS or not all(map(_is_point, points)):
            raise _not_drawn()
        return points

    def clean_hairline_on_photo(self):
        """The line on the photo as planning.hairline_photo keeps it; empty without a photo."""
        text = self.cleaned_data["hairline_on_photo"]
        if not text or not self.cleaned_data.get("hairline_photo"):
            return {}
        try:
            return as_values(on_photo(json.loads(text)))
        except (ValueError, RecursionError, TypeError) as error:
            raise forms.ValidationError(_photo_words(error)) from error

    def clean(self):
        cleaned = self.cleaned_data
        if cleaned.get("hairline_shape") == HairlineShape.CUSTOM and not cleaned.get("hairline_points"):
            self.add_error("hairline_shape", _("Draw the custom hairline on the front view, or choose a shape."))
        return cleaned

    def _minor(self, name: str) -> int | None:
        typed = self.cleaned_data[name]
        return None if typed is None else minor_units(typed, self.currency)

    def version_fields(self) -> dict:
        """The cleaned values as fields of PlanVersion."""
        cleaned = self.cleaned_data
        names = ("look", "hairline_shape", "hairline_height_mm", "shade_step", "head_circumference_cm", "session_count")
        names += ("consulted_before", "long_session_reason", "note", "price_reason")
        is_drawn = cleaned["hairline_shape"] == HairlineShape.CUSTOM
        on_photo = cleaned["hairline_on_photo"] if cleaned["hairline_shape"] else {}
        return {name: cleaned[name] for name in names} | {
            "price_minor": self._minor("price"),
            "deposit_minor": self._minor("deposit"),
            "hairline_points": cleaned["hairline_points"] if is_drawn else [],
            "hairline_on_photo": on_photo,
            "hairline_photo": cleaned["hairline_photo"] if on_photo else None,
        }


def swatch_opacity(step: ShadeStep) -> str:
    """How opaque a dot of this step is drawn, 0.15 to 0.90: a picture of the order of steps, not of healed skin."""
    return f"{min(Decimal('0.90'), Decimal('0.15') + step.pigment_percent * Decimal('0.0175')):.2f}"


def _not_drawn() -> forms.ValidationError:
    return forms.ValidationError(_("The drawn hairline did not arrive whole. Please draw it again."))


def _photo_words(error: Exception) -> str:
    """What on_photo said; a text that is no JSON at all says nothing a person could read."""
    is_ours = type(error) is ValueError
    return str(error) if is_ours else _("The hairline on the photo did not arrive whole. Please draw it again.")


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(map(is_place, point))


def initial_of(version: PlanVersion) -> dict:
    """What stands in the form for a version that is there."""
    names = ("look", "hairline_shape", "hairline_height_mm", "shade_step", "head_circumference_cm", "session_count")
    names += ("consulted_before", "long_session_reason", "note", "price_reason")
    price, deposit = version.price_minor, version.deposit_minor
    on_photo = version.hairline_on_photo | {"by_hand": True} if version.hairline_photo else None
    return {name: getattr(version, name) for name in names} | {
        "hairline_points": json.dumps(version.hairline_points) if version.hairline_points else "",
        "hairline_photo": version.hairline_photo and version.hairline_photo.public_id,
        "hairline_on_photo": json.dumps(on_photo) if on_photo else "",
        "practitioner": version.plan.practitioner_id,
        "price": None if price is None else amount(price, version.currency),
        "deposit": None if deposit is None else amount(deposit, version.currency),
    }


def initial_of_new(*, user: User, circumference_cm: Decimal | None, look: str) -> dict:
    """What stands in the form of a plan to be: a key of its own makes a second press find the first plan."""
    return {
        "practitioner": user.pk,
        "head_circumference_cm": circumference_cm or Decimal("57.0"),
        "look": look,
        "new_id": uuid4(),
    }


class ApproveForm(forms.Form):
    """Approval of exactly what was read."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)


class StopForm(forms.Form):
    reason = forms.CharField(label=_("Why is it stopped?"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class AgreeForm(forms.Form):
    """The patient's signature: drawn, or the typed name alone."""

    signed_name = forms.CharField(
        label=_("Your full name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    strokes = forms.CharField(label=_("Your signature"), required=False, widget=forms.HiddenInput, max_length=200_000)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
