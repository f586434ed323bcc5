"""At the chair, on a tablet: by touch with few taps, by keyboard, and with the connection cut and the server killed."""

import time
from decimal import Decimal

import pytest
from django.core.management import call_command

from sessions.models import AppliedChange
from tests.make import PASSWORD
from tests.program import Program

PATIENCE_S = 20
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

    def sit(session, path="record"):
        context = chromium.new_context(base_url=server.address, reduced_motion="reduce", **TABLET)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/accounts/login/?next=/sessions/{session.public_id}/")
        page.get_by_label("Username").fill(session.practitioner.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**/sessions/{session.public_id}/**")
        page.get_by_text("Everything is saved.", exact=True).wait_for()
        return page

    yield sit
    for context in contexts:
        context.close()


def session_today():
    """A record whose treatment has begun, with a mix, on the real day: the server is another process."""
    from django.utils import timezone

    from tests.sessions.room import begun, install_day_questions, mixed

    install_day_questions()
    session = begun(zones=("hairline_band", "vertex", "mid_scalp"), starts_at=timezone.now().replace(second=0))
    mixed(session)
    return session


def wait_until(true, what: str):
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


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
    from sessions import actions
    from smpclinic.actors import staff

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
