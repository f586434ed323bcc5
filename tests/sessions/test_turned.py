"""At the chair the screen is turned to the patient: their plan and nothing else, and back to the zone at hand."""

import pytest

from tests.make import PASSWORD
from tests.sessions.room import at, begun, text

pytestmark = pytest.mark.usefixtures("today")


def test_the_patient_sees_the_agreed_plan_and_nothing_of_the_record(chair):
    session = begun()
    page = chair(session).post(at(session, "turn"), follow=True)
    assert page.request["PATH_INFO"] == f"/plans/{session.appointment.planned_session.plan.public_id}/agree/"
    assert "This is what was agreed." in text(page)
    assert str(session.practitioner) in text(page)
    assert chair(session).get(at(session, "materials")).status_code == 302


def test_the_password_turns_it_back_to_the_zone(chair):
    session = begun()
    browser = chair(session)
    assert 'name="zone" value="vertex"' in browser.get(at(session, "record") + "?zone=vertex").content.decode()
    browser.post(at(session, "turn"), {"zone": "vertex"})
    answer = browser.post("/turned/back/", {"password": PASSWORD})
    assert answer.url == at(session, "record") + "?zone=vertex"


def test_an_odd_zone_leads_nowhere_else(chair):
    session = begun()
    browser = chair(session)
    browser.post(at(session, "turn"), {"zone": "//elsewhere.example/&next="})
    assert browser.post("/turned/back/", {"password": PASSWORD}).url.startswith(at(session, "record") + "?zone=%2F%2F")
