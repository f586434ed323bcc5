"""Times of the day of a visit, on the clinic's clock."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone


class DayTimeField(forms.TimeField):
    """A time typed as 14:30; it belongs to the day of the visit."""

    def __init__(self, **kwargs):
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**{"required": False, "widget": widget} | kwargs)


def time_of(moment: datetime | None) -> time | None:
    """The clinic's clock at a moment, to the minute."""
    return None if moment is None else timezone.localtime(moment).time().replace(second=0, microsecond=0)


def moment_on(day: date, at: time | None) -> datetime | None:
    """The moment at which the clinic's clock shows ``at`` on ``day``."""
    return None if at is None else timezone.make_aware(datetime.combine(day, at))
