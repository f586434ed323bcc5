"""Moving one session: what stays, what moves with it, who was told, and what a stale or doubled press does."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from planning.actions import booking
from planning.actions.booking import Move, move_visits
from planning.call_list import moved_and_untold
from planning.clashes import Clash
from planning.models import CallNote, TimeOff
from planning.visit_messages import told_about
from smpclinic.actors import staff
from smpclinic.models import Outbox
from tests.make import make_patient, make_plan
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = pytest.mark.django_db
SUNDAY_EVENING = "2035-01-07 18:00:00+00:00"


@pytest.fixture
def clinic():
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        yield open_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.reception)
    return client


@pytest.fixture
def series(clinic):
    """Three sessions of two hours, a week apart, on Mondays at ten, of a patient with an address."""
    patient = make_patient(full_name="Hana Weiss", email="hana@example.org")
    plan = make_plan(patient=patient, practitioner=clinic.practitioner, agreed=True, estimate_minutes=[120, 120, 120])
    return book(clinic, plan, MONDAY, days_later(7), days_later(14))


def book(clinic, plan, *days):
    places = [
        booking.Place(session, clinic.practitioner, clinic.room, minute(day), 120)
        for session, day in zip(plan.planned_sessions.order_by("number"), days, strict=False)
    ]
    return booking.book_series(plan=plan, places=places, by=staff(clinic.reception))


def url(visit):
    return reverse("planning:move", args=[visit.public_id])


def code(clinic, day, hour=10):
    return f"{minute(day, hour)}.{clinic.practitioner.pk}.{clinic.room.pk}"


def days_of(visits):
    for visit in visits:
        visit.refresh_from_db()
    return [(visit.day - MONDAY).days for visit in visits]


class TestTheQuestion:
    def test_takes_four_steps_from_the_calendar(self, desk, series):
        """Open the visit, press Move, pick a place, confirm: each page holds the way to the next."""
        visit = series[1]
        assert visit.get_absolute_url() in desk.get(reverse("planning:day", args=[visit.day])).content.decode()
        assert url(visit) in desk.get(visit.get_absolute_url()).content.decode()
        offer, _words = desk.get(url(visit)).context["offers"][0]
        question = desk.get(url(visit), {"place": offer})
        assert "Session 3 of 3 stays: Mon 22 Jan, 10:00." in question.content.decode()
        answer = desk.post(url(visit), {"place": offer, "sequence": 0, "told": "email"})
        assert answer.url == visit.get_absolute_url()

    def test_every_place_offered_leaves_the_others_where_they_are(self, desk, series):
        for offer, _words in desk.get(url(series[1])).context["offers"]:
            assert not desk.get(url(series[1]), {"place": offer}).context["displaced"]

    @pytest.mark.parametrize(("day", "is_displaced"), [(14, False), (15, True)])
    def test_the_later_session_stays_as_long_as_it_keeps_its_distance(self, desk, clinic, day, is_displaced):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, estimate_minutes=[120, 120, 120])
        visits = book(clinic, plan, MONDAY, days_later(7), days_later(16))
        page = desk.get(url(visits[1]), {"place": code(clinic, days_later(day), 14)})
        assert page.context["is_possible"]
        assert bool(page.context["displaced"]) is is_displaced

    def test_the_middle_session_too_close_to_the_first_is_refused_in_words(self, desk, clinic, series):
        page = desk.get(url(series[1]), {"place": code(clinic, days_later(1))})
        (words,) = page.context["clash"].words
        assert words.endswith("sessions are at least 2 days apart: the earliest is Wed 10 Jan.")
        assert len(page.context["clash"].offers) == 3
        assert not page.context["is_possible"]

    def test_a_session_does_not_overtake_an_earlier_one(self, desk, clinic, series):
        page = desk.get(url(series[2]), {"place": code(clinic, days_later(4))})
        assert "Session 3 comes after session 2, which is on" in page.content.decode()

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ({"day": "2035-01-01", "at": "10:00"}, "That time has passed."),
            ({"day": "2035-01-09", "at": "17:30"}, "does not work there at that time"),
            ({"place": "x"}, "Choose one of the places."),
        ],
    )
    def test_a_place_that_cannot_be_is_a_sentence(self, desk, series, place, words):
        assert words in desk.get(url(series[0]), place).content.decode()


class TestReflow:
    def test_moves_the_later_session_along_all_at_once(self, desk, clinic, series):
        page = desk.get(url(series[1]), {"place": code(clinic, days_later(15))})
        (displaced,) = page.context["displaced"]
        assert displaced == series[2]
        also = page.context["reflows"][0]["code"]
        told = {"place": code(clinic, days_later(15)), "sequence": 0, "told": "email", "also": also}
        assert desk.post(url(series[1]), told).status_code == 302
        first, second, third = days_of(series)
        assert (first, second) == (0, 15)
        assert third == 25, "the recommended ten days after"
        assert Outbox.objects.filter(kind="visit_mail", second_id=1).count() == 2

    def test_moves_as_few_sessions_as_it_can(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, estimate_minutes=[120, 120, 120])
        visits = book(clinic, plan, MONDAY, days_later(2), days_later(14))
        from planning.moving import outcome_of
        from planning.places import ChosenPlace

        place = ChosenPlace(minute(days_later(3)), clinic.practitioner, clinic.room)
        outcome = outcome_of(visits[0], place, by=staff(clinic.reception))
        assert outcome.displaced == (visits[1],)
        assert outcome.stays == (visits[2],)
        for (second,) in outcome.reflows:
            assert days_later(5) <= MONDAY + timedelta(days=second.local_day - visits[0].local_day) <= days_later(12)

    def test_moves_none_where_one_cannot_go(self, clinic, series):
        moves = [
            Move(series[1], clinic.practitioner, clinic.room, minute(days_later(15)), 120),
            Move(series[2], clinic.practitioner, clinic.room, minute(days_later(16)), 120),
        ]
        with pytest.raises(Clash, match="at least 2 days apart"):
            move_visits(moves=moves, by=staff(clinic.reception))
        assert days_of(series) == [0, 7, 14]

    def test_two_visits_can_change_places(self, clinic):
        plans = [make_plan(practitioner=clinic.practitioner, agreed=True) for _ in range(2)]
        (one,), (other,) = book(clinic, plans[0], MONDAY), book(clinic, plans[1], days_later(1))
        moves = [
            Move(one, clinic.practitioner, clinic.room, minute(days_later(1)), 120),
            Move(other, clinic.practitioner, clinic.room, minute(MONDAY), 120),
        ]
        move_visits(moves=moves, by=staff(clinic.reception))
        assert days_of([one, other]) == [1, 0]

    def test_without_the_answer_to_the_question_nothing_moves(self, desk, clinic, series):
        told = {"place": code(clinic, days_later(15)), "sequence": 0, "told": "email"}
        assert desk.post(url(series[1]), told).context["reflows"]
        assert days_of(series) == [0, 7, 14]

    def test_says_so_where_no_dates_are_left_for_the_later_session(self, desk, clinic, series):
        TimeOff.objects.create(first_day=days_later(16), last_day=days_later(365))
        page = desk.get(url(series[1]), {"place": code(clinic, days_later(15))})
        assert "Session 3 of 3 would have to move as well, and no dates were found" in page.content.decode()
        assert not page.context["is_possible"]

    def test_a_later_session_that_has_moved_meanwhile_is_not_moved_unseen(self, desk, clinic, series):
        page = desk.get(url(series[1]), {"place": code(clinic, days_later(15))})
        told = {"place": page.context["place"], "sequence": 0, "told": "email"}
        told["also"] = page.context["reflows"][0]["code"]
        booking.move_appointment(appointment=series[2], starts_min=minute(days_later(21)), by=staff(clinic.reception))
        answer = desk.post(url(series[1]), told)
        assert answer.status_code == 409
        assert "Somebody has moved this visit meanwhile" in answer.content.decode()
        assert days_of(series) == [0, 7, 21]

    @pytest.mark.parametrize("also", ["x", "3:0", "9:0:1.1.1", "3:x:1.1.1", "3:0:1.1.1\x00"])
    def test_an_unreadable_answer_is_a_sentence(self, desk, clinic, series, also):
        told = {"place": code(clinic, days_later(15)), "sequence": 0, "told": "email", "also": also}
        assert desk.post(url(series[1]), told).status_code == 200
        assert days_of(series) == [0, 7, 14]


class TestBeingTold:
    def moved(self, desk, clinic, visit, told):
        desk.post(url(visit), {"place": code(clinic, days_later(5)), "sequence": 0, "told": told})
        visit.refresh_from_db()
        assert visit.sequence == 1
        return visit

    def untold(self, clinic):
        return [line.visit for line in moved_and_untold(clinic.reception, today=timezone.localdate())]

    def mails(self, visit):
        return Outbox.objects.filter(kind="visit_mail", subject_id=visit.pk, second_id=1).count()

    def test_by_e_mail_queues_the_calendar_file_with_its_new_sequence(self, desk, clinic, series):
        visit = self.moved(desk, clinic, series[1], "email")
        assert (self.mails(visit), CallNote.objects.count(), self.untold(clinic)) == (1, 0, [])

    def test_by_phone_notes_the_call_and_sends_the_file_all_the_same(self, desk, clinic, series):
        visit = self.moved(desk, clinic, series[1], "phone")
        note = CallNote.objects.get()
        assert (note.outcome, note.reason, note.sequence, note.by) == ("reached", "moved", 1, clinic.reception)
        assert (self.mails(visit), self.untold(clinic)) == (1, [])

    def test_not_yet_sends_nothing_and_stands_on_the_call_list(self, desk, clinic, series):
        visit = self.moved(desk, clinic, series[1], "not_yet")
        assert (self.mails(visit), self.untold(clinic)) == (0, [visit])
        assert "Not told yet" in [told.title for told in told_about(visit)]
        noted = {"outcome": "reached", "reason": "moved"}
        desk.post(reverse("planning:note_call", args=[visit.public_id]), noted)
        assert self.untold(clinic) == []

    def test_a_call_cannot_be_noted_as_not_told(self, desk, series):
        noted = {"outcome": "not_yet", "reason": "moved"}
        desk.post(reverse("planning:note_call", args=[series[0].public_id]), noted)
        assert not CallNote.objects.exists()

    def test_whoever_refused_messages_is_not_offered_the_e_mail(self, desk, clinic, series):
        series[1].patient.email = ""
        series[1].patient.save()
        page = desk.get(url(series[1]), {"place": code(clinic, days_later(5))}).content.decode()
        assert 'value="email"' not in page
        assert 'value="phone"' in page

    def test_an_unknown_way_moves_nothing(self, desk, clinic, series):
        desk.post(url(series[1]), {"place": code(clinic, days_later(5)), "sequence": 0, "told": "pigeon"})
        assert days_of(series) == [0, 7, 14]


class TestStaleAndDoubled:
    def test_pressing_twice_moves_once_and_shows_it(self, desk, clinic, series):
        told = {"place": code(clinic, days_later(5)), "sequence": 0, "told": "email"}
        answers = [desk.post(url(series[1]), told) for _ in range(2)]
        assert [answer.url for answer in answers] == [series[1].get_absolute_url()] * 2
        series[1].refresh_from_db()
        assert series[1].sequence == 1

    def test_a_stale_page_moves_nothing_and_says_where_the_visit_is_now(self, desk, clinic, series):
        booking.move_appointment(appointment=series[1], starts_min=minute(days_later(3)), by=staff(clinic.reception))
        told = {"place": code(clinic, days_later(5)), "sequence": 0, "told": "email"}
        answer = desk.post(url(series[1]), told)
        assert answer.status_code == 409
        assert "Somebody has moved this visit meanwhile: it is on Thu 11 Jan, 10:00, Room 1 now." in (
            answer.content.decode()
        )
        assert days_of(series) == [0, 3, 14]

    def test_a_visit_that_has_begun_stays(self, clinic, series):
        with time_machine.travel("2035-01-08 09:30:00+00:00", tick=False):
            booking.change_state(appointment=series[0], state="arrived", by=staff(clinic.reception))
            with pytest.raises(ValidationError, match="Only a visit that is booked"):
                booking.move_appointment(appointment=series[0], starts_min=minute(hour=15), by=staff(clinic.reception))
