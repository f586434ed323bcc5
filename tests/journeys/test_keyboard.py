"""The desk and the chair by keyboard alone: the mouse is never touched."""

from datetime import date, timedelta

import pytest

from planning.models import Appointment
from sessions.models import ZonePass
from tests.journeys.browser import Hands
from tests.journeys.clinic import healthy_patient, moment, open_stocked_clinic
from tests.make import PASSWORD, make_plan
from tests.sessions.room import begun


@pytest.fixture
def clinic(live_server, clock):
    clock.move_to(moment(hour=9, minute=2))
    return open_stocked_clinic()


def sign_in(walker, user) -> Hands:
    hands = Hands(walker)
    walker.go("/accounts/login/", "sign in")
    hands.reach("Username")
    hands.type(user.username)
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.press_and_go("Enter", "home")
    return hands


def test_a_call_is_booked_by_keyboard(walk, clinic):
    hands = sign_in(walk("reception"), clinic.reception)
    hands.press_and_go("n", "new call")
    assert hands.focus() == "Name"
    hands.type("Nora Lind")
    hands.press("Tab")
    hands.type("+34 600 999 111")
    hands.press("Tab", "ArrowDown")
    hands.press_and_go("Enter", "booked")
    visit = Appointment.objects.get()
    assert visit.patient.full_name == "Nora Lind"
    assert visit.starts_at == moment(hour=10, minute=15)


def test_a_series_is_booked_by_keyboard(walk, clinic):
    plan = agreed_plan(clinic)
    hands = sign_in(walk("reception"), clinic.reception)
    hands.press("/")
    hands.type(plan.patient.full_name)
    hands.walker.page.locator("#search-results [role=option]").first.wait_for()
    hands.walker.page.wait_for_load_state("networkidle")
    hands.press("ArrowDown")
    hands.press_and_go("Enter", "patient page")
    hands.reach("Propose dates")
    hands.press_and_go("Enter", "proposed dates")
    hands.reach("Book all 3 sessions")
    hands.press_and_go("Enter", "all booked")
    assert Appointment.objects.filter(patient=plan.patient, kind="treatment").count() == 3


def test_a_pass_is_recorded_by_keyboard(walk, clinic, clock):
    plan = agreed_plan(clinic)
    session = begun(plan=plan, starts_at=moment(), minutes=150, room=clinic.room)
    walker = walk("practitioner")
    hands = sign_in(walker, clinic.practitioner)
    walker.go(f"/sessions/{session.public_id}/", "the zones")
    hands.reach(walker.page.locator("[name=needle_group]:checked").get_attribute("value"))
    while hands.focus() != "5RL":
        hands.press("ArrowRight")
    hands.reach("Depth")
    walker.page.keyboard.press("Control+a")
    hands.type("0.8")
    hands.reach("Save and start the clock")
    hands.press_and_go("Enter", "the clock runs")
    clock.shift(timedelta(minutes=20))  # the server's: the tablet learns of it with the page
    walker.go(f"/sessions/{session.public_id}/", "the clock still runs")
    hands.press_and_go("PageDown", "paused by the foot pedal")
    one = ZonePass.objects.get()
    assert (one.needle_group, str(one.depth_mm)) == ("5RL", "0.8")
    assert walker.page.get_by_role("button", name="Go on").is_visible()
    assert one.stopped_at - one.started_at >= timedelta(minutes=20)


def agreed_plan(clinic):
    patient = healthy_patient(clinic, full_name="Nora Lind", born_on=date(1990, 5, 17))
    return make_plan(patient=patient, practitioner=clinic.practitioner, agreed=True)
