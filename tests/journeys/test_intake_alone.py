"""The patient fills in the intake alone: at home on two devices through the link, or at the clinic's tablet."""

import re

import pytest

from intake.models import Intake
from tests.journeys.clinic import moment, open_stocked_clinic, photo
from tests.make import PASSWORD, make_patient

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
TABLET = {"viewport": {"width": 768, "height": 1024}}
NAME = "Nora Lind"


@pytest.fixture
def clinic(live_server, settings, clock, tmp_path):
    clock.move_to(moment(hour=9, minute=2))
    settings.PUBLIC_URL, settings.PRIVATE_ROOT = live_server.url, tmp_path / "files"
    return open_stocked_clinic()


@pytest.fixture
def patient(clinic):
    return make_patient(full_name=NAME)


def at_the_intake(walk, clinic, patient, **options):
    reception = walk("reception", **options)
    reception.sign_in(clinic.reception.username, PASSWORD)
    reception.go(f"{patient.get_absolute_url()}intake/", "intake")
    return reception


def test_by_link_from_phone_to_desktop_to_the_review(walk, clinic, patient):
    reception = at_the_intake(walk, clinic, patient)
    reception.press("Show QR code")
    address = reception.page.locator(".link-address").inner_text()

    phone = walk("phone", **PHONE)
    _begin(phone, address)
    phone.page.get_by_label("Thinning hair").check()
    phone.press("Save and go on", "causes")
    phone.page.get_by_label(re.compile("^Hereditary")).first.check()
    phone.press("Save and leave")
    assert phone.page.get_by_role("heading", name="Saved").is_visible()

    desktop = walk("desktop")
    _begin(desktop, address)
    while not desktop.page.url.endswith("/choices/"):
        desktop.press("Save and go on", desktop.page.locator("h1").inner_text())
    _sign(desktop)
    _take_photos(desktop)
    desktop.press("Save and go on", "check and hand in")
    desktop.press("Hand in", "thank you")
    assert NAME not in desktop.page.content()

    reception.go("/", "today")
    reception.follow(f"Review the intake of {NAME}", "review")
    assert reception.page.get_by_text("Front", exact=True).is_visible()
    reception.press("Accept the intake", "accepted")
    _was_kept(patient)


def _begin(walker, address):
    walker.go(address, "welcome")
    walker.page.get_by_label("Your date of birth").fill("17 May 1990")
    walker.press("Go on", "where it was left")


def _sign(desktop):
    for choice in desktop.page.get_by_label("I agree", exact=True).all():
        choice.check()
    desktop.page.get_by_label("Your name").fill(NAME)
    desktop.sign_pad()
    desktop.press("Save and go on", "photos")


def _take_photos(desktop):
    place = desktop.page.locator("#slot-front")
    place.locator("label:visible input[type=file]").set_input_files(photo())
    place.locator("img").wait_for()
    desktop.look("photo kept")


def _was_kept(patient):
    intake = Intake.objects.get(patient=patient)
    assert intake.state == "accepted"
    assert {row.actor_kind for row in intake.versions.all()} == {"patient_link"}
    consents = list(patient.consents.all())
    assert {row.kind for row in consents} >= {"privacy", "photos_record"}
    assert all(row.granted and row.signature_strokes for row in consents)
    assert [row.view for row in intake.photos.all()] == ["front"]


def test_at_the_tablet_which_clears_itself(walk, clinic, patient):
    tablet = at_the_intake(walk, clinic, patient, **TABLET)
    tablet.page.clock.install()
    tablet.press("Hand over this tablet", "first page")
    tablet.go("/my-intake/wishes/")
    wishes = tablet.page.get_by_label("Anything else that matters to you")
    wishes.fill("Soft, please.")

    tablet.page.clock.fast_forward(181_000)
    assert tablet.page.get_by_role("heading", name="Still there?").is_visible()
    tablet.look("still there")
    tablet.page.get_by_role("button", name="Yes, go on").click()
    assert wishes.input_value() == "Soft, please."

    with tablet.page.expect_navigation(url="**/saved/"):
        tablet.page.clock.fast_forward(181_000)
        tablet.page.clock.fast_forward(61_000)
    tablet.look("hand the tablet back")
    assert NAME not in tablet.page.content()
    assert Intake.objects.get(patient=patient).latest().wishes == "Soft, please."

    tablet.go("/patients/", "every way leads back")
    assert tablet.page.get_by_role("heading", name="Please hand the tablet back").is_visible()
    tablet.follow("For staff: sign in")
    tablet.sign_in(clinic.reception.username, PASSWORD)
    tablet.go(patient.get_absolute_url(), "unlocked")
