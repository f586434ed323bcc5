"""The makers make what the database accepts, and two of each at once."""

import pytest

from smpclinic import chain
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "maker",
    [
        make.make_user, make.make_practitioner, make.make_manager, make.make_location, make.make_room,
        make.make_patient, make.make_product, make.make_lot, make.make_consent,
        make.make_plan, make.make_appointment, make.make_session,
    ],
    ids=lambda maker: maker.__name__,
)  # fmt: skip
def test_two_records_made_with_defaults_do_not_clash(maker):
    first, second = maker(), maker()
    first.validate_constraints()
    second.validate_constraints()
    assert first.pk != second.pk


def test_a_plan_is_made_as_a_draft_approved_or_agreed():
    draft, approved, agreed = make.make_plan(approved=False), make.make_plan(sessions=2), make.make_plan(agreed=True)
    assert (draft.state, draft.planned_sessions.count()) == ("draft", 0)
    assert (approved.state, [session.number for session in approved.planned_sessions.all()]) == ("approved", [1, 2])
    assert (agreed.state, agreed.current_version.agreements.get().consent.kind) == ("agreed", "treatment")


def test_a_touch_up_has_one_session_without_a_number():
    touch_up = make.make_plan(parent=make.make_plan())
    assert [session.number for session in touch_up.planned_sessions.all()] == [None]
    assert make.make_appointment(kind="touch_up").planned_session.number is None


def test_a_signed_session_is_sealed():
    session = make.make_session(signed=True)
    assert session.is_signed
    assert chain.head() == session.sealed.mac
    assert chain.problems() == []
