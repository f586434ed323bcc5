"""What was done last time, on one card, and what a new pass starts from."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from planning.models import Appointment
from sessions import technique
from sessions.models import Mix, TreatmentSession, ZonePass
from sessions.treated import TreatedZone, density_of, zone_name
from sessions.words import DEPTH_KNOWN_BY, NEEDLES, REACTIONS, recipe_of, strength_of, word

CARRIED_OVER = (
    "needle_group",
    "depth_mm",
    "angle_degrees",
    "needle_diameter_mm",
    "depth_known_by",
    "hand_speed",
    "pattern",
    "area_cm2",
)


@dataclass(frozen=True)
class PassLine:
    """One zone of last time in words."""

    zone: str
    needle: str
    depth: str
    angle: str
    recipe: str


@dataclass(frozen=True)
class LastTime:
    """The last signed session before a visit: what with, how the skin took it, what was noted.

    ``recipe`` is the one mix of all zones; where they differ it is empty and stands at each zone.
    """

    session: TreatmentSession
    on: date
    title: str
    practitioner: str
    lines: tuple[PassLine, ...]
    recipe: str
    reactions: str
    note: str


def last_time(appointment: Appointment) -> LastTime | None:
    """The patient's last signed session before ``appointment``, of whatever plan; None before a first."""
    session = last_session(appointment)
    if session is None:
        return None
    lines = [_line(each) for each in _newest_by_zone(session)]
    recipes = {line.recipe for line in lines}
    if len(recipes) == 1:
        lines = [replace(line, recipe="") for line in lines]
    return LastTime(
        session=session,
        on=session.appointment.day,
        title=session.appointment.title,
        practitioner=str(session.practitioner),
        lines=tuple(lines),
        recipe=recipes.pop() if len(recipes) == 1 else "",
        reactions=reactions_in_words(session),
        note=session.note,
    )


def reactions_in_words(session: TreatmentSession) -> str:
    """The reaction as it is read: "Redness (vertex), pain 3 of 10: mild"."""
    parts, rows = [], sorted(session.reactions.all(), key=lambda row: row.pk)
    for row in rows:
        words = word(REACTIONS, row.kind)
        words += f" {row.pain}/10" if row.pain is not None else ""
        words += f" ({zone_name(row.zone).lower()})" if row.zone else ""
        parts.append(words)
    notes = {row.note for row in rows if row.note}
    return ": ".join(filter(None, [", ".join(parts), " ".join(sorted(notes))]))


def start_of_pass(
    zone: str,
    *,
    planned: TreatedZone | None,
    today: list[ZonePass],
    earlier: list[ZonePass],
    newest_mix: Mix | None,
) -> dict[str, object]:
    """What stands in the form of a new pass: the last pass of this zone, else the default, and the plan's share.

    ``today``: this session's passes by number; ``earlier``: those of signed sessions, newest first.
    """
    same_zone = [each for each in [*reversed(today), *earlier] if each.zone == zone]
    usual = technique.defaults_for(zone)
    values: dict[str, object] = {
        "needle_group": usual.needle_group,
        "depth_mm": usual.depth_mm,
        "angle_degrees": usual.angle_degrees,
        "needle_diameter_mm": usual.diameter_mm,
        "depth_known_by": usual.depth_known_by,
        "area_cm2": planned.area_cm2 if planned else None,
    }
    if same_zone:
        values |= {name: getattr(same_zone[0], name) for name in CARRIED_OVER}
    used = next((each.mix for each in reversed(today) if each.zone == zone and each.mix), None)
    values["mix"] = used or newest_mix
    values["dots_per_cm2"] = _dots_left(zone, planned, today)
    return values


def mix_to_repeat(session: TreatmentSession) -> Mix | None:
    """The mix of today, else the last mix that the patient's last session used: what "same as last time" means."""
    newest = session.mixes.order_by("-id").first()
    last = last_session(session.appointment)
    if newest is not None or last is None:
        return newest
    return Mix.objects.filter(passes__session=last).order_by("-passes__number").first()


def last_session(appointment: Appointment) -> TreatmentSession | None:
    """The patient's last signed session before a visit (one query)."""
    signed = TreatmentSession.objects.signed().of(appointment.patient)
    return (
        signed.filter(appointment__starts_min__lt=appointment.starts_min)
        .select_related("practitioner", "appointment__planned_session__plan__current_version")
        .order_by("-appointment__starts_min")
        .first()
    )


def _newest_by_zone(session: TreatmentSession) -> list[ZonePass]:
    passes = session.passes.select_related("mix").prefetch_related("mix__components__lot__product").order_by("number")
    return list({each.zone: each for each in passes}.values())


def _line(each: ZonePass) -> PassLine:
    known_by = (
        "" if each.depth_known_by == technique.DepthKnownBy.DIALLED else word(DEPTH_KNOWN_BY, each.depth_known_by)
    )
    depth = f"{each.depth_mm} mm" + (f" ({known_by.lower()})" if known_by else "")
    recipe = f"{recipe_of(each.mix)} ({strength_of(each.mix)})" if each.mix else ""
    return PassLine(zone_name(each.zone), word(NEEDLES, each.needle_group), depth, f"{each.angle_degrees}°", recipe)


def _dots_left(zone: str, planned: TreatedZone | None, today: list[ZonePass]) -> int | None:
    """What this session's share still asks for in this zone."""
    if planned is None:
        return None
    done = density_of(today, zone, area_cm2=planned.area_cm2)
    left = planned.share_dots - done
    return int(left) if left > Decimal(0) else None
