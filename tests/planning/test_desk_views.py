"""The pages of the desk: call list, running late, waiting list, the freed place, the calendar feed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.urls import reverse

from planning.actions import booking
from planning.models import CalendarFeed, CallNote, WaitingWish
from smpclinic.actors import staff
from smpclinic.models import User
from tests.make import make_patient
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = pytest.mark.django_db
SUNDAY_NOON = datetime(2035, 1, 7, 12, 0, tzinfo=ZoneInfo("Europe/Madrid"))
MONDAY_TEN = datetime(2035, 1, 8, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def desk(client, clinic):
    """Reception, signed in, on the Sunday before."""
    with time_machine.travel(SUNDAY_NOON, tick=False):
        client.force_login(clinic.reception)
        yield client


def book(clinic, starts_min, **wanted):
    patient = wanted.pop("patient", None) or make_patient(full_name=wanted.pop("name", "Ana Ruiz"))
    fields = {"practitioner": clinic.practitioner, "room": clinic.room, "minutes": 45, "kind": "consultation"}
    return booking.book_appointment(
        patient=patient, starts_min=starts_min, by=staff(clinic.reception), **fields | wanted
    )


def words(answer):
    return " ".join(answer.content.decode().split())


class TestTheCallList:
    def test_opens_on_the_next_day_with_visits(self, desk, clinic):
        book(clinic, minute(days_later(1)))
        assert "Tuesday 9 January" in words(desk.get(reverse("planning:call_list")))

    def test_notes_the_outcome_by_one_press_and_moves_the_reached_down(self, desk, clinic):
        first = book(clinic, minute(), name="Ana Ruiz")
        book(clinic, minute(hour=12), name="Ben Sato")
        url = reverse("planning:note_call", args=[first.public_id])
        assert desk.post(url, {"outcome": "reached", "reason": "confirm"}).status_code == 302
        page = words(desk.get(reverse("planning:call_list")))
        assert page.index("Ben Sato") < page.index("Ana Ruiz")
        assert CallNote.objects.get().by == clinic.reception

    def test_forgets_a_confirmation_of_a_time_that_changed(self, desk, clinic):
        visit = book(clinic, minute())
        url = reverse("planning:note_call", args=[visit.public_id])
        desk.post(url, {"outcome": "reached", "reason": "confirm"})
        booking.move_appointment(appointment=visit, starts_min=minute(hour=13), by=staff(clinic.reception))
        page = words(desk.get(reverse("planning:call_list")))
        assert "Moved, and not told yet" in page
        desk.post(url, {"outcome": "reached", "reason": "moved"})
        assert "Moved, and not told yet" not in words(desk.get(reverse("planning:call_list")))

    def test_offers_no_message_where_none_may_be_left(self, desk, clinic):
        book(clinic, minute())
        page = words(desk.get(reverse("planning:call_list")))
        assert "leave no message" in page
        assert "Message left" not in page

    def test_never_sends_the_browser_to_another_server(self, desk, clinic):
        visit = book(clinic, minute())
        url = reverse("planning:note_call", args=[visit.public_id])
        answer = desk.post(url, {"outcome": "reached", "reason": "confirm", "back": "https://evil.example/"})
        assert answer.url == reverse("planning:call_list")

    @pytest.mark.parametrize("count", [1, 3])
    def test_asks_the_same_number_of_questions_for_any_number_of_visits(
        self, desk, clinic, count, django_assert_max_num_queries
    ):
        for number in range(count):
            book(clinic, minute(hour=9 + number))
        with django_assert_max_num_queries(11):
            desk.get(reverse("planning:call_list"))

    def test_a_press_on_a_visit_that_was_cancelled_says_so(self, desk, clinic):
        visit = book(clinic, minute())
        booking.cancel_appointment(appointment=visit, reason="ill", by=staff(clinic.reception))
        url = reverse("planning:note_call", args=[visit.public_id])
        answer = desk.post(url, {"outcome": "reached", "reason": "confirm"})
        assert (answer.status_code, "given up meanwhile" in words(answer)) == (409, True)


class TestRunningLate:
    def test_shows_whom_it_touches_with_the_new_time_and_phone(self, desk, clinic):
        visit = book(clinic, minute())
        book(clinic, minute(hour=11), patient=make_patient(full_name="Ben Sato", phone="+34 611 222 333"))
        with time_machine.travel(MONDAY_TEN, tick=False):
            desk.force_login(clinic.reception)  # yesterday's sign-in has ended
            page = words(desk.get(reverse("planning:late", args=[visit.public_id]), {"minutes": "30"}))
        assert "Ben Sato" in page
        assert "+34 611 222 333" in page
        assert "<b>11:30</b> (+30 min)" in page  # the room is cleaned first

    def test_an_odd_delay_is_read_as_the_least(self, desk, clinic):
        visit = book(clinic, minute())
        answer = desk.get(reverse("planning:late", args=[visit.public_id]), {"minutes": "x'"})
        assert "It touches nobody" in words(answer)


class TestAFreedPlace:
    def test_is_offered_after_a_cancellation_and_given_by_one_press(self, desk, clinic):
        visit = book(clinic, minute())
        waiting = book(clinic, minute(days_later(3)), name="Ben Sato")
        typed = {"first_day": MONDAY, "last_day": days_later(3), "weekdays": list("01234"), "part_of_day": "any"}
        desk.post(reverse("planning:wait_earlier", args=[waiting.public_id]), typed)
        cancelled = desk.post(reverse("planning:cancel", args=[visit.public_id]), {"reason": "ill", "who": "patient"})
        page = words(desk.get(cancelled.url))
        assert "Ben Sato" in page
        answer = desk.post(cancelled.url, {"wish": str(WaitingWish.objects.get().public_id)})
        waiting.refresh_from_db()
        assert (answer.status_code, waiting.starts_min) == (302, visit.starts_min)

    @pytest.mark.parametrize("wish", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_a_made_up_wish_is_refused(self, desk, clinic, wish):
        visit = book(clinic, minute())
        booking.cancel_appointment(appointment=visit, reason="ill", by=staff(clinic.reception))
        assert desk.post(reverse("planning:freed", args=[visit.public_id]), {"wish": wish}).status_code in (404, 409)

    def test_what_was_typed_for_the_list_stays_where_it_is_wrong(self, desk, clinic):
        visit = book(clinic, minute())
        typed = {
            "first_day": days_later(5),
            "last_day": MONDAY,
            "weekdays": ["1"],
            "part_of_day": "any",
            "note": "by bus",
        }
        page = words(desk.post(reverse("planning:wait_earlier", args=[visit.public_id]), typed))
        assert "The last day cannot lie before the first." in page
        assert "by bus" in page


class TestACalendarFeed:
    @pytest.fixture
    def mine(self, client, clinic):
        client.force_login(clinic.practitioner)
        return client

    def address(self, mine):
        page = mine.post(reverse("planning:my_feed")).content.decode()
        return page.partition('value="http://testserver')[2].partition('"')[0]

    def test_shows_initials_and_the_kind_and_no_name(self, mine, clinic):
        book(clinic, minute(), name="Ana Ruiz")
        with time_machine.travel(SUNDAY_NOON, tick=False):
            mine.force_login(clinic.practitioner)
            file = mine.get(self.address(mine)).content
        (told,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
        assert told["summary"] == "AR · Consultation"
        assert b"Ana" not in file

    def test_is_readable_without_signing_in_until_it_is_taken_back(self, mine, client):
        address = self.address(mine)
        client.logout()
        assert client.get(address).status_code == 200
        User.objects.filter(calendar_feeds__isnull=False).update(is_active=False)
        assert client.get(address).status_code == 404

    def test_a_new_address_ends_the_old_one(self, mine):
        old, new = self.address(mine), self.address(mine)
        assert (mine.get(old).status_code, mine.get(new).status_code) == (404, 200)
        mine.post(reverse("planning:my_feed"), {"revoke": "yes"})
        assert mine.get(new).status_code == 404

    def test_keeps_only_the_hash(self, mine):
        token = self.address(mine).removeprefix("/feed/").removesuffix(".ics")
        assert len(token) >= 43
        assert token not in CalendarFeed.objects.get().token_sha256
