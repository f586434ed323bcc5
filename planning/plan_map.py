"""The scalp map of a plan: the five views with what is planned in each zone."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from planning.density import ZoneDensity
from planning.hairline import HAIRLINES
from planning.hairline_shown import hairline_of
from planning.map_dots import AMONG, BARE, LEFT_ALONE, Amount, fill
from planning.models import PlanVersion, PlanZone
from planning.plan_zones import Treatment
from planning.scalp_views import SPOTS, VIEW_BOX, VIEWS, HeadView, SeenZone, zone_at
from planning.zones import name_of

VIEW_NAMES = {"front": _("Front"), "top": _("Top"), "back": _("Back"), "left": _("Left"), "right": _("Right")}
STATE_WORDS = {BARE: _("treated, bare"), AMONG: _("treated, among kept hair"), LEFT_ALONE: _("do not treat")}
SPOT_WORDS = {"scar": _("scar"), "mark": _("a place not to treat")}
UNITS_PER_CM = 8  # A head 15 cm broad is drawn 128 units broad.


def map_of_version(
    version: PlanVersion, rows: Iterable[PlanZone], *, found: Mapping[str, ZoneDensity] | None = None
) -> dict:
    """The map of a saved version; with ``found`` what is done stands out from what is planned."""
    rows = list(rows)
    done = {code: float(zone.done / zone.target) for code, zone in (found or {}).items() if zone.target}
    treated = [row for row in rows if row.treatment == Treatment.TREAT]
    states = {row.zone: AMONG if row.among_hair else BARE for row in treated}
    states |= {row.zone: LEFT_ALONE for row in rows if _is_whole_mark(row)}
    amounts = {row.zone: Amount(row.dots_per_cm2, row.part_percent, done.get(row.zone, 0.0)) for row in treated}
    return scalp_map(states, hairline=hairline_of(version), spots=spots_of(rows), amounts=amounts)


def scalp_map(
    states: Mapping[str, str],
    *,
    hairline: str = "",
    spots: Sequence[dict] = (),
    amounts: Mapping[str, Amount] | None = None,
) -> dict:
    """What the template draws: ``states`` by zone code, the hairline's path on the front view, scars and marks."""
    amounts = amounts or {}
    return {
        "view_box": VIEW_BOX,
        "views": [_view(view, states, hairline, spots, amounts) for view in VIEWS],
        "is_empty": not states and not spots,
        "has_bare": BARE in states.values(),
        "has_among": AMONG in states.values(),
        "has_left_alone": LEFT_ALONE in states.values() or any(spot["kind"] == "mark" for spot in spots),
        "has_scars": any(spot["kind"] == "scar" for spot in spots),
        "has_done": any(amount.done_share > 0 for amount in amounts.values()),
    }


def hairlines_to_choose() -> dict[str, list]:
    """Each shape's points on the front view, so that the picture follows the choice."""
    return {shape: [list(point) for point in points] for shape, points in HAIRLINES.items()}


def _view(
    view: HeadView,
    states: Mapping[str, str],
    hairline: str,
    spots: Sequence[dict],
    amounts: Mapping[str, Amount],
) -> dict:
    zones = [_zone(zone, view, states.get(zone.code, ""), amounts.get(zone.code)) for zone in view.zones]
    seen = [spot for spot in spots if spot["view"] == view.code]
    return {
        "code": view.code,
        "name": VIEW_NAMES[view.code],
        "skull": view.skull,
        "lines": view.lines,
        "details": view.details,
        "face": view.face,
        "zones": zones,
        "hairline": hairline if view.code == "front" else "",
        "spots": seen,
        "words": _in_words(VIEW_NAMES[view.code], zones, seen),
    }


def _zone(zone: SeenZone, view: HeadView, state: str, amount: Amount | None) -> dict:
    return {
        "code": zone.code,
        "name": name_of(zone.code),
        "path": zone.path,
        "state": state,
        "fill": fill(zone.path, state, clip=view.skull, amount=amount),
    }


def _in_words(name: str, zones: Sequence[dict], spots: Sequence[dict]) -> str:
    """What a view shows, for who does not see it."""
    told = [f"{zone['name']}: {STATE_WORDS[zone['state']]}" for zone in zones if zone["state"]]
    told += [f"{name_of(spot['zone'])}: {SPOT_WORDS[spot['kind']]}" for spot in spots]
    return f"{name}. " + "; ".join(told or [str(_("nothing planned here"))])


def spots_of(rows: Iterable[PlanZone]) -> list[dict]:
    """Scars and small marks with their place on the map."""
    return [_spot(row) for row in rows if _has_spot(row)]


def _is_whole_mark(row: PlanZone) -> bool:
    return row.treatment == Treatment.DO_NOT_TREAT and not row.measured_by


def _has_spot(row: PlanZone) -> bool:
    return row.treatment == Treatment.SCAR or (row.treatment == Treatment.DO_NOT_TREAT and bool(row.measured_by))


def _spot(row: PlanZone) -> dict:
    view, x, y = spot_in(row.zone, row.spot)
    kind = "scar" if row.treatment == Treatment.SCAR else "mark"
    half = max(3, min(46, float(row.length_cm or 0) * UNITS_PER_CM / 2))
    return {
        "kind": kind,
        "zone": row.zone,
        "view": view,
        "x": x,
        "y": y,
        "from_x": round(x - half, 1),
        "to_x": round(x + half, 1),
    }


def spot_in(zone: str, spot: Sequence) -> tuple[str, float, float]:
    """Where something in a zone is drawn: its own place where that lies in the zone, else the zone's usual one."""
    if len(spot) == 3 and zone_at(str(spot[0]), spot[1], spot[2]) == zone:
        return (spot[0], spot[1], spot[2])
    return SPOTS[zone]
