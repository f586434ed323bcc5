"""A treatment begins only by a plan that the patient has agreed to as it stands."""

import pytest
from django.core.exceptions import ValidationError

from planning.models import TreatmentPlan
from sessions import ready
from sessions.actions import opening
from smpclinic.actors import staff
from tests.make import make_appointment, make_plan, make_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "the plan is still a draft"),
        ("approved", "the patient has not agreed"),
        ("stopped", "A stopped plan stays stopped"),
        ("complete", "A complete plan stays complete"),
    ],
)
def test_no_session_begins_while_its_plan_is_not_agreed(monkeypatch, state, words):
    monkeypatch.setattr(ready, "standing_in_the_way", lambda session, items: ())
    plan = make_plan(agreed=True)
    visit = make_appointment(planned_session=plan.planned_sessions.first(), state="arrived")
    session = make_session(appointment=visit, passes=0)
    TreatmentPlan.objects.filter(pk=plan.pk).update(state=state, stopped_reason="Moved away")
    with pytest.raises(ValidationError, match=words):
        opening.start_treatment(session=session, by=staff(session.practitioner))
    visit.refresh_from_db()
    assert visit.state == "arrived"
