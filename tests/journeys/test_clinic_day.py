"""One patient's way, from the telephone to the printed sheet, in the words of the clinic."""

import itertools
from datetime import timedelta

import pytest

from planning.models import Appointment
from sessions.models import ZonePass
from tests.journeys.browser import Hands
from tests.journeys.clinic import ZONE, moment, open_stocked_clinic, photo
from tests.make import PASSWORD

PATIENT = "Álvaro Ibáñez"


@pytest.fixture
def clinic(live_server, clock):
    clock.move_to(moment(hour=9, minute=2))
    return open_stocked_clinic()


def test_one_patient_from_the_call_to_the_printed_sheet(walk, clinic, clock):
    reception, practitioner = walk("reception"), walk("practitioner", viewport={"width": 1024, "height": 768})
    reception.sign_in(clinic.reception.username, PASSWORD)
    take_the_call(reception)
    the_patient_comes(reception, clock)
    take_the_intake(reception)
    practitioner.sign_in(clinic.practitioner.username, PASSWORD)
    grade(practitioner)
    draw_the_plan(practitioner)
    agree(practitioner)
    book_the_series(reception)
    the_day_of_the_first_session(reception, clinic, clock)
    begin_the_session(practitioner, clinic)
    record_a_pass(practitioner, clock)
    finish_and_sign(practitioner)
    amend(practitioner)
    print_the_papers(reception)


def take_the_call(reception):
    """Name and phone; Enter books the first free consultation."""
    hands = Hands(reception)
    hands.press_and_go("n", "new call")
    hands.type(PATIENT)
    hands.press("Tab")
    hands.type("+34 600 123 456")
    hands.press_and_go("Enter", "booked")
    assert hands.typed <= 4
    assert hands.pressed <= 4
    assert reception.page.get_by_text(f"Booked: {PATIENT}, Consultation").is_visible()


def the_patient_comes(reception, clock):
    clock.move_to(moment(hour=10))
    reception.press("Mark as arrived")
    reception.press("Begin")
    reception.follow(PATIENT, "patient page")


def take_the_intake(reception):
    page = reception.page
    reception.follow("Edit details")
    page.get_by_label("Date of birth").last.fill("3 May 1996")
    page.get_by_role("radio", name="Male", exact=True).check()
    reception.press("Save")
    reception.follow("Take the intake")
    reception.press("Start the intake", "what brings you")
    page.get_by_label("A receding hairline").check()
    page.get_by_label("Baldness").check()
    reception.press("Save and go on", "causes")
    tell_two_causes(reception)
    page.get_by_role("radio", name="It is thin or bare at the crown").check()
    page.get_by_label("Since when?").fill("2029")
    reception.press("Save and go on", "hair")
    page.get_by_label("3 · Dark brown").check()
    page.get_by_label("I keep my head shaved").check()
    reception.press("Save and go on", "medicines")
    page.get_by_role("textbox", name="Medicine").first.fill("Vitamin D")
    reception.press("Save and go on", "your scalp")
    for name in ("your health", "medicines and allergies", "earlier treatments", "two more questions", "wishes"):
        answer_no(page)
        reception.press("Save and go on", name)
    page.get_by_role("radio", name="A shaved look").check()
    reception.press("Save and go on", "privacy and photos")
    choose_privacy_and_photos(reception)
    reception.press("Hand in for review", "review")
    assert page.get_by_text("regrowth").first.is_visible()
    reception.press("Accept the intake", "patient page with intake")


def tell_two_causes(reception):
    page = reception.page
    page.get_by_label("Hereditary").check()
    page.locator("#id_hereditary-detail").fill("His father was bald at forty")
    page.get_by_label("Emotional or psychological trauma").check()
    page.locator("#id_trauma-name").fill("A death in the family")
    page.locator("#id_trauma-since").fill("October 2034")
    reception.look("two causes with details")
    reception.press("Save and go on", "pattern")


def answer_no(page):
    for no in page.locator("#main").get_by_role("radio", name="No", exact=True).all():
        no.check()


