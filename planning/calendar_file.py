"""Appointments as calendar files (iCalendar, RFC 5545): the invitation in a mail, and a practitioner's feed.

Plain facts in, bytes out. What a file says of a person is the caller's choice: the patient's says "Appointment", the
staff's feed initials and the session's number, since calendars show on lock screens and lie with other companies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

PRODUCT = "-//clinic//appointments//EN"
REMIND_BEFORE = timedelta(hours=3)


@dataclass(frozen=True)
class CalendarEntry:
    """One visit. ``starts_at``, ``ends_at`` and ``stamp`` are aware moments; ``uid`` never changes, ``sequence``
    grows with each change, so that a calendar replaces what it has."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    stamp: datetime
    summary: str
    location: str = ""
    description: str = ""
    is_cancelled: bool = False


def invitation(entry: CalendarEntry, *, organizer: str, organizer_name: str = "", attendee: str) -> bytes:
    """The file that goes with a mail: METHOD is REQUEST, or CANCEL where the visit is cancelled (RFC 5546).

    ``organizer`` and ``attendee`` are mail addresses; an empty ``organizer_name`` tells no name.
    """
    calendar = _calendar("CANCEL" if entry.is_cancelled else "REQUEST")
    event = _event(entry)
    event["organizer"] = _address(organizer, organizer_name, ROLE="CHAIR")
    event.add(
        "attendee", _address(attendee, "", PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT", RSVP="FALSE"), encode=False
    )
    if not entry.is_cancelled:
        event.add_component(_alarm(entry.summary))
    calendar.add_component(event)
    return calendar.to_ical()


def feed(entries: Iterable[CalendarEntry], *, name: str) -> bytes:
    """A calendar to subscribe to, asked for again each hour."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def published(entries: Iterable[CalendarEntry]) -> bytes:
    """Some visits to put into a calendar once, as short as a code on paper needs it."""
    calendar = _calendar("PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for key, words in (("location", entry.location), ("description", entry.description)):
        if words:
            event.add(key, words)
    return event


def _address(mail: str, name: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    if name:
        address.params["CN"] = vText(name)
    for key, value in parameters.items():
        address.params[key] = vText(value)
    return address


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm
