"""A member of staff at a browser: every page that is opened is looked at, and nothing it complains of is lost."""

import io
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
COMPLAINTS = {"error", "warning", "assert"}
WAIT_MS = 10_000


def program() -> str | None:
    """Where the system's Chromium lies."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


def axe_problems(page, options=None) -> list[str]:
    """What axe finds on the page: the rule and the element, one line each."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


class Walker:
    """One person at one browser; ``page`` is Playwright's.

    Every document that the main frame shows must be looked at (axe, width, a screenshot in ``folder``): ``closing``
    compares what was shown with what was looked at.
    """

    def __init__(self, browser, address: str, folder: Path, **options):
        self.address, self.folder = address, folder
        settings = {"viewport": {"width": 1366, "height": 900}, "color_scheme": "light", "reduced_motion": "reduce"}
        self.context = browser.new_context(base_url=address, **settings | options)
        self.scripts = options.get("java_script_enabled", True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.complaints: list[str] = []
        self.shown: list[str] = []
        self.looked: list[str] = []
        self.number, self.name = 0, ""
        self._listen()

    def _listen(self) -> None:
        page = self.page
        page.on("console", lambda said: said.type in COMPLAINTS and self._complain(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self._complain(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", lambda answer: answer.status >= 400 and self._complain(f"{answer.status} {answer.url}"))
        page.on("framenavigated", self._navigated)

    def _complain(self, words: str) -> None:
        self.complaints.append(f"{self._short(self.page.url)}: {words}")

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left behind by the person going on
            self._complain(f"{request.failure} {request.url}")

    def _navigated(self, frame) -> None:
        if frame == self.page.main_frame and frame.url.startswith(self.address):
            self.shown.append(self._short(frame.url))

    def _short(self, url: str) -> str:
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", url.removeprefix(self.address).partition("#")[0])

    def go(self, path: str, name: str = "") -> None:
        self.page.goto(path)
        self.look(name)

    def press(self, words: str, name: str = "", *, role: str = "button", within=None, exact=True) -> None:
        """Press a button or follow a link that leads to a page, and look at that page."""
        target = (within or self.page).get_by_role(role, name=words, exact=exact)
        with self.page.expect_navigation(wait_until="load"):
            target.first.click()
        self.look(name or words)

    def follow(self, words: str, name: str = "", *, within=None, exact=True) -> None:
        self.press(words, name, role="link", within=within, exact=exact)

    def look(self, name: str = "") -> None:
        """Judge the page as it stands, and keep its picture."""
        self.page.wait_for_load_state("load")
        self.number += 1
        self.name = re.sub(r"[^a-z0-9]+", "-", (name or self.page.title()).lower()).strip("-")[:50]
        self.picture()
        place = self._short(self.page.url)
        self.looked.append(place)
        if self.scripts:  # axe is a script itself
            assert axe_problems(self.page) == [], place
            widths = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert widths[0] <= widths[1], f"{place} is {widths[0]} px wide in a window of {widths[1]} px"
        assert self.complaints == [], self.complaints

    def picture(self, ending: str = "") -> None:
        name = "-".join(filter(None, [f"{self.number:02}", self.name, ending]))
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=True)

    def pdf_text(self, words: str, *, within=None) -> str:
        """The text of the PDF behind a link, as fetched by this person, in one line."""
        return pdf_text(self.context.request.get(self.link_to(words, within=within)))

    def link_to(self, words: str, *, within=None) -> str:
        return (within or self.page).get_by_role("link", name=words).first.get_attribute("href")

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto("/accounts/login/")
        self.look("sign in")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in", "home")

    def sign_pad(self) -> None:
        """Draw something like a signature with the pointer."""
        pad = self.page.locator("canvas").first
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        self.page.mouse.move(box["x"] + 30, box["y"] + 60)
        self.page.mouse.down()
        for x, y in ((60, 30), (90, 80), (120, 40), (180, 70)):
            self.page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
        self.page.mouse.up()

    def closing(self) -> None:
        """Nothing was complained of, and no page went by unseen."""
        self.context.close()
        assert self.complaints == [], self.complaints
        unseen = [place for place in self.shown if place not in self.looked]
        assert unseen == [], "pages that were opened but not looked at"


def pdf_text(answer) -> str:
    assert answer.status == 200, f"{answer.url} answered {answer.status}"
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages).split())


class Hands:
    """Only the keyboard, and how much of it: ``typed`` fields and other ``pressed`` keys."""

    def __init__(self, walker: Walker):
        self.walker, self.typed, self.pressed = walker, 0, 0

    def type(self, text: str) -> None:
        self.typed += 1
        self.walker.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.walker.page.keyboard.press(key)

    def press_and_go(self, key: str, name: str = "") -> None:
        """A key that leads to another page, which is looked at."""
        with self.walker.page.expect_navigation(wait_until="load"):
            self.press(key)
        self.walker.look(name)

    def reach(self, words: str, *, most: int = 150, back: bool = False) -> None:
        """Press Tab until the focus is on something with this accessible name."""
        key = "Shift+Tab" if back else "Tab"
        for _try in range(most):
            self.press(key)
            if self.focus() == words or self.focus().startswith(f"{words} "):
                return
        raise AssertionError(f"{most} presses of {key} never came to “{words}”; the last was “{self.focus()}”")

    def focus(self) -> str:
        """The words of what has the focus."""
        return self.walker.page.evaluate(WORDS_OF_FOCUS)


WORDS_OF_FOCUS = """() => {
    const one = document.activeElement;
    if (one === document.body || one.id === "main") return "";
    const label = one.labels?.[0] ?? one;
    return (one.getAttribute("aria-label") || label.innerText || one.title || "").trim().replace(/\\s+/g, " ");
}"""