def choose_privacy_and_photos(reception):
    page = reception.page
    for yes in page.get_by_role("radio", name="I agree", exact=True).all():
        yes.check()
    page.locator("input[name=photos_marketing][value=no]").check()
    page.get_by_label("Your name").fill(PATIENT)
    reception.sign_pad()
    reception.look("signed choices")
    reception.press("Save and go on", "photos")
    reception.press("Save and go on", "check")


def open_patient(walker):
    """Find the patient as anybody would: two letters into the search, and the first answer."""
    walker.page.keyboard.press("/")
    walker.page.keyboard.type("ibanez")
    walker.page.locator("#search-results [role=option]").first.wait_for()
    with walker.page.expect_navigation(wait_until="load"):
        walker.page.locator("#search-results [role=option]").first.click()
    walker.look("patient page")


def grade(practitioner):
    page = practitioner.page
    open_patient(practitioner)
    practitioner.follow("Grade the pattern")
    page.locator("input[name=grade][value='III vertex']").check()
    practitioner.press("Save the grade", "graded")
    page.get_by_label("3 · Dark brown").check()
    page.get_by_role("radio", name="Medium", exact=True).check()
    page.get_by_label("Kept shaved").check()
    page.get_by_label("III · Medium").check()
    page.get_by_label("Head circumference").fill("57")
    practitioner.press("Save the hair", "hair saved")
    practitioner.follow(PATIENT, "patient page graded")
    practitioner.follow("Screening", "screening findings")
    assert page.locator("#main").get_by_text("regrowth").first.is_visible()
    practitioner.follow(PATIENT, "patient page before the plan")


def draw_the_plan(practitioner):
    page = practitioner.page
    practitioner.follow("Draw the plan")
    chosen = page.locator("[data-zone-row]:has(.zone-line input:checked)")
    zones = [row.get_attribute("data-zone-row") for row in chosen.all()]
    assert zones == ["hairline_band", "left_temple", "right_temple", "vertex"]
    page.get_by_role("radio", name="Natural", exact=True).check()
    page.locator("input[name=shade_step]").nth(2).check()
    page.get_by_label("Price of the whole plan").fill("1450")
    page.get_by_role("radio", name="3 sessions").check()
    page.wait_for_load_state("networkidle")
    assert page.locator("#estimate .sessions .length").all_inner_texts() == ["2 h 30 min", "1 h 45 min", "1 h 30 min"]
    practitioner.look("plan drawn")
    practitioner.press("Save the draft", "draft plan")
    practitioner.press("Approve", "approved plan")


def agree(practitioner):
    page = practitioner.page
    practitioner.press("Turn to the patient")
    page.get_by_label("Your full name").fill(PATIENT)
    practitioner.sign_pad()
    practitioner.look("signed by the patient")
    practitioner.press("I agree and sign", "agreed")
    practitioner.follow("Staff: turn the screen back")
    page.get_by_label("Password of the member of staff").fill(PASSWORD)
    practitioner.press("Turn back", "back at the plan")


def book_the_series(reception):
    page = reception.page
    open_patient(reception)
    reception.follow("Propose dates")
    lengths = page.locator(".card-option").first.inner_text()
    reception.press("Book all 3 sessions", "all booked")
    visits = treatments()
    assert [visit.minutes for visit in visits] == [150, 105, 90], lengths
    assert all(later.local_day - earlier.local_day >= 2 for earlier, later in itertools.pairwise(visits))


def treatments():
    return list(Appointment.objects.filter(kind="treatment").order_by("starts_min"))


def the_day_of_the_first_session(reception, clinic, clock):
    first = treatments()[0]
    clock.move_to(first.starts_at - timedelta(minutes=6))
    reception.page.context.clear_cookies()
    reception.sign_in(clinic.reception.username, PASSWORD)
    on_the_board = reception.page.locator(f"#visit-{first.public_id}")
    assert "Session 1 of 3" in on_the_board.inner_text()
    reception.follow(PATIENT, "the visit", within=on_the_board)
    reception.press("Mark as arrived", "arrived")


