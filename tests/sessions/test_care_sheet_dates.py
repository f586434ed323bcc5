"""The dates and times that really stand on the paper: leap day, clock change, year end, three time zones."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planning.models import TimeOff
from sessions import sheets
from smpclinic.pdf import render_pdf
from tests.make import make_appointment, make_clinic, make_plan, make_session, sign
from tests.paper import words_of

pytestmark = pytest.mark.django_db


def paper_of(zone: str, stopped: str, *, look="shaved") -> str:
    """The words of the sheet of a session that stopped at this local time and began an hour before."""
    stopped = datetime.fromisoformat(stopped).replace(tzinfo=ZoneInfo(zone))
    make_clinic(time_zone=zone)
    plan = make_plan(agreed=True, look=look)
    starts_at = stopped - timedelta(hours=1)
    visit = make_appointment(planned_session=plan.planned_sessions.get(number=1), starts_at=starts_at, state="done")
    record = make_session(appointment=visit)
    record.passes.update(started_at=starts_at, stopped_at=stopped)
    sign(record)
    return words_of(render_pdf(sheets.TEMPLATE, sheets.sheet_of(record)))


@pytest.mark.parametrize(
    ("zone", "stopped", "said"),
    [
        pytest.param(
            "Europe/Madrid", "2032-02-27 14:30",
            ("by 16:30-18:30 today", "until Sunday 29 February 2032", "Sat 28 Feb – Tue 2 Mar Days 1 to 4",
             "Wed 3 Mar – Mon 8 Mar Days 5 to 10", "Tue 9 Mar – Sun 28 Mar Days 11 to 30", "from 29 Mar 2032",
             "The earliest day for a next session is Sunday 29 February 2032.", "around 27 February 2036"),
            id="before a leap day",
        ),
        pytest.param(
            "Europe/Madrid", "2032-10-30 23:00",
            ("by 01:00 CEST to 02:00 CET on Sunday 31 October 2032", "after 22:00 on Monday 1 November 2032",
             "Sun 31 Oct – Wed 3 Nov Days 1 to 4", "next session is Monday 1 November 2032."),
            id="over the end of summer time",
        ),
        pytest.param(
            "America/New_York", "2032-12-31 21:30",
            ("by 23:30 today to 01:30 on Saturday 1 January 2033", "Sat 1 Jan – Tue 4 Jan Days 1 to 4",
             "next session is Sunday 2 January 2033.", "after 21:30 on Sunday 2 January 2033"),
            id="over the end of the year, west of London",
        ),
        pytest.param(
            "Asia/Kolkata", "2033-03-26 12:00",
            ("by 14:00-16:00 today", "Saturday 26 March 2033", "Sun 27 Mar – Wed 30 Mar Days 1 to 4"),
            id="half an hour off, without clock changes",
        ),
    ],
)  # fmt: skip
def test_the_paper_tells_real_dates_and_times(zone, stopped, said):
    words = paper_of(zone, stopped)
    assert [each for each in said if each not in words] == []


def test_a_holiday_on_the_earliest_day_is_on_the_paper():
    TimeOff.objects.create(first_day=date(2033, 3, 28), last_day=date(2033, 3, 29), reason="Easter")
    words = paper_of("Asia/Kolkata", "2033-03-26 12:00")
    assert "is Monday 28 March 2033. We are closed then, and open again on Wednesday 30 March 2033." in words


@pytest.mark.parametrize(
    ("look", "said", "never"),
    [("shaved", "clipper", "minoxidil"), ("kept_hair", "minoxidil", "clipper"), ("scar", "scar alone", "clipper")],
)
def test_each_look_has_its_own_paper(look, said, never):
    words = paper_of("Europe/Madrid", "2032-02-27 14:30", look=look)
    assert said in words
    assert never not in words
