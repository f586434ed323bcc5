"""What must be in order before a session starts and before it is signed."""

from dataclasses import replace
from datetime import date

import pytest

from intake.screening import Finding, Kind
from sessions.readiness import (
    Item,
    OverriddenItem,
    ReadinessFacts,
    is_ready,
    readiness_to_sign,
    readiness_to_start,
    unmet,
)

ON = date(2026, 9, 3)
READY = ReadinessFacts(
    on=ON,
    plan_version=2,
    agreed_version=2,
    practitioner="Dr Lis",
    is_qualified=True,
    health_asked_on=ON,
    patch_test_demanded=True,
    patch_test_clear=True,
    before_photos=5,
    pigment_information_given=True,
    previous_session_on=date(2026, 8, 20),
    healed=True,
    room_cleaned=True,
    needles_opened_before_patient=True,
    passes=3,
    needle_lots=1,
    reaction_recorded=True,
)
KELOID = Finding("keloid", Kind.BLOCK, "Keloid: no treatment.", None, True, True)
INFECTION = Finding("scalp_infection", Kind.UNTIL_CLEARED, "Infection.", None, True, False)

# What is changed, the item that then stands in the way, its words, and whether it can be overridden.
BEFORE_START = [
    ({"agreed_version": None}, "agreement",
     "The patient has not agreed to version 2 of the plan. A new signature is needed.", False),
    ({"agreed_version": 1}, "agreement",
     "The patient agreed to version 1; the plan is now version 2. A new signature is needed.", False),
    ({"is_qualified": False}, "qualification", "Dr Lis has no valid qualification on 3 September 2026.", False),
    ({"health_asked_on": None}, "health_today", "Ask about health again on the day of the session.", True),
    ({"health_asked_on": date(2026, 9, 2)}, "health_today",
     "Ask about health again on the day of the session (last on 2 September 2026).", True),
    ({"standing": (KELOID,)}, "finding:keloid:block", "Keloid: no treatment.", True),
    ({"standing": (INFECTION,)}, "finding:scalp_infection:until_cleared", "Infection.", False),
    ({"unacknowledged": ("warfarin", "latex")}, "alerts", "Confirm that you have read: warfarin; latex.", False),
    ({"patch_test_clear": False}, "patch_test", "A clear and valid patch test is needed.", True),
    ({"healed": None}, "healed", "Judge whether the scalp has healed since 20 August 2026.", True),
    ({"healed": False}, "healed", "Not healed since 20 August 2026.", True),
    ({"before_photos": 0}, "before_photos", "Take at least one photo before the session.", True),
    ({"pigment_information_given": False}, "pigment_information",
     "Give the pigment information before the pigment is used.", True),
    ({"room_cleaned": False}, "room_cleaned", "Confirm that the room was cleaned.", True),
    ({"needles_opened_before_patient": False}, "needles_opened", "Open the sterile needles before the patient.", True),
]  # fmt: skip
BEFORE_SIGNING = [
    ({"running_zones": ("Vertex", "Nape")}, "clock", "Stop the clock of Vertex, Nape.", False),
    ({"passes_without_pigment_lot": ("Vertex",)}, "pigment_lots", "Record the pigment lot of Vertex.", True),
    ({"needle_lots": 0}, "needle_lots", "Record the needle lot.", True),
    ({"recalled_lots": ("A1",)}, "recalled:A1", "A1 is on recall.", False),
    ({"reaction_recorded": False}, "reaction", 'Record the reaction, or "none".', True),
]


def test_a_session_in_order_may_start_and_be_signed():
    assert unmet(readiness_to_start(READY)) == unmet(readiness_to_sign(READY)) == ()
    assert is_ready(readiness_to_start(READY))
    assert all(item.ok for item in readiness_to_sign(READY))


@pytest.mark.parametrize(("change", "code", "words", "overridable"), BEFORE_START)
def test_one_thing_missing_stops_the_start_and_the_signature(change, code, words, overridable):
    for readiness in (readiness_to_start, readiness_to_sign):
        assert unmet(readiness(replace(READY, **change))) == (Item(code, words, False, True, overridable),)


@pytest.mark.parametrize(("change", "code", "words", "overridable"), BEFORE_SIGNING)
def test_one_thing_missing_from_the_work_stops_the_signature_alone(change, code, words, overridable):
    facts = replace(READY, **change)
    assert is_ready(readiness_to_start(facts))
    assert unmet(readiness_to_sign(facts)) == (Item(code, words, False, True, overridable),)


def test_an_item_in_order_says_so_and_still_counts_as_one_that_blocks():
    items = {item.code: item for item in readiness_to_sign(READY)}
    assert items["agreement"] == Item("agreement", "Agreed to version 2 of the plan.", True, True, False)
    assert items["clock"] == Item("clock", "All clocks have stopped.", True, True, False)
    assert items["patch_test"] == Item("patch_test", "Patch test clear.", True, True, True)
    assert items["healed"].words == "Healed since 20 August 2026."


