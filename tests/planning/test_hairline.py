"""The hairline: shapes, lines, and millimetres that are worked out from them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.hairline import (
    GLABELLA,
    HAIRLINES,
    line_of,
    measures,
    mirrored_points,
    placed,
    points_of,
    scale_from_circumference,
    scale_from_marks,
    smooth,
    straight,
)
from planning.hairline_photo import as_values, on_photo

SCALE = scale_from_circumference(Decimal(57))
heights = st.integers(40, 110)


def measured(points, *, scale=SCALE, is_straight=False):
    return measures(line_of(points, is_straight=is_straight), glabella=GLABELLA, mm_per_unit=scale)


@pytest.mark.parametrize("shape", HAIRLINES)
def test_every_shape_is_even_and_lies_where_hairlines_usually_do(shape):
    points = HAIRLINES[shape]
    found = measured(points, is_straight=shape == "sharp")

    assert [(200 - x, y) for x, y in reversed(points)] == list(points)
    assert 60 <= found.height_mm <= 80
    assert found.right_recession_mm == found.left_recession_mm


def test_the_shapes_recede_as_their_names_say():
    recession = {
        shape: measured(points, is_straight=shape == "sharp").right_recession_mm for shape, points in HAIRLINES.items()
    }
    assert recession["soft"] == recession["sharp"] == 0
    assert 4 <= recession["natural"] <= 10 < 18 <= recession["receded"]


@pytest.mark.parametrize(("shape", "points"), [("", ()), ("custom", ()), ("no such shape", ())])
def test_no_hairline_has_no_points(shape, points):
    assert points_of(shape, points) == []


def test_a_custom_hairline_follows_its_points():
    assert smooth(points_of("custom", [[10, 20], [30, 40]])) == "M10 20C13.3 23.3 26.7 36.7 30 40"
    assert straight([(10, 20), (30, 40)]) == "M10 20L30 40"


@pytest.mark.parametrize("shape", HAIRLINES)
def test_the_line_passes_through_every_point(shape):
    assert set(HAIRLINES[shape]) <= set(line_of(HAIRLINES[shape]))


@given(st.sampled_from(sorted(HAIRLINES)), heights, st.integers(50, 65))
def test_a_shape_is_put_at_the_height_that_was_measured(shape, height_mm, circumference_cm):
    scale = scale_from_circumference(Decimal(circumference_cm))
    moved = placed(HAIRLINES[shape], height_mm=height_mm, mm_per_unit=scale)

    assert abs(measured(moved, scale=scale).height_mm - height_mm) <= scale
    assert (moved[0], moved[-1]) == (HAIRLINES[shape][0], HAIRLINES[shape][-1])


@given(heights, st.floats(0.2, 5))
def test_twice_the_scale_is_twice_the_measure(height_mm, scale):
    moved = placed(HAIRLINES["receded"], height_mm=height_mm, mm_per_unit=SCALE)
    one, two = measured(moved, scale=scale), measured(moved, scale=2 * scale)
    assert abs(two.height_mm - 2 * one.height_mm) <= 1
    assert abs(two.left_recession_mm - 2 * one.left_recession_mm) <= 1


def test_sides_are_the_patients_own():
    found = measures([(0, 10), (50, 20), (100, 12)], glabella=(50, 80), mm_per_unit=1)
    assert (found.right_recession_mm, found.left_recession_mm) == (10, 8)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 220)), min_size=3, max_size=9))
def test_a_mirrored_line_recedes_alike_on_both_sides(points):
    points = mirrored_points(sorted(points))
    assert [(200 - x, y) for x, y in reversed(points)] == points
    found = measured(points, is_straight=True)
    assert found.right_recession_mm == found.left_recession_mm


def test_a_line_beside_the_glabella_cannot_be_measured():
    with pytest.raises(ValueError, match="does not pass over the glabella"):
        measures([(0, 10), (40, 12)], glabella=(50, 80), mm_per_unit=1)


@pytest.mark.parametrize("scale", [0, -1, float("nan")])
def test_a_scale_is_more_than_nothing(scale):
    with pytest.raises(ValueError, match="not more than 0"):
        measures([(0, 10), (100, 12)], glabella=(50, 80), mm_per_unit=scale)


def test_two_marks_in_one_place_give_no_scale():
    with pytest.raises(ValueError, match="same place"):
        scale_from_marks((5, 5), (5, 5), apart_mm=100)


# On a photo


def drawn(**changed):
    return {
        "points": [[200, 400], [500, 300], [800, 400]],
        "glabella": [500, 600],
        "marks": [[220, 600], [780, 600]],
        "apart_mm": None,
        "is_straight": False,
        "box": [1000, 1300],
    } | changed


def test_without_a_measured_distance_the_head_is_as_broad_as_its_circumference_says():
    # 560 thousandths are the head's breadth of 0.27 x 570 mm = 153.9 mm: 300 above the glabella are 82 mm.
    assert on_photo(drawn()).measures(Decimal(57)).height_mm == 82


def test_a_measured_distance_goes_before_the_circumference():
    assert on_photo(drawn(apart_mm=112)).measures(Decimal(57)).height_mm == 60


@given(st.integers(20, 400), st.integers(1, 900))
def test_what_was_drawn_is_read_again_as_it_was(apart_mm, y):
    assume(y != 600)
    line = on_photo(drawn(apart_mm=apart_mm, points=[[1, y], [999, y]]))
    assert on_photo(as_values(line)) == line


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"points": [[1, 2]]}, "2 to 40 points"),
        ({"points": [[1, "2"], [3, 4]]}, "did not arrive whole"),
        ({"points": 7}, "did not arrive whole"),
        ({"glabella": [500]}, "did not arrive whole"),
        ({"glabella": [500, True]}, "did not arrive whole"),
        ({"box": [0, 100]}, "did not arrive whole"),
        ({"marks": [[100, 600], [120, 610]]}, "too close together"),
        ({"apart_mm": 19}, "20 to 400 mm"),
        ({"apart_mm": 401}, "20 to 400 mm"),
        ({"apart_mm": "150"}, "20 to 400 mm"),
    ],
)
def test_what_is_no_line_on_a_photo_is_refused_in_words(changed, words):
    with pytest.raises(ValueError, match=words):
        on_photo(drawn(**changed))


def test_a_line_off_the_glabella_is_kept_but_not_measured():
    assert on_photo(drawn(points=[[600, 300], [900, 310]])).measures(Decimal(57)) is None
