"""Every page of an invented clinic, on a desktop, a tablet and a phone, in light and in dark."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from intake.actions import start_intake
from intake.models import Patient
from planning.actions import booking
from planning.models import Appointment, TreatmentPlan
from sessions.actions import ask_health, open_session, prepare_session, start_treatment
from sessions.models import TreatmentSession
from sessions.ready import warnings_to_read
from smpclinic.actors import staff
from smpclinic.demo.build import build
from smpclinic.demo.clinic import PASSWORD
from smpclinic.models import StaffRole, User
from smpclinic.roles import Role
from tests.journeys.browser import axe_problems
from tests.journeys.clinic import moment
from tests.sessions.room import HEALTHY

OTHER_SCREENS = [(768, "dark"), (360, "light")]  # a page is opened at 1366 pixels in light
COLOURS = {"runOnly": ["color-contrast"]}
PAGES_AT_LEAST = 60
TWO_OF_A_KIND = {
    "patient",
    "planning:plan",
    "planning:appointment",
    "sessions:record",
}  # they change with what was done so far
ONE_FORM = {"intake:rule", "text"}  # whatever rule or text it is about: two of them are looked at
# Files, and leaving: no pages of this program.
NO_PAGES = {"photo", "document", "account_logout", "jump"}
FILES = {".pdf", ".ics", ".zip", ".jpg", ".csv", ".xlsx"}


@pytest.fixture
def owner(live_server, clock):
    """Somebody with every role, in a clinic with patients at every stage."""
    clock.move_to(moment(hour=12))
    build(seed=4, patients=12)
    user = User.objects.get(username="practitioner")
    for role in (Role.RECEPTION, Role.MANAGER):
        StaffRole.objects.create(user=user, role=role)
    return user


def first_pages(owner, clock) -> list[str]:
    """Where the walk begins: home, an intake being filled in, a record at the chair, a signed one."""
    going = start_intake(patient=Patient.objects.filter(intakes=None).first(), by=staff(owner))
    session = session_at_the_chair(clock)
    signed = TreatmentSession.objects.filter(signed_at__isnull=False).first()
    agreed = TreatmentPlan.objects.filter(state="agreed").first()
    return [
        "/",
        reverse("intake:step", args=[going.public_id, "reasons"]),
        session.get_absolute_url(),
        reverse("sessions:start", args=[session.appointment.public_id]),
        signed.get_absolute_url(),
        reverse("sessions:papers", args=[signed.public_id]),
        signed.patient.get_absolute_url(),
        reverse("planning:propose", args=[agreed.public_id]),
    ]


def session_at_the_chair(clock):
    """The record of the next patient with dates, on the day."""
    booked = Appointment.objects.filter(kind="treatment", state="booked").order_by("starts_min")
    visit = next(visit for visit in booked if visit.starts_at > timezone.now())
    plan = visit.planned_session.plan
    by = staff(plan.practitioner)
    clock.move_to(visit.starts_at)
    booking.change_state(appointment=visit, state="arrived", by=by)
    visit.refresh_from_db()
    session = open_session(appointment=visit, by=by)
    healed = True if visit.planned_session.number > 1 else None
    read = warnings_to_read(visit.patient, on=visit.day)
    ask_health(session=session, unchanged=True, today=HEALTHY, healed_well=healed, acknowledged=read, by=by)
    told = ("room_cleaned", "needles_opened_before_patient", "ink_information_given")
    prepare_session(session=session, by=by, **dict.fromkeys(told, True))
    return start_treatment(session=session, by=by)


def test_every_page_fits_and_is_accessible_on_every_screen(walk, owner, clock):
    waiting, met, problems = first_pages(owner, clock), {}, []
    walker = walk("owner")
    walker.sign_in(owner.username, PASSWORD)
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or path in met.get(kind, ()) or len(met.get(kind, ())) >= most_of(kind):
            continue
        met.setdefault(kind, []).append(path)
        walker.go(path, " ".join(kind))
        waiting += links(walker.page)
        problems += [f"{path} {each}" for each in problems_on_other_screens(walker)]
    assert not problems, "\n".join(problems)
    assert sum(map(len, met.values())) >= PAGES_AT_LEAST


def kind_of(path: str) -> tuple | None:
    """The view and what it is asked for, apart from whom it is about: pages of one kind look alike."""
    place = resolve(urlsplit(path).path)
    if place.url_name in NO_PAGES or PurePosixPath(urlsplit(path).path).suffix in FILES:
        return None
    if place.view_name in ONE_FORM:
        return (place.view_name,)
    asked = [value for name, value in place.kwargs.items() if isinstance(value, str)]
    return (place.view_name, *asked)


def most_of(kind: tuple) -> int:
    return 2 if kind[0] in TWO_OF_A_KIND | ONE_FORM else 1


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
