"""Booking, moving, cancelling: what is refused, in which words, and that nothing is half done."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from planning.actions import booking
from planning.clashes import Clash
from planning.closing import BookingClosed
from planning.models import Appointment, AppointmentState, TimeOff, TreatmentPlan
from smpclinic.actors import patient_by_link, staff
from smpclinic.database import guards
from smpclinic.models import AuditEntry
from tests.make import make_location, make_patient, make_plan
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return open_clinic()


def book(clinic, **wanted):
    fields = {
        "kind": "consultation",
        "patient": wanted.pop("patient", None) or make_patient(),
        "practitioner": clinic.practitioner,
        "room": clinic.room,
        "starts_min": minute(),
        "minutes": 45,
        "by": staff(clinic.reception),
    }
    return booking.book_appointment(**fields | wanted)


def book_sessions(clinic, plan, *days, hour=10):
    places = [
        booking.Place(session, clinic.practitioner, clinic.room, minute(day, hour), 120)
        for session, day in zip(plan.planned_sessions.order_by("number"), days, strict=False)
    ]
    return booking.book_series(plan=plan, places=places, by=staff(clinic.reception))


class TestBookingOneVisit:
    def test_keeps_the_local_day_and_the_cleaning_time(self, clinic):
        visit = book(clinic)
        assert (visit.day, f"{visit.starts_at:%H:%M}", visit.minutes) == (MONDAY, "10:00", 45)
        assert visit.room_until_min == visit.ends_min + 15

    def test_is_written_into_the_trail(self, clinic):
        visit = book(clinic)
        entry = AuditEntry.objects.get(verb="booked")
        assert entry.subject_id == str(visit.public_id)
        assert entry.actor_label == str(clinic.reception)

    def test_names_the_visit_that_stands_in_the_way_of_the_practitioner(self, clinic):
        book(clinic, patient=make_patient(full_name="Ana Ruiz"))
        with pytest.raises(Clash) as clash:
            book(clinic, room=clinic.other_room, starts_min=minute(hour=10, minutes=44))
        assert clash.value.words == ["Dr Ruiz already has Consultation with Ana Ruiz on Mon 8 Jan, 10:00-10:45."]

    def test_the_next_minute_is_free_for_the_practitioner(self, clinic):
        book(clinic)
        assert book(clinic, room=clinic.other_room, starts_min=minute(hour=10, minutes=45)).active

    def test_a_room_is_not_free_while_it_is_cleaned(self, clinic):
        book(clinic)
        with pytest.raises(Clash) as clash:
            book(clinic, practitioner=clinic.colleague, starts_min=minute(hour=10, minutes=59))
        assert clash.value.words == ["Room 1 is taken on Mon 8 Jan, 10:00-10:45, and cleaned after it."]

    def test_a_room_is_free_once_it_is_cleaned(self, clinic):
        book(clinic)
        assert book(clinic, practitioner=clinic.colleague, starts_min=minute(hour=11)).active

    def test_a_patient_cannot_be_in_two_rooms(self, clinic):
        patient = make_patient(full_name="Ana Ruiz")
        book(clinic, patient=patient)
        with pytest.raises(Clash) as clash:
            book(clinic, patient=patient, practitioner=clinic.colleague, room=clinic.other_room)
        assert clash.value.words == ["Ana Ruiz already has Consultation on Mon 8 Jan, 10:00-10:45."]

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            ({"starts_min": 27_000_000}, "That time has passed."),
            ({"minutes": 4}, "A visit lasts 5 minutes to 12 hours, not 4 minutes."),
        ],
    )
    def test_refuses_in_words(self, clinic, wanted, words):
        with pytest.raises(ValidationError) as refusal:
            book(clinic, **wanted)
        assert any(message.startswith(words) for message in refusal.value.messages)

    @pytest.mark.parametrize(("hour", "minutes"), [(8, 59), (17, 16)])
    def test_refuses_a_minute_outside_the_hours(self, clinic, hour, minutes):
        with pytest.raises(ValidationError, match="does not work there at that time"):
            book(clinic, starts_min=minute(hour=hour, minutes=minutes))

    @pytest.mark.parametrize(("hour", "minutes"), [(9, 0), (17, 15)])
    def test_accepts_the_first_and_the_last_minute_of_the_hours(self, clinic, hour, minutes):
        assert book(clinic, starts_min=minute(hour=hour, minutes=minutes)).active

    def test_refuses_a_practitioner_who_is_away(self, clinic):
        TimeOff.objects.create(user=clinic.practitioner, first_day=MONDAY, last_day=MONDAY)
        with pytest.raises(ValidationError, match="does not work there at that time"):
            book(clinic)

    def test_refuses_somebody_who_does_not_treat(self, clinic):
        with pytest.raises(ValidationError, match="does not treat patients now"):
            book(clinic, practitioner=clinic.reception)

    def test_refuses_a_merged_record(self, clinic):
        patient = make_patient(merged_into=make_patient())
        with pytest.raises(ValidationError, match="merged into another"):
            book(clinic, patient=patient)

    def test_is_closed_while_a_guard_is_missing(self, clinic, monkeypatch):
        monkeypatch.setattr(guards, "problems", lambda: ["guard two_days is missing"])
        with pytest.raises(BookingClosed, match="guard two_days is missing"):
            book(clinic)
        assert not Appointment.objects.exists()


class TestBookingASeries:
    def test_books_all_sessions_at_once(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        visits = book_sessions(clinic, plan, MONDAY, days_later(2), days_later(4))
        assert [visit.title for visit in visits] == ["Session 1 of 3", "Session 2 of 3", "Session 3 of 3"]

    def test_books_none_where_one_cannot_be(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        book(clinic, starts_min=minute(days_later(4)))
        with pytest.raises(Clash):
            book_sessions(clinic, plan, MONDAY, days_later(2), days_later(4))
        assert Appointment.objects.filter(kind="treatment").count() == 0

    def test_refuses_two_sessions_on_following_days(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, sessions=2)
        with pytest.raises(Clash) as clash:
            book_sessions(clinic, plan, MONDAY, days_later(1))
        assert clash.value.words[0].endswith("sessions are at least 2 days apart: the earliest is Wed 10 Jan.")

    def test_counts_the_sessions_of_every_plan_of_the_patient(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, sessions=2)
        book_sessions(clinic, plan, days_later(1), days_later(3))
        other = make_plan(patient=plan.patient, practitioner=clinic.practitioner, agreed=True, sessions=2)
        with pytest.raises(Clash) as clash:
            book_sessions(clinic, other, MONDAY, hour=14)
        assert clash.value.words[0].endswith("the latest before it is Sun 7 Jan.")

    def test_holds_a_wider_gap_that_the_clinic_has_set(self):
        clinic = open_clinic(gap_days=7)
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, sessions=2)
        with pytest.raises(Clash):
            book_sessions(clinic, plan, MONDAY, days_later(5))
        assert len(book_sessions(clinic, plan, MONDAY, days_later(7))) == 2

    def test_refuses_session_two_before_session_one(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True, sessions=2)
        with pytest.raises(ValidationError, match="Session 1 comes before session 2"):
            book_sessions(clinic, plan, days_later(5), days_later(2))

    def test_refuses_a_plan_that_nobody_approved(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        plan.state = "draft"
        plan.save()
        with pytest.raises(ValidationError, match="The plan is draft"):
            book_sessions(clinic, plan, MONDAY)

    def test_refuses_a_second_visit_of_the_same_session(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        book_sessions(clinic, plan, MONDAY)
        with pytest.raises(Clash, match="This session already has an appointment"):
            book_sessions(clinic, plan, days_later(7))


class TestMoving:
    def test_moves_to_a_free_place_and_counts_the_change(self, clinic):
        visit = book(clinic)
        moved = booking.move_appointment(appointment=visit, starts_min=minute(hour=15), by=staff(clinic.reception))
        assert (f"{moved.starts_at:%H:%M}", moved.sequence, moved.state) == ("15:00", 1, "booked")

    def test_may_overlap_its_own_old_place(self, clinic):
        visit = book(clinic)
        moved = booking.move_appointment(
            appointment=visit, starts_min=minute(hour=10, minutes=15), by=staff(clinic.reception)
        )
        assert f"{moved.starts_at:%H:%M}" == "10:15"

    def test_stays_where_it_was_when_the_new_place_is_taken(self, clinic):
        book(clinic, starts_min=minute(hour=15))
        visit = book(clinic)
        with pytest.raises(Clash):
            booking.move_appointment(appointment=visit, starts_min=minute(hour=15), by=staff(clinic.reception))
        visit.refresh_from_db()
        assert (f"{visit.starts_at:%H:%M}", visit.active, visit.state) == ("10:00", True, "booked")

    def test_the_middle_session_keeps_its_distance_both_ways(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        visits = book_sessions(clinic, plan, MONDAY, days_later(3), days_later(5))
        for day in (days_later(1), days_later(4)):
            with pytest.raises(Clash):
                booking.move_appointment(appointment=visits[1], starts_min=minute(day, 14), by=staff(clinic.reception))
        assert booking.move_appointment(
            appointment=visits[1], starts_min=minute(days_later(2)), by=staff(clinic.reception)
        )

    def test_refuses_a_visit_that_has_begun(self, clinic):
        visit = book(clinic)
        with time_machine.travel("2035-01-08 09:00:00+00:00", tick=False):
            booking.change_state(appointment=visit, state="arrived", by=staff(clinic.reception))
            with pytest.raises(ValidationError, match="Only a visit that is booked"):
                booking.move_appointment(appointment=visit, starts_min=minute(hour=15), by=staff(clinic.reception))


class TestTheLifeOfAVisit:
    def test_cancelling_needs_a_reason_and_frees_the_place(self, clinic):
        visit = book(clinic)
        with pytest.raises(ValidationError, match="Say why"):
            booking.cancel_appointment(appointment=visit, reason=" ", by=staff(clinic.reception))
        booking.cancel_appointment(appointment=visit, reason="Is ill", by=staff(clinic.reception))
        assert book(clinic).active

    def test_a_patient_arrives_only_on_the_day(self, clinic):
        visit = book(clinic)
        with pytest.raises(ValidationError, match=r"This visit is on Mon 8 Jan\. Move it to today first\."):
            booking.change_state(appointment=visit, state=AppointmentState.ARRIVED, by=staff(clinic.reception))

    def test_a_no_show_comes_back_only_while_the_place_is_free(self, clinic):
        visit = book(clinic)
        booking.change_state(appointment=visit, state="no_show", by=staff(clinic.reception))
        book(clinic)
        with pytest.raises(Clash):
            booking.change_state(appointment=visit, state="booked", by=staff(clinic.reception))

    def test_a_no_show_does_not_come_back_while_a_guard_is_missing(self, clinic, monkeypatch):
        visit = book(clinic)
        booking.change_state(appointment=visit, state="no_show", by=staff(clinic.reception))
        monkeypatch.setattr(guards, "problems", lambda: ["guard two_days is missing"])
        with pytest.raises(BookingClosed, match="guard two_days is missing"):
            booking.change_state(appointment=visit, state="booked", by=staff(clinic.reception))
        visit.refresh_from_db()
        assert (visit.state, visit.active) == ("no_show", False)

    def test_a_no_show_of_a_plan_that_was_stopped_does_not_come_back(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner)
        (visit,) = book_sessions(clinic, plan, MONDAY)
        booking.change_state(appointment=visit, state="no_show", by=staff(clinic.reception))
        TreatmentPlan.objects.filter(pk=plan.pk).update(state="stopped", stopped_reason="Moved away")
        with pytest.raises(ValidationError, match="The plan is stopped"):
            booking.change_state(appointment=visit, state="booked", by=staff(clinic.reception))

    def test_done_is_never_booked_again(self, clinic):
        visit = book(clinic)
        with time_machine.travel("2035-01-08 09:00:00+00:00", tick=False):
            for state in ("arrived", "in_treatment", "done"):
                booking.change_state(appointment=visit, state=state, by=staff(clinic.reception))
        with pytest.raises(ValidationError, match="stays done"):
            booking.change_state(appointment=visit, state="booked", by=staff(clinic.reception))


def test_a_clock_change_lies_between_two_sessions():
    """Two calendar days over the night of 25 March 2035 are 47 hours, and still two days."""
    clinic = open_clinic()
    plan = make_plan(practitioner=clinic.practitioner, agreed=True, sessions=2)
    visits = book_sessions(clinic, plan, date(2035, 3, 24), date(2035, 3, 26))
    assert [visit.utc_offset_min for visit in visits] == [60, 120]
    assert visits[1].starts_min - visits[0].starts_min == 47 * 60


class TestWhoIsNamed:
    """Where locations do not share their patients, the words of a clash must not tell one of them."""

    @pytest.fixture
    def apart(self):
        clinic = open_clinic(patients_shared=False)
        clinic.reception.locations.add(clinic.location)
        return clinic

    @pytest.mark.parametrize("is_near", [True, False])
    def test_a_patient_is_named_to_whom_may_open_them_alone(self, apart, is_near):
        home = apart.location if is_near else make_location(name="South")
        book(apart, patient=make_patient(full_name="Hana Weiss", home_location=home))
        with pytest.raises(Clash) as clash:
            book(apart, patient=make_patient(home_location=apart.location), room=apart.other_room)
        assert ("Hana Weiss" in str(clash.value)) is is_near
        assert "Dr Ruiz" in str(clash.value)
        assert "10:00-10:45" in str(clash.value)

    def test_a_patient_who_acts_is_told_no_name(self, apart):
        book(apart, patient=make_patient(full_name="Hana Weiss", home_location=apart.location))
        with pytest.raises(Clash) as clash:
            book(apart, room=apart.other_room, by=patient_by_link("Ivo Silva (private link)"))
        assert "Hana Weiss" not in str(clash.value)
