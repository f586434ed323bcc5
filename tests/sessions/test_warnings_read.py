"""An alert or a caution is read and confirmed on the day, each by itself, before the needle."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions import actions, ready
from smpclinic.actors import staff
from tests.sessions.room import HEALTHY, at, opened, settled, text, words

pytestmark = pytest.mark.usefixtures("today")
ALERT = "Takes a blood thinner"
MOST_QUERIES = 27


@pytest.fixture
def warned():
    session = opened()
    session.patient.alerts.create(words=ALERT)
    return settled(session)


def ask(session, *, acknowledged=()):
    by = staff(session.practitioner)
    return actions.ask_health(
        session=session, unchanged=True, today=HEALTHY, healed_well=None, acknowledged=acknowledged, by=by
    )


def test_nobody_begins_before_an_alert_was_read_and_nobody_overrides_that(warned):
    by = staff(warned.practitioner)
    with pytest.raises(ValidationError) as refusal:
        actions.start_treatment(session=warned, by=by)
    assert f"Confirm that you have read: {ALERT}." in words(refusal)
    with pytest.raises(ValidationError, match="can never be overridden"):
        actions.override_item(session=warned, item="alerts", reason="In a hurry", by=by)
    ask(warned, acknowledged=[ALERT])
    warned.refresh_from_db()
    assert actions.start_treatment(session=warned, by=by)


def test_an_alert_raised_after_the_reading_is_read_too(warned):
    ask(warned, acknowledged=[ALERT])
    warned.patient.alerts.create(words="Fainted once")
    warned.refresh_from_db()
    assert ready.facts_of(warned).unacknowledged == ("Fainted once",)


def test_what_was_read_yesterday_is_read_again(warned):
    check = ask(warned, acknowledged=[ALERT])
    type(check).objects.filter(pk=check.pk).update(asked_at=check.asked_at.replace(year=2034))
    warned.refresh_from_db()
    assert ready.facts_of(warned).unacknowledged == (ALERT,)


def test_the_page_asks_for_each_and_keeps_the_tick(warned, chair):
    browser = chair(warned)
    assert ALERT in text(browser.get(at(warned, "start")))
    told = HEALTHY | {"unchanged": "on", "acknowledged": [ALERT]}
    browser.post(at(warned, "health"), told)
    warned.refresh_from_db()
    assert warned.health_check.acknowledged == [ALERT]


def test_only_what_stands_there_can_be_confirmed(warned, chair):
    chair(warned).post(at(warned, "health"), HEALTHY | {"unchanged": "on", "acknowledged": ["Something else"]})
    warned.refresh_from_db()
    assert warned.health_check.acknowledged == []


def test_the_list_costs_few_queries(warned):
    warned = type(warned).objects.get(pk=warned.pk)
    with CaptureQueriesContext(connection) as asked:
        ready.facts_of(warned)
    assert len(asked) <= MOST_QUERIES, len(asked)
