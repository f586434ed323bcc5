"""The desk's pages: a call, a series, the day board, one visit."""

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from intake.models import Patient
from planning.actions import booking
from planning.board import day_board
from planning.models import Appointment, TimeOff
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests.make import make_appointment, make_patient, make_plan
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = [pytest.mark.django_db]
NOON = datetime(2035, 1, 8, 12, tzinfo=ZoneInfo("Europe/Madrid"))
BOARD_QUERIES = 9
SUNDAY_EVENING = "2035-01-07 18:00:00+00:00"


@pytest.fixture
def clinic():
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        yield open_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.reception)
    return client


def first_place(response) -> str:
    return response.context["form"].fields["place"].choices[0][0]


class TestACall:
    def test_offers_the_next_three_consultations_with_the_first_chosen(self, desk):
        page = desk.get(reverse("planning:call"))
        labels = [label for _code, label in page.context["form"].fields["place"].choices]
        assert labels[0].startswith("Mon 8 Jan, 09:00–09:45")
        assert len(labels) == 3
        assert page.context["form"].initial["place"] == first_place(page)

    def test_registers_and_books_in_one_go(self, desk):
        place = first_place(desk.get(reverse("planning:call")))
        told = {"full_name": "Ana Quintero", "phone": "+34 600 100 200", "place": place}
        answer = desk.post(reverse("planning:call"), told)
        visit = Appointment.objects.get()
        assert answer.url == reverse("planning:appointment", args=[visit.public_id])
        assert (visit.patient.full_name, visit.kind, visit.day) == ("Ana Quintero", "consultation", MONDAY)

    def test_registers_nobody_when_the_place_was_taken_meanwhile(self, desk, clinic):
        place = first_place(desk.get(reverse("planning:call")))
        starts_min, practitioner, room = (int(part) for part in place.split("."))
        chosen = {"practitioner_id": practitioner, "room_id": room}
        people = {clinic.practitioner.pk: clinic.practitioner, clinic.colleague.pk: clinic.colleague}
        rooms = {clinic.room.pk: clinic.room, clinic.other_room.pk: clinic.other_room}
        booking.book_appointment(
            kind="consultation",
            patient=make_patient(),
            practitioner=people[chosen["practitioner_id"]],
            room=rooms[chosen["room_id"]],
            starts_min=starts_min,
            minutes=45,
            by=staff(clinic.reception),
        )
        before = Patient.objects.count()
        answer = desk.post(reverse("planning:call"), {"full_name": "Ana", "phone": "+34 600 1", "place": place})
        assert answer.status_code == 409
        assert Patient.objects.count() == before
        assert 'value="Ana"' in answer.content.decode()

    def test_keeps_what_was_typed_and_names_the_field(self, desk):
        answer = desk.post(reverse("planning:call"), {"full_name": "Ana", "phone": "", "place": "0.0.0"})
        page = answer.content.decode()
        assert 'value="Ana"' in page
        assert set(answer.context["form"].errors) == {"phone", "place"}

    @pytest.mark.parametrize("phone", ["abc", "none", "1234"])
    def test_a_phone_that_cannot_be_called_is_said_beside_the_field(self, desk, phone):
        place = first_place(desk.get(reverse("planning:call")))
        answer = desk.post(reverse("planning:call"), {"full_name": "Ana", "phone": phone, "place": place})
        assert "no phone number" in answer.context["form"].errors["phone"][0]
        assert f'value="{phone}"' in answer.content.decode()
        assert not Patient.objects.exists()

    def test_a_place_further_ahead_than_two_years_is_a_sentence(self, desk):
        starts_min, practitioner, room = first_place(desk.get(reverse("planning:call"))).split(".")
        far = f"{int(starts_min) + 732 * 24 * 60}.{practitioner}.{room}"
        answer = desk.post(reverse("planning:call"), {"full_name": "Ana", "phone": "600 1001", "place": far})
        assert answer.context["form"].errors["place"] == ["That place is no longer there. Choose another."]
        assert not Patient.objects.exists()

    @pytest.mark.parametrize("place", ["", "x", "other", "1.2", "9" * 30 + ".1.1", "-1.1.1", "1.1.1\x00"])
    def test_a_place_that_is_none_is_a_sentence(self, desk, place):
        answer = desk.post(reverse("planning:call"), {"full_name": "Ana", "phone": "600 1001", "place": place})
        assert answer.status_code == 200
        assert "place" in answer.context["form"].errors

    def test_shows_who_may_be_the_same_person_before_saving(self, desk):
        make_patient(full_name="Ana Quintero", phone="+34 600 100 200")
        place = first_place(desk.get(reverse("planning:call")))
        told = {"full_name": "Ana Quintero", "phone": "+34 600 100 200", "place": place}
        first = desk.post(reverse("planning:call"), told)
        assert [one.patient.full_name for one in first.context["alike"]] == ["Ana Quintero"]
        form = first.context["form"]
        assert {name: form[name].value() for name in told} == told
        assert Patient.objects.count() == 1
        assert desk.post(reverse("planning:call"), told | {"known": "on"}).status_code == 302
        assert Patient.objects.count() == 2


