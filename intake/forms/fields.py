"""Fields for what people tell: dates as they are spoken, and steps of a form that stand open only when they apply."""

from datetime import date

from crispy_forms.layout import Div
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.dates import ascii_digits, in_words, parse_birth_date, parse_loose_date, problems_with_birth_date

LONGEST_DATE_TEXT = 40
FEWEST_DIGITS_OF_A_PHONE = 5


def validate_phone(text: str) -> None:
    """A number that somebody can be called back on; words beside it ("mother", "ext. 12") are welcome."""
    if sum(letter.isdigit() for letter in ascii_digits(text)) < FEWEST_DIGITS_OF_A_PHONE:
        raise ValidationError(_("This is no phone number: write its digits, so that the clinic can call back."))


class _SpokenDateField(forms.CharField):
    """A date typed in any usual form; shown again as it is read aloud."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": LONGEST_DATE_TEXT} | kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value):
        return in_words(value) if isinstance(value, date) else value

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        self.max_length_check(text)
        try:
            return self.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="date") from error

    def max_length_check(self, text):
        """Before parsing, so that ten thousand letters are not taken for a date and quoted back."""
        if len(text) > LONGEST_DATE_TEXT or "\0" in text:
            raise ValidationError(_("This is not a date. Write it like 3 May 2024."), code="date")

    def run_validators(self, value):
        """A date has no length."""

    def has_changed(self, initial, data):
        return (data or "") != (self.prepare_value(initial) or "")


class BirthDateField(_SpokenDateField):
    """A date of birth; a future one, or one that makes a person older than 130, is refused in words."""

    def parse(self, text):
        today = timezone.localdate()
        try:
            return parse_birth_date(text, on=today)
        except ValueError as error:
            try:
                meant = parse_loose_date(text, on=today)
            except ValueError:
                raise error from None
            raise ValueError(" ".join(problems_with_birth_date(meant, on=today)) or str(error)) from error


class LooseDateField(_SpokenDateField):
    """A date of the course of things, which may lack its day or month: "March 2019", "2019"."""

    def __init__(self, *args, latest=False, may_be_ahead=False, **kwargs):
        self.latest, self.may_be_ahead = latest, may_be_ahead
        super().__init__(*args, **kwargs)
        self.widget.attrs.setdefault("placeholder", _("for example March 2019"))

    def parse(self, text):
        today = timezone.localdate()
        meant = parse_loose_date(text, on=today, latest=self.latest)
        if meant > today and not self.may_be_ahead:
            begun = parse_loose_date(text, on=today)
            if begun > today:
                raise ValueError(_("%(day)s is in the future.") % {"day": in_words(meant)})
            return today  # "2026" said in 2026 cannot mean its last day yet
        return meant


class Seen(forms.IntegerField):
    """The version that was on the screen, so that a second person's answers are not lost."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


def when_ticked(name: str, *details) -> Div:
    """A checkbox with fields below it that matter only when it is ticked (folded by ``static/css/intake.css``)."""
    return Div(name, Div(*details, css_class="opened"), css_class="opens-when-ticked")


def when_yes(name: str, *details) -> Div:
    """A question with fields below it that matter only after a yes."""
    return Div(name, Div(*details, css_class="opened"), css_class="opens-when-yes") if details else Div(name)


def add_refusal(form, error: ValidationError) -> None:
    """Show what an action refused: beside the field where it names one of this form, else above the form."""
    if hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, error)
