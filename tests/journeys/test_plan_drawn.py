"""A plan is drawn on the map: with the mouse, and once more by keyboard alone."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from intake import actions as intake
from planning.models import TreatmentPlan
from smpclinic.actors import staff
from tests.journeys.browser import Hands
from tests.journeys.clinic import healthy_patient, moment, open_stocked_clinic, photo
from tests.make import PASSWORD


@pytest.fixture
def clinic(live_server, clock):
    clock.move_to(moment(hour=9, minute=2))
    return open_stocked_clinic()


def patient_with_photo(clinic):
    patient = healthy_patient(clinic, full_name="Nora Lind", born_on=date(1990, 5, 17))
    by = staff(clinic.practitioner)
    intake.give_consent(
        patient=patient,
        kind="photos_record",
        granted=True,
        signed_name=patient.full_name,
        witness=clinic.practitioner,
        by=by,
    )
    file = photo()
    upload = SimpleUploadedFile(file["name"], file["buffer"], file["mimeType"])
    intake.add_photo(patient=patient, view="front", upload=upload, by=by)
    return patient


def open_editor(walker, clinic, patient):
    walker.go(f"/patients/{patient.public_id}/plans/new/", "new plan")
    return walker.page


def press_on(page, view, x, y):
    """A press with the mouse at a place of a view, in units of the drawing (200 x 220)."""
    drawing = page.locator(f"svg[data-view={view}]")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    scale = min(box["width"] / 200, box["height"] / 220)
    left = box["x"] + (box["width"] - 200 * scale) / 2
    top = box["y"] + (box["height"] - 220 * scale) / 2
    page.mouse.click(left + x * scale, top + y * scale)


def reach_zone(hands, view, name, *, most=40):
    """Tab to a view, then arrows from zone to zone in it."""
    for _try in range(most):
        inside = hands.walker.page.evaluate(
            f"!!document.activeElement.closest('[data-zone]')?.closest('[data-view={view}]')"
        )
        if inside and hands.focus().startswith(name):
            return
        hands.press("ArrowRight" if inside else "Tab")
    raise AssertionError(f"{most} presses never came to {name}; the last was “{hands.focus()}”")


def saved(patient):
    version = TreatmentPlan.objects.get(patient=patient).newest_version()
    rows = {(row.zone, row.treatment): row for row in version.zones.all()}
    return version, rows


def test_a_plan_is_drawn_with_the_mouse(walk, clinic):
    patient = patient_with_photo(clinic)
    walker = walk("practitioner")
    walker.sign_in(clinic.practitioner.username, PASSWORD)
    page = open_editor(walker, clinic, patient)
    press_on(page, "top", 100, 156)  # the vertex, filled in from the grade, is left out
    page.get_by_role("button", name="Kept hair", exact=True).click()
    press_on(page, "top", 100, 112)
    page.get_by_role("button", name="Scar", exact=True).click()
    press_on(page, "back", 100, 112)
    page.keyboard.type("12")
    page.get_by_label("Width").first.fill("1")
    page.get_by_role("button", name="Do not treat", exact=True).click()
    press_on(page, "back", 100, 160)
    page.keyboard.type("Mole")
    page.get_by_role("radio", name="Natural", exact=True).check()
    page.get_by_label("Photo").select_option(index=1)
    page.locator(".photo-stage svg .handle").first.wait_for()
    page.get_by_role("radio", name="3 Medium light").check()
    page.wait_for_load_state("networkidle")
    walker.look("drawn with the mouse")
    walker.press("Save the draft", "the plan")
    version, rows = saved(patient)
    assert ("vertex", "treat") not in rows
    assert rows["mid_scalp", "treat"].among_hair
    assert rows["occipital", "scar"].spot[0] == "back"
    assert rows["nape", "do_not_treat"].note == "Mole"
    assert (version.hairline_shape, version.hairline_photo) == ("natural", patient.photos.get())


def test_a_plan_is_drawn_by_keyboard(walk, clinic):
    patient = patient_with_photo(clinic)
    walker = walk("practitioner")
    hands = Hands(walker)
    walker.sign_in(clinic.practitioner.username, PASSWORD)
    page = open_editor(walker, clinic, patient)
    hands.reach("Kept hair")
    hands.press("Enter")
    reach_zone(hands, "top", "Mid-scalp")
    hands.press("Space")
    hands.reach("Do not treat", back=True)
    hands.press("Enter")
    reach_zone(hands, "back", "Nape")
    hands.press("Enter")
    hands.type("Mole")
    hands.reach("Stays as it is")
    hands.press("ArrowRight")
    hands.reach("Point of the hairline 4", back=True, most=400)
    hands.press("ArrowUp", "ArrowUp")
    hands.reach("Save the draft", most=400)
    page.wait_for_load_state("networkidle")
    walker.look("drawn by keyboard")
    hands.press_and_go("Enter", "the plan")
    version, rows = saved(patient)
    assert rows["mid_scalp", "treat"].among_hair
    assert rows["nape", "do_not_treat"].note == "Mole"
    assert version.hairline_shape == "custom"
    assert version.hairline_points[3] == [100, 55]
