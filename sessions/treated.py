"""The zones of one visit: what the plan says of each, its share for this session, and what was done so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from planning.clinic_protocol import protocol_of
from planning.dots_done import SCAR_IN, place_name, place_of
from planning.models import Appointment, PlanVersion, PlanZone, ShadeStep
from planning.plan_zones import Treatment, drawn, rows_of
from planning.zones import SCAR, ZONE_BY_CODE, name_of
from sessions.models import TreatmentSession, ZonePass

# What was done before is looked at two years back.
EARLIER_DAYS = 730


@dataclass(frozen=True)
class TreatedZone:
    """One zone as the plan has it. Densities are dots per cm2; ``share_dots`` is this session's part of the target."""

    code: str
    area_cm2: Decimal
    among_hair: bool
    target_dots: int
    share_dots: int
    shade_step: ShadeStep | None = None

    @property
    def name(self) -> str:
        return zone_name(self.code)


def zone_name(code: str) -> str:
    """A zone in words; a scar with the zone it lies in.

    >>> zone_name("vertex"), zone_name("scar_occipital")
    ('Vertex (crown)', 'Scar (occipital)')
    """
    known = code.startswith(SCAR_IN) or code == SCAR or code in ZONE_BY_CODE
    return place_name(code) if known else code


def estimation_code(code: str) -> str:
    """The code under which the estimate knows a zone: every scar is one kind of work."""
    return SCAR if code.startswith(SCAR_IN) else code


def zone_choices() -> list[tuple[str, str]]:
    """Every zone of the scalp with its name, for work outside the plan."""
    return [(code, name_of(code)) for code in ZONE_BY_CODE]


def zones_of(appointment: Appointment) -> tuple[TreatedZone, ...]:
    """What the plan treats, in the table's order, scars last (one query)."""
    planned = appointment.planned_session
    version = planned.plan.current_version
    rows = rows_of(version)
    share = share_of(version, planned.number)
    areas = drawn(rows, circumference_cm=version.head_circumference_cm).areas()
    by_zone = {row.zone: row for row in rows if row.treatment == Treatment.TREAT}
    scars = iter([row for row in rows if row.treatment == Treatment.SCAR])
    found: dict[str, TreatedZone] = {}
    for area in areas:
        row = next(scars) if area.code == SCAR else by_zone[area.code]
        zone = _zone(row, area.treated_cm2, share, version)
        found[zone.code] = _joined(found[zone.code], zone) if zone.code in found else zone
    return tuple(found.values())


def marks_of(appointment: Appointment) -> list[str]:
    """What must not be treated, in words."""
    rows = rows_of(appointment.planned_session.plan.current_version)
    return [
        " · ".join(filter(None, [zone_name(row.zone), row.note]))
        for row in rows
        if row.treatment == Treatment.DO_NOT_TREAT
    ]


def share_of(version: PlanVersion, number: int | None) -> Decimal:
    """The part of the plan's dots that session ``number`` places; a touch-up has its own."""
    return protocol_of(version).share_of_session(number, version.session_count)


def earlier_passes(session: TreatmentSession) -> list[ZonePass]:
    """Passes of the patient's signed sessions before this one, newest session first, two years back at most."""
    appointment = session.appointment
    earliest = appointment.local_day - timedelta(days=EARLIER_DAYS).days
    signed = TreatmentSession.objects.signed().of(appointment.patient)
    before = signed.filter(appointment__starts_min__lt=appointment.starts_min, appointment__local_day__gte=earliest)
    return list(
        ZonePass.objects.filter(session__in=before.exclude(pk=session.pk))
        .select_related("session__appointment", "mix")
        .order_by("-session__appointment__starts_min", "-number")
    )


def density_of(passes: Iterable[ZonePass], zone: str, *, area_cm2: Decimal | None) -> Decimal:
    """Dots per cm2 that passes placed in a zone; a pass over a part of it counts by that part (one place)."""
    dots = Decimal(0)
    for each in passes:
        if each.zone == zone and each.dots_per_cm2:
            whole = area_cm2 or each.area_cm2
            part = min(Decimal(1), Decimal(each.area_cm2) / whole) if each.area_cm2 and whole else Decimal(1)
            dots += each.dots_per_cm2 * part
    return dots.quantize(Decimal("0.1"), ROUND_HALF_UP)


def darkest_steps(passes: Iterable[ZonePass]) -> dict[str, ShadeStep]:
    """By zone, the darkest step of the ladder that passes used; a mix of no step says nothing."""
    found: dict[str, ShadeStep] = {}
    for each in passes:
        step = each.mix.shade_step if each.mix else None
        if step is not None and (each.zone not in found or found[each.zone].number < step.number):
            found[each.zone] = step
    return found


def find_zone(zones: Sequence[TreatedZone], code: str) -> TreatedZone | None:
    return next((zone for zone in zones if zone.code == code), None)


def outside_the_plan(code: str) -> str:
    """Said of a zone that the patient did not agree to."""
    return _("%(zone)s is not in the plan the patient agreed to.") % {"zone": zone_name(code)}


def _zone(row: PlanZone, treated_cm2: Decimal, share: Decimal, version: PlanVersion) -> TreatedZone:
    return TreatedZone(
        code=place_of(row),
        area_cm2=treated_cm2.quantize(Decimal("0.1"), ROUND_HALF_UP),
        among_hair=row.among_hair,
        target_dots=row.dots_per_cm2,
        share_dots=int((row.dots_per_cm2 * share).quantize(Decimal(1), ROUND_HALF_UP)),
        shade_step=row.shade_step or version.shade_step,
    )


def _joined(one: TreatedZone, other: TreatedZone) -> TreatedZone:
    """Two scars in one zone are worked as one."""
    return TreatedZone(
        one.code, one.area_cm2 + other.area_cm2, one.among_hair, one.target_dots, one.share_dots, one.shade_step
    )
