"""A small clinic that is open, and minutes on its clock."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from planning.actions.hours import set_weekly_hours
from planning.availability import local_to_minutes
from smpclinic.models import ClinicProfile
from tests.make import make_clinic, make_location, make_practitioner, make_room, make_user

MONDAY = date(2035, 1, 8)


@dataclass
class OpenClinic:
    location: object
    room: object
    other_room: object
    practitioner: object
    colleague: object
    reception: object


def open_clinic(**profile) -> OpenClinic:
    """Two practitioners and two rooms, Monday to Saturday from 9 to 18 in Madrid."""
    make_clinic(**{"time_zone": "Europe/Madrid"} | profile)
    location = make_location()
    people = make_practitioner(display_name="Dr Ruiz"), make_practitioner(display_name="Dr Sato")
    set_weekly_hours(location=location, users=[None, *people], weekdays=range(6), starts_min=540, ends_min=1080)
    rooms = make_room(location=location, name="Room 1"), make_room(location=location, name="Room 2")
    return OpenClinic(location, *rooms, *people, make_user())


def minute(day: date = MONDAY, hour: int = 10, minutes: int = 0) -> int:
    """UTC minutes of a local time in the clinic."""
    return local_to_minutes(day, time(hour, minutes), ClinicProfile.current().zone)


def days_later(days: int) -> date:
    return MONDAY + timedelta(days=days)
