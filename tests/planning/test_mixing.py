"""Spectra from colours, the colour of a mix in the cup, and the mixes that are proposed for a target."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.mix_proposals import (
    LEAST_DROPS,
    MOST_DROPS,
    Pigment,
    propose,
    words_about_reach,
)
from planning.mixing import HealedLook, absorption, predicted_colour, reflectance
from planning.spectra import reflectance_of, srgb_of_reflectance
from smpclinic.colour import Srgb, lab_of, srgb_from_hex

parts = st.integers(0, 255)
colours = st.builds(Srgb, parts, parts, parts)
volumes = st.floats(0.05, 5)
BLACK = Srgb(0x1B, 0x1A, 0x1A)


def apart(one, other):
    return max(abs(one.red - other.red), abs(one.green - other.green), abs(one.blue - other.blue))


def lightness(colour):
    return lab_of(colour).lightness


def pigments(*colours):
    return [
        Pigment(f"{number}", f"Pigment {number}", srgb_from_hex(colour))
        for number, colour in enumerate(colours, start=1)
    ]


@given(colours)
def test_a_colour_comes_back_from_its_spectrum_as_it_was(colour):
    spectrum = np.array(reflectance_of(colour))
    assert (spectrum > 0).all()
    assert (spectrum < 1).all()
    assert apart(srgb_of_reflectance(spectrum), colour) <= 3  # at black and white, which no spectrum inside 0 and 1 has


@given(st.floats(0.0001, 1))
def test_absorption_and_reflectance_undo_each_other(light):
    assert reflectance(absorption(np.array([light])))[0] == pytest.approx(light, rel=1e-6)


@given(colours, volumes, volumes)
def test_a_pigment_mixed_with_itself_is_itself(colour, one, other):
    assert predicted_colour([(colour, one), (colour, other)]) == predicted_colour([(colour, 1.0)])


@given(st.lists(st.tuples(colours, volumes), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_pigments_does_not_matter(mix, chance):
    shuffled = list(mix)
    chance.shuffle(shuffled)
    assert apart(predicted_colour(mix, water_ml=1.0), predicted_colour(shuffled, water_ml=1.0)) <= 1  # of rounding


@given(colours, volumes, volumes, volumes)
def test_more_black_never_makes_a_mix_lighter(colour, ml, black_ml, more_ml):
    less, more = (predicted_colour([(colour, ml), (Srgb(0, 0, 0), each)]) for each in (black_ml, black_ml + more_ml))
    assert lightness(more) <= lightness(less) + 0.5


@given(colours, volumes, volumes)
def test_more_water_never_makes_a_mix_darker(colour, water_ml, more_ml):
    less, more = (predicted_colour([(colour, 1.0)], water_ml=each) for each in (water_ml, water_ml + more_ml))
    white = lightness(predicted_colour([(colour, 1.0)], water_ml=1e9))
    assert lightness(less) <= lightness(more) + 0.5 or lightness(less) > white


@given(volumes, volumes, st.floats(0.1, 20))
def test_the_same_recipe_in_a_larger_cup_has_the_same_colour(ml, water_ml, times):
    larger = predicted_colour([(BLACK, ml * times)], water_ml=water_ml * times)
    assert apart(larger, predicted_colour([(BLACK, ml)], water_ml=water_ml)) <= 1


@pytest.mark.parametrize(("ml", "water_ml"), [(0.0, 1.0), (-1.0, 2.0), (1.0, -0.1), (float("nan"), 0.0)])
def test_a_mix_without_pigment_or_of_less_than_nothing_is_an_error(ml, water_ml):
    with pytest.raises(ValueError, match="A mix needs pigment"):
        predicted_colour([(BLACK, ml)], water_ml=water_ml)


def test_a_black_pigment_diluted_is_a_grey_that_grows_lighter():
    cups = [lightness(predicted_colour([(BLACK, percent)], water_ml=100.0 - percent)) for percent in (100, 40, 20, 10)]
    assert cups == sorted(cups)
    assert (cups[0] < 12, 25 < cups[2] < 50) == (True, True)


class TestHealedLook:
    def test_it_is_paler_and_cooler_than_the_cup_by_default(self):
        cup, healed = lab_of(Srgb(80, 70, 60)), lab_of(HealedLook().of(Srgb(80, 70, 60)))
        assert healed.lightness > cup.lightness
        assert healed.b < cup.b

    @pytest.mark.parametrize(("change", "shown"), [(100.0, Srgb(255, 255, 255)), (-100.0, Srgb(0, 0, 0))])
    def test_it_stays_between_black_and_white(self, change, shown):
        assert HealedLook(lightness=change, a=0, b=0).of(Srgb(119, 119, 119)) == shown


class TestProposals:
    NO_CHANGE = HealedLook(lightness=0, a=0, b=0)

    def test_the_colour_of_a_pigment_in_stock_is_that_pigment_alone(self):
        best = propose(pigments("#1b1a1a", "#5a4030", "#8a6a50"), srgb_from_hex("#5a4030"), healed=self.NO_CHANGE)[0]
        assert [(pigment.name, drops) for pigment, drops in best.drops] == [("Pigment 2", LEAST_DROPS)]
        assert (best.water_drops, round(best.difference, 1)) == (0, 0.0)
        assert best.words.startswith("Close")

    def test_a_colour_between_two_pigments_is_reached_by_both(self):
        black, brown = pigments("#1b1a1a", "#8a6a50")
        target = predicted_colour([(black.colour, 0.1), (brown.colour, 0.3)])
        best = propose([black, brown], target, healed=self.NO_CHANGE)[0]
        assert {pigment.name for pigment, _drops in best.drops} == {"Pigment 1", "Pigment 2"}
        assert best.difference < 1

    def test_a_grey_is_reached_by_water(self):
        target = predicted_colour([(BLACK, 1.0)], water_ml=4.0)
        best = propose(pigments("#1b1a1a"), target, healed=self.NO_CHANGE)[0]
        assert best.difference < 1
        assert best.water_drops == 4 * best.drops[0][1]

    def test_the_healed_look_is_what_is_compared(self):
        best = propose(pigments("#1b1a1a"), Srgb(100, 100, 104), healed=HealedLook(10, 0, 0))[0]
        assert lightness(best.healed) == pytest.approx(lightness(best.cup) + 10, abs=0.5)
        assert lightness(best.healed) == pytest.approx(lightness(Srgb(100, 100, 104)), abs=1.5)

    def test_a_drop_of_another_size_counts_by_its_volume(self):
        large = Pigment("1", "Large drops", BLACK, drop_ml=Decimal("0.1"))
        target = predicted_colour([(BLACK, 1.0)], water_ml=4.0)
        best = propose([large], target, healed=self.NO_CHANGE)[0]
        assert best.water_drops == 8 * best.drops[0][1]

    @settings(max_examples=12)
    @given(colours, st.lists(colours, min_size=1, max_size=4, unique=True))
    def test_every_mix_is_whole_drops_in_one_cup_best_first_and_of_other_pigments(self, target, in_stock):
        stock = [Pigment(str(number), str(number), colour) for number, colour in enumerate(in_stock)]
        found = propose(stock, target)
        assert 1 <= len(found) <= 3
        for each in found:
            pigment_drops = sum(drops for _pigment, drops in each.drops)
            assert pigment_drops >= 1
            assert LEAST_DROPS <= pigment_drops + each.water_drops <= MOST_DROPS
        sets = [frozenset(pigment.key for pigment, _drops in each.drops) for each in found]
        assert len(set(sets)) == len(sets)
        assert found == propose(stock, target)

    def test_a_target_out_of_reach_is_told_with_the_way_it_lies(self):
        target = srgb_from_hex("#e8c890")
        found = propose(pigments("#1b1a1a"), target)
        assert found[0].words.startswith("Far")
        assert words_about_reach(found, target) == [
            "The target is lighter, redder, warmer (more yellow) than anything these pigments give. "
            "Choose another target, or another pigment."
        ]

    def test_a_target_within_reach_is_told_nothing_about(self):
        found = propose(pigments("#1b1a1a", "#5a4030"), srgb_from_hex("#5a5048"))
        assert words_about_reach(found, srgb_from_hex("#5a5048")) == []

    def test_an_empty_shelf_proposes_nothing_and_a_full_one_asks_to_choose(self):
        assert propose([], BLACK) == ()
        with pytest.raises(ValueError, match="At most 12 pigments can be compared at once, not 13"):
            propose(pigments(*(f"#0{number:x}0000" for number in range(13))), BLACK)