def test_what_nobody_has_told_counts_as_missing():
    told = ReadinessFacts(
        on=ON, plan_version=2, agreed_version=2, practitioner="Dr Lis", is_qualified=True, health_asked_on=ON
    )
    assert [item.code for item in unmet(readiness_to_sign(told))] == [
        "before_photos",
        "pigment_information",
        "room_cleaned",
        "needles_opened",
        "passes",
        "pigment_lots",
        "needle_lots",
        "reaction",
    ]
    assert not told.patch_test_demanded
    assert not replace(told, patch_test_demanded=True).patch_test_clear


def test_a_single_pass_is_a_record():
    assert is_ready(readiness_to_sign(replace(READY, passes=1)))


def test_a_record_without_a_pass_lacks_passes_and_lots():
    assert [item.code for item in unmet(readiness_to_sign(replace(READY, passes=0)))] == ["passes", "pigment_lots"]


@pytest.mark.parametrize(("change", "code", "words", "overridable"), BEFORE_START + BEFORE_SIGNING)
def test_an_override_by_name_and_reason_settles_only_what_may_be_overridden(change, code, words, overridable):
    items = readiness_to_sign(replace(READY, **change))
    assert is_ready(items, [OverriddenItem(code, "Dr Lis", "seen and judged")]) == overridable
    assert not is_ready(items, [OverriddenItem("another", "Dr Lis", "seen and judged")])


@pytest.mark.parametrize(("name", "reason"), [("", "seen"), (" ", "seen"), ("Dr Lis", ""), ("Dr Lis", " ")])
def test_an_override_without_name_or_reason_settles_nothing(name, reason):
    items = readiness_to_start(replace(READY, before_photos=0))
    assert not is_ready(items, [OverriddenItem("before_photos", name, reason)])


def test_an_override_of_one_finding_leaves_the_other_standing():
    items = readiness_to_start(replace(READY, standing=(KELOID, INFECTION)))
    left = unmet(items, [OverriddenItem("finding:keloid:block", "Dr Lis", "old scar")])
    assert [item.code for item in left] == ["finding:scalp_infection:until_cleared"]


def test_a_clinic_without_patch_tests_demands_none():
    items = readiness_to_start(replace(READY, patch_test_demanded=False, patch_test_clear=False))
    assert "patch_test" not in [item.code for item in items]
    assert is_ready(items)


def test_a_first_session_has_nothing_to_heal():
    items = readiness_to_start(replace(READY, previous_session_on=None, healed=None))
    assert "healed" not in [item.code for item in items]
    assert is_ready(items)


@pytest.mark.parametrize(("previous", "ok"), [(date(2026, 9, 1), True), (date(2026, 9, 2), False)])
def test_sessions_closer_than_the_gap_are_named_and_never_overridden(previous, ok):
    facts = replace(READY, previous_session_on=previous)
    gap = next(item for item in readiness_to_start(facts) if item.code == "gap")
    assert gap.ok is ok
    assert is_ready(readiness_to_start(facts), [OverriddenItem("gap", "Dr Lis", "In a hurry")]) is ok


def test_a_breach_recorded_of_a_past_visit_keeps_its_record_signable():
    facts = replace(READY, previous_session_on=date(2026, 9, 2), is_breach_recorded=True)
    assert is_ready(readiness_to_sign(facts))


def test_a_patient_who_wants_no_photos_is_treated_without():
    items = readiness_to_start(replace(READY, before_photos=0, photos_refused=True))
    assert is_ready(items)
    assert "No photos: the patient does not want photos in the record." in [item.words for item in items]


def test_one_photo_is_enough():
    assert is_ready(readiness_to_start(replace(READY, before_photos=1)))


@pytest.mark.parametrize(
    ("change", "code"), [({"agreed_version": None}, "agreement"), ({"recalled_lots": ("A1",)}, "recalled:A1")]
)
def test_a_late_entry_can_be_signed_with_a_reason_so_that_no_record_is_lost(change, code):
    items = readiness_to_sign(replace(READY, is_late_entry=True, **change))
    assert not is_ready(items)
    assert is_ready(items, [OverriddenItem(code, "Dr Lis", "entered from paper")])


def test_a_late_entry_still_needs_a_qualified_practitioner():
    items = readiness_to_sign(replace(READY, is_late_entry=True, is_qualified=False))
    assert not is_ready(items, [OverriddenItem("qualification", "Dr Lis", "entered from paper")])


def test_every_item_has_its_own_code_and_words():
    facts = replace(READY, standing=(KELOID, INFECTION), unacknowledged=("latex",), recalled_lots=("A1", "B2"))
    items = readiness_to_sign(facts)
    assert len({item.code for item in items}) == len(items)
    assert all(item.words.endswith(".") for item in items)


def test_an_item_that_does_not_block_never_stands_in_the_way():
    assert is_ready([Item("hint", "A hint.", ok=False, blocking=False)])
