"""The scalp map of a plan: the five views with what is planned in each zone."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from planning.models import PlanVersion, PlanZone
from planning.plan_zones import Treatment
from planning.scalp_views import FIRST_CUSTOM, HAIRLINES, VIEW_BOX, VIEWS, HeadView, hairline_path
from planning.zones import name_of

BARE, AMONG, LEFT_ALONE = "bare", "among", "left-alone"
VIEW_NAMES = {"front": _("Front"), "top": _("Top"), "back": _("Back"), "left": _("Left"), "right": _("Right")}
# Where a scar or a small mark in a zone is drawn: the view that shows the zone best, and a place inside it there.
SPOTS = {
    "hairline_band": ("front", 100, 62),
    "left_temple": ("left", 86, 92),
    "right_temple": ("right", 114, 92),
    "frontal_third": ("top", 100, 76),
    "mid_scalp": ("top", 100, 112),
    "vertex": ("top", 100, 156),
    "left_upper_side": ("left", 130, 60),
    "right_upper_side": ("right", 70, 60),
    "left_lower_side": ("left", 140, 112),
    "right_lower_side": ("right", 60, 112),
    "occipital": ("back", 100, 116),
    "nape": ("back", 100, 162),
}


def map_of_version(version: PlanVersion, rows: Iterable[PlanZone]) -> dict:
    """The map of a saved version."""
    rows = list(rows)
    states = {row.zone: AMONG if row.among_hair else BARE for row in rows if row.treatment == Treatment.TREAT}
    states |= {row.zone: LEFT_ALONE for row in rows if _is_whole_mark(row)}
    hairline = hairline_path(version.hairline_shape, version.hairline_points)
    return scalp_map(states, hairline=hairline, spots=[_spot(row) for row in rows if _has_spot(row)])


def scalp_map(states: Mapping[str, str], *, hairline: str = "", spots: Sequence[dict] = ()) -> dict:
    """What the template draws: ``states`` by zone code, the hairline's path on the front view, scars and marks."""
    return {
        "view_box": VIEW_BOX,
        "views": [_view(view, states, hairline, spots) for view in VIEWS],
        "is_empty": not states and not spots,
        "has_bare": BARE in states.values(),
        "has_among": AMONG in states.values(),
        "has_left_alone": LEFT_ALONE in states.values() or any(spot["kind"] == "mark" for spot in spots),
        "has_scars": any(spot["kind"] == "scar" for spot in spots),
    }


def hairlines_to_choose() -> list[dict]:
    """Each shape's path for the front view, so that the picture follows the choice; the custom one by its points."""
    shapes = [{"shape": shape, "path": hairline_path(shape)} for shape in HAIRLINES]
    return [*shapes, {"shape": "custom", "path": hairline_path("custom", FIRST_CUSTOM), "points": FIRST_CUSTOM}]


def _view(view: HeadView, states: Mapping[str, str], hairline: str, spots: Sequence[dict]) -> dict:
    return {
        "code": view.code,
        "name": VIEW_NAMES[view.code],
        "is_half": view.code in ("left", "right"),
        "skull": view.skull,
        "lines": view.lines,
        "zones": [
            {"code": zone.code, "name": name_of(zone.code), "path": zone.path, "state": states.get(zone.code, "")}
            for zone in view.zones
        ],
        "hairline": hairline if view.code == "front" else "",
        "spots": [spot for spot in spots if spot["view"] == view.code],
    }


def _is_whole_mark(row: PlanZone) -> bool:
    return row.treatment == Treatment.DO_NOT_TREAT and not row.measured_by


def _has_spot(row: PlanZone) -> bool:
    return row.treatment == Treatment.SCAR or (row.treatment == Treatment.DO_NOT_TREAT and bool(row.measured_by))


def _spot(row: PlanZone) -> dict:
    view, x, y = SPOTS[row.zone]
    kind = "scar" if row.treatment == Treatment.SCAR else "mark"
    half = min(36, 6 + int(row.length_cm or 0) * 2)
    return {"kind": kind, "view": view, "x": x, "y": y, "from_x": x - half, "to_x": x + half}
