"""A place that is taken: what stands there in words, the nearest free places, one press, nothing typed lost."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from planning.actions import booking
from planning.models import Appointment
from planning.near_places import next_places, places_instead
from planning.places import ChosenPlace, code_of
from smpclinic.actors import staff
from smpclinic.models import ClinicProfile, Qualification
from tests.make import make_location, make_patient, make_plan
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    with time_machine.travel("2035-01-07 18:00:00+00:00", tick=False):
        yield open_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.reception)
    return client


def taken(clinic, *, day=MONDAY, hour=10, minutes=60, patient=None):
    visit = booking.book_appointment(
        kind="consultation",
        patient=patient or make_patient(full_name="Ben Okoro"),
        practitioner=clinic.practitioner,
        room=clinic.room,
        starts_min=minute(day, hour),
        minutes=minutes,
        by=staff(clinic.reception),
    )
    return f"{visit.starts_min}.{clinic.practitioner.pk}.{clinic.room.pk}"


class TestByHand:
    def clashed(self, desk, clinic, **typed):
        patient = make_patient()
        url = reverse("planning:visit", args=[patient.public_id])
        return url, desk.post(url, {"kind": "consultation", "place": taken(clinic), "note": "by the door"} | typed)

    def test_says_what_stands_there_and_offers_the_three_nearest(self, desk, clinic):
        _url, answer = self.clashed(desk, clinic)
        assert answer.status_code == 409
        clash = answer.context["clash"]
        assert clash.words[0] == "Dr Ruiz already has Consultation with Ben Okoro on Mon 8 Jan, 10:00-11:00."
        assert [words for _code, words in clash.offers] == [
            "Mon 8 Jan, 10:00–10:45 · Dr Sato · Room 2",
            "Mon 8 Jan, 09:45–10:30 · Dr Sato · Room 2",
            "Mon 8 Jan, 10:15–11:00 · Dr Sato · Room 2",
        ]

    def test_one_press_takes_an_offer_with_what_was_typed(self, desk, clinic):
        url, answer = self.clashed(desk, clinic)
        clash = answer.context["clash"]
        assert 'value="by the door"' in answer.content.decode()
        taken_now = desk.post(url, dict(clash.typed) | {"place": clash.offers[0][0]})
        visit = Appointment.objects.latest("pk")
        assert taken_now.url == visit.get_absolute_url()
        assert (visit.kind, visit.note, visit.practitioner) == ("consultation", "by the door", clinic.colleague)

    def test_names_no_patient_of_another_location(self, desk, clinic):
        ClinicProfile.objects.update(patients_shared=False)
        clinic.reception.locations.add(clinic.location)
        place = taken(clinic, patient=make_patient(full_name="Hana Weiss", home_location=make_location()))
        patient = make_patient(home_location=clinic.location)
        url = reverse("planning:visit", args=[patient.public_id])
        page = desk.post(url, {"kind": "consultation", "place": place}).content.decode()
        assert "Hana Weiss" not in page
        assert "Dr Ruiz is taken on Mon 8 Jan, 10:00-11:00." in page

    def test_a_place_outside_the_hours_is_answered_with_places_too(self, desk, clinic):
        url = reverse("planning:visit", args=[make_patient().public_id])
        place = f"{minute(hour=17, minutes=30)}.{clinic.practitioner.pk}.{clinic.room.pk}"
        answer = desk.post(url, {"kind": "consultation", "place": place})
        assert "does not work there at that time" in answer.content.decode()
        assert answer.context["clash"].offers[0][1].startswith("Mon 8 Jan, 17:15–18:00")

    def test_a_session_booked_meanwhile_is_said_and_books_nothing_else(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        session = plan.planned_sessions.get(number=1)
        place = booking.Place(session, clinic.practitioner, clinic.room, minute(), 120)
        booking.book_series(plan=plan, places=[place], by=staff(clinic.practitioner))
        url = reverse("planning:visit", args=[plan.patient.public_id])
        told = {"kind": f"session-{session.pk}", "place": taken(clinic, day=days_later(4))}
        assert "This has its visit already" in desk.post(url, told).content.decode()
        assert Appointment.objects.filter(patient=plan.patient).count() == 1

    def test_a_session_pressed_twice_is_shown(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        url = reverse("planning:visit", args=[plan.patient.public_id])
        kind = f"session-{plan.planned_sessions.get(number=1).pk}"
        place = f"{minute()}.{clinic.practitioner.pk}.{clinic.room.pk}"
        answers = [desk.post(url, {"kind": kind, "place": place}) for _ in range(2)]
        assert [answer.url for answer in answers] == [Appointment.objects.get().get_absolute_url()] * 2


class TestACall:
    def test_keeps_name_and_phone_with_the_press(self, desk, clinic):
        told = {"full_name": "Ana Ibanez", "phone": "+34 600 100 200", "email": "ana@example.org", "note": "shy"}
        answer = desk.post(reverse("planning:call"), told | {"place": taken(clinic)})
        assert answer.status_code == 409
        clash = answer.context["clash"]
        assert dict(clash.typed) == told
        desk.post(reverse("planning:call"), dict(clash.typed) | {"place": clash.offers[0][0]})
        visit = Appointment.objects.latest("pk")
        assert (visit.patient.full_name, visit.patient.email, visit.note) == ("Ana Ibanez", "ana@example.org", "shy")

    def test_pressing_twice_registers_and_books_once_and_shows_it(self, desk, clinic):
        place = f"{minute()}.{clinic.practitioner.pk}.{clinic.room.pk}"
        told = {"full_name": "Ana Ibanez", "phone": "+34 600 100 200", "place": place}
        answers = [desk.post(reverse("planning:call"), told) for _ in range(2)]
        assert [answer.url for answer in answers] == [Appointment.objects.get().get_absolute_url()] * 2


class TestASeries:
    def test_keeps_the_dates_that_are_free_and_offers_the_rest_anew(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        url = reverse("planning:propose", args=[plan.public_id])
        code = desk.get(url).context["offers"][0]["code"]
        first, second, third = code.split()
        starts_min, _who, _room = second.split(".")
        booking.book_appointment(
            kind="consultation",
            patient=make_patient(full_name="Ben Okoro"),
            practitioner=clinic.practitioner,
            room=clinic.room,
            starts_min=int(starts_min) + 30,
            minutes=60,
            by=staff(clinic.reception),
        )
        answer = desk.post(url, {"places": code})
        assert answer.status_code == 409
        assert "Ben Okoro" in answer.content.decode()
        assert not Appointment.objects.filter(kind="treatment").exists()
        offers = [offer["code"].split() for offer in answer.context["offers"]]
        assert offers
        assert all((offer[0], offer[2]) == (first, third) and offer[1] != second for offer in offers)
        assert desk.post(url, {"places": " ".join(offers[0])}).status_code == 302
        assert Appointment.objects.filter(kind="treatment").count() == 3


class TestWhatIsOffered:
    """Places near the one that is taken keep to hours, qualification, the gap and the order of the sessions."""

    def near(self, clinic, day, **told):
        place = ChosenPlace(minute(day), clinic.practitioner, clinic.room)
        return places_instead(place, minutes=120, **told)

    def booked(self, clinic, *days):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        sessions = list(plan.planned_sessions.order_by("number"))
        places = [
            booking.Place(sessions[number - 1], clinic.practitioner, clinic.room, minute(days_later(day)), 120)
            for number, day in days
        ]
        booking.book_series(plan=plan, places=places, by=staff(clinic.reception))
        return plan, sessions

    def test_a_session_stays_with_the_practitioner_who_was_asked_for(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        session = plan.planned_sessions.get(number=1)
        taken(clinic)
        places = self.near(clinic, MONDAY, patient=plan.patient, planned_session=session)
        assert {place.practitioner for place in places} == {clinic.practitioner.pk}
        assert code_of(places[0]).startswith(f"{minute(hour=11)}.")

    def test_lies_between_its_neighbours_with_the_gap(self, clinic):
        plan, sessions = self.booked(clinic, (1, 0), (3, 4))
        places = self.near(clinic, days_later(3), patient=plan.patient, planned_session=sessions[1])
        assert {place.local_day - _day(MONDAY) for place in places} == {2}

    def test_never_overtakes_an_earlier_session(self, clinic):
        plan, sessions = self.booked(clinic, (1, 10))
        places = self.near(clinic, days_later(3), patient=plan.patient, planned_session=sessions[1])
        assert min(place.local_day for place in places) == _day(days_later(12))

    def test_only_while_the_qualification_is_valid(self, clinic):
        Qualification.objects.filter(user=clinic.practitioner).update(valid_until=days_later(1))
        clinic.colleague.qualifications.all().delete()
        told = {"patient": make_patient(), "minutes": 120, "near_min": minute(days_later(9))}
        places = next_places(only_qualified=True, **told)
        assert {place.local_day for place in places} == {_day(days_later(1))}
        assert next_places(**told)[0].local_day == _day(days_later(9))

    def test_reaches_a_day_beyond_the_next_two_months(self, clinic):
        place = next_places(minutes=45, near_min=minute(days_later(140)))[0]
        assert place.starts_min == minute(days_later(140))


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
