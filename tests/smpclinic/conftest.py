"""What several tests of the machinery share."""

import io
import time

import pypdf
import pytest
from django.test import override_settings

from smpclinic.limited import client
from smpclinic.outbox import registry

PAGE = "<!DOCTYPE html><html lang='en'><head><title>Care sheet</title></head><body><h1>Care</h1>{}</body></html>"


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A warm process of this module's own, ended with it."""
    client.stop_warm()
    client._started["at"] = -client.PAUSE_BETWEEN_STARTS_S
    with override_settings(DATA_ROOT=tmp_path_factory.mktemp("data")):
        client.start_warm()
        wait_until(client.socket_path().exists)
        yield client
        client.stop_warm()


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(client, "_ask_warm", lambda message, limits: None)


@pytest.fixture
def sheet(tmp_path, settings):
    """Makes ``page.html`` out of a body, raw: as if a template had forgotten to escape."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(body):
        (tmp_path / "page.html").write_text(PAGE.format(body), encoding="utf-8")
        return "page.html"

    return write


@pytest.fixture
def kind(monkeypatch):
    """Registers functions for the length of one test."""
    registry.handlers()
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    monkeypatch.setattr(registry, "_schedules", {})

    def register(function, name="test-work", **options):
        return registry.handler(name, **options)(function)

    return register


@pytest.fixture
def done(kind):
    """A kind of work that only notes whom it was about."""
    subjects = []
    kind(lambda item: subjects.append(item.subject_id))
    return subjects


def wait_until(condition, within_s=60):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def text_of(content):
    return "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
