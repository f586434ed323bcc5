"""Calendar files: what a mail's invitation and a practitioner's feed say, read back by a parser."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from planning.calendar_file import CalendarEntry, feed, invitation
from tests.strict_calendar import BadCalendar, moment, read_invitation

START = datetime(2026, 3, 29, 8, 0, tzinfo=UTC)


def entry(**facts):
    return CalendarEntry(
        **{
            "uid": "visit-1@smpclinic",
            "sequence": 0,
            "starts_at": START,
            "ends_at": START + timedelta(minutes=45),
            "stamp": datetime(2026, 3, 1, tzinfo=UTC),
            "summary": "Appointment",
        }
        | facts
    )


def invited(**facts):
    return invitation(entry(**facts), organizer="desk@clinic.example", attendee="ana@mail.example")


def event(file: bytes):
    return icalendar.Calendar.from_ical(file).walk("VEVENT")[0]


def test_an_invitation_asks_for_the_visit_with_its_name_and_times():
    calendar = icalendar.Calendar.from_ical(invited(sequence=3))
    told = event(invited(sequence=3))
    assert calendar["method"] == "REQUEST"
    assert (told["uid"], told["sequence"], told["status"]) == ("visit-1@smpclinic", 3, "CONFIRMED")
    assert (told.decoded("dtstart"), told.decoded("dtend")) == (START, START + timedelta(minutes=45))


def test_a_cancelled_visit_is_taken_out_under_the_same_name():
    file = invited(is_cancelled=True, sequence=1)
    assert icalendar.Calendar.from_ical(file)["method"] == "CANCEL"
    assert (event(file)["uid"], event(file)["status"]) == ("visit-1@smpclinic", "CANCELLED")
    assert not event(file).walk("VALARM")


def test_an_unnamed_organizer_stays_unnamed():
    assert "CN" not in event(invited())["organizer"].params


@pytest.mark.parametrize("words", ["Calle 1; a, b\\n c", "line one\nline two", "سارة 髪 👩‍🦲 " * 30, 'a "quoted" word'])
def test_any_words_come_back_as_they_were(words):
    assert event(invited(description=words, location=words))["description"] == words


def test_a_feed_holds_every_visit_and_no_invitation():
    calendar = icalendar.Calendar.from_ical(feed([entry(), entry(uid="visit-2@smpclinic")], name="Visits"))
    assert calendar["method"] == "PUBLISH"
    assert [told["uid"] for told in calendar.walk("VEVENT")] == ["visit-1@smpclinic", "visit-2@smpclinic"]
    assert not any("attendee" in told for told in calendar.walk("VEVENT"))


def test_a_second_reader_finds_the_same():
    words = "a, b; c\\n d\n" * 20
    method, told = read_invitation(invited(description=words, sequence=2))
    assert (method, told.one("UID"), told.one("SEQUENCE")) == ("REQUEST", "visit-1@smpclinic", "2")
    assert (moment(told.one("DTSTART")), moment(told.one("DTEND"))) == (START, START + timedelta(minutes=45))
    assert told.one("ORGANIZER") == "mailto:desk@clinic.example"
    assert told.text("DESCRIPTION") == words


def test_a_second_reader_finds_the_same_visit_cancelled():
    method, told = read_invitation(invited(description="سارة 髪 👩‍🦲 " * 30, is_cancelled=True, sequence=3))
    assert (method, told.one("UID"), told.one("SEQUENCE")) == ("CANCEL", "visit-1@smpclinic", "3")
    assert (told.one("STATUS"), told.parts) == ("CANCELLED", [])


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (b"VERSION:2.0\r\n", b"VERSION:2.0\n", "not CRLF"),
        (b"SUMMARY:", b"SUMMARY:" + b"a" * 70, "octets"),
        (b"SUMMARY:", b"SUMMARY:a; b", "not escaped"),
        (b"UID:visit-1@smpclinic\r\n", b"", "0 UID"),
        (b"SEQUENCE:0\r\n", b"SEQUENCE:0\r\nSEQUENCE:0\r\n", "2 SEQUENCE"),
        (b"DTSTAMP:20260301T000000Z", b"DTSTAMP:20260301T000000", "not a time in UTC"),
        (b"DTSTART:2026", b"DTSTART:2027", "not after"),
        (b"DTSTART:", b"DTSTART;TZID=Europe/Madrid:", "zone"),
        (b"METHOD:REQUEST", b"METHOD:CANCEL", "does not go with"),
        (b"END:VALARM\r\n", b"", "ends something else"),
        (b"mailto:desk@clinic.example", b"desk", "no mail address"),
    ],
)
def test_the_second_reader_refuses_what_breaks_a_rule(right, wrong, said):
    file = invited()
    assert file.count(right) == 1
    with pytest.raises(BadCalendar, match=said):
        read_invitation(file.replace(right, wrong))
