"""Photos at the chair: sent although the connection drops, taken with the earlier as a ghost, compared by keyboard."""

import io

import pytest
from PIL import Image

from intake.models import Photo
from sessions import actions
from sessions.models import PhotoMarks, SessionPhoto
from smpclinic.actors import staff
from tests.journeys.clinic import moment, open_stocked_clinic
from tests.make import PASSWORD, make_appointment, make_consent, make_plan
from tests.sessions.room import jpeg

TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}


@pytest.fixture
def clinic(live_server, settings, clock, tmp_path):
    clock.move_to(moment(hour=9, minute=2))
    settings.PRIVATE_ROOT = tmp_path / "files"
    return open_stocked_clinic()


@pytest.fixture
def session(clinic):
    plan = make_plan(agreed=True, practitioner=clinic.practitioner)
    visit = make_appointment(
        planned_session=plan.planned_sessions.get(number=1), starts_at=moment(hour=9), state="arrived"
    )
    make_consent(patient=visit.patient, kind="photos_record", granted=True)
    return actions.open_session(appointment=visit, by=staff(clinic.practitioner))


def large_photo() -> dict:
    """Some pieces' worth of a photo."""
    file = io.BytesIO()
    Image.effect_noise((1400, 1000), 90).convert("RGB").save(file, "JPEG", quality=95)
    return {"name": "scalp.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def at_the_views(walk, clinic, session, moment_of="before", **options):
    chair = walk("practitioner", **TABLET | options)
    chair.sign_in(clinic.practitioner.username, PASSWORD)
    chair.go(f"/sessions/{session.public_id}/views/{moment_of}/", "views")
    return chair


def test_a_photo_arrives_once_although_the_connection_drops_in_the_middle(walk, clinic, session):
    chair = at_the_views(walk, clinic, session)
    pieces = []

    def drop(route):
        pieces.append(route.request.url)
        if len(pieces) in (2, 3):
            route.abort("internetdisconnected")
        else:
            route.continue_()

    chair.page.route("**/uploads/*/?offset=*", drop)
    chair.page.locator("#view-top input[type=file]").set_input_files(large_photo())
    chair.page.locator("#view-top .frame img").wait_for()
    dropped = [each for each in chair.complaints if "ERR_INTERNET_DISCONNECTED" in each]
    chair.complaints[:] = [each for each in chair.complaints if each not in dropped]
    chair.look("kept")
    assert dropped
    assert len(pieces) > 4
    assert pieces[1] == pieces[2] == pieces[3]
    assert SessionPhoto.objects.get(session=session).photo.view == "top"


def test_the_camera_shows_the_earlier_photo_and_takes_the_new_one(walk, clinic, session):
    by = staff(clinic.practitioner)
    actions.add_session_photo(session=session, moment="before", view="top", upload=jpeg(), by=by)
    chair = at_the_views(walk, clinic, session, "after", permissions=["camera"])
    chair.page.locator("#view-top [data-camera]").click()
    chair.page.locator("[data-shutter]:enabled").wait_for()
    assert chair.page.locator("#camera .ghost").is_visible()
    chair.look("camera")
    chair.page.locator("[data-shutter]").click()
    chair.page.locator("#view-top .frame img").wait_for()
    chair.look("taken")
    assert session.photos.get(moment="after").photo.width_px >= 640


def test_two_photos_are_marked_by_pointer_and_compared_by_keyboard(walk, clinic, session):
    by = staff(clinic.practitioner)
    for when, colour in (("before", "grey"), ("after", "brown")):
        actions.add_session_photo(session=session, moment=when, view="top", upload=jpeg(colour), by=by)
    chair = walk("practitioner")
    chair.sign_in(clinic.practitioner.username, PASSWORD)
    for photo in Photo.objects.order_by("id"):
        chair.go(f"/photos/{photo.public_id}/marks/", f"marks {photo.pk}")
        box = chair.page.locator("[data-photo-marks] svg").bounding_box()
        chair.page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.5)
        assert 5 < float(chair.page.locator("[name=first_x]").input_value()) < 20
        chair.page.get_by_role("button", name="Keep the marks").click()
        chair.look(f"kept {photo.pk}")
    assert PhotoMarks.objects.count() == 2
    chair.page.get_by_role("button", name="Under a slider").click()
    chair.look("slider")
    slider = chair.page.get_by_label("Move between before and after")
    slider.focus()
    before = chair.page.locator("[data-split]").get_attribute("x")
    slider.press("ArrowRight")
    assert float(chair.page.locator("[data-split]").get_attribute("x")) > float(before)
