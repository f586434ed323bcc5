"""What a practitioner saw: the grade of the pattern and the existing hair."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.dates import in_words
from intake.grading import SCALES, Scale, basp_code, problems_with_grade, problems_with_salt, salt_band, salt_score
from intake.hair import problems_with_density
from intake.models import ExistingHair, Patient, PatternGrade
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.roles import Permission
from smpclinic.saving import save_checked


@transaction.atomic
def grade_pattern(
    *,
    patient: Patient,
    scale: str,
    grade: str,
    assessed_on: date,
    by: Actor,
    note: str = "",
    components: dict[str, Any] | None = None,
) -> PatternGrade:
    """Add a grade beside the earlier ones; only who may assess does. The same grade sent twice is kept once.

    For SALT ``components`` holds the loss in percent of ``top``, ``back``, ``right`` and ``left``, and the grade
    follows from them.
    """
    if by.user is None or not by.user.has(Permission.ASSESS):
        raise ValidationError(_("Only a practitioner grades the pattern."))
    if scale not in {str(known) for known in SCALES}:
        raise ValidationError({"scale": _("Choose a scale.")})
    if scale == Scale.SALT and components:
        grade = _salt_grade(components)
    if problems := problems_with_grade(Scale(scale), grade):
        raise ValidationError({"grade": problems})
    if scale == Scale.BASP and grade:
        grade = basp_code(grade)
    _refuse_future("assessed_on", assessed_on)
    facts = {
        "scale": scale,
        "grade": grade,
        "assessed_on": assessed_on,
        "note": note.strip(),
        "components": components or {},
    }
    newest = patient.grades.order_by("-id").first()
    if (
        newest
        and newest.assessor_id == by.user.pk
        and all(getattr(newest, name) == value for name, value in facts.items())
    ):
        return newest
    row = PatternGrade(patient=patient, assessor=by.user, **facts)
    save_checked(row, exclude=["grade"])  # not graded (empty) is a value; the scale has said which others there are
    audit.record(by=by, verb="graded", subject=row, patient=patient, changed={"scale": ("", scale)})
    return row


@transaction.atomic
def record_hair(
    *, patient: Patient, by: Actor, is_told: bool = False, observed_on: date | None = None, **fields: Any
) -> ExistingHair:
    """Add what the hair is like now, in the fields of ``ExistingHair``. ``is_told``: by the patient, not seen by staff.

    Raises ``ValidationError`` by field, also when nothing at all is said.
    """
    observed_on = observed_on or timezone.localdate()
    _refuse_future("observed_on", observed_on)
    if not any(value or (value == 0 and value is not False) for value in fields.values()):
        raise ValidationError(_("Fill in at least one thing about the hair."))
    if fields.get("is_shaved") and fields.get("length_mm"):
        raise ValidationError({"length_mm": _("Hair that is kept shaved has no length. Clear one of the two.")})
    if problems := problems_with_density(fields.get("density_by_zone", {})):
        raise ValidationError({"density_by_zone": [f"{zone}: {words}" for zone, words in problems.items()]})
    row = ExistingHair(patient=patient, observer=None if is_told else by.user, observed_on=observed_on, **fields)
    newest = patient.hair.order_by("-id").first()
    if newest and _facts(newest) == _facts(row):
        return newest
    save_checked(row, exclude=["observer"])
    audit.record(by=by, verb="recorded", subject=row, patient=patient)
    return row


def _salt_grade(components: dict[str, Any]) -> str:
    losses = {view: Decimal(str(components.get(view, 0))) for view in ("top", "back", "right", "left")}
    if problems := problems_with_salt(**losses):
        raise ValidationError({"components": problems})
    return salt_band(salt_score(**losses))


def _refuse_future(field: str, day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: _("%(day)s is in the future.") % {"day": in_words(day)}})


def _facts(row: ExistingHair) -> dict[str, Any]:
    skipped = {"id"}
    return {f.attname: getattr(row, f.attname) for f in ExistingHair._meta.concrete_fields if f.name not in skipped}
