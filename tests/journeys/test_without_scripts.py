"""Every task at the desk works where JavaScript is off."""

import pytest

from intake.models import Intake
from planning.models import Appointment
from tests.journeys.clinic import moment, open_stocked_clinic
from tests.make import PASSWORD, make_patient


@pytest.fixture
def reception(walk, live_server, clock):
    clock.move_to(moment(hour=9, minute=2))
    clinic = open_stocked_clinic()
    walker = walk("reception", java_script_enabled=False)
    walker.sign_in(clinic.reception.username, PASSWORD)
    return walker


def test_a_call_is_booked_without_scripts(reception):
    reception.follow("New call")
    reception.page.get_by_label("Name", exact=True).fill("Nora Lind")
    reception.page.get_by_label("Phone").last.fill("+34 600 999 111")
    reception.press("Register and book")
    assert Appointment.objects.get().patient.full_name == "Nora Lind"
    assert reception.page.get_by_text("Booked: Nora Lind").is_visible()


def test_an_intake_begins_without_scripts(reception):
    patient = make_patient(full_name="Nora Lind")
    reception.go(patient.get_absolute_url())
    reception.follow("Take the intake")
    reception.press("Start the intake", "what brings you")
    reception.press("Save and go on", "nothing chosen")
    assert reception.page.get_by_text("Choose at least one.").first.is_visible()
    reception.page.get_by_label("Thinning hair").check()
    reception.press("Save and go on", "causes")
    assert Intake.objects.get().latest().reasons == ["thinning"]
