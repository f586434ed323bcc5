"""A real server over a database of its own, the system's Chromium, and people who walk through the program."""

import os
import shutil

import pytest
import time_machine

from smpclinic.environment import BASE_DIR
from tests.journeys import browser as browsing

PICTURES = BASE_DIR / "var" / "journeys"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(BASE_DIR / "tests" / "journeys"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium():
    if browsing.program() is None:
        refuse = pytest.fail if os.environ.get("CI", "").lower() in {"1", "true", "yes"} else pytest.skip
        refuse("Chromium is not installed.")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop running in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with browsing.chromium() as browser:
            yield browser


@pytest.fixture
def clock():
    """The time of the server. It only goes on: a browser drops cookies that seem to have ended."""
    with time_machine.travel(0, tick=True) as traveller:
        yield traveller


@pytest.fixture
def walk(chromium, live_server, request):
    """``walk("reception", **options)``: a browser for one person. All of them are judged when the test ends."""
    folder = PICTURES / request.node.name.replace("[", "-").rstrip("]")
    shutil.rmtree(folder, ignore_errors=True)
    walkers = []

    def begin(who: str, **options) -> browsing.Walker:
        (folder / who).mkdir(parents=True, exist_ok=True)
        walkers.append(browsing.Walker(chromium, live_server.url, folder / who, **options))
        return walkers[-1]

    yield begin
    for walker in walkers:
        walker.closing()
