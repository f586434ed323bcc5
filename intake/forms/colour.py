"""Marking places of a photo, by a click on it or by figures, and the places marked so far."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

MARKS = (("card", _("Grey card")), ("hair", _("Hair")), ("skin", _("Skin")))
NAMES = tuple(name for name, _label in MARKS)
Place = tuple[float, float]


class PlaceField(forms.RegexField):
    """A place already marked, in thousandths of the photo's width and height: "412,87"."""

    def __init__(self):
        super().__init__(r"^\d{1,4},\d{1,4}\Z", required=False, widget=forms.HiddenInput)


class MarkForm(forms.Form):
    """One more place to mark; ``places`` holds all that are marked then, as shares 0-1."""

    mark = forms.ChoiceField(
        label=_("What are you marking?"), choices=MARKS, widget=forms.RadioSelect, required=False, initial="card"
    )
    across = forms.DecimalField(
        label=_("Across"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"data-unit": "%", "step": "0.5", "data-no-optional": "yes"}),
        help_text=_("From the left edge."),
    )
    down = forms.DecimalField(
        label=_("Down"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"data-unit": "%", "step": "0.5", "data-no-optional": "yes"}),
        help_text=_("From the top edge."),
    )
    shown_px = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)
    card, hair, skin = PlaceField(), PlaceField(), PlaceField()

    def __init__(self, data=None, *, width_px: int, height_px: int, shown_px: int, **kwargs):
        super().__init__(data, initial={"shown_px": shown_px}, **kwargs)
        self.width_px, self.height_px, self.usual_px = width_px, height_px, shown_px

    def clean(self):
        cleaned = self.cleaned_data
        by_hand = cleaned.get("across") is not None or cleaned.get("down") is not None
        if by_hand and None in (cleaned.get("across"), cleaned.get("down")) and not self.errors:
            self.add_error("down", _("Give both: how far across, and how far down."))
        if "at.x" in self.data and not self._clicked():
            self.add_error(None, _("Click or touch the place on the photo, or give it in figures below."))
        return cleaned

    def places(self) -> dict[str, Place]:
        """Every place that is marked now; a new mark of a kind replaces the one before it."""
        cleaned = self.cleaned_data
        found = {name: _place(cleaned[name]) for name in NAMES if cleaned.get(name)}
        if new := self._clicked() or self._by_hand():
            found[cleaned.get("mark") or "card"] = new
        return found

    def _by_hand(self) -> Place | None:
        across, down = self.cleaned_data.get("across"), self.cleaned_data.get("down")
        return None if across is None or down is None else (float(across / 100), float(down / 100))

    def _clicked(self) -> Place | None:
        """Where the photo was clicked. A key pressed on it sends 0, 0, which is no place that was meant."""
        x, y = self.data.get("at.x", ""), self.data.get("at.y", "")
        if not (x.isascii() and x.isdigit() and y.isascii() and y.isdigit()) or len(x + y) > 10 or x == y == "0":
            return None
        shown_px = self.cleaned_data.get("shown_px") or self.usual_px
        tall_px = shown_px * self.height_px / self.width_px
        return min(1.0, int(x) / shown_px), min(1.0, int(y) / tall_px)


def written(place: Place) -> str:
    """A place as the form carries it."""
    return ",".join(str(round(share * 1000)) for share in place)


def _place(text: str) -> Place:
    x, y = (Decimal(part) / 1000 for part in text.split(","))
    return min(1.0, float(x)), min(1.0, float(y))
