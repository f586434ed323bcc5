"""The drawing of the head: every zone is seen, both sides mirror, hairlines and spots have their place."""

import re

import pytest

from planning.map_dots import AMONG, BARE, LEFT_ALONE
from planning.plan_map import map_of_version, scalp_map, spot_in
from planning.scalp_views import BACK, FRONT, LEFT, RIGHT, SPOTS, TOP, VIEWS, mirrored, zone_at
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
    for path in (view.skull, view.lines, view.details, view.face, *(zone.path for zone in view.zones)):
        assert mirrored(mirrored(path)) == path


def test_every_zone_has_a_spot_in_a_view_that_shows_it():
    seen = {view.code: zones_of(view) for view in VIEWS}
    assert set(SPOTS) == set(ZONE_BY_CODE)
    for code, (view, x, y) in SPOTS.items():
        assert code in seen[view]
        assert zone_at(view, x, y) == code


def test_a_spot_counts_only_while_it_lies_in_its_zone():
    assert spot_in("vertex", ["top", 90, 150]) == ("top", 90, 150)
    assert spot_in("nape", ["top", 90, 150]) == SPOTS["nape"]
    assert spot_in("vertex", ["top", 90]) == SPOTS["vertex"]


def test_each_view_says_what_it_shows():
    words = {view["code"]: view["words"] for view in scalp_map({"vertex": BARE})["views"]}
    assert words["top"] == "Top. Vertex (crown): treated, bare"
    assert words["front"] == "Front. nothing planned here"


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
