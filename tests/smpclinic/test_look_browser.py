"""The look in a browser, under the strict policy: the parts work, nothing is refused, axe finds nothing.

Pages come from Django's test client, with the headers that it sends; no server is started.
"""

import contextvars
import mimetypes
import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import path
from playwright.sync_api import sync_playwright

from smpclinic.pages.style import style
from smpclinic.urls import urlpatterns as program
from tests.make import PASSWORD, make_clinic, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [*program, path("look/", style)]

ADDRESS = "http://localhost"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = [(1366, "light"), (768, "dark"), (360, "light"), (360, "dark")]


@pytest.fixture(scope="module")
def chromium():
    program_path = next(filter(None, map(shutil.which, BROWSERS)))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop running in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def client() -> Client:
    make_clinic(name="Clinic under test", phone="+34 600 000 000")
    client = Client()
    user = make_user(roles=("reception", "practitioner", "manager"), initials="LF")
    response = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert response.status_code == 302
    return client


@pytest.fixture
def open_page(chromium, client):
    """``open_page(address, width=…, scheme=…)``: the page, and ``page.said``: what its console complained of."""
    contexts = []

    def open_one(address, *, width=1366, scheme="light", scripts=True, by=client):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        # Playwright answers in a context of its own, where Django would open a second connection.
        here = contextvars.copy_context()
        context.route("**/*", lambda route: here.copy().run(answer, route, by))
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(ADDRESS + address)
        return page

    yield open_one
    for context in contexts:
        context.close()


def answer(route, client):
    parts = urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(found)[0]
        route.fulfill(path=found, content_type=kind, headers={"Content-Type": kind})
        return
    headers = {"HX-Request": "true"} if route.request.headers.get("hx-request") else {}
    response = client.get(f"{parts.path}?{parts.query}", headers=headers, follow=True)
    route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)


