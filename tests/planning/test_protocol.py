"""The treatment defaults: one home, hard rules that hold, and plans that keep what they were estimated with."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from planning.actions.plan import approve_plan, revise_plan
from planning.actions.protocol import change_protocol
from planning.clinic_protocol import clinic_protocol, last_change, protocol_of
from planning.forms.protocol import NUMBERS, SHARES, ProtocolForm
from planning.protocol import BOUNDS, DEFAULT_PROTOCOL, from_values, problems_by_field, to_values
from sessions.treated import share_of
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, ClinicProfile
from tests.make import make_clinic, make_manager
from tests.planning.plan_makers import drafted, whole_fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    make_clinic()
    return make_manager()


def changed(by, **numbers):
    return change_protocol(protocol=replace(clinic_protocol(), **numbers), by=staff(by))


def posted(**typed):
    form = ProtocolForm(protocol=DEFAULT_PROTOCOL)
    return {name: form[name].value() for name in form.fields} | typed


# The rules


def test_a_protocol_comes_back_as_it_was_kept():
    protocol = replace(
        DEFAULT_PROTOCOL, pace_dots_per_min=Decimal("85.5"), shares_of_two=(Decimal("0.6"), Decimal("0.4"))
    )
    assert from_values(to_values(protocol)) == protocol


def test_a_kept_value_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match=r"Pace dots per min cannot be read from 'fast'\."):
        from_values({"pace_dots_per_min": "fast"})


def test_every_number_has_a_least_and_a_most():
    for name, bounds in BOUNDS.items():
        kind = type(getattr(DEFAULT_PROTOCOL, name))
        step = Decimal("0.001") if kind is Decimal else 1
        for bound, beyond in ((bounds[0], -step), (bounds[1], step)):
            assert is_out_of_bounds(name, kind(bound + beyond)), name
            assert not is_out_of_bounds(name, kind(bound)), name


def is_out_of_bounds(name, value) -> bool:
    problems = problems_by_field(replace(DEFAULT_PROTOCOL, **{name: value})).get(name, [])
    return any("must be" in words or "too few" in words for words in problems)


def test_every_number_of_the_protocol_stands_on_the_page():
    names = set(NUMBERS) | set(SHARES) | {"pace_from"}
    assert names == set(to_values(DEFAULT_PROTOCOL))


def test_the_recommended_gap_goes_by_look_and_never_below_the_minimum():
    protocol = replace(DEFAULT_PROTOCOL, gap_days=12, recommended_gap_hair_days=14)
    assert [protocol.recommended_gap(look) for look in ("shaved", "kept_hair", "scar")] == [12, 14, 28]


# The clinic's own


def test_a_changed_default_counts_for_the_next_plan_and_is_told(manager):
    changed(manager, pace_dots_per_min=Decimal(100), bare_dots_per_cm2=Decimal(80))
    plan = drafted(zones=[{"zone": "vertex"}], session_count=2)
    version = plan.newest_version()
    assert version.zones.get().dots_per_cm2 == 80
    # 50 cm² × 80 × 0.55 / 100 = 22 min, + 30 = 52, rounded up to 60
    assert version.estimate_minutes == [60, 60]
    told = last_change()
    assert (told.by, set(told.values)) == (
        str(manager),
        {("pace_dots_per_min", "70", "100"), ("bare_dots_per_cm2", "90", "80")},
    )


def test_an_approved_plan_keeps_what_it_was_estimated_with(manager):
    plan = drafted(session_count=2)
    approve_plan(plan=plan, by=staff(plan.practitioner))
    plan.refresh_from_db()
    before = plan.current_version.estimate_minutes
    changed(manager, pace_dots_per_min=Decimal(35), shares_of_two=(Decimal("0.7"), Decimal("0.3")))
    plan.refresh_from_db()
    assert plan.current_version.estimate_minutes == before
    assert protocol_of(plan.current_version).pace_dots_per_min == 70
    assert share_of(plan.current_version, 1) == Decimal("0.55")
    zones = [{"zone": "vertex"}]
    revised = revise_plan(
        plan=plan,
        fields=whole_fields(session_count=2, long_session_reason="slow"),
        zones=zones,
        by=staff(plan.practitioner),
    )
    assert share_of(revised, 1) == Decimal("0.7")


def test_the_gap_may_be_raised_and_never_lowered_below_two_days(manager):
    changed(manager, gap_days=5)
    assert ClinicProfile.current().gap_days == 5
    with pytest.raises(ValidationError, match="at least 2 days apart; 1 is too few"):
        changed(manager, gap_days=1)
    assert ClinicProfile.current().gap_days == 5


def test_saving_what_stands_there_already_leaves_no_trace(manager):
    changed(manager)
    assert not AuditEntry.objects.filter(verb="changed treatment defaults").exists()
    assert last_change() is None


# The page


def test_the_manager_saves_the_page_and_reads_who_changed_what(client, manager):
    client.force_login(manager)
    path = reverse("planning:treatment_defaults")
    assert "Nothing was changed yet" in client.get(path).content.decode()
    answer = client.post(path, posted(pace_dots_per_min="82", most_dots_per_cm2="95"), follow=True)
    text = answer.content.decode()
    assert f"Last changed by {manager}" in text
    assert "Usual pace (dots/min): 82, before 70" in text
    assert clinic_protocol().most_dots_per_cm2 == 95


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"gap_days": "1"}, "Sessions are at least 2 days apart; 1 is too few. You may raise this, never lower it."),
        ({"shares_of_three_1": "0.5"}, "must be 3 numbers above 0 that add up to 1, not 0.5 + 0.33 + 0.27."),
        ({"pace_dots_per_min": "100000"}, "must be 10 to 400, not 100000."),
        ({"recommended_gap_days": "90"}, "90 days recommended are more than the recommended maximum of 60."),
        ({"bare_dots_per_cm2": "120"}, "120 dots per cm² as the usual target is above the limit of 100."),
        ({"arrival_min": "-5"}, "must be 0 to 120, not -5."),
        ({"pace_dots_per_min": "fast"}, "Enter a number."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(client, manager, typed, words):
    client.force_login(manager)
    page = client.post(reverse("planning:treatment_defaults"), posted(paperwork_min="45", **typed))
    assert words in page.content.decode()
    assert page.context["form"]["paperwork_min"].value() == "45"
    assert clinic_protocol() == DEFAULT_PROTOCOL
