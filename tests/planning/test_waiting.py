"""The waiting list: who fits a place that became free, and what one press does."""

import pytest
from django.core.exceptions import ValidationError

from planning.actions import booking
from planning.actions.waiting import stop_waiting, take_free_place, wait_for_place
from planning.clashes import Clash
from planning.models import Appointment
from planning.waiting import FreePlace, matches_for
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from tests.make import make_patient, make_plan
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return open_clinic()


@pytest.fixture
def free(clinic):
    """Monday 10:00 to 10:45 with Dr Ruiz in Room 1, cancelled."""
    visit = book(clinic, minute())
    return booking.cancel_appointment(appointment=visit, reason="ill", by=staff(clinic.reception))


def book(clinic, starts_min, patient=None, **wanted):
    fields = {
        "kind": "consultation",
        "patient": patient or make_patient(),
        "practitioner": clinic.practitioner,
        "room": clinic.room,
        "starts_min": starts_min,
        "minutes": 45,
        "by": staff(clinic.reception),
    }
    return booking.book_appointment(**fields | wanted)


def wait(clinic, **wanted):
    visit = wanted.pop("appointment", None)
    fields = {
        "patient": visit.patient if visit else make_patient(),
        "appointment": visit,
        "kind": "consultation",
        "first_day": MONDAY,
        "last_day": days_later(14),
        "weekdays": "0123456",
        "part_of_day": "any",
        "by": staff(clinic.reception),
    }
    return wait_for_place(**fields | wanted)


def offered(clinic, visit):
    return matches_for(FreePlace.left_by(visit), clinic.reception)


class TestWhoFits:
    def test_whoever_wants_such_a_visit_in_these_days(self, clinic, free):
        wish = wait(clinic)
        assert offered(clinic, free) == [wish]

    @pytest.mark.parametrize(
        "wish",
        [
            {"first_day": days_later(1)},
            {"weekdays": "123456"},
            {"part_of_day": "afternoon"},
            {"kind": "patch_test", "weekdays": "1"},
        ],
    )
    def test_nobody_whose_wish_says_otherwise(self, clinic, free, wish):
        wait(clinic, **wish)
        assert offered(clinic, free) == []

    def test_nobody_who_wants_another_practitioner(self, clinic, free):
        wait(clinic, practitioner=clinic.colleague)
        mine = wait(clinic, practitioner=clinic.practitioner)
        assert offered(clinic, free) == [mine]

    def test_nobody_who_is_elsewhere_then(self, clinic, free):
        patient = make_patient()
        book(clinic, minute(minutes=30), patient, practitioner=clinic.colleague, room=clinic.other_room)
        wait(clinic, patient=patient)
        assert offered(clinic, free) == []

    def test_an_exact_length_first_then_the_longest_wait(self, clinic, free):
        short = wait(clinic, kind="patch_test")
        first, second = wait(clinic), wait(clinic)
        assert offered(clinic, free) == [first, second, short]

    def test_a_booked_visit_only_where_it_would_be_earlier(self, clinic, free):
        wait(clinic, appointment=book(clinic, minute(days_later(-0), 9, 0), room=clinic.other_room))
        later = wait(clinic, appointment=book(clinic, minute(days_later(3))))
        assert offered(clinic, free) == [later]

    def test_a_session_only_where_it_keeps_its_days_and_order(self, clinic):
        plan = make_plan(agreed=True, practitioner=clinic.practitioner, estimate_minutes=[45, 45, 45])
        first, second, _third = plan.planned_sessions.order_by("number")
        places = [
            booking.Place(session, clinic.practitioner, clinic.room, minute(day), 45)
            for session, day in ((first, days_later(1)), (second, days_later(9)))
        ]
        _one, two = booking.book_series(plan=plan, places=places, by=staff(clinic.reception))
        wish = wait(clinic, appointment=two)
        for day, expected in ((0, []), (2, []), (3, [wish])):
            visit = book(clinic, minute(days_later(day), 12))
            booking.cancel_appointment(appointment=visit, reason="ill", by=staff(clinic.reception))
            assert offered(clinic, visit_again(visit)) == expected


def visit_again(visit):
    return Appointment.objects.with_people().get(pk=visit.pk)


class TestTakingThePlace:
    def test_moves_the_visit_and_ends_the_wish(self, clinic, free):
        visit = book(clinic, minute(days_later(3)))
        wish = wait(clinic, appointment=visit)
        moved = take_free_place(wish=wish, place=FreePlace.left_by(free), by=staff(clinic.reception))
        wish.refresh_from_db()
        assert (moved.pk, moved.starts_min, wish.ended_at is not None) == (visit.pk, free.starts_min, True)
        assert AuditEntry.objects.filter(verb="given a free place").exists()

    def test_books_a_first_visit(self, clinic, free):
        wish = wait(clinic)
        booked = take_free_place(wish=wish, place=FreePlace.left_by(free), by=staff(clinic.reception))
        assert (booked.patient, booked.starts_min) == (wish.patient, free.starts_min)

    def test_keeps_the_wish_where_the_place_was_taken_meanwhile(self, clinic, free):
        wish = wait(clinic)
        book(clinic, free.starts_min)
        with pytest.raises(Clash):
            take_free_place(wish=wish, place=FreePlace.left_by(free), by=staff(clinic.reception))
        wish.refresh_from_db()
        assert wish.ended_at is None

    def test_a_wish_is_given_one_place(self, clinic, free):
        wish = wait(clinic)
        take_free_place(wish=wish, place=FreePlace.left_by(free), by=staff(clinic.reception))
        with pytest.raises(ValidationError, match="settled"):
            take_free_place(wish=wish, place=FreePlace.left_by(free), by=staff(clinic.reception))


class TestTheList:
    def test_takes_a_visit_once(self, clinic):
        visit = book(clinic, minute())
        wait(clinic, appointment=visit)
        with pytest.raises(ValidationError, match="on the waiting list already"):
            wait(clinic, appointment=visit)

    def test_lets_go_when_asked(self, clinic, free):
        wish = wait(clinic)
        stop_waiting(wish=wish, by=staff(clinic.reception))
        assert offered(clinic, free) == []

    def test_refuses_days_in_the_wrong_order(self, clinic):
        with pytest.raises(ValidationError, match="cannot lie before"):
            wait(clinic, first_day=days_later(2), last_day=days_later(1))
