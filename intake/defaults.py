"""What a new clinic starts with: screening rules and texts. What is there already stays as it is."""

from django.db import transaction

from intake.models import ScreeningRule
from intake.rules import row_from
from intake.screening import Rule
from intake.screening_rules import (
    HEALTH_RULES,
    INFORMATION_RULES,
    MEDICINE_RULES,
    PROCEDURE_RULES,
    SESSION_DAY_QUESTIONS,
    SKIN_RULES,
)
from smpclinic import kept, texts

RULES_BY_SECTION: dict[str, tuple[Rule, ...]] = {
    "skin": SKIN_RULES,
    "health": HEALTH_RULES,
    "medicines": MEDICINE_RULES,
    "procedures": PROCEDURE_RULES,
    "information": INFORMATION_RULES,
    "today": SESSION_DAY_QUESTIONS,
}
ORDER_STEP = 10  # room for a clinic's own rule between two of ours


@transaction.atomic
def install() -> None:
    """Add the default rules and texts that are missing; a rule or text of the clinic is never changed."""
    present = set(ScreeningRule.objects.values_list("code", flat=True))
    rules = [(section, rule) for section, of_section in RULES_BY_SECTION.items() for rule in of_section]
    ScreeningRule.objects.bulk_create(
        row_from(rule, section=section, order=place * ORDER_STEP)
        for place, (section, rule) in enumerate(rules, start=1)
        if rule.code not in present
    )
    kept.forget(ScreeningRule.KEPT)
    texts.install_shipped()