def problems(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("address", ["/look/", "/look/?plain", "/accounts/2fa/", "/accounts/password/change/"])
def test_a_page_is_accessible_fits_and_breaks_no_policy(open_page, address, width, scheme):
    page = open_page(address, width=width, scheme=scheme)
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.said == []


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_sign_in_is_accessible(open_page, width, scheme):
    page = open_page("/accounts/login/", width=width, scheme=scheme, by=Client())
    assert problems(page) == []
    assert page.said == []


def test_right_to_left_pages_fit(open_page):
    page = open_page("/look/", width=360)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_targets_are_large_enough_for_a_finger(open_page):
    page = open_page("/look/", width=360)
    small = page.evaluate(
        """[...document.querySelectorAll(".button, .option, .stepper button, .site-nav a, summary, .check, .tabs a")]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert page.locator(".button.big").first.bounding_box()["height"] >= 60
    assert page.locator(".stepper.big button").first.bounding_box()["width"] >= 60


def test_the_type_ahead_works_under_the_policy(open_page):
    page = open_page("/look/")
    page.fill("#style-search", "ana")
    option = page.locator("#style-results [role=option]")
    option.wait_for()
    assert "Ana María Quintero" in option.inner_text()
    page.keyboard.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert page.get_attribute("#style-search", "aria-activedescendant") == option.get_attribute("id")
    with page.expect_response("**/look/**"):
        page.keyboard.type(" ")  # another answer comes after the choice was made
    page.wait_for_timeout(300)
    assert option.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert page.locator("#style-results [role=option]").count() == 0
    assert page.said == []


HOSTILE = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<img src=x title='>' OnError='window.hit = 1'>",
    "<a href='java\tscript:window.hit = 1'>x</a>",
    "<svg><a xlink:href='javascript:window.hit=1'><text>x</text></a></svg>",
    "<template><img src=x onerror='window.hit = 1'></template>",
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "<form action='javascript:window.hit=1'><button>x</button></form>",
    "<div hx-on:click='window.hit = 1'>x</div>",
    "<style>* { display: none }</style>",
    "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
]
PUT = """text => {
    try { document.getElementById("main").innerHTML = text; return "put"; } catch (error) { return error.name; }
}"""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_becomes_part_of_the_page(open_page, text):
    page = open_page("/look/")
    assert page.evaluate(PUT, text) == "TypeError"
    assert page.evaluate("window.hit") is None


def test_harmless_text_becomes_part_of_the_page(open_page):
    page = open_page("/look/")
    assert page.evaluate(PUT, "<p>On = 3; script: none; <a href='/day/'>javascript lesson</a></p>") == "put"


CODE = [
    "document.createElement('script').text = 'window.hit = 1'",
    "document.createElement('script').src = '/static/js/page.js'",
    "document.body.setAttribute('onclick', 'window.hit = 1')",
    "document.createElement('iframe').srcdoc = '<script>parent.hit = 1</script>'",
    "new Worker('/static/js/page.js')",
]


@pytest.mark.parametrize("code", CODE)
def test_code_from_text_is_refused(open_page, code):
    page = open_page("/look/")
    assert (
        page.evaluate(f"() => {{ try {{ {code}; return 'ran'; }} catch (error) {{ return error.name; }} }}")
        == "TypeError"
    )


def test_a_stepper_steps_within_its_limits(open_page):
    page = open_page("/look/")
    depth, more = page.locator("#id_depth_mm"), page.locator("#id_depth_mm + button")
    more.click()
    assert depth.input_value() == "1.1"
    depth.fill("4.0")
    assert more.is_disabled()
    assert more.get_attribute("aria-label") == "Depth: more"


def test_a_signature_becomes_strokes(open_page):
    page = open_page("/look/")
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 80, steps=4)
    page.mouse.up()
    signed = page.evaluate("JSON.parse(document.getElementById('id_strokes').value)")
    assert signed["strokes"][0][0] == [30, 40]
    assert signed["strokes"][0][-1] == [90, 80]
    page.locator("[data-clear]").first.click()
    assert page.input_value("#id_strokes") == ""


def test_a_question_opens_as_a_dialog_and_closes(open_page):
    page = open_page("/look/")
    page.get_by_role("button", name="Cancel the visit").last.click()
    dialog = page.get_by_role("dialog", name="Cancel this visit?")
    assert dialog.is_visible()
    assert problems(page) == []
    page.get_by_role("button", name="Go back").click()
    assert not dialog.is_visible()


def test_a_list_of_forms_grows(open_page):
    page = open_page("/look/")
    page.get_by_role("button", name="Add another").click()
    assert page.input_value("[name=medicines-TOTAL_FORMS]") == "2"
    page.fill("#id_medicines-1-medicine", "Aspirin")
    assert problems(page) == []


def test_keys_reach_the_search_and_the_ways(open_page):
    page = open_page("/look/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "global-search"


def test_names_can_be_hidden_from_the_public(open_page):
    page = open_page("/look/")
    page.get_by_role("button", name="Hide names").click()
    blurred = "getComputedStyle(document.querySelector('.visit .patient-name')).filter"
    assert page.evaluate(blurred).startswith("blur")


def test_the_errors_get_the_focus(open_page):
    page = open_page("/look/")
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_every_task_remains_without_scripts(open_page):
    page = open_page("/look/", scripts=False)
    assert page.locator("#id_typed_name").is_visible()
    assert not page.locator("canvas").first.is_visible()
    page.locator("details.confirm summary").click()
    assert page.get_by_role("heading", name="Cancel this visit?").is_visible()
    assert not page.get_by_role("button", name="Go back").first.is_visible()


def test_a_visit_stands_where_its_time_says(open_page):
    page = open_page("/look/")
    track = page.locator(".day-track").first.bounding_box()
    visit = page.locator(".visit.row-38.span-9").bounding_box()
    quarter = track["height"] / 32
    assert abs(visit["y"] - track["y"] - 6 * quarter) < 2
    assert abs(visit["height"] - 9 * quarter) < 4
