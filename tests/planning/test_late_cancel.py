"""A visit given up within the clinic's notice is cancelled late: counted, shown, and set by the manager."""

import pytest
import time_machine
from django.urls import reverse

from planning.actions import booking
from planning.attendance import attendance_of
from planning.models import Appointment
from planning.visit_settings import visit_settings
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from smpclinic.pages.timeline import events_of
from tests.make import make_appointment, make_manager, make_patient
from tests.planning.booking_makers import minute, open_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    with time_machine.travel("2035-01-06 18:00:00+00:00", tick=False):
        yield open_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.reception)
    return client


@pytest.fixture
def visit(clinic):
    """On Monday 8 January at ten in Madrid, nine by UTC."""
    return booking.book_appointment(
        kind="consultation", patient=make_patient(), practitioner=clinic.practitioner, room=clinic.room,
        starts_min=minute(), minutes=45, by=staff(clinic.reception),
    )  # fmt: skip


def cancel(client, visit, *, at, who="patient"):
    with time_machine.travel(at, tick=False):
        client.force_login(visit.booked_by)
        page = client.get(reverse("planning:cancel", args=[visit.public_id]))
        client.post(reverse("planning:cancel", args=[visit.public_id]), {"reason": "ill", "who": who})
    visit.refresh_from_db()
    assert visit.state == "cancelled"
    return page.content.decode()


@pytest.mark.parametrize(("at", "is_late"), [("2035-01-07 09:00:00+00:00", False), ("2035-01-07 09:01:00+00:00", True)])
def test_is_late_within_the_notice(desk, visit, at, is_late):
    page = cancel(desk, visit, at=at)
    assert visit.cancelled_late is is_late
    assert ("It is less than 24 hours before" in page) is is_late


def test_the_clinic_itself_is_never_late(desk, visit):
    cancel(desk, visit, at="2035-01-08 08:00:00+00:00", who="clinic")
    assert not visit.cancelled_late


def test_is_shown_and_counted(desk, visit):
    make_appointment(kind="consultation", patient=visit.patient, state="done")
    make_appointment(kind="consultation", patient=visit.patient, state="no_show")
    cancel(desk, visit, at="2035-01-08 08:00:00+00:00")
    desk.force_login(visit.booked_by)
    page = desk.get(visit.get_absolute_url()).content.decode()
    assert "Cancelled late" in page
    assert "So far: came once, cancelled late once, did not come once." in page
    events = [event.title for event in events_of(visit.patient, sees_health=False)]
    assert "Consultation: Cancelled late" in events
    entry = AuditEntry.objects.get(verb="cancelled")
    assert entry.values.filter(field="cancelled late").exists()


def test_of_whoever_never_came_there_is_nothing_to_say(clinic):
    assert attendance_of(make_patient()).words == []


def test_who_cancels_must_be_said(desk, visit):
    answer = desk.post(reverse("planning:cancel", args=[visit.public_id]), {"reason": "ill", "who": "x"})
    assert "who" in answer.context["form"].errors
    assert Appointment.objects.get().state == "booked"


class TestSettings:
    def save(self, client, **changes):
        client.force_login(make_manager())
        url = reverse("planning:kinds")
        told = {}
        for form in client.get(url).context["forms"]:
            told |= {
                form.add_prefix(name): form.get_initial_for_field(field, name) for name, field in form.fields.items()
            }
        told = {name: value for name, value in told.items() if value is not False}
        return client.post(url, told | {f"visits-{name}": value for name, value in changes.items()})

    def test_a_manager_changes_notice_and_reminder(self, client, clinic, visit):
        self.save(client, notice_hours=48, remind_days_before=0)
        kept = visit_settings()
        assert (kept.notice_hours, kept.remind_days_before) == (48, 0)
        assert AuditEntry.objects.filter(verb="changed reminders and cancellations").exists()
        cancel(client, visit, at="2035-01-07 09:00:00+00:00")
        assert visit.cancelled_late

    @pytest.mark.parametrize("wrong", [{"notice_hours": 169}, {"remind_days_before": 15}, {"notice_hours": "x"}])
    def test_what_cannot_be_is_said_beside_the_field(self, client, clinic, wrong):
        answer = self.save(client, **wrong)
        assert next(iter(wrong)) in answer.context["forms"][-1].errors
        assert visit_settings().notice_hours == 24

    def test_no_notice_counts_none(self, client, clinic, visit):
        self.save(client, notice_hours=0)
        cancel(client, visit, at="2035-01-08 08:59:00+00:00")
        assert not visit.cancelled_late
