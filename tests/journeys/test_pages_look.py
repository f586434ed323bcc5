"""Every page of an invented clinic, on a desktop, a tablet and a phone, in light and in dark."""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from intake.actions import start_intake
from intake.models import Patient
from planning.models import Appointment
from sessions.actions import open_session
from smpclinic.actors import staff
from smpclinic.demo.build import build
from smpclinic.demo.clinic import PASSWORD
from smpclinic.models import StaffRole, User
from smpclinic.roles import Role
from tests.journeys.browser import axe_problems
from tests.journeys.clinic import moment

OTHER_SCREENS = [(768, "dark"), (360, "light")]  # a page is opened at 1366 pixels in light
COLOURS = {"runOnly": ["color-contrast"]}
PAGES_AT_LEAST = 40
MOST_OF_A_KIND = 2
# Files, and leaving: no pages of this program.
NO_PAGES = {"photo", "document", "plan_pdf", "care_sheet", "account_logout", "jump"}


@pytest.fixture
def owner(live_server, clock):
    """Somebody with every role, in a clinic with patients at every stage."""
    clock.move_to(moment(hour=12))
    build(seed=4, patients=12)
    user = User.objects.get(username="practitioner")
    for role in (Role.RECEPTION, Role.MANAGER):
        StaffRole.objects.create(user=user, role=role)
    start_intake(patient=Patient.objects.filter(intakes=None).first(), by=staff(user))
    visit = Appointment.objects.filter(state="arrived", kind="treatment").first()
    if visit:
        open_session(appointment=visit, by=staff(visit.practitioner))
    return user


def test_every_page_fits_and_is_accessible_on_every_screen(walk, owner):
    walker = walk("owner")
    walker.sign_in(owner.username, PASSWORD)
    waiting, met, problems = ["/"], {}, []
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or path in met.get(kind, ()) or len(met.get(kind, ())) >= most_of(kind):
            continue
        met.setdefault(kind, []).append(path)
        walker.go(path, " ".join(kind))
        waiting += links(walker.page)
        problems += [f"{path} {each}" for each in problems_on_other_screens(walker)]
    assert problems == []
    assert sum(map(len, met.values())) >= PAGES_AT_LEAST


def kind_of(path: str) -> tuple | None:
    """The view and what it is asked for, apart from whom it is about: pages of one kind look alike."""
    place = resolve(urlsplit(path).path)
    if place.url_name in NO_PAGES:
        return None
    asked = [value for name, value in place.kwargs.items() if isinstance(value, str)]
    return (place.view_name, *asked)


def most_of(kind: tuple) -> int:
    return 1 if len(kind) > 1 or kind[0].startswith(("account", "mfa")) else MOST_OF_A_KIND


def links(page) -> list[str]:
    """The paths within the program that the page leads to."""
    found = page.evaluate("[...document.querySelectorAll('a[href]')].filter(a => !a.target).map(a => a.href)")
    here = urlsplit(page.url).netloc
    paths = [urlsplit(url) for url in found if urlsplit(url).netloc == here]
    return list(dict.fromkeys(f"{url.path}?{url.query}" if url.query else url.path for url in paths))


def problems_on_other_screens(walker) -> list[str]:
    page, found = walker.page, []
    page.emulate_media(color_scheme="dark")
    found += axe_problems(page, COLOURS)
    for width, scheme in OTHER_SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"at {width} px, {scheme}: {each}" for each in axe_problems(page)]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"is {wide} px wide at {width} px")
        walker.picture(f"{width}-{scheme}")
    page.set_viewport_size({"width": 1366, "height": 900})
    page.emulate_media(color_scheme="light")
    return found
