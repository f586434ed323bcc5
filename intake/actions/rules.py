"""The manager changes the screening: rules get a new version, figures a new value. What was found stays as it was."""

from dataclasses import asdict, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from intake.figures import Figures, problems_with_figures
from intake.models import ScreeningRule, ScreeningRuleVersion
from intake.rules import PLACES, TODAY, figures_in_force, row_from, rule_from, stored_fields
from intake.screening import NEVER_OVERRIDDEN, Asked, Rule
from intake.screening_rules import problems_with_rule
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import ClinicProfile, User
from smpclinic.roles import Permission
from smpclinic.saving import save_checked

ORDER_STEP = 10
VERSIONED = ("section", "title", "question", "actions", "asks", "options", "every_session", "overridable", "is_active")


class RuleChanged(ValidationError):
    """Another manager saved this rule in between; nothing was saved."""


@transaction.atomic
def add_rule(*, rule: Rule, section: str, by: Actor, is_active: bool = True) -> ScreeningRule:
    """A question of the clinic's own, after the others. Its code is made from the short name and stays."""
    user = _manager(by)
    new = replace(rule, code=_free_code(rule.title))
    _refuse_problems(new, section)
    last = ScreeningRule.objects.aggregate(last=Max("order"))["last"] or 0
    row = row_from(new, section=section, order=last + ORDER_STEP)
    row.is_active, row.changed_at, row.changed_by = is_active, timezone.now(), user
    save_checked(row, exclude=["changed_by"], force_insert=True)
    _keep_version(row)
    audit.record(by=by, verb="added", subject=row, code=row.code)
    return row


@transaction.atomic
def edit_rule(
    *, row: ScreeningRule, rule: Rule, section: str, is_active: bool, seen_number: int, by: Actor
) -> ScreeningRule:
    """Save a new version of a rule; the one before it is kept. Saving what already stands makes no version.

    ``seen_number`` is the version that was on the screen: ``RuleChanged`` where it is no longer the newest.
    """
    user = _manager(by)
    row = ScreeningRule.objects.select_for_update().get(pk=row.pk)
    if row.number != seen_number:
        raise RuleChanged(_("%(who)s changed this rule in between.") % {"who": row.changed_by or _("Somebody")})
    rule = replace(rule, code=row.code)
    _refuse_problems(rule, section)
    if rule.code in NEVER_OVERRIDDEN and not is_active:
        raise ValidationError({"is_active": _("This question is always asked; it cannot be switched off.")})
    before = _content(row)
    for name, value in {**stored_fields(rule), "section": section, "is_active": is_active}.items():
        setattr(row, name, value)
    if _content(row) == before:
        return row
    _keep_first(row, before)
    row.number, row.changed_at, row.changed_by = row.number + 1, timezone.now(), user
    save_checked(row, exclude=["changed_by"])
    _keep_version(row)
    audit.record(
        by=by, verb="changed", subject=row, changed=audit.changes(before, _content(row)), code=row.code, to=row.number
    )
    return row


@transaction.atomic
def set_figures(*, figures: Figures, by: Actor) -> ClinicProfile:
    """Set the minimum age and the spans of patch test, letters and links; what was placed or sent keeps its day."""
    _manager(by)
    if problems := problems_with_figures(figures):
        raise ValidationError({name: [words] for name, words in problems.items()})
    clinic = ClinicProfile.objects.select_for_update().filter(pk=1).first()
    if clinic is None:
        raise ValidationError(_("Set the clinic up first."))
    before, wanted = asdict(figures_in_force()), asdict(figures)
    if before == wanted:
        return clinic
    clinic.minimum_age_years = wanted["minimum_age_years"]
    clinic.settings |= {name: value for name, value in wanted.items() if name != "minimum_age_years"}
    save_checked(clinic)
    audit.record(by=by, verb="set figures", subject=clinic, changed=audit.changes(before, wanted))
    return clinic


def _manager(by: Actor) -> User:
    if by.user is None or not by.user.has(Permission.SET_UP):
        raise ValidationError(_("Only a manager changes the screening."), code="not_permitted")
    return by.user


def _refuse_problems(rule: Rule, section: str) -> None:
    if not rule.title.strip():
        raise ValidationError({"title": _("Write a short name.")})
    if section not in PLACES or (section == TODAY) is not (rule.asked is Asked.EVERY_SESSION):
        raise ValidationError({"section": _("Choose where it is asked.")})
    if problems := problems_with_rule(rule):
        raise ValidationError(problems)


def _free_code(title: str) -> str:
    base = slugify(title).replace("-", "_")[:50] or "rule"
    taken = set(ScreeningRule.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(
        code for number in range(len(taken) + 2) if (code := f"{base}_{number}" if number else base) not in taken
    )


def _content(row: ScreeningRule) -> dict[str, Any]:
    return {name: getattr(row, name) for name in VERSIONED}


def _keep_first(row: ScreeningRule, before: dict[str, Any]) -> None:
    """The wording that a rule was installed with is kept when it is changed for the first time."""
    ScreeningRuleVersion.objects.get_or_create(
        rule=row,
        number=row.number,
        defaults={"content": before, "changed_at": row.changed_at, "changed_by": row.changed_by},
    )


def _keep_version(row: ScreeningRule) -> None:
    rule_from(row)  # what cannot be read again is never kept
    ScreeningRuleVersion.objects.create(
        rule=row, number=row.number, content=_content(row), changed_at=row.changed_at, changed_by=row.changed_by
    )
