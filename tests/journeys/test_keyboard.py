"""The desk and the chair by keyboard alone: the mouse is never touched."""

import pytest

from planning.models import Appointment
from sessions.models import ZonePass
from tests.journeys.browser import Hands
from tests.journeys.clinic import moment, open_stocked_clinic
from tests.make import PASSWORD, make_appointment
from tests.planning.booking_makers import days_later
from tests.planning.plan_makers import agreed


@pytest.fixture
def clinic(live_server, clock):
    clock.move_to(moment(hour=9, minute=2))
    return open_stocked_clinic()


def sign_in(walker, user) -> Hands:
    hands = Hands(walker)
    walker.go("/accounts/login/", "sign in")
    if "Username" not in hands.focus():
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
    plan = agreed(practitioner=clinic.practitioner)
    hands = sign_in(walk("reception"), clinic.reception)
    hands.press("/")
    hands.type(plan.patient.full_name)
    hands.walker.page.locator("#search-results [role=option]").first.wait_for()
    hands.press("ArrowDown")
    hands.press_and_go("Enter", "patient page")
    hands.reach("Propose dates")
    hands.press_and_go("Enter", "proposed dates")
    hands.reach("Book all 3 sessions")
    hands.press_and_go("Enter", "all booked")
    assert Appointment.objects.filter(patient=plan.patient, kind="treatment").count() == 3


def test_a_pass_is_recorded_by_keyboard(walk, clinic, clock):
    session = begun_session(clinic)
    walker = walk("practitioner")
    hands = sign_in(walker, clinic.practitioner)
    walker.go(f"/sessions/{session.public_id}/", "the zones")
    hands.reach("1RL")
    hands.press("ArrowRight", "ArrowRight")
    hands.reach("Depth")
    walker.page.keyboard.press("Control+a")
    hands.type("0.8")
    hands.reach("Save and start the clock")
    hands.press_and_go("Enter", "the clock runs")
    clock.shift(20 * 60)
    walker.page.evaluate("document.activeElement.blur()")
    hands.press_and_go("PageDown", "paused by the foot pedal")
    one = ZonePass.objects.get()
    assert (one.needle_group, str(one.depth_mm)) == ("3RL", "0.8")
    assert len(one.pauses) == 1


def begun_session(clinic):
    """The record of a patient who is in the chair, every question before the first needle answered."""
    from intake.rules import day_rules
    from sessions.actions import ask_health, open_session, prepare_session, start_treatment
    from smpclinic.actors import staff

    by = staff(clinic.practitioner)
    plan = agreed(practitioner=clinic.practitioner)
    visit = make_appointment(
        planned_session=plan.planned_sessions.get(number=1),
        starts_at=moment(days_later(0)),
        minutes=150,
        room=clinic.room,
        state="arrived",
    )
    session = open_session(appointment=visit, by=by)
    today = {rule.code: "no" for rule in day_rules()}
    ask_health(session=session, unchanged=True, today=today, healed_well=None, by=by)
    confirmed = ("room_cleaned", "needles_opened_before_patient", "ink_information_given")
    prepare_session(session=session, by=by, **dict.fromkeys(confirmed, True))
    return start_treatment(session=session, by=by)
