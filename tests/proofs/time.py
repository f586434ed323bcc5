"""What somebody types is what is stored, shown, e-mailed and printed, in every time zone and across clock changes."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from planning import availability
from planning.actions import booking, hours
from planning.clashes import Clash
from planning.models import Appointment
from planning.visit_mail import Occasion, message_for
from sessions.aftercare import CareFacts, Look, care_sheet
from smpclinic.actors import staff
from smpclinic.models import ClinicProfile
from tests import make

# Half-hour summer time, a day left out, odd offsets, summer time in winter, no summer time, far from Greenwich.
HARD = (
    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "Antarctica/Troll", "America/Phoenix",
    "Pacific/Kiritimati", "Pacific/Marquesas", "Europe/Madrid", "America/New_York", "Africa/Cairo", "America/Santiago",
)  # fmt: skip
ZONES, MOMENTS, FULL_MOMENTS = 6, 2, 12
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
HORIZON_DAYS = 730
MINUTES = 45


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    if sabotage:
        _believe_in_the_offset_of_now()
    with time_machine.travel(NOW, tick=False):
        desk = _Desk()
        zones = sorted(available_timezones()) if full else [*HARD, *chance.sample(sorted(available_timezones()), ZONES)]
        found: list[str] = []
        counted = {"visits": 0, "refused": 0}
        for name in zones:
            desk.move_to(name)
            for day, at in _moments(ZoneInfo(name), chance, FULL_MOMENTS if full else MOMENTS):
                outcome, problems = desk.check(day, at)
                counted[outcome] += 1
                found += [f"{name} {day} {at:%H:%M}: {problem}" for problem in problems]
    return {
        "broken": bool(found) or not all(counted.values()),
        "zones": len(zones),
        **counted,
        "differences": len(found),
        "first_differences": found[:5],
    }


def _moments(zone: ZoneInfo, chance: random.Random, count: int):
    """Local times over two years, those around each change of the clock among them."""
    today = NOW.astimezone(zone).date()
    days = [today + timedelta(days=chance.randrange(2, HORIZON_DAYS)) for _each in range(count)]
    yield from ((day, clock(chance.randrange(23), chance.choice((0, 15, 30, 45)))) for day in days)
    for day in _days_of_change(zone, today):
        yield from ((day, clock(hour, 30)) for hour in (0, 1, 2, 12))
        yield day + timedelta(days=1), clock(9, 0)


def _days_of_change(zone: ZoneInfo, today: date) -> list[date]:
    noons = [datetime.combine(today + timedelta(days=number), clock(12), zone) for number in range(2, HORIZON_DAYS)]
    return [after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset()][:2]


class _Desk:
    """A clinic that never closes, moved from zone to zone; each visit is made, looked at everywhere, and cancelled."""

    def __init__(self):
        make.make_clinic(phone="+34 600 000 000")
        location = make.make_location()
        self.room = make.make_room(location=location)
        self.practitioner = make.make_practitioner(display_name="Dr Ruiz")
        hours.set_weekly_hours(
            location=location, users=[None, self.practitioner], weekdays=range(7), starts_min=0, ends_min=1440
        )
        self.patient = make.make_patient(email="ana@mail.example")
        self.by = staff(make.make_user())
        self.client = Client()
        self.client.force_login(self.by.user)

    def move_to(self, name: str) -> None:
        ClinicProfile.objects.update(time_zone=name)
        self.zone = ZoneInfo(name)

    def check(self, day: date, at: clock) -> tuple[str, list[str]]:
        """What became of one typed time, and every place that tells another one."""
        exists = _exists_once(day, at, self.zone)
        try:
            starts_min = availability.local_to_minutes(day, at, self.zone)
        except availability.LocalTimeProblem:
            return "refused", ["a time that exists once was refused"] if exists else []
        try:
            visit = self._book(starts_min)
        except (ValidationError, Clash) as refusal:
            return "refused", [f"not booked: {refusal}"]
        problems = [] if exists else ["a time that is missing or comes twice was taken"]
        problems += list(self._differences(Appointment.objects.with_people().get(pk=visit.pk), day, at))
        booking.cancel_appointment(appointment=visit, reason="looked at", by=self.by)
        return "visits", problems

    def _book(self, starts_min: int) -> Appointment:
        return booking.book_appointment(
            kind="consultation",
            patient=self.patient,
            practitioner=self.practitioner,
            room=self.room,
            starts_min=starts_min,
            minutes=MINUTES,
            by=self.by,
        )

    def _differences(self, visit: Appointment, day: date, at: clock):
        typed = f"{day:%Y-%m-%d} {at:%H:%M}"
        truth = datetime.combine(day, at, self.zone)
        written = f"{date_format(day, 'l j F Y')}, {at:%H:%M}"
        told = {
            "stored": f"{visit.starts_at:%Y-%m-%d %H:%M}" == typed and visit.day == day,
            "stored in UTC": visit.starts_min * 60 == truth.timestamp(),
            "shown": written in self._page(visit),
            "e-mailed": written in message_for(visit, Occasion.BOOKED).body,
            "in the calendar file": _file_start(visit) == truth,
            "printed": _printed(visit, self.zone) == _hours_later(truth),
        }
        yield from (f"{where} differently" for where, same in told.items() if not same)

    def _page(self, visit: Appointment) -> str:
        page = self.client.get(reverse("planning:appointment", args=[visit.public_id])).content.decode()
        return " ".join(re.sub(r"<[^>]*>", "", page).replace(" ,", ",").split())


def _file_start(visit: Appointment) -> datetime:
    (file, _kind) = message_for(visit, Occasion.BOOKED).alternatives[0]
    return icalendar.Calendar.from_ical(file).walk("VEVENT")[0].decoded("dtstart")


def _printed(visit: Appointment, zone: ZoneInfo) -> tuple[str, str]:
    """From when until when the care sheet says that the redness goes, were the treatment over at this start."""
    sheet = care_sheet(CareFacts(visit.starts_at.astimezone(zone), Look.SHAVED))
    return f"{sheet.redness_gone_from:%d %H:%M}", f"{sheet.redness_gone_by:%d %H:%M}"


def _hours_later(moment: datetime) -> tuple[str, str]:
    utc, zone = moment.astimezone(UTC), moment.tzinfo
    first, last = (f"{(utc + timedelta(hours=hours)).astimezone(zone):%d %H:%M}" for hours in (2, 4))
    return first, last


def _exists_once(day: date, at: clock, zone: ZoneInfo) -> bool:
    """By the standard library's own folds: both readings mean one moment, and it comes back as it went."""
    first, second = (datetime.combine(day, at.replace(fold=fold), zone) for fold in (0, 1))
    comes_back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at)
    return comes_back and first.utcoffset() == second.utcoffset()


def _believe_in_the_offset_of_now() -> None:
    """The mistake that calendars make: today's distance from Greenwich, used for a day beyond a clock change."""
    real = availability.utc_offset_min
    availability.utc_offset_min = lambda _minutes, zone: real(int(NOW.timestamp()) // 60, zone)
    booking.utc_offset_min = availability.utc_offset_min
