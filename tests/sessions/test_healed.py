"""Healed photos: kept in the signed record, and shown nameless beside the step of the ladder that healed so."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from intake.models import ExistingHair
from planning.models import HealedPhoto, ShadeStep
from planning.shade_look import healed_photos_of
from sessions.actions.pictures import add_healed_photo
from smpclinic.actors import staff
from tests.make import make_consent, make_plan, make_practitioner
from tests.planning.plan_makers import whole_fields
from tests.sessions.room import MONDAY, at, jpeg, opened, signed, text

pytestmark = pytest.mark.usefixtures("today")


def healed_session(*, consent=True):
    """A session signed with a plan of step 3, on skin of type III, for which photos may be kept."""
    step = whole_fields()["shade_step"]
    plan = make_plan(agreed=True, zones=("vertex",), practitioner=make_practitioner(), shade_step=step)
    session = signed(plan=plan)
    if consent:
        make_consent(patient=session.patient, kind="photos_record")
    ExistingHair.objects.create(patient=session.patient, observed_on=MONDAY.date(), skin_type="III")
    return session


def add(session, *, days=10, zone="vertex", **fields):
    with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
        told = {"view": "treated", "upload": jpeg(), "by": staff(session.practitioner)} | fields
        return add_healed_photo(session=session, zone=zone, **told)


def test_it_is_shown_beside_the_plans_step_on_this_skin():
    kept = add(healed_session())
    assert (kept.shade_step.number, kept.zone, kept.skin_type, kept.healed_days) == (3, "vertex", "III", 10)
    assert len(healed_photos_of(kept.shade_step, "III")["for_staff"]) == 1


def test_a_step_that_is_known_better_is_taken():
    session = healed_session()
    assert add(session, shade_step=ShadeStep.objects.get(number=2)).shade_step.number == 2


def test_the_same_photo_twice_is_one():
    session = healed_session()
    assert add(session) == add(session)
    assert HealedPhoto.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"days": 9}, "file", "from day 10: on 18 January 2035 at the earliest"),
        ({"zone": "nape"}, "zone", "a zone that was treated in this session"),
    ],
)
def test_what_is_not_healed_or_not_worked_is_refused_beside_the_field(fields, field, words):
    with pytest.raises(ValidationError) as refusal:
        add(healed_session(), **fields)
    assert words in refusal.value.message_dict[field][0]
    assert not HealedPhoto.objects.exists()


def test_without_a_step_anywhere_it_is_asked_for():
    session = signed()
    make_consent(patient=session.patient, kind="photos_record")
    with pytest.raises(ValidationError, match="Choose the one used"):
        add(session)


def test_without_consent_nothing_is_kept():
    with pytest.raises(ValidationError, match="has not agreed to photos"):
        add(healed_session(consent=False))


def test_an_open_record_has_nothing_healed():
    with pytest.raises(ValidationError, match="Sign the session first"):
        add(opened())


def test_the_page_keeps_a_photo_and_says_what_is_wrong_with_a_file(chair):
    session = healed_session()
    browser = chair(session)
    with time_machine.travel(MONDAY + timedelta(days=12), tick=False):
        browser.force_login(session.practitioner)
        broken = io.BytesIO(b"no photo")
        broken.name = "x.jpg"
        page = browser.post(at(session, "healed"), {"zone": "vertex", "view": "treated", "file": broken})
        assert "That file is not a photo" in text(page)
        sent = {"zone": "vertex", "view": "treated", "file": jpeg()}
        assert browser.post(at(session, "healed"), sent).url == at(session, "healed")
        assert "Healed: Treated area" in browser.get(at(session, "healed")).content.decode()
