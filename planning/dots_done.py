"""The dots a plan asks for against those that signed sessions placed; told downward by the act of signing."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from intake.models import Patient
from planning.clinic_protocol import clinic_protocol
from planning.density import Placed, ZoneDensity, densities, warnings_about_density
from planning.models import DotsDone, PlannedSession, PlanZone, TreatmentPlan
from planning.plan_zones import Treatment
from planning.zones import SCAR, name_of

SCAR_IN = f"{SCAR}_"


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
    by_place: Mapping[str, Decimal], *, planned_session: PlannedSession, session_id: UUID, performed_on: date
) -> None:
    """Keep what one signed session placed, in dots per cm2 by place."""
    DotsDone.objects.bulk_create(
        DotsDone(
            planned_session=planned_session,
            session_id=session_id,
            zone=place,
            dots_per_cm2=dots_per_cm2,
            performed_on=performed_on,
        )
        for place, dots_per_cm2 in by_place.items()
        if dots_per_cm2 > 0
    )


def forget_dots(session_id: UUID) -> None:
    """A voided session placed nothing that counts."""
    DotsDone.objects.filter(session_id=session_id).update(is_void=True)


def targets_of(rows: Iterable[PlanZone]) -> dict[str, Decimal]:
    """By place, the dots per cm2 that the rows of a plan ask for; of two scars in one zone the denser."""
    found: dict[str, Decimal] = {}
    for row in rows:
        if row.treatment != Treatment.DO_NOT_TREAT:
            place = place_of(row)
            found[place] = max(found.get(place, Decimal(0)), Decimal(row.dots_per_cm2))
    return found


def densities_for(
    patient: Patient, rows: Iterable[PlanZone], *, plan: TreatmentPlan | None, on: date
) -> dict[str, ZoneDensity]:
    """By place, what these rows ask and what was done by the day ``on``; ``plan`` is None while it is being drafted.

    One query. For a saved version: ``densities_for(plan.patient, rows_of(version), plan=plan, on=clinic_today())``.
    """
    placed = [
        Placed(each.zone, each.dots_per_cm2, each.performed_on, each.planned_session.plan_id == (plan and plan.pk))
        for each in DotsDone.objects.of(patient).filter(performed_on__lte=on).select_related("planned_session")
    ]
    return densities(targets_of(rows), placed, on=on)


def warnings_for_density(found: Mapping[str, ZoneDensity]) -> list[str]:
    """Which of these zones are denser than the clinic's limit, in words (one query); said, never refused."""
    most = clinic_protocol().most_dots_per_cm2
    return [
        words
        for place, density in found.items()
        if density.target
        for words in warnings_about_density(density, place_name(place), most_dots_per_cm2=most)
    ]
