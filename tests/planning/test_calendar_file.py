"""Calendar files: what a mail's invitation and a practitioner's feed say, read back by a parser."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from planning.calendar_file import CalendarEntry, feed, invitation

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


class SecondReader:
    """RFC 5545, 3.1 and 3.3.11, read by hand: unfolded lines, parts nested rightly, escapes undone."""

    def __init__(self, file: bytes):
        text = file.decode()
        assert text.endswith("\r\n")
        assert not re.search(r"(?<!\r)\n", text)
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        self.lines = text.replace("\r\n ", "").split("\r\n")[:-1]
        self.check_nesting()

    def check_nesting(self):
        open_parts = []
        for line in self.lines:
            if line.startswith("BEGIN:"):
                open_parts.append(line[6:])
            elif line.startswith("END:"):
                assert open_parts.pop() == line[4:]
        assert not open_parts

    def line(self, name: str) -> str:
        return next(line for line in self.lines if re.match(rf"{name}[;:]", line))

    def value(self, name: str) -> str:
        return self.line(name).partition(":")[2]


def test_a_second_reader_finds_the_same():
    read = SecondReader(invited(description="a, b; c\n" * 20, sequence=2))
    assert (read.value("METHOD"), read.value("UID"), read.value("SEQUENCE")) == ("REQUEST", "visit-1@smpclinic", "2")
    assert (read.value("DTSTART"), read.value("DTEND")) == ("20260329T080000Z", "20260329T084500Z")
    assert read.value("ORGANIZER") == "mailto:desk@clinic.example"
    plain = re.sub(r"\\([\\,;])", r"\1", re.sub(r"\\[nN]", "\n", read.line("DESCRIPTION")))
    assert plain == "DESCRIPTION:" + "a, b; c\n" * 20
