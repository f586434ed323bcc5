"""Screen colours and colours as the eye orders them."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smpclinic import colour as colour_module
from smpclinic.colour import Lab, Srgb, difference, hex_of, lab_of, srgb_from_hex, srgb_of

parts = st.integers(0, 255)
colours = st.builds(Srgb, parts, parts, parts)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        (Srgb(255, 255, 255), (100.0, 0.0, 0.0)),
        (Srgb(0, 0, 0), (0.0, 0.0, 0.0)),
        (Srgb(255, 0, 0), (53.24, 80.09, 67.2)),
        (Srgb(0, 255, 0), (87.73, -86.18, 83.18)),
        (Srgb(0, 0, 255), (32.3, 79.19, -107.86)),
        (Srgb(128, 128, 128), (53.59, 0.0, 0.0)),
    ],
)
def test_known_colours_have_their_published_values(colour, expected):
    lab = lab_of(colour)
    assert (lab.lightness, lab.a, lab.b) == pytest.approx(expected, abs=0.02)


@given(colours)
def test_a_colour_comes_back_from_lab_as_it_was(colour):
    assert srgb_of(lab_of(colour)) == colour


@given(colours)
def test_a_colour_comes_back_from_its_writing_as_it_was(colour):
    assert srgb_from_hex(hex_of(colour)) == colour


@given(parts, parts)
def test_a_brighter_grey_is_lighter(one, other):
    darker, brighter = sorted([one, other])
    assert lab_of(Srgb(darker, darker, darker)).lightness <= lab_of(Srgb(brighter, brighter, brighter)).lightness


@given(colours, colours)
def test_difference_is_the_same_both_ways_and_none_to_itself(one, other):
    assert difference(lab_of(one), lab_of(other)) == pytest.approx(difference(lab_of(other), lab_of(one)))
    assert difference(lab_of(one), lab_of(one)) == 0
    assert (difference(lab_of(one), lab_of(other)) > 0) == (one != other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Lab(50, 2.5, 0), Lab(50, 0, -2.5), 4.3065),
        (Lab(50, 2.5, 0), Lab(73, 25, -18), 27.1492),
        (Lab(6.7747, -0.2908, -2.4247), Lab(5.8714, -0.0985, -2.2286), 0.6377),
        (Lab(2.0776, 0.0795, -1.1350), Lab(0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_test_pairs(one, other, expected):
    assert difference(one, other) == pytest.approx(expected, abs=0.00005)


@given(st.floats(0, 100), st.floats(-200, 200), st.floats(-200, 200))
def test_what_no_screen_can_show_is_clipped(lightness, a, b):
    shown = srgb_of(Lab(lightness, a, b))
    assert all(0 <= part <= 255 for part in (shown.red, shown.green, shown.blue))


@pytest.mark.parametrize("text", ["", "#", "#12", "#1234", "#12345", "#1234567", "red", "#gggggg", "# 3a2b1c"])
def test_what_is_no_colour_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"is not a colour\. Write it like #3a2b1c"):
        srgb_from_hex(text)


def test_a_short_writing_stands_for_doubled_digits():
    assert srgb_from_hex(" #FA0 ") == Srgb(255, 170, 0)


@pytest.mark.parametrize(("parts_given", "name"), [((-1, 0, 0), "red"), ((0, 256, 0), "green"), ((0, 0, 999), "blue")])
def test_a_part_outside_0_to_255_is_refused(parts_given, name):
    with pytest.raises(ValueError, match=f"{name} must be from 0 to 255"):
        Srgb(*parts_given)


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(colour_module).failed == 0
