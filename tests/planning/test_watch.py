"""The watch over the rows: what the guards should have refused is found, closes booking, and is put right."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from planning import closing, watch
from planning.actions import booking
from planning.actions.closing import close_where_broken, keep_as_incident, reopen_booking
from planning.background import watch_bookings
from planning.closing import BookingClosed
from planning.models import Appointment, BookingClosure
from smpclinic.actors import staff
from smpclinic.database import guards
from smpclinic.outbox import GiveUp
from tests import make
from tests.planning.booking_makers import MONDAY, minute, open_clinic

pytestmark = [pytest.mark.django_db]
SUNDAY_EVENING = "2035-01-07 18:00:00+00:00"


@pytest.fixture
def clinic():
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        yield open_clinic()


@pytest.fixture
def manager(clinic):
    return staff(make.make_manager())


@pytest.fixture
def unguarded(clinic, monkeypatch):
    """The exclusions are gone, and the program does not notice: only the rows can tell."""
    guards.drop()
    monkeypatch.setattr(guards, "problems", list)
    return clinic


def visit(clinic, *, at=make.MONDAY, minutes=60, **fields):
    """A visit in a place of its own unless told otherwise; MONDAY is 10:00 UTC, 11:00 in Madrid."""
    fields = {"kind": "consultation"} | fields
    return make.make_appointment(starts_at=at, minutes=minutes, **fields)


def later(minutes):
    return make.MONDAY + timedelta(minutes=minutes)


class TestTheSweep:
    def test_finds_nothing_where_visits_follow_each_other(self, unguarded):
        who = unguarded.practitioner
        visit(unguarded, practitioner=who)
        visit(unguarded, practitioner=who, at=later(60))
        assert watch.count_of_breaks() == 0

    def test_finds_a_practitioner_in_two_places(self, unguarded):
        who = unguarded.practitioner
        visit(unguarded, practitioner=who, patient=make.make_patient(full_name="Ana"))
        visit(unguarded, practitioner=who, at=later(59), patient=make.make_patient(full_name="Ben"))
        assert [each.words for each in watch.differences()] == [
            "Dr Ruiz has two visits at once: Ana on Mon 8 Jan 2035, 10:00–11:00 and Ben on Mon 8 Jan 2035, 10:59–11:59."
        ]

    def test_finds_a_room_that_is_not_cleaned_yet(self, unguarded):
        room = unguarded.room
        visit(unguarded, room=room)
        visit(unguarded, room=room, at=later(74))
        assert watch.breaking_rows()["overlap_room"] == [Appointment.objects.last().pk]
        Appointment.objects.filter(pk=Appointment.objects.last().pk).update(
            state="cancelled", active=False, cancel_reason="x"
        )
        visit(unguarded, room=room, at=later(75))
        assert watch.count_of_breaks() == 0

    def test_finds_a_long_visit_that_holds_through_several(self, unguarded):
        patient = make.make_patient()
        visit(unguarded, patient=patient, minutes=300)
        inner = [visit(unguarded, patient=patient, at=later(n), minutes=30) for n in (60, 120, 180)]
        assert watch.breaking_rows()["overlap_patient"] == [each.pk for each in inner]

    @pytest.mark.parametrize(("days", "breaks"), [(1, 1), (2, 0)])
    def test_finds_sessions_less_than_two_days_apart(self, unguarded, days, breaks):
        sessions = make.make_plan().planned_sessions.all()
        for number, day in ((0, 0), (1, days)):
            at = make.MONDAY + timedelta(days=day)
            visit(unguarded, kind="treatment", planned_session=sessions[number], at=at)
        assert watch.count_of_breaks() == breaks

    def test_knows_an_incident_and_a_cancelled_visit(self, unguarded):
        who = unguarded.practitioner
        visit(unguarded, practitioner=who)
        past = {"state": "done", "entered_late": True, "breach_reason": "paper", "breach_by": who}
        visit(unguarded, practitioner=who, **past)
        visit(unguarded, practitioner=who, state="cancelled", cancel_reason="ill")
        assert watch.count_of_breaks() == 0

    def test_asks_as_many_queries_for_three_visits_as_for_one(self, unguarded, django_assert_num_queries):
        for _ in range(3):
            visit(unguarded)
        with django_assert_num_queries(4):
            assert watch.count_of_breaks() == 0


class TestAClosure:
    def break_a_rule(self, clinic):
        who = clinic.practitioner
        return visit(clinic, practitioner=who), visit(clinic, practitioner=who, at=later(30))

    def book(self, clinic):
        return booking.book_appointment(
            kind="consultation",
            patient=make.make_patient(),
            practitioner=clinic.colleague,
            room=clinic.room,
            starts_min=minute(MONDAY, 15),
            minutes=45,
            by=staff(clinic.reception),
        )

    def test_does_not_come_without_a_difference(self, unguarded):
        assert close_where_broken() is None
        assert self.book(unguarded).active

    def test_closes_booking_in_words_until_it_is_put_right(self, unguarded, manager):
        _first, second = self.break_a_rule(unguarded)
        closure = close_where_broken()
        assert close_where_broken() == closure
        with pytest.raises(BookingClosed, match="visits stand where they may not"):
            self.book(unguarded)
        with pytest.raises(ValidationError, match="1 visit still stands where it may not"):
            reopen_booking(by=manager)
        booking.cancel_appointment(appointment=second, reason="double", by=staff(unguarded.reception))
        reopen_booking(by=manager)
        assert self.book(unguarded).active
        with pytest.raises(ValidationError, match="open already"):
            reopen_booking(by=manager)

    def test_turns_healthz_red_without_naming_anybody(self, unguarded, client):
        self.break_a_rule(unguarded)
        closing.sweeps.forget()
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert "bookings: booking is closed: 1 visits stand where they may not" in answer.json()["reasons"]
        assert "Patient" not in answer.content.decode()

    def test_healthz_sweeps_once_a_minute(self, unguarded):
        closing.sweeps.forget()
        assert closing.booking_problems() == []
        self.break_a_rule(unguarded)
        assert closing.booking_problems() == []

    def test_the_nightly_job_gives_up_where_it_can_be_seen(self, unguarded):
        watch_bookings(None)
        self.break_a_rule(unguarded)
        with pytest.raises(GiveUp, match="booking is closed: 1 visits"):
            watch_bookings(None)
        assert BookingClosure.objects.standing().exists()

    def test_the_command_names_the_pair_and_opens_again_after_the_repair(self, unguarded, capsys):
        _first, second = self.break_a_rule(unguarded)
        with pytest.raises(CommandError, match="Booking is closed"):
            call_command("watch_bookings")
        assert "Dr Ruiz has two visits at once" in capsys.readouterr().out
        booking.cancel_appointment(appointment=second, reason="double", by=staff(unguarded.reception))
        call_command("watch_bookings", reopen=True)
        assert not BookingClosure.objects.standing().exists()

    def test_a_past_pair_is_kept_as_an_incident(self, unguarded, manager):
        who = unguarded.practitioner
        visit(unguarded, practitioner=who, state="done")
        second = visit(unguarded, practitioner=who, at=later(30), state="done")
        with pytest.raises(ValidationError, match="of a day before today"):
            keep_as_incident(appointment=second, reason="restored", by=manager)
        with time_machine.travel("2035-01-09 09:00:00+00:00"):
            keep_as_incident(appointment=second, reason="restored", by=manager)
        assert watch.count_of_breaks() == 0


class TestThePages:
    def test_staff_see_the_notice_and_the_manager_the_way_to_the_repair(self, unguarded, client):
        TestAClosure().break_a_rule(unguarded)
        close_where_broken()
        client.force_login(unguarded.reception)
        page = client.get(reverse("planning:day", args=[MONDAY])).content.decode()
        assert "Nothing can be booked or moved now" in page
        assert reverse("planning:watch") not in page
        client.force_login(make.make_manager())
        page = client.get(reverse("planning:watch")).content.decode()
        assert "Dr Ruiz has two visits at once" in page
        answer = client.post(reverse("planning:look_again"))
        assert "1 visit still stands where it may not" in answer.content.decode()

    def test_the_manager_opens_booking_again(self, unguarded, client):
        _first, second = TestAClosure().break_a_rule(unguarded)
        close_where_broken()
        booking.cancel_appointment(appointment=second, reason="double", by=staff(unguarded.reception))
        client.force_login(make.make_manager())
        client.post(reverse("planning:look_again"))
        assert not BookingClosure.objects.standing().exists()

    def test_an_incident_without_a_reason_is_asked_for_it(self, clinic, client):
        client.force_login(make.make_manager())
        done = visit(clinic, state="done")
        answer = client.post(reverse("planning:keep_as_incident", args=[done.public_id]), {"reason": ""})
        assert "Say how this came about" in answer.content.decode()
