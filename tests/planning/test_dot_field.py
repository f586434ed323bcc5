"""Dots over a zone of the drawing: as many as asked, inside, even, and always the same."""

import re
from itertools import combinations
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.dot_field import dot_field, holds, polygons
from planning.scalp_views import VIEWS

SQUARE = "M0 0H10V10H0Z"
ZONES = [(view, zone) for view in VIEWS for zone in view.zones]


def places(path):
    return [(float(x), float(y)) for x, y in re.findall(r"M(\S+) (\S+?)h0", path)]


@given(st.integers(0, 200))
def test_there_are_as_many_dots_as_asked_for(dots):
    assert len(places(dot_field(SQUARE, dots))) == dots


@given(st.integers(0, 80), st.integers(0, 80))
def test_fewer_dots_are_the_first_of_more(fewer, more):
    fewer, more = sorted((fewer, more))
    assert dot_field(SQUARE, more).startswith(dot_field(SQUARE, fewer))


@pytest.mark.parametrize(("view", "zone"), ZONES, ids=lambda item: item.code)
def test_every_zone_of_every_view_holds_dots_within_zone_and_head(view, zone):
    dots = places(dot_field(zone.path, 40, clip=view.skull))

    inside = [point for point in dots if holds(polygons(zone.path), point) and holds(polygons(view.skull), point)]
    # Places are written to a tenth: one that lies on the very edge may be rounded over it.
    assert len(inside) >= 38


def test_dots_are_spread_evenly():
    dots = places(dot_field(SQUARE, 100))
    assert min(dist(one, other) for one, other in combinations(dots, 2)) > 0.4
    quarters = [sum(x < 5 for x, _ in dots), sum(y < 5 for _, y in dots)]
    assert all(45 <= count <= 55 for count in quarters)


def test_dots_keep_out_of_a_hole():
    dots = places(dot_field("M0 0H10V10H0ZM3 3H7V7H3Z", 200))
    assert not [point for point in dots if 3.1 < point[0] < 6.9 and 3.1 < point[1] < 6.9]


def test_dots_keep_within_the_clip():
    assert all(x <= 5 for x, _ in places(dot_field(SQUARE, 50, clip="M0 0H5V10H0Z")))


def test_a_curve_bounds_the_dots():
    circle = "M10 5C10 7.76 7.76 10 5 10C2.24 10 0 7.76 0 5C0 2.24 2.24 0 5 0C7.76 0 10 2.24 10 5Z"
    assert all(dist(point, (5, 5)) <= 5.1 for point in places(dot_field(circle, 150)))


@pytest.mark.parametrize(
    ("path", "dots", "clip"), [(SQUARE, -1, ""), ("M0 0L5 5", 3, ""), (SQUARE, 3, "M20 20H30V30H20Z")]
)
def test_what_cannot_be_drawn_is_an_error(path, dots, clip):
    with pytest.raises(ValueError, match=r"There cannot be -1 dots|needs an outline|no room for 3 dots"):
        dot_field(path, dots, clip=clip)
