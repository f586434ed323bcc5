"""The clock stands still at the hour of the appointments made here."""

from datetime import timedelta

import pytest
import time_machine

from tests.sessions.room import NOW, install_day_questions


@pytest.fixture
def today(db):
    """An hour after the visits of the session room begin, so that half an hour of work lies in the past."""
    install_day_questions()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def chair(client):
    """A browser in which the practitioner of a record is signed in."""

    def sit(session_or_visit):
        client.force_login(session_or_visit.practitioner)
        return client

    return sit
