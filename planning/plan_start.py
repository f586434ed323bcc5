"""What a new plan begins with: the zones that the latest grade suggests, the head as it was measured."""

from dataclasses import dataclass
from decimal import Decimal

from intake.models import Patient, PatternGrade
from planning.clinic_protocol import clinic_protocol
from planning.models import PlanZone
from planning.models.plan import Look
from planning.plan_zones import unsaved_rows
from planning.zones import REFERENCE_CIRCUMFERENCE_CM, Surface, zones_for_grade
from planning.zones.grades import FILLINGS

LOOK_BY_SCALE = {"ludwig": Look.KEPT_HAIR, "sinclair": Look.KEPT_HAIR, "olsen": Look.KEPT_HAIR, "scar": Look.SCAR}


@dataclass(frozen=True)
class Start:
    """A first filling, always editable. ``grade`` is the one it comes from; None where nothing was graded."""

    rows: list[PlanZone]
    grade: PatternGrade | None
    look: str
    circumference_cm: Decimal | None


def start_for(patient: Patient) -> Start:
    """What is known of the patient, as the beginning of a plan (two queries)."""
    grade = patient.grades.exclude(scale="fitzpatrick").exclude(grade="").first()
    measured = patient.hair.filter(head_circumference_cm__isnull=False).first()
    circumference_cm = measured.head_circumference_cm if measured else None
    look = LOOK_BY_SCALE.get(grade.scale, Look.SHAVED) if grade else Look.SHAVED
    return Start(rows_for(grade, circumference_cm=circumference_cm), grade, look, circumference_cm)


def rows_for(grade: PatternGrade | None, *, circumference_cm: Decimal | None = None) -> list[PlanZone]:
    """Unsaved rows for the zones that a grade suggests; none where its scale or grade says nothing of zones."""
    if grade is None or grade.grade not in FILLINGS.get(grade.scale, {}):
        return []
    values = [
        {"zone": choice.zone, "part_percent": choice.part_percent, "among_hair": choice.surface == Surface.AMONG_HAIR}
        for choice in zones_for_grade(grade.scale, grade.grade)
    ]
    circumference_cm = circumference_cm or REFERENCE_CIRCUMFERENCE_CM
    return unsaved_rows(values, circumference_cm=circumference_cm, protocol=clinic_protocol())
