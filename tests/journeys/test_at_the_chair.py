"""At the chair, on a tablet: by touch with few taps, by keyboard, and with the connection cut and the server killed."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from sessions import actions, ready
from sessions.models import AppliedChange
from smpclinic.actors import staff
from tests.make import MONDAY, PASSWORD
from tests.program import Program
from tests.sessions.room import HEALTHY, NOW, begun, install_day_questions, mixed, opened, signed

PATIENCE_S = 20
ZONES = ("hairline_band", "vertex", "mid_scalp")
TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}


@pytest.fixture
def server(live_server):
    """A server of its own process over this test's database, which can be killed."""
    call_command("collectstatic", interactive=False, verbosity=0)
    program = Program(workers=1)
    program.start()
    yield program
    program.stop()


@pytest.fixture
def tablet(chromium, server):
    """A practitioner's tablet in front of the record of a session; what it asks for is not looked at here."""
    contexts = []

    def sit(session):
        context = chromium.new_context(base_url=server.address, reduced_motion="reduce", **TABLET)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, session, f"/sessions/{session.public_id}/")
        return page

    yield sit
    for context in contexts:
        context.close()


def sign_in(page, session, path):
    page.goto(f"/accounts/login/?next={path}")
    page.get_by_label("Username").fill(session.practitioner.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}**")
    page.get_by_text("Everything is saved.", exact=True).wait_for()


def session_today():
    """A record whose treatment has begun, with a mix, on the real day: the server is another process."""
    install_day_questions()
    session = begun(zones=ZONES, starts_at=timezone.now().replace(second=0))
    mixed(session)
    return session


def wait_until(true, what: str):
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


class Taps:
    """A finger that counts; nothing is ever typed."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def tap(self, words, *, role="button", goes=True):
        self.count += 1
        target = self.page.get_by_role(role, name=words).locator("visible=true").first
        if not goes:
            target.tap()
            return
        with self.page.expect_navigation(wait_until="load"):
            target.tap()


@pytest.fixture
def second_session(live_server, clock):
    """Today's record of a patient treated ten days ago; health and photos are settled, all else is to be done."""
    install_day_questions()
    clock.move_to(NOW + timedelta(hours=1))
    first = signed(zones=ZONES)
    clock.move_to(MONDAY + timedelta(days=10, minutes=5))
    plan = first.appointment.planned_session.plan
    session = opened(plan=plan, number=2, starts_at=MONDAY + timedelta(days=10))
    by = staff(session.practitioner)
    warnings = ready.warnings_to_read(session.patient, on=session.appointment.day)
    actions.ask_health(session=session, unchanged=True, today=HEALTHY, healed_well=True, acknowledged=warnings, by=by)
    actions.override_item(session=session, item="before_photos", reason="Camera broken", by=by)
    return session


def test_three_zones_with_unchanged_values_take_fifteen_taps_and_nothing_typed(
    chromium, live_server, second_session, clock
):
    context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce", **TABLET)
    page = context.new_page()
    sign_in(page, second_session, f"/appointments/{second_session.appointment.public_id}/start/")
    finger = Taps(page)
    finger.tap("All of this is done")
    finger.tap("Start treatment")
    finger.tap("Same mix as last time", role="link")
    finger.tap("Save the mix")
    finger.tap("To the zones", role="link")
    finger.tap("Fine 0603")
    for _zone in ZONES:
        finger.tap("Save and start the clock")
        clock.shift(timedelta(minutes=20))
        finger.tap("Stop, ")
    finger.tap("Redness", role="checkbox", goes=False)
    page.get_by_text("Everything is saved.", exact=True).wait_for()
    finger.tap("Read and sign", role="link")
    finger.tap("Sign and lock")
    second_session.refresh_from_db()
    assert second_session.is_signed
    assert second_session.passes.count() == 3
    assert finger.count <= 15
    context.close()


