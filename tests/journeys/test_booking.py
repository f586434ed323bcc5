"""A series in few steps, and one visit moved in four: by the visit's page, by dragging, and by keys alone."""

from datetime import timedelta

import pytest

from planning.actions import booking
from planning.models import Appointment, CallNote
from smpclinic.actors import staff
from tests.journeys.browser import Hands
from tests.journeys.clinic import moment, open_stocked_clinic
from tests.make import PASSWORD, make_patient, make_plan
from tests.planning.booking_makers import MONDAY, days_later, minute

MOST_STEPS = 4


@pytest.fixture
def clinic(live_server, clock):
    clock.move_to(moment(hour=8, minute=32))
    return open_stocked_clinic()


@pytest.fixture
def visits(clinic):
    """Two sessions of one plan, on Monday and a week later, and somebody else on Monday afternoon."""
    plan = make_plan(patient=make_patient(full_name="Nora Lind"), practitioner=clinic.practitioner, agreed=True)
    sessions = plan.planned_sessions.order_by("number")
    places = [
        booking.Place(session, clinic.practitioner, clinic.room, minute(day, 10), 120)
        for session, day in zip(sessions, (MONDAY, days_later(7)), strict=False)
    ]
    booked = booking.book_series(plan=plan, places=places, by=staff(clinic.reception))
    other = booking.book_appointment(
        kind="consultation", patient=make_patient(full_name="Ben Okoro"), practitioner=clinic.practitioner,
        room=clinic.room, starts_min=minute(MONDAY, 15), minutes=60, by=staff(clinic.reception),
    )  # fmt: skip
    return [*booked, other]


def at_the_desk(walk, user):
    walker = walk("desk")
    walker.sign_in(user.username, PASSWORD)
    return walker


def test_a_series_is_booked_from_the_plan(walk, clinic):
    plan = make_plan(patient=make_patient(full_name="Nora Lind"), practitioner=clinic.practitioner, agreed=True)
    walker = at_the_desk(walk, clinic.practitioner)
    walker.go(plan.get_absolute_url(), "the plan")
    steps = [("link", "Propose dates"), ("button", "Book all 3 sessions")]
    for role, words in steps:
        walker.press(words, role=role)
    assert len(steps) <= MOST_STEPS
    assert Appointment.objects.filter(planned_session__plan=plan, active=True).count() == 3


def test_a_visit_is_moved_in_four_steps(walk, clinic, visits):
    walker = at_the_desk(walk, clinic.reception)
    walker.press("Nora Lind", "1 open", role="link", exact=False)
    walker.press("Move", "2 move", role="link")
    walker.press("Pick", "3 pick", role="link", exact=False)
    assert "Session 2 of 3 stays: Mon 15 Jan, 10:00." in walker.page.inner_text("main")
    walker.press("Move, told by phone", "4 confirm")
    visits[0].refresh_from_db()
    assert visits[0].sequence == 1
    assert CallNote.objects.get().outcome == "reached"


def test_a_visit_is_dragged_and_the_page_asks(walk, clinic, visits):
    walker = at_the_desk(walk, clinic.reception)
    block = walker.page.locator(f"#visit-{visits[0].public_id}")
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    x, y = box["x"] + box["width"] - 8, box["y"] + 12
    walker.page.mouse.move(x, y)
    walker.page.mouse.down()
    walker.page.mouse.move(x, y + box["height"] / 4, steps=4)
    with walker.page.expect_navigation(wait_until="load"):
        walker.page.mouse.up()
    walker.look("dragged half an hour later")
    assert "10:30–12:30" in walker.page.inner_text(".lead")
    walker.press("Move, not told yet", "moved")
    visits[0].refresh_from_db()
    assert f"{visits[0].starts_at:%a %H:%M}" == "Mon 10:30"


def test_the_keys_carry_a_visit_and_a_taken_place_is_answered(walk, clinic, visits):
    hands = Hands(at_the_desk(walk, clinic.reception))
    hands.press("j", "g", *["ArrowDown"] * 18)
    hands.press_and_go("Enter", "onto somebody else")
    page = hands.walker.page
    assert "Ben Okoro" in page.inner_text(".clash")
    offers = page.locator(".clash form button")
    assert offers.count() == 3
    hands.reach("Move to")
    hands.press_and_go("Enter", "the question")
    hands.reach("Move, not told yet")
    hands.press_and_go("Enter", "moved by keys")
    visits[0].refresh_from_db()
    assert visits[0].sequence == 1
    assert abs(visits[0].starts_min - minute(MONDAY, 14, 30)) < timedelta(days=3) / timedelta(minutes=1)
