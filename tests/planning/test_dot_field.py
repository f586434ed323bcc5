"""Dots over a zone of the drawing: inside, even, as dense as asked, and always the same."""

from itertools import combinations
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.dot_field import as_dots, as_hairs, holds, polygons, spread
from planning.map_dots import AMONG, BARE, LEFT_ALONE, Amount, fill
from planning.scalp_views import VIEWS

SQUARE = "M0 0H10V10H0Z"
ZONES = [(view, zone) for view in VIEWS for zone in view.zones]
densities = st.floats(0, 2, allow_nan=False)


@given(densities)
def test_there_are_as_many_dots_as_the_density_says(per_square):
    assert len(spread(SQUARE, per_square)) == round(100 * per_square)


@given(densities, densities)
def test_fewer_dots_are_the_first_of_more(one, other):
    fewer, more = sorted((one, other))
    assert spread(SQUARE, more)[: len(spread(SQUARE, fewer))] == spread(SQUARE, fewer)


@pytest.mark.parametrize(("view", "zone"), ZONES, ids=lambda item: item.code)
def test_every_zone_of_every_view_holds_dots_within_zone_and_head(view, zone):
    dots = spread(zone.path, 0.1, clip=view.skull)

    assert len(dots) >= 4
    assert all(holds(polygons(zone.path), point) and holds(polygons(view.skull), point) for point in dots)


def test_dots_are_spread_evenly():
    dots = spread(SQUARE, 1)
    assert min(dist(one, other) for one, other in combinations(dots, 2)) > 0.4
    quarters = [sum(x < 5 for x, _ in dots), sum(y < 5 for _, y in dots)]
    assert all(45 <= count <= 55 for count in quarters)


def test_a_long_zone_is_as_even_as_a_square_one():
    dots = spread("M0 0H100V10H0Z", 0.1)
    assert min(dist(one, other) for one, other in combinations(dots, 2)) > 1.2


def test_dots_keep_out_of_a_hole():
    dots = spread("M0 0H10V10H0ZM3 3H7V7H3Z", 2)
    assert not [point for point in dots if 3 < point[0] < 7 and 3 < point[1] < 7]


def test_dots_keep_within_the_clip():
    assert all(x <= 5 for x, _ in spread(SQUARE, 0.5, clip="M0 0H5V10H0Z"))


def test_a_curve_bounds_the_dots():
    circle = "M10 5C10 7.76 7.76 10 5 10C2.24 10 0 7.76 0 5C0 2.24 2.24 0 5 0C7.76 0 10 2.24 10 5Z"
    assert all(dist(point, (5, 5)) <= 5.01 for point in spread(circle, 1.5))


@pytest.mark.parametrize(("path", "per_square"), [(SQUARE, -1), ("M0 0L5 5", 3)])
def test_what_cannot_be_drawn_is_an_error(path, per_square):
    with pytest.raises(ValueError, match=r"There cannot be -1 dots|needs an outline"):
        spread(path, per_square)


def dots_in(filled):
    return filled.count("h0")


def test_a_zone_that_is_half_done_shows_half_its_dots_as_done():
    whole = fill(SQUARE, BARE, clip="", amount=Amount(150))
    half = fill(SQUARE, BARE, clip="", amount=Amount(150, done_share=0.5))
    assert (whole.done, dots_in(half.done) + dots_in(half.dots)) == ("", dots_in(whole.dots))
    assert abs(dots_in(half.done) - dots_in(half.dots)) <= 1


def test_more_than_planned_is_drawn_as_all_of_it():
    over = fill(SQUARE, BARE, clip="", amount=Amount(150, done_share=1.4))
    assert (over.dots, dots_in(over.done)) == ("", dots_in(fill(SQUARE, BARE, clip="", amount=Amount(150)).dots))


def test_hairs_stand_among_the_dots_only_where_hair_is_kept():
    assert fill(SQUARE, AMONG, clip="", amount=Amount(150)).hairs != ""
    assert fill(SQUARE, BARE, clip="").hairs == ""


def test_a_part_has_its_share_of_dots():
    whole, quarter = (dots_in(fill(SQUARE, BARE, clip="", amount=Amount(160, part)).dots) for part in (100, 25))
    assert quarter == round(whole / 4)


def test_nothing_is_drawn_where_nothing_is_treated():
    assert not any(fill(SQUARE, state, clip="").dots for state in ("", LEFT_ALONE))


def test_a_layer_is_one_path():
    assert as_dots([(1, 2), (3.25, 4)]) == "M1.0 2.0h0M3.2 4.0h0"
    assert as_hairs([(1, 2)]).startswith("M1.0 2.0l")
