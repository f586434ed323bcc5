"""Dilutions, the order of shades, and their order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.shade import (
    drops_to_ml,
    notes_wanted_for_order,
    offered_step,
    pigment_percent,
)

volumes = st.decimals("0.01", 20, places=2)


def test_a_drop_is_a_twentieth_of_a_millilitre_unless_the_product_says_otherwise():
    assert drops_to_ml(Decimal(20)) == 1
    assert drops_to_ml(Decimal(20), drop_ml=Decimal("0.04")) == Decimal("0.8")


@pytest.mark.parametrize(
    ("pigment", "water", "percent"),
    [("1", "9", "10.0"), ("1", "0", "100.0"), ("0.25", "4.75", "5.0"), ("1", "2", "33.3"), ("1", "7", "12.5")],
)
def test_the_strength_of_a_shade_is_its_pigment_in_all_of_it(pigment, water, percent):
    assert pigment_percent(pigment_ml=Decimal(pigment), water_ml=Decimal(water)) == Decimal(percent)


def test_a_half_in_the_second_place_is_rounded_up():
    assert pigment_percent(pigment_ml=Decimal("0.25"), water_ml=Decimal("99.75")) == Decimal("0.3")


@pytest.mark.parametrize(("pigment", "water"), [("0", "1"), ("-1", "2"), ("1", "-0.1"), ("NaN", "1")])
def test_a_shade_without_pigment_or_with_less_than_no_water_is_an_error(pigment, water):
    with pytest.raises((ValueError, ArithmeticError)):
        pigment_percent(pigment_ml=Decimal(pigment), water_ml=Decimal(water))


@given(volumes, volumes, volumes)
def test_more_water_never_makes_a_stronger_shade(pigment_ml, water_ml, more_ml):
    weaker = pigment_percent(pigment_ml=pigment_ml, water_ml=water_ml + more_ml)
    assert 0 <= weaker <= pigment_percent(pigment_ml=pigment_ml, water_ml=water_ml) <= 100


@given(volumes, volumes, st.integers(2, 9))
def test_the_same_recipe_in_a_larger_cup_is_the_same_shade(pigment_ml, water_ml, times):
    larger = pigment_percent(pigment_ml=pigment_ml * times, water_ml=water_ml * times)
    assert larger == pigment_percent(pigment_ml=pigment_ml, water_ml=water_ml)


def test_session_1_is_offered_one_step_lighter_but_never_below_the_lightest():
    assert [offered_step(4, session_number=number) for number in (1, 2, 3)] == [3, 4, 4]
    assert offered_step(1, session_number=1) == 1


@pytest.mark.parametrize("steps", [[], [3], [3, 3, 3], [1, 2, 6]])
def test_light_to_dark_wants_no_note(steps):
    assert notes_wanted_for_order(steps) == []


def test_a_lighter_later_session_wants_a_note_and_is_compared_with_the_darkest_before_it():
    assert notes_wanted_for_order([4, 2, 3]) == [
        "Session 2 is lighter (step 2) than session 1 (step 4): sessions go from light to dark; note why.",
        "Session 3 is lighter (step 3) than session 1 (step 4): sessions go from light to dark; note why.",
    ]


@given(st.lists(st.integers(1, 6), max_size=3))
def test_no_note_is_wanted_exactly_when_the_steps_never_fall(steps):
    assert (notes_wanted_for_order(steps) == []) == (steps == sorted(steps))
