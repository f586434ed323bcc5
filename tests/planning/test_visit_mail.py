"""Mails about visits: what they say, when they go, and that a dead mail server loses none."""

import smtplib
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from planning.actions import booking
from planning.actions.calls_made import note_call
from planning.background import queue_reminders
from planning.models import Appointment
from planning.visit_mail import Occasion, message_for
from planning.visit_messages import told_about, visits_not_told
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Outbox
from smpclinic.outbox import queue
from smpclinic.outbox.worker import do
from tests.make import make_consent, make_patient
from tests.planning.booking_makers import days_later, minute, open_clinic
from tests.strict_calendar import moment, read_invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return open_clinic(name="Hair & Dots", phone="+34 600 000 000", email="desk@clinic.example")


def book(clinic, **wanted):
    fields = {
        "kind": "consultation",
        "patient": wanted.pop("patient", None) or make_patient(full_name="Ana Ruiz", email="ana@mail.example"),
        "practitioner": clinic.practitioner,
        "room": clinic.room,
        "starts_min": minute(),
        "minutes": 45,
        "by": staff(clinic.reception),
    }
    return booking.book_appointment(**fields | wanted)


def work():
    """Let the worker do all that is due."""
    while item := queue.take("here:1"):
        do(item)


def file_of(message) -> bytes:
    (file,) = [content for content, kind in message.alternatives if kind.startswith("text/calendar")]
    return file.encode()


def calendar_of(message):
    return icalendar.Calendar.from_ical(file_of(message))


