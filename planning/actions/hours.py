"""Set the weekly hours of a location and of the people who work there."""

from collections.abc import Iterable

from django.db import transaction

from planning.models import WeeklyHours
from smpclinic.models import Location, User
from smpclinic.saving import save_checked


@transaction.atomic
def set_weekly_hours(
    *, location: Location, users: Iterable[User | None], weekdays: Iterable[int], starts_min: int, ends_min: int
) -> list[WeeklyHours]:
    """The same hours on several weekdays for the location (None) and for people; minutes of the local day."""
    days = list(weekdays)
    rows = [
        WeeklyHours(location=location, user=user, weekday=weekday, starts_min=starts_min, ends_min=ends_min)
        for user in users
        for weekday in days
    ]
    for row in rows:
        save_checked(row)
    return rows