class TestASeries:
    def test_proposes_and_books_a_touch_up(self, desk, clinic):
        parent = make_plan(practitioner=clinic.practitioner)
        plan = make_plan(parent=parent, practitioner=clinic.practitioner, agreed=True)
        page = desk.get(reverse("planning:propose", args=[plan.public_id]))
        assert "Touch-up" in page.content.decode()

        desk.post(reverse("planning:propose", args=[plan.public_id]), {"places": page.context["offers"][0]["code"]})

        visit = Appointment.objects.get(planned_session__plan=plan)
        assert (visit.counts_for_gap, visit.planned_session.number) == (True, None)

    def test_proposes_and_books_the_whole_series(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        page = desk.get(reverse("planning:propose", args=[plan.public_id]))
        offer = page.context["offers"][0]
        assert len(offer["lines"]) == 3
        answer = desk.post(reverse("planning:propose", args=[plan.public_id]), {"places": offer["code"]})
        assert answer.url == plan.patient.get_absolute_url()
        days = [visit.day for visit in Appointment.objects.filter(kind="treatment").order_by("starts_min")]
        assert [(later - earlier).days for earlier, later in pairwise(days)] == [10, 10]

    def test_keeps_to_the_practitioner_the_plan_names(self, desk, clinic):
        plan = make_plan(practitioner=clinic.colleague, agreed=True)
        offers = desk.get(reverse("planning:propose", args=[plan.public_id])).context["offers"]
        assert {line["words"].split(" · ")[1] for offer in offers for line in offer["lines"]} == {"Dr Sato"}
        assert not any(offer["agreed_with"] for offer in offers)

    def test_says_where_another_practitioner_is_offered(self, desk, clinic):
        plan = make_plan(practitioner=clinic.colleague, agreed=True)
        url = reverse("planning:propose", args=[plan.public_id])
        page = desk.get(url, {"practitioner": clinic.practitioner.pk})
        assert "Not every session is with Dr Sato, whom the plan names." in " ".join(page.content.decode().split())

    def test_offers_others_where_the_one_named_has_no_time(self, desk, clinic):
        TimeOff.objects.create(user=clinic.colleague, first_day=MONDAY, last_day=days_later(365))
        plan = make_plan(practitioner=clinic.colleague, agreed=True)
        offers = desk.get(reverse("planning:propose", args=[plan.public_id])).context["offers"]
        assert {offer["agreed_with"] for offer in offers} == {clinic.colleague}

    def test_a_second_press_books_nothing_more_and_shows_what_stands(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        url = reverse("planning:propose", args=[plan.public_id])
        code = desk.get(url).context["offers"][0]["code"]
        answers = [desk.post(url, {"places": code}), desk.post(url, {"places": code})]
        assert [answer.url for answer in answers] == [plan.patient.get_absolute_url()] * 2
        assert Appointment.objects.filter(kind="treatment").count() == 3

    def test_a_page_that_is_stale_books_nothing(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        url = reverse("planning:propose", args=[plan.public_id])
        stale, fresh = (offer["code"] for offer in desk.get(url).context["offers"][:2])
        desk.post(url, {"places": fresh})
        answer = desk.post(url, {"places": stale})
        assert answer.status_code == 409
        assert "have changed" in answer.content.decode()
        assert Appointment.objects.filter(kind="treatment").count() == 3

    def test_places_the_rest_around_what_is_booked_already(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        middle = booking.Place(
            plan.planned_sessions.get(number=2), clinic.practitioner, clinic.room, minute(days_later(14)), 120
        )
        booking.book_series(plan=plan, places=[middle], by=staff(clinic.reception))
        url = reverse("planning:propose", args=[plan.public_id])
        offer = desk.get(url).context["offers"][0]
        assert [str(line["session"]) for line in offer["lines"]] == ["Session 1", "Session 3"]
        desk.post(url, {"places": offer["code"]})
        visits = Appointment.objects.filter(kind="treatment").order_by("starts_min")
        assert [visit.planned_session.number for visit in visits] == [1, 2, 3]

    def test_keeps_to_the_wishes(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        page = desk.get(reverse("planning:propose", args=[plan.public_id]), {"weekdays": ["2"], "part": "afternoon"})
        assert "Wed" in page.context["offers"][0]["lines"][0]["words"]

    @pytest.mark.parametrize(
        "query", ["earliest=x", "weekdays=9", "practitioner=abc", "part=%00", "earliest=9999-12-31"]
    )
    def test_an_unreadable_wish_is_no_error_page(self, desk, clinic, query):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        assert desk.get(f"{reverse('planning:propose', args=[plan.public_id])}?{query}").status_code == 200

    def test_says_what_stands_in_the_way(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, estimate_minutes=[700, 700, 700])
        page = desk.get(reverse("planning:propose", args=[plan.public_id]))
        assert page.context["offers"] == []
        assert page.context["problems"]


class TestOneVisit:
    def test_offers_what_may_come_next(self, desk):
        visit = make_appointment(kind="consultation")
        page = desk.get(reverse("planning:appointment", args=[visit.public_id]))
        assert [button["state"] for button in page.context["buttons"]] == ["arrived", "no_show"]

    def test_a_stale_button_changes_nothing(self, desk):
        visit = make_appointment(kind="consultation", state="done")
        answer = desk.post(reverse("planning:set_state", args=[visit.public_id]), {"state": "arrived"})
        visit.refresh_from_db()
        assert (answer.status_code, visit.state) == (409, "done")

    def test_a_cancellation_without_a_reason_comes_back(self, desk):
        visit = make_appointment(kind="consultation")
        answer = desk.post(reverse("planning:cancel", args=[visit.public_id]), {"reason": ""})
        visit.refresh_from_db()
        assert (answer.status_code, visit.state) == (200, "booked")

    @pytest.mark.parametrize("page", ["appointment", "move", "cancel"])
    def test_each_page_about_the_visit_is_noted_as_read(self, desk, page):
        visit = make_appointment(kind="consultation")
        desk.get(reverse(f"planning:{page}", args=[visit.public_id]))
        read = AccessEntry.objects.get()
        assert (read.patient_id, read.subject_id) == (visit.patient.public_id, str(visit.public_id))

    @pytest.mark.parametrize(
        ("at", "words"),
        [("02:30", "There is no 02:30 on Sunday 25 March 2035"), ("", "Needed for another day or time")],
    )
    def test_a_time_that_the_clocks_skip_is_a_sentence(self, desk, clinic, at, words):
        visit = make_appointment(kind="consultation")
        answer = desk.get(reverse("planning:move", args=[visit.public_id]), {"day": "2035-03-25", "at": at})
        assert words in str(answer.context["form"].errors["at"])
        assert 'value="2035-03-25"' in answer.content.decode()


class TestTheDayBoard:
    def test_places_a_visit_to_scale(self, clinic):
        with time_machine.travel("2035-01-08 08:30:00+00:00", tick=False):
            booking.book_appointment(
                kind="consultation",
                patient=make_patient(),
                practitioner=clinic.practitioner,
                room=clinic.room,
                starts_min=minute(hour=10, minutes=15),
                minutes=45,
                by=staff(clinic.reception),
            )
        board = day_board(MONDAY, now=NOON)
        block = next(block for column in board.columns for block in column.blocks)
        assert (block.row, block.span) == (41, 3)

    def test_shows_the_same_day_by_room(self, desk, clinic):
        make_appointment(kind="consultation", room=clinic.room, starts_at=NOON)
        page = desk.get(reverse("planning:day", args=[MONDAY]), {"by": "room"})
        assert "Room 1" in page.content.decode()
        assert page.context["board"].visit_count == 1

    @pytest.mark.parametrize("visits", [1, 3, 40])
    def test_asks_the_database_as_often_for_one_visit_as_for_many(
        self, desk, clinic, django_assert_num_queries, visits
    ):
        for number in range(visits):
            make_appointment(kind="consultation", starts_at=NOON, room=None, practitioner=None, note=str(number))
        with django_assert_num_queries(BOARD_QUERIES):
            day_board(MONDAY, now=NOON)

    @pytest.mark.parametrize("typed", ["", "2035-13-45", "x", "9999-99-99"])
    def test_a_day_that_cannot_be_read_leads_to_today(self, desk, typed):
        assert desk.get(reverse("planning:jump"), {"day": typed}).url == reverse(
            "planning:day", args=[date(2035, 1, 7)]
        )

    def test_a_date_that_is_none_is_no_page(self, desk):
        for day in ("2035-02-30", "9999-12-31", "0001-01-01"):
            assert desk.get(f"/day/{day}/").status_code == 404


def test_the_patient_head_stands_on_every_page_about_a_person(desk, clinic):
    plan = make_plan(practitioner=clinic.practitioner, agreed=True)
    visit = booking.book_series(
        plan=plan,
        places=[
            booking.Place(
                plan.planned_sessions.get(number=1), clinic.practitioner, clinic.room, minute(days_later(1)), 120
            )
        ],
        by=staff(clinic.reception),
    )[0]
    for name, key in (
        ("appointment", visit),
        ("move", visit),
        ("cancel", visit),
        ("propose", plan),
        ("visit", plan.patient),
    ):
        page = desk.get(reverse(f"planning:{name}", args=[key.public_id])).content.decode()
        assert plan.patient.full_name in page
        assert plan.patient.record_number in page