def test_a_zone_is_worked_with_the_foot_pedal_and_the_keyboard(chromium, live_server, second_session, clock):
    by = staff(second_session.practitioner)
    told = ("room_cleaned", "needles_opened_before_patient", "ink_information_given")
    actions.prepare_session(session=second_session, by=by, **dict.fromkeys(told, True))
    actions.start_treatment(session=second_session, by=by)
    context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce", **TABLET)
    page = context.new_page()
    sign_in(page, second_session, f"/sessions/{second_session.public_id}/")
    page.get_by_role("button", name="Save and start the clock").focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    row = second_session.passes.get()
    for running in (False, True):
        clock.shift(timedelta(minutes=5))
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("PageDown")
        row.refresh_from_db()
        assert (row.stopped_at is None) is running
    assert len(row.pauses) == 1
    context.close()


def test_ten_changes_through_a_cut_and_a_killed_server_are_all_there_once(tablet, server):
    session = session_today()
    page = tablet(session)
    more, less = (page.get_by_role("button", name=f"Depth: {word}") for word in ("more", "less"))
    steeper = page.get_by_role("button", name="Angle to the skin: less")
    for _change in range(3):
        more.tap()
    wait_until(lambda: AppliedChange.objects.count() == 3, "the first three were not saved")

    page.context.set_offline(True)
    more.tap()
    steeper.tap()
    page.get_by_text("No connection to the clinic's server.").wait_for()
    waiting = page.locator("[data-count=waiting]").first
    wait_until(lambda: waiting.inner_text() == "2", "both changes should wait on the tablet")
    assert AppliedChange.objects.count() == 3
    page.context.set_offline(False)

    server.kill()
    steeper.tap()
    page.get_by_role("radio", name="2RL").check()
    more.tap()
    page.get_by_text("No connection to the clinic's server.").wait_for()
    server.start()
    page.reload()  # lost power would do the same: what was kept comes back
    page.get_by_text("Everything is saved.", exact=True).wait_for()
    less.tap()
    steeper.tap()
    wait_until(lambda: AppliedChange.objects.count() == 10, f"{AppliedChange.objects.count()} of ten changes were made")

    row = session.passes.get()
    assert (row.depth_mm, row.angle_degrees, row.needle_group) == (Decimal("1.4"), 75, "2RL")
    page.reload()
    page.get_by_text("Everything is saved.", exact=True).wait_for()
    assert AppliedChange.objects.count() == 10


def test_what_was_changed_while_signed_out_is_sent_after_the_sign_in(tablet):
    session = session_today()
    page = tablet(session)
    page.context.clear_cookies()
    page.get_by_role("button", name="Depth: more").tap()
    page.get_by_text("You are signed out.").wait_for()
    page.get_by_role("link", name="Sign in again").tap()
    page.get_by_label("Username").fill(session.practitioner.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    wait_until(lambda: session.passes.count() == 1, "the change was not sent after the sign-in")
    assert session.passes.get().depth_mm == Decimal("1.1")


def test_a_refusal_and_a_clash_stand_beside_the_field_and_nothing_typed_is_lost(tablet):
    session = session_today()
    page = tablet(session)
    depth = page.get_by_label("Depth", exact=True)
    depth.fill("9")
    depth.blur()
    page.get_by_text("The depth must be 0.1-4.0 mm, not 9 mm.").wait_for()
    assert depth.input_value() == "9"
    page.reload()
    page.get_by_text("The depth must be 0.1-4.0 mm, not 9 mm.").wait_for()
    assert page.get_by_label("Depth", exact=True).input_value() == "9"
    depth.fill("1.2")
    depth.blur()
    wait_until(lambda: session.passes.count() == 1, "the corrected value was not saved")
    actions.save_pass(session=session, number=1, fields={"depth_mm": Decimal("1.5")}, by=staff(session.practitioner))
    page.get_by_role("button", name="Depth: more").tap()
    page.get_by_text("Depth was changed meanwhile: it was 1.2, it is 1.5.").wait_for()
    page.get_by_role("button", name="Keep what I entered").tap()
    wait_until(lambda: session.passes.get().depth_mm == Decimal("1.3"), "the person's own value was not kept")
