"""Past visits entered afterwards, and patients who come without a visit."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from planning.actions import booking
from planning.actions.late_entry import Performed, enter_past_visit
from planning.actions.walk_in import receive_walk_in
from planning.clashes import Clash
from planning.models import Appointment, LateEntry
from planning.places import ChosenPlace
from planning.watch import count_of_breaks
from sessions import actions as sessions
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Outbox, StaffRole
from smpclinic.roles import Role
from tests.make import make_appointment, make_patient, make_plan
from tests.pictures import encoded, plain
from tests.planning.booking_makers import minute, open_clinic

pytestmark = pytest.mark.django_db
# A past that is past for the database too, whose clock no test moves.
MONDAY = date(2024, 1, 8)
FRIDAY_NOON = "2024-01-12 11:00:00+00:00"


def days_later(days):
    return MONDAY + timedelta(days=days)


@pytest.fixture
def clinic():
    with time_machine.travel(FRIDAY_NOON, tick=False):
        yield open_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.reception)
    return client


@pytest.fixture
def manager(clinic):
    StaffRole.objects.create(user=clinic.reception, role=Role.MANAGER)
    return type(clinic.reception).objects.get(pk=clinic.reception.pk)


def enter(clinic, *, patient=None, planned_session=None, day=MONDAY, hour=10, minutes=60, by=None, **told):
    kind = "treatment" if planned_session else "consultation"
    visit = Appointment(kind=kind, patient=patient or make_patient(), planned_session=planned_session)
    return enter_past_visit(
        visit=visit,
        performed=Performed(clinic.practitioner, clinic.room, minute(day, hour), minutes),
        reason="power cut",
        by=staff(by or clinic.reception),
        **told,
    )


def typed(clinic, **changes):
    return {
        "kind": "consultation",
        "day": "2024-01-08",
        "at": "10:00",
        "until": "10:45",
        "practitioner": clinic.practitioner.pk,
        "room": clinic.room.pk,
        "reason": "on paper",
    } | changes


class TestEnteringAPastVisit:
    def test_keeps_when_it_was_and_when_by_whom_and_why_it_was_entered(self, desk, clinic):
        patient = make_patient()
        scan = SimpleUploadedFile("paper.jpg", encoded(plain()).read(), content_type="image/jpeg")
        answer = desk.post(reverse("planning:past_visit", args=[patient.public_id]), typed(clinic, scan=scan))
        visit = Appointment.objects.get()
        assert answer.url == visit.get_absolute_url()
        assert (visit.day, visit.state, visit.entered_late, visit.minutes) == (MONDAY, "done", True, 45)
        entry = visit.late_entry
        assert (entry.reason, entry.entered_by, f"{entry.entered_at:%d}") == ("on paper", clinic.reception, "12")
        assert AuditEntry.objects.filter(verb="entered late").exists()
        assert not Outbox.objects.exists(), "nobody is told of what has passed"
        assert "on paper" in desk.get(visit.get_absolute_url()).content.decode()

    def test_the_scan_is_read_by_those_who_treat(self, client, clinic):
        client.force_login(clinic.reception)
        scan = SimpleUploadedFile("paper.jpg", encoded(plain()).read(), content_type="image/jpeg")
        client.post(reverse("planning:past_visit", args=[make_patient().public_id]), typed(clinic, scan=scan))
        url = reverse("planning:late_scan", args=[Appointment.objects.get().public_id])
        assert client.get(url).status_code == 403
        client.force_login(clinic.practitioner)
        assert client.get(url)["Content-Type"] == "image/jpeg"

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"until": "10:00"}, "until", "It ended after it began."),
            ({"day": "2024-01-13"}, "day", "This day has not come yet."),
            ({"day": "2023-03-26", "at": "02:30", "until": "04:00"}, "at", "There is no 02:30"),
            ({"day": "2023-10-29", "at": "02:30", "until": "04:00"}, "at", "There are two moments of 02:30"),
            ({"reason": ""}, "reason", "required"),
            ({"practitioner": "x"}, "practitioner", "valid choice"),
        ],
    )
    def test_wrong_input_is_said_beside_the_field(self, desk, clinic, wrong, field, words):
        url = reverse("planning:past_visit", args=[make_patient().public_id])
        answer = desk.post(url, typed(clinic, **wrong))
        assert words in str(answer.context["form"].errors[field])
        assert not Appointment.objects.exists()

    def test_a_visit_that_is_not_over_is_refused(self, desk, clinic):
        url = reverse("planning:past_visit", args=[make_patient().public_id])
        answer = desk.post(url, typed(clinic, day="2024-01-12", at="11:30", until="12:30"))
        assert "That visit is not over yet" in answer.content.decode()

    def test_hours_say_nothing_of_the_past(self, clinic):
        assert enter(clinic, day=days_later(-1), hour=21).state == "done"

    def test_a_damaged_scan_saves_nothing_and_keeps_what_was_typed(self, desk, clinic):
        url = reverse("planning:past_visit", args=[make_patient().public_id])
        scan = SimpleUploadedFile("paper.pdf", b"%PDF-1.7 nothing", content_type="application/pdf")
        answer = desk.post(url, typed(clinic, scan=scan))
        assert "scan" in answer.context["form"].errors
        assert 'value="on paper"' in answer.content.decode()
        assert not Appointment.objects.exists()

    def test_pressing_twice_enters_it_once(self, desk, clinic):
        url = reverse("planning:past_visit", args=[make_patient().public_id])
        answers = [desk.post(url, typed(clinic)) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 409]
        assert Appointment.objects.count() == 1


class TestABookedVisitThatWasNotRecorded:
    def test_is_entered_as_it_took_place(self, desk, clinic):
        with time_machine.travel("2024-01-07 18:00:00+00:00", tick=False):
            visit = booking.book_appointment(
                kind="consultation", patient=make_patient(), practitioner=clinic.practitioner, room=clinic.room,
                starts_min=minute(MONDAY), minutes=45, by=staff(clinic.reception),
            )  # fmt: skip
        url = reverse("planning:took_place", args=[visit.public_id])
        assert url in desk.get(visit.get_absolute_url()).content.decode()
        desk.post(url, typed(clinic, at="10:20", until="11:20"))
        visit.refresh_from_db()
        assert (f"{visit.starts_at:%H:%M}", visit.minutes, visit.state, visit.entered_late) == (
            "10:20",
            60,
            "done",
            True,
        )

    def test_one_that_lies_ahead_is_not_entered(self, clinic):
        visit = booking.book_appointment(
            kind="consultation", patient=make_patient(), practitioner=clinic.practitioner, room=clinic.room,
            starts_min=minute(days_later(7)), minutes=45, by=staff(clinic.reception),
        )  # fmt: skip
        performed = Performed(clinic.practitioner, clinic.room, minute(MONDAY), 45)
        with pytest.raises(ValidationError, match="whose time has come"):
            enter_past_visit(visit=visit, performed=performed, reason="paper", by=staff(clinic.reception))


class TestTheSameGuards:
    def test_a_place_that_was_taken_is_named(self, desk, clinic):
        enter(clinic, patient=make_patient(full_name="Ben Okoro"))
        url = reverse("planning:past_visit", args=[make_patient().public_id])
        answer = desk.post(url, typed(clinic))
        assert answer.status_code == 409
        assert "Ben Okoro" in answer.content.decode()
        assert "a manager keeps it as an incident" in answer.content.decode()

    @pytest.mark.parametrize(("day", "is_refused"), [(1, True), (2, False)])
    def test_two_sessions_keep_their_days_apart_in_the_past_too(self, clinic, day, is_refused):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        first, second, _third = plan.planned_sessions.order_by("number")
        enter(clinic, patient=plan.patient, planned_session=first)
        again = {"patient": plan.patient, "planned_session": second, "day": days_later(day)}
        if is_refused:
            with pytest.raises(Clash, match="at least 2 days apart"):
                enter(clinic, **again)
        else:
            assert enter(clinic, **again).active

    def test_a_manager_keeps_a_break_as_an_incident(self, clinic, manager):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        first, second, _third = plan.planned_sessions.order_by("number")
        enter(clinic, patient=plan.patient, planned_session=first)
        told = {"patient": plan.patient, "planned_session": second, "day": days_later(1)}
        kept = enter(clinic, by=manager, breach_reason="came a day early", **told)
        assert (kept.breach_reason, kept.breach_by, kept.state) == ("came a day early", manager, "done")
        assert count_of_breaks() == 0

    def test_a_reason_without_a_break_makes_no_incident(self, clinic, manager):
        assert enter(clinic, by=manager, breach_reason="just in case").breach_reason == ""

    def test_reception_keeps_no_incident(self, clinic):
        enter(clinic)
        with pytest.raises(Clash):
            enter(clinic, breach_reason="I say so")

    def test_a_break_of_today_is_refused_also_to_the_manager(self, clinic, manager):
        enter(clinic, day=days_later(4), hour=9)
        with pytest.raises(Clash):
            enter(clinic, day=days_later(4), hour=9, by=manager, breach_reason="so it was")

    def test_a_session_ahead_is_moved_first(self, clinic, manager):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        first, second, _third = plan.planned_sessions.order_by("number")
        ahead = booking.Place(second, clinic.practitioner, clinic.room, minute(days_later(5)), 120)
        booking.book_series(plan=plan, places=[ahead], by=staff(clinic.reception))
        told = {"patient": plan.patient, "planned_session": first, "day": days_later(4), "hour": 9}
        with pytest.raises(ValidationError, match="Move that one first"):
            enter(clinic, by=manager, breach_reason="so it was", **told)

    def test_a_session_of_a_stopped_plan_is_refused(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        plan.state, plan.stopped_reason = "stopped", "moved away"
        plan.save()
        with pytest.raises(ValidationError, match="The plan is stopped"):
            enter(clinic, patient=plan.patient, planned_session=plan.planned_sessions.get(number=1))


class TestItsRecord:
    def test_is_opened_and_written_from_the_paper(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        visit = enter(clinic, patient=plan.patient, planned_session=plan.planned_sessions.get(number=1))
        by = staff(clinic.practitioner)
        session = sessions.open_session(appointment=visit, by=by)
        session = sessions.start_treatment(session=session, by=by)
        plan.refresh_from_db()
        assert plan.state == "in_treatment"
        told = {"zone": "frontal_third", "needle_group": "3RL", "depth_mm": "1.0", "angle_degrees": 90}
        assert sessions.save_pass(session=session, fields=told, by=by).number == 1

    def test_a_visit_that_is_done_in_the_usual_way_opens_none(self, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        visit = enter(clinic, patient=plan.patient, planned_session=plan.planned_sessions.get(number=1))
        Appointment.objects.filter(pk=visit.pk).update(entered_late=False)
        with pytest.raises(ValidationError, match="no record to open"):
            sessions.open_session(appointment=visit, by=staff(clinic.practitioner))


class TestWalkIn:
    def here(self, client, patient, **told):
        url = reverse("planning:walk_in", args=[patient.public_id])
        place = client.get(url, told).context["form"].fields["place"].choices[0][0]
        return client.post(url, {"kind": "consultation", "place": place} | told)

    def test_is_booked_from_now_and_arrived(self, desk, clinic):
        answer = self.here(desk, make_patient(email="ana@example.org"))
        visit = Appointment.objects.get()
        assert (f"{visit.starts_at:%a %H:%M}", visit.state, visit.arrived_at is not None) == (
            "Fri 12:00",
            "arrived",
            True,
        )
        assert answer.url == visit.get_absolute_url()
        assert not Outbox.objects.exists(), "who stands at the desk needs no mail"

    def test_a_session_leads_the_practitioner_straight_to_the_chair(self, client, clinic):
        client.force_login(clinic.practitioner)
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        code = f"session-{plan.planned_sessions.get(number=1).pk}"
        answer = self.here(client, plan.patient, kind=code)
        assert answer.url == reverse("sessions:start", args=[Appointment.objects.get().public_id])

    def test_pressing_twice_shows_the_same_visit(self, desk, clinic):
        patient = make_patient()
        url = reverse("planning:walk_in", args=[patient.public_id])
        place = desk.get(url).context["form"].fields["place"].choices[0][0]
        answers = [desk.post(url, {"kind": "consultation", "place": place}) for _ in range(2)]
        assert [answer.url for answer in answers] == [Appointment.objects.get().get_absolute_url()] * 2

    @pytest.mark.parametrize(("minutes_ago", "is_refused"), [(30, False), (31, True)])
    def test_may_have_begun_half_an_hour_ago_and_no_earlier(self, clinic, minutes_ago, is_refused):
        place = ChosenPlace(minute(days_later(4), 12) - minutes_ago, clinic.practitioner, clinic.room)
        told = {"kind": "consultation", "patient": make_patient(), "place": place, "minutes": 45}
        if is_refused:
            with pytest.raises(ValidationError, match="That time has passed"):
                receive_walk_in(by=staff(clinic.reception), **told)
        else:
            assert receive_walk_in(by=staff(clinic.reception), **told).state == "arrived"

    def test_keeps_the_days_between_sessions(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        first, second, _third = plan.planned_sessions.order_by("number")
        enter(clinic, patient=plan.patient, planned_session=first, day=days_later(3))
        url = reverse("planning:walk_in", args=[plan.patient.public_id])
        assert not desk.get(url, {"kind": f"session-{second.pk}"}).context["has_places"]

    def test_says_so_where_nobody_is_free_today(self, desk, clinic):
        with time_machine.travel("2024-01-12 21:00:00+00:00", tick=False):
            page = desk.get(reverse("planning:walk_in", args=[make_patient().public_id]))
        assert "Nobody is free for that today" in page.content.decode()


def test_a_late_entry_has_a_reason():
    visit = make_appointment()
    with pytest.raises(IntegrityError), transaction.atomic():
        LateEntry.objects.create(appointment=visit, reason="", entered_at=timezone.now(), entered_by=visit.practitioner)
