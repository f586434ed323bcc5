"""The dots a plan asks for against those that signed sessions placed; told downward by the act of signing."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from django.utils.translation import gettext_lazy

from intake.models import Patient
from planning.clinic_protocol import clinic_protocol, protocol_of
from planning.density import Placed, ZoneDensity, counted_from, densities, warnings_about_density
from planning.models import DotsDone, PlannedSession, PlanVersion, PlanZone, ShadeStep, TreatmentPlan
from planning.models.plan import PlanKind
from planning.plan_zones import Treatment
from planning.protocol import Protocol
from planning.zones import SCAR, name_of

SCAR_IN = f"{SCAR}_"
_LIGHTER = gettext_lazy(
    "%(place)s: step %(planned)s is lighter than step %(done)s, already placed there. Say why at this place."
)


def place_of(row: PlanZone) -> str:
    """The code under which the dots of a row are counted: its zone's, or the scar's in it ("scar_occipital")."""
    return f"{SCAR_IN}{row.zone}" if row.treatment == Treatment.SCAR else row.zone


def place_name(code: str) -> str:
    """A place in words.

    >>> place_name("vertex"), place_name("scar_occipital")
    ('Vertex (crown)', 'Scar (occipital)')
    """
    if not code.startswith(SCAR_IN):
        return name_of(code)
    return f"{name_of(SCAR)} ({name_of(code.removeprefix(SCAR_IN)).lower()})"


def note_dots(
    by_place: Mapping[str, Decimal],
    *,
    planned_session: PlannedSession,
    session_id: UUID,
    performed_on: date,
    steps: Mapping[str, ShadeStep] = MappingProxyType({}),
) -> None:
    """Keep what one signed session placed, in dots per cm2 by place; ``steps``: the darkest step used there."""
    DotsDone.objects.bulk_create(
        DotsDone(
            planned_session=planned_session,
            session_id=session_id,
            zone=place,
            dots_per_cm2=dots_per_cm2,
            performed_on=performed_on,
            shade_step=steps.get(place),
        )
        for place, dots_per_cm2 in by_place.items()
        if dots_per_cm2 > 0
    )


def forget_dots(session_id: UUID) -> None:
    """A voided session placed nothing that counts."""
    DotsDone.objects.filter(session_id=session_id).update(is_void=True)


def part_placed(kind: str, protocol: Protocol) -> Decimal:
    """How much of the dots in its rows a plan places: all in its sessions, a touch-up its share of them."""
    return protocol.touch_up_share if kind == PlanKind.TOUCH_UP else Decimal(1)


def targets_of(rows: Iterable[PlanZone], *, part: Decimal = Decimal(1)) -> dict[str, Decimal]:
    """By place, the dots per cm2 that a plan places by its rows, ``part`` of theirs; of two scars the denser."""
    found: dict[str, Decimal] = {}
    for row in rows:
        if row.treatment != Treatment.DO_NOT_TREAT:
            place = place_of(row)
            found[place] = max(found.get(place, Decimal(0)), row.dots_per_cm2 * part)
    return found


def densities_for(
    patient: Patient, rows: Iterable[PlanZone], *, plan: TreatmentPlan | None, on: date, part: Decimal = Decimal(1)
) -> dict[str, ZoneDensity]:
    """By place, what these rows ask and what was done by the day ``on``; ``plan`` is None while it is being drafted.

    ``part``: part_placed. One query. For a saved version: densities_of.
    """
    placed = [
        Placed(each.zone, each.dots_per_cm2, each.performed_on, each.planned_session.plan_id == (plan and plan.pk))
        for each in DotsDone.objects.of(patient).filter(performed_on__lte=on).select_related("planned_session")
    ]
    return densities(targets_of(rows, part=part), placed, on=on)


def densities_of(version: PlanVersion, rows: Iterable[PlanZone], *, on: date) -> dict[str, ZoneDensity]:
    """By place, what a saved version asks and what was done by the day ``on`` (one query)."""
    plan = version.plan
    part = part_placed(plan.kind, protocol_of(version))
    return densities_for(plan.patient, rows, plan=plan, on=on, part=part)


def darkest_done(patient: Patient, *, on: date) -> dict[str, int]:
    """By place, the darkest step of the ladder placed within 24 months before ``on`` (one query)."""
    rows = DotsDone.objects.of(patient).filter(shade_step__isnull=False, performed_on__range=(counted_from(on), on))
    found: dict[str, int] = {}
    for place, number in rows.values_list("zone", "shade_step__number"):
        found[place] = max(found.get(place, 0), number)
    return found


def lighter_than_done(patient: Patient, rows: Iterable[PlanZone], *, step: ShadeStep | None, on: date) -> list[str]:
    """Places planned lighter than what was done there and without the reason why, in words (one query).

    Sessions go from light to dark. ``step``: the whole plan's, where a row has none of its own.
    """
    darkest = darkest_done(patient, on=on)
    found = []
    for row in rows:
        planned, place = row.shade_step or step, place_of(row)
        if row.treatment == Treatment.DO_NOT_TREAT or planned is None or row.lighter_reason.strip():
            continue
        if planned.number < darkest.get(place, 0):
            told = {"place": place_name(place), "planned": planned.number, "done": darkest[place]}
            found.append(_LIGHTER % told)
    return found


def warnings_for_density(found: Mapping[str, ZoneDensity]) -> list[str]:
    """Which of these zones are denser than the clinic's limit, in words (one query); said, never refused."""
    most = clinic_protocol().most_dots_per_cm2
    return [
        words
        for place, density in found.items()
        if density.target
        for words in warnings_about_density(density, place_name(place), most_dots_per_cm2=most)
    ]
