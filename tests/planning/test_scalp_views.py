"""The drawing of the head: every zone is seen, both sides mirror, hairlines and spots have their place."""

import re

import pytest

from planning.plan_map import AMONG, BARE, LEFT_ALONE, SPOTS, hairlines_to_choose, map_of_version, scalp_map
from planning.scalp_views import BACK, FRONT, HAIRLINES, LEFT, RIGHT, TOP, VIEWS, hairline_path, mirrored, smooth
from planning.zones import ZONE_BY_CODE
from tests.planning.plan_makers import drafted


def zones_of(view):
    return {zone.code for zone in view.zones}


def test_every_zone_is_seen_and_no_other():
    assert {code for view in VIEWS for code in zones_of(view)} == set(ZONE_BY_CODE)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.code)
def test_a_view_shows_each_zone_once(view):
    assert len(view.zones) == len(zones_of(view))


def test_a_side_shows_its_own_half_alone():
    assert not [code for code in zones_of(LEFT) if code.startswith("right")]
    assert {code.replace("left", "right") for code in zones_of(LEFT)} == zones_of(RIGHT)


@pytest.mark.parametrize("view", [FRONT, TOP, BACK], ids=lambda view: view.code)
def test_the_halves_of_a_view_mirror_each_other(view):
    paths = {zone.code: zone.path for zone in view.zones}
    for code, path in paths.items():
        if code.startswith("left"):
            assert paths[code.replace("left", "right")] == mirrored(path)


def test_from_the_front_the_patients_left_is_on_the_viewers_right():
    left = next(zone for zone in FRONT.zones if zone.code == "left_temple")
    assert min(map(int, re.findall(r"[ML](\d+)", left.path))) > 100


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.code)
def test_mirrored_twice_is_as_before(view):
    for path in (view.skull, view.lines, *(zone.path for zone in view.zones)):
        assert mirrored(mirrored(path)) == path


def test_hairlines_are_even_and_end_where_they_began():
    for points in HAIRLINES.values():
        assert [(200 - x, y) for x, y in reversed(points)] == list(points)


def test_a_smooth_line_passes_through_every_point():
    points = list(HAIRLINES["natural"])
    path = smooth(points)

    assert all(f"{x} {y}" in path for x, y in points)
    assert path.count("C") == len(points) - 1


@pytest.mark.parametrize(("shape", "points"), [("", ()), ("custom", ()), ("custom", [[1, 2]])])
def test_no_hairline_is_no_path(shape, points):
    assert hairline_path(shape, points) == ""


def test_a_custom_hairline_follows_its_points():
    assert hairline_path("custom", [[10, 20], [30, 40]]) == "M10 20C13.3 23.3 26.7 36.7 30 40"


def test_every_shape_can_be_shown_while_choosing():
    assert [line["shape"] for line in hairlines_to_choose()] == [*HAIRLINES, "custom"]


def test_every_zone_has_a_spot_in_a_view_that_shows_it():
    seen = {view.code: zones_of(view) for view in VIEWS}
    assert set(SPOTS) == set(ZONE_BY_CODE)
    for code, (view, _x, _y) in SPOTS.items():
        assert code in seen[view]


def test_the_map_tells_what_is_drawn_on_it():
    drawn = scalp_map({"vertex": BARE, "nape": LEFT_ALONE})
    top = next(view for view in drawn["views"] if view["code"] == "top")

    assert [zone["state"] for zone in top["zones"] if zone["code"] in ("vertex", "mid_scalp")] == ["", BARE]
    assert (drawn["has_bare"], drawn["has_among"], drawn["has_left_alone"]) == (True, False, True)


@pytest.mark.django_db
def test_a_saved_plan_shows_zones_scars_marks_and_hairline():
    zones = [
        {"zone": "vertex", "among_hair": True},
        {"zone": "occipital", "treatment": "scar", "length_cm": 12, "width_cm": 1},
        {"zone": "nape", "treatment": "do_not_treat", "note": "mole"},
        {"zone": "mid_scalp", "treatment": "do_not_treat", "note": "mole", "area_cm2": 1, "measured_by": "ruler"},
    ]
    version = drafted(zones=zones, hairline_shape="sharp").newest_version()

    drawn = map_of_version(version, version.zones.all())

    states = {zone["code"]: zone["state"] for view in drawn["views"] for zone in view["zones"]}
    spots = {(spot["kind"], spot["view"]) for view in drawn["views"] for spot in view["spots"]}
    hairlines = [view["code"] for view in drawn["views"] if view["hairline"]]
    assert (states["vertex"], states["nape"], states["mid_scalp"]) == (AMONG, LEFT_ALONE, "")
    assert spots == {("scar", "back"), ("mark", "top")}
    assert hairlines == ["front"]
