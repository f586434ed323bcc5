"""When the invented clinic is open: also while somebody tries it, so that its day is never over or yet to come."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from planning.actions.hours import set_weekly_hours
from smpclinic.models import ClinicProfile, Location, User

OPEN_MIN, CLOSE_MIN = 9 * 60, 19 * 60
AROUND_MIN = 5 * 60
DAY_MIN = 24 * 60
STEP_MIN = 15


def open_today(now_min: int) -> tuple[int, int]:
    """From when to when, in minutes since midnight: nine to seven, or longer where now would be near an end of it.

    >>> open_today(14 * 60), open_today(20 * 60 + 10)
    ((540, 1140), (540, 1440))
    """
    # A patient comes some minutes before the visit, and never on the day before it.
    opens = max(STEP_MIN, min(OPEN_MIN, _whole_hour(now_min - AROUND_MIN)))
    return opens, min(DAY_MIN, max(CLOSE_MIN, _whole_hour(now_min + AROUND_MIN)))


def _whole_hour(minutes: int) -> int:
    return minutes // 60 * 60


def around_now(offsets: Iterable[int], now: datetime) -> list[datetime]:
    """Clinic-local moments so many minutes from now, on a quarter of an hour of today, while the clinic is open."""
    here = timezone.localtime(now, ClinicProfile.current().zone)
    opens, closes = open_today(here.hour * 60 + here.minute)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes - 60)
    quarter = here - timedelta(minutes=here.minute % STEP_MIN, seconds=here.second, microseconds=here.microsecond)
    return [min(max(quarter + timedelta(minutes=offset), first), last) for offset in offsets]


def set_hours(location: Location, people: tuple[User, ...], now: datetime) -> None:
    """Open every day; two practitioners rest at each end of the week, but not today: then everybody works."""
    here = timezone.localtime(now, ClinicProfile.current().zone)
    today = here.weekday()
    usual = {"location": location, "starts_min": OPEN_MIN, "ends_min": CLOSE_MIN}
    set_weekly_hours(users=[None], weekdays=[day for day in range(7) if day != today], **usual)
    set_weekly_hours(users=people[:2], weekdays=[day for day in range(6) if day != today], **usual)
    set_weekly_hours(users=people[2:], weekdays=[day for day in (0, 2, 3, 4, 5, 6) if day != today], **usual)
    opens, closes = open_today(here.hour * 60 + here.minute)
    set_weekly_hours(location=location, users=[None, *people], weekdays=[today], starts_min=opens, ends_min=closes)