def begin_the_session(practitioner, clinic):
    page = practitioner.page
    page.context.clear_cookies()
    practitioner.sign_in(clinic.practitioner.username, PASSWORD)
    practitioner.follow(PATIENT, "the visit")
    practitioner.follow("Session record")
    practitioner.press("Open the record", "readiness")
    assert page.get_by_role("button", name="Start treatment").is_disabled()
    answer_no(page)
    page.get_by_label("Nothing else has changed").check()
    for warning in page.locator("input[name=acknowledged]").all():
        warning.check()
    practitioner.press("Save today's answers", "health asked")
    for box in page.locator("#room input[type=checkbox]").all():
        box.check()
    practitioner.press("Confirm", "room confirmed")
    page.locator("#photos input[type=file]").set_input_files(photo())
    practitioner.press("Keep this photo", "photo kept")
    practitioner.press("Start treatment", "the zones")


def record_a_pass(practitioner, clock):
    page = practitioner.page
    practitioner.follow("Mix pigment")
    page.locator("[name=portions-0-source]").select_option(index=1)
    page.locator("[name=portions-0-ml]").fill("0.5")
    page.get_by_label("Water").fill("2")
    practitioner.look("a mix")
    practitioner.press("Save the mix")
    practitioner.follow("To the zones")
    page.get_by_role("radio", name="3RL").check()
    page.get_by_label("Depth", exact=True).fill("0.8")
    page.get_by_label("Angle to the skin", exact=True).fill("45")
    page.locator("input[name=mix]").first.check()
    practitioner.look("a pass")
    practitioner.press("Save and start the clock", "the clock runs")
    clock.shift(timedelta(minutes=42))
    practitioner.press("Stop, next zone", "the clock stopped")


def finish_and_sign(practitioner):
    page = practitioner.page
    practitioner.follow("Materials", within=page.locator(".tabs"), exact=False)
    page.get_by_label("Lot", exact=True).select_option(index=1)
    practitioner.press("Note this lot", "needle lot noted")
    practitioner.follow("Reaction", "how the skin took it", within=page.locator(".tabs"), exact=False)
    page.get_by_label("Redness").check()
    practitioner.press("Save", "reaction")
    practitioner.follow("Read and sign")
    practitioner.press("Sign and lock", "signed and locked")
    assert page.get_by_role("button", name="Save").count() == 0


def amend(practitioner):
    page = practitioner.page
    practitioner.follow("Add an amendment")
    page.get_by_label("What it is about").fill("Depth of pass 1")
    page.get_by_label("What is right").fill("0.7 mm, not 0.8 mm.")
    page.get_by_label("Why it is amended").fill("Read wrongly from the machine")
    practitioner.press("Add the amendment", "amendment beside the record")
    assert page.locator("#amendments").get_by_text("0.7 mm, not 0.8 mm.").is_visible()
    assert page.locator(".locked-record").get_by_text("0.8 mm").first.is_visible()


def print_the_papers(reception):
    second = treatments()[1].starts_at.astimezone(ZONE)
    stopped_at = ZonePass.objects.get().stopped_at.astimezone(ZONE)
    open_patient(reception)
    reception.follow("Care sheet", exact=False)
    sheet = reception.pdf_text("Care sheet")
    settled = [f"{stopped_at + timedelta(hours=hours):%H:%M}" for hours in (2, 4)]
    assert f"They usually settle by {settled[0]}-{settled[1]} today" in sheet
    assert f"Next session {second:%A} {second.day} {second:%B %Y, %H:%M}" in sheet
    for words in (PATIENT, "Scalp Ink Carbon Black, lot CB-2417", "Fine Point 3RL, lot FP-881", "Dr Ruiz", "555 010"):
        assert words in sheet
    plan = reception.pdf_text("Treatment plan")
    for words in (PATIENT, "Vertex", "Dr Ruiz", "1,450"):
        assert words in plan
