"""Needle, depth and angle: usual values, warnings and refusals."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.technique import (
    DEFAULT_LIMITS,
    DIAMETERS_MM,
    LIMIT_WORDS,
    Bounds,
    DepthKnownBy,
    Limits,
    MachineSetting,
    Needle,
    NeedleGroup,
    Reaction,
    defaults_for,
    needle_of,
    problems_by_field,
    problems_with_limits,
    problems_with_machine,
    problems_with_pain,
    problems_with_pass,
    problems_with_reactions,
    warnings_for_machine,
    warnings_for_pass,
)

USUAL = defaults_for("vertex")


def with_depth(depth, known_by=DepthKnownBy.DIALLED):
    return replace(USUAL, depth_mm=Decimal(depth), depth_known_by=known_by)


@pytest.mark.parametrize("zone", ["hairline_band", "vertex", "left_temple", "scar", "nape"])
def test_a_first_pass_is_usual_and_starts_with_one_needle_at_the_band_alone(zone):
    start = defaults_for(zone)
    assert start.needle_group is (NeedleGroup.ONE_RL if zone == "hairline_band" else NeedleGroup.THREE_RL)
    assert (start.diameter_mm, start.depth_mm, start.angle_degrees) == (Decimal("0.20"), Decimal("1.0"), 90)
    assert problems_with_pass(start) == warnings_for_pass(start) == []


def test_needle_groups_are_those_that_clinics_use():
    assert [str(group) for group in NeedleGroup] == ["1RL", "2RL", "3RL", "5RL", "7RL", "roller", "other"]


REFUSED = [
    ("depth_mm", ["0.1", "4.0"], ["0.09", "4.1", "NaN"], "The depth must be 0.1-4.0 mm, not {} mm."),
    ("diameter_mm", ["0.05", "1.5"], ["0.04", "1.51"], "The needle diameter must be 0.05-1.5 mm, not {} mm."),
    ("angle_degrees", ["10", "90"], ["9", "91"], "The angle to the skin must be 10-90 degrees, not {} degrees."),
    ("cumulative_dots_per_cm2", ["0", "500"], ["-1"],
     "The density reached so far must be at least 0 dots per cm2, not {} dots per cm2."),
]  # fmt: skip
UNUSUAL = [
    ("depth_mm", ["0.5", "2.0"], ["0.49", "2.1"], "The depth is usually 0.5-2.0 mm, here {} mm."),
    ("diameter_mm", ["0.15", "0.35"], ["0.14", "0.36"], "The needle diameter is usually 0.15-0.35 mm, here {} mm."),
    ("angle_degrees", ["45", "90"], ["44"], "The angle to the skin is usually 45-90 degrees, here {} degrees."),
    ("cumulative_dots_per_cm2", ["0", "100"], ["100.1"],
     "The density reached so far is usually at most 100 dots per cm2, here {} dots per cm2."),
]  # fmt: skip


@pytest.mark.parametrize(("field", "allowed", "refused", "words"), REFUSED)
def test_what_is_impossible_is_refused_in_words_and_the_limit_itself_is_not(field, allowed, refused, words):
    assert [problems_with_pass(replace(USUAL, **{field: Decimal(v)})) for v in allowed] == [[]] * len(allowed)
    for value in refused:
        assert problems_with_pass(replace(USUAL, **{field: Decimal(value)})) == [words.format(value)]


@pytest.mark.parametrize(("field", "usual", "unusual", "words"), UNUSUAL)
def test_what_is_unusual_is_warned_of_in_words_and_the_limit_itself_is_not(field, usual, unusual, words):
    assert [warnings_for_pass(replace(USUAL, **{field: Decimal(v)})) for v in usual] == [[]] * len(usual)
    for value in unusual:
        technique = replace(USUAL, **{field: Decimal(value)})
        assert warnings_for_pass(technique) == [words.format(value)]
        assert problems_with_pass(technique) == []


def test_a_depth_estimated_in_the_tissue_has_its_own_usual_range():
    estimated = DepthKnownBy.ESTIMATED
    assert warnings_for_pass(with_depth("0.3", estimated)) == warnings_for_pass(with_depth("1.5", estimated)) == []
    assert warnings_for_pass(with_depth("0.29", estimated)) == [
        "The depth estimated in the tissue is usually 0.3-1.5 mm, here 0.29 mm."
    ]
    assert len(warnings_for_pass(with_depth("1.6", estimated))) == 1
    assert len(problems_with_pass(with_depth("4.1", estimated))) == 1
    assert problems_with_pass(with_depth("4.0", estimated)) == []


@pytest.mark.parametrize("known_by", [DepthKnownBy.DIALLED, DepthKnownBy.HANG])
def test_a_depth_read_or_hung_has_the_wider_range(known_by):
    assert warnings_for_pass(with_depth("2.0", known_by)) == []
    assert len(warnings_for_pass(with_depth("0.4", known_by))) == 1


def test_several_problems_are_told_at_once():
    wrong = replace(USUAL, depth_mm=Decimal("9"), angle_degrees=5, diameter_mm=Decimal("2"))
    assert len(problems_with_pass(wrong)) == 3


@pytest.mark.parametrize("known_by", list(DepthKnownBy))
def test_problems_are_told_by_the_field_they_belong_to(known_by):
    wrong = replace(USUAL, depth_mm=Decimal("9"), angle_degrees=5, depth_known_by=known_by)
    by_field = problems_by_field(wrong)
    assert set(by_field) == {"depth_mm", "angle_degrees"}
    assert sorted(words for told in by_field.values() for words in told) == sorted(problems_with_pass(wrong))
    assert problems_by_field(USUAL) == {}


def test_voltage_warns_above_10():
    assert warnings_for_machine(MachineSetting(volts=Decimal("10"))) == []
    assert warnings_for_machine(MachineSetting(volts=Decimal("10.1"))) == [
        "The voltage is usually at most 10 V, here 10.1 V."
    ]
    assert problems_with_machine(MachineSetting(volts=Decimal("40"))) == []
    assert problems_with_machine(MachineSetting(volts=Decimal("-1"))) == ["The voltage must be at least 0 V, not -1 V."]


def test_a_machine_usually_runs_at_100_to_150_hertz():
    assert [len(warnings_for_machine(MachineSetting(hertz=Decimal(hz)))) for hz in (99, 100, 150, 151)] == [1, 0, 0, 1]


def test_a_machine_that_is_not_set_is_neither_wrong_nor_unusual():
    assert problems_with_machine(MachineSetting()) == warnings_for_machine(MachineSetting()) == []


def test_a_clinic_can_change_a_limit():
    deeper = replace(DEFAULT_LIMITS, depth_mm=Bounds(Decimal("0.5"), Decimal("3"), Decimal("0.1"), Decimal("5")))
    assert warnings_for_pass(with_depth("3"), deeper) == problems_with_pass(with_depth("5"), deeper) == []
    assert len(problems_with_pass(with_depth("5.1"), deeper)) == 1


def test_every_limit_has_its_words():
    assert {limit.name for limit in fields(Limits)} == set(LIMIT_WORDS)


def test_the_default_limits_could_be_saved():
    assert problems_with_limits(DEFAULT_LIMITS) == []


def test_what_is_usual_must_be_possible():
    wrong = replace(DEFAULT_LIMITS, angle_degrees=Bounds(Decimal(5), Decimal(90), Decimal(10), Decimal(90)))
    assert problems_with_limits(wrong) == ["The angle to the skin: what is usual must lie within what is possible."]


@given(st.decimals(-10, 10, places=2), st.sampled_from(DepthKnownBy))
def test_what_is_refused_is_always_unusual_as_well(depth, known_by):
    technique = with_depth(depth, known_by)
    assert bool(warnings_for_pass(technique)) >= bool(problems_with_pass(technique))


@pytest.mark.parametrize(
    ("code", "needle"),
    [
        ("0603", Needle(Decimal("0.20"), 3)),
        (" 06 03 rl", Needle(Decimal("0.20"), 3)),
        ("0601", Needle(Decimal("0.20"), 1)),
        ("08", Needle(Decimal("0.25"), None)),
        ("0807RL", Needle(Decimal("0.25"), 7)),
        ("10", Needle(Decimal("0.30"), None)),
        ("1014", Needle(Decimal("0.30"), 14)),
    ],
)
def test_a_needle_code_tells_diameter_and_needles(code, needle):
    assert needle_of(code) == needle


@pytest.mark.parametrize("code", ["", "6", "0600", "0703", "06030", "3RL", "abcd"])
def test_what_is_no_needle_code_is_refused_with_an_example(code):
    with pytest.raises(ValueError, match=r"is not a needle code\. Write it like 0603 \(0\.20 mm, 3 needles\)"):
        needle_of(code)


@given(st.sampled_from(sorted(DIAMETERS_MM)), st.integers(1, 99))
def test_every_code_of_a_known_diameter_is_read(diameter, needles):
    assert needle_of(f"{diameter}{needles:02d}") == Needle(DIAMETERS_MM[diameter], needles)


@pytest.mark.parametrize(("pain", "is_fine"), [(-1, False), (0, True), (10, True), (11, False)])
def test_pain_is_told_from_0_to_10(pain, is_fine):
    assert problems_with_pain(pain) == ([] if is_fine else [f"Pain is told from 0 to 10, not {pain}."])


@pytest.mark.parametrize(
    ("reactions", "given_facts", "problems"),
    [
        ({Reaction.NONE}, {}, []),
        ({Reaction.REDNESS, Reaction.SWELLING}, {}, []),
        ({Reaction.PAIN}, {"pain": 1}, []),
        ({Reaction.OTHER}, {"note": "hives"}, []),
        (set(), {}, ['Choose the reaction, or "none".']),
        ({Reaction.NONE, Reaction.REDNESS}, {}, ['"None" cannot stand beside another reaction.']),
        ({Reaction.OTHER}, {"note": " "}, ["Describe the other reaction."]),
        ({Reaction.PAIN}, {}, ["Say how strong the pain was, from 1 to 10."]),
        ({Reaction.PAIN}, {"pain": 0}, ["Say how strong the pain was, from 1 to 10."]),
        ({Reaction.REDNESS}, {"pain": 11}, ["Pain is told from 0 to 10, not 11."]),
    ],
)
def test_a_reaction_is_complete(reactions, given_facts, problems):
    assert problems_with_reactions(frozenset(reactions), **given_facts) == problems