class TestTheMail:
    def test_says_appointment_and_nothing_of_a_treatment(self, clinic):
        book(clinic)
        work()
        (sent,) = mail.outbox
        assert (sent.subject, sent.to, sent.reply_to) == ("Appointment", ["ana@mail.example"], ["desk@clinic.example"])
        assert "Monday 8 January 2035, 10:00" in sent.body
        assert "call +34 600 000 000" in sent.body
        whole = sent.body + str(calendar_of(sent).to_ical())
        assert not any(word in whole.lower() for word in ("micropigmentation", "smp ", "scalp", "consultation"))

    def test_names_the_clinic_only_where_we_may_say_who_we_are(self, clinic):
        book(clinic, patient=make_patient(email="b@mail.example", may_say_who_we_are=True))
        work()
        assert "Hair & Dots" in mail.outbox[0].body
        assert calendar_of(mail.outbox[0]).walk("VEVENT")[0]["organizer"].params["CN"] == "Hair & Dots"

    def test_one_line_per_stage_of_a_visit_under_one_name(self, clinic):
        visit = book(clinic)
        work()
        visit = booking.move_appointment(appointment=visit, starts_min=minute(hour=12), by=staff(clinic.reception))
        work()
        booking.cancel_appointment(appointment=visit, reason="ill", by=staff(clinic.reception))
        work()
        files = [calendar_of(sent) for sent in mail.outbox]
        events = [file.walk("VEVENT")[0] for file in files]
        assert [str(file["method"]) for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [told["sequence"] for told in events] == [0, 1, 2]
        assert len({str(told["uid"]) for told in events}) == 1
        strictly = [read_invitation(file_of(sent)) for sent in mail.outbox]
        assert [method for method, _told in strictly] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [told.one("SEQUENCE") for _method, told in strictly] == ["0", "1", "2"]
        assert {told.one("UID") for _method, told in strictly} == {str(visit.public_id)}
        assert [moment(told.one("DTSTART")) for _method, told in strictly] == [
            told.decoded("dtstart") for told in events
        ]
        assert [sent.subject for sent in mail.outbox] == [
            "Appointment",
            "Appointment: new time",
            "Appointment: cancelled",
        ]
        assert "ill" not in mail.outbox[2].body

    def test_shows_the_clock_of_the_visit_across_a_clock_change(self, clinic):
        # Booked in winter for a day of summer time: 10:00 in Madrid is 08:00 UTC then.
        visit = book(clinic, starts_min=minute(date(2035, 4, 2), 10))
        message = message_for(visit, Occasion.BOOKED)
        assert "Monday 2 April 2035, 10:00" in message.body
        begins = calendar_of(message).walk("VEVENT")[0].decoded("dtstart")
        assert begins.astimezone(ZoneInfo("Europe/Madrid")).hour == 10


class TestWhoIsWrittenTo:
    def test_nobody_without_an_address(self, clinic):
        book(clinic, patient=make_patient())
        assert not Outbox.objects.filter(kind="visit_mail").exists()

    def test_nobody_who_refused_messages(self, clinic):
        patient = make_patient(email="a@mail.example")
        make_consent(patient=patient, kind="messages", granted=False, signed_name="")
        book(clinic, patient=patient)
        work()
        assert not mail.outbox

    def test_nobody_who_took_the_consent_back(self, clinic):
        patient = make_patient(email="a@mail.example")
        make_consent(patient=patient, kind="messages", withdrawn_at=timezone.now())
        book(clinic, patient=patient)
        work()
        assert not mail.outbox

    def test_a_visit_changed_before_the_mail_went_is_told_once_as_it_stands(self, clinic):
        visit = book(clinic)
        booking.move_appointment(appointment=visit, starts_min=minute(hour=12), by=staff(clinic.reception))
        work()
        (sent,) = mail.outbox
        assert "12:00" in sent.body


class TestADeadMailServer:
    def test_loses_no_mail_and_the_booking_stands(self, clinic, monkeypatch):
        def refuse(self, *args, **kwargs):
            raise ConnectionRefusedError("ana@mail.example refused")

        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
            visit = book(clinic)
            work()
        item = Outbox.objects.get(kind="visit_mail")
        assert (item.state, item.last_error) == ("waiting", "The mail server did not take it (ConnectionRefusedError).")
        assert [line.text.partition(" · ")[0] for line in told_about(visit)] == ["is tried again"]
        Outbox.objects.update(run_after=timezone.now())
        work()
        assert len(mail.outbox) == 1
        assert AuditEntry.objects.filter(verb="confirmed by e-mail", subject_id=str(visit.public_id)).exists()

    def test_a_refused_address_is_given_up_and_shown(self, clinic, monkeypatch):
        def refuse(self, *args, **kwargs):
            raise smtplib.SMTPRecipientsRefused({"ana@mail.example": (550, b"no such user")})

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        visit = book(clinic)
        work()
        (line,) = told_about(visit)
        assert (line.kind, "not sent: call instead" in line.text) == ("stop", True)
        assert "ana@" not in Outbox.objects.get(kind="visit_mail").last_error
        assert [row.pk for row in visits_not_told(clinic.reception)] == [visit.pk]
        note_call(appointment=visit, outcome="reached", by=staff(clinic.reception))
        assert not visits_not_told(clinic.reception)


class TestReminders:
    @pytest.fixture
    def visit(self, clinic):
        patient = make_patient(email="a@mail.example")
        make_consent(patient=patient, kind="messages")
        visit = book(clinic, patient=patient, starts_min=minute(days_later(7)))
        Outbox.objects.all().delete()
        # As if it had been booked long before its reminder is due.
        Appointment.objects.filter(pk=visit.pk).update(booked_at=timezone.now() - timedelta(days=30))
        return visit

    def at(self, day, hour):
        return time_machine.travel(
            datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Madrid")), tick=False
        )

    @pytest.mark.parametrize(
        ("days", "hour", "expected"), [(5, 9, 1), (4, 9, 0), (5, 8, 0), (5, 19, 0), (6, 18, 1), (7, 9, 0)]
    )
    def test_go_two_days_before_by_day(self, visit, days, hour, expected):
        with self.at(days_later(days), hour):
            queue_reminders(None)
            work()
        assert len(mail.outbox) == expected

    def test_go_once(self, visit):
        with self.at(days_later(5), 9):
            queue_reminders(None)
            queue_reminders(None)
            work()
        assert len(mail.outbox) == 1

    def test_want_the_consent_that_a_confirmation_does_not(self, visit):
        visit.patient.consents.all().update(withdrawn_at=timezone.now())
        with self.at(days_later(5), 9):
            queue_reminders(None)
            work()
        assert not mail.outbox
