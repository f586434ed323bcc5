"""The figures of intake and screening that a clinic sets for itself. Pure: ``intake.rules`` keeps them."""

from dataclasses import dataclass, fields

from intake.clearance import PATCH_TEST_VALID_MONTHS, PATCH_TEST_WAIT_HOURS
from intake.screening import MINIMUM_AGE_YEARS

LETTER_DUE_DAYS = 21
LINK_DAYS = 7


@dataclass(frozen=True)
class Figures:
    """``patch_test_demanded``: before every treatment; ``letter_due_days``: after them a letter is overdue;
    ``link_days``: so long a private link to the intake opens something.
    """

    minimum_age_years: int = MINIMUM_AGE_YEARS
    patch_test_demanded: bool = False
    patch_test_wait_hours: int = PATCH_TEST_WAIT_HOURS
    patch_test_valid_months: int = PATCH_TEST_VALID_MONTHS
    letter_due_days: int = LETTER_DUE_DAYS
    link_days: int = LINK_DAYS


RANGES = {
    "minimum_age_years": (MINIMUM_AGE_YEARS, 99),
    "patch_test_wait_hours": (24, 168),
    "patch_test_valid_months": (1, 24),
    "letter_due_days": (1, 180),
    "link_days": (1, 60),
}
NAMES = tuple(field.name for field in fields(Figures))


def problems_with_figures(figures: Figures) -> dict[str, str]:
    """What is wrong with each figure, by its name, in words; empty is fine.

    >>> problems_with_figures(Figures())
    {}
    >>> problems_with_figures(Figures(minimum_age_years=17))
    {'minimum_age_years': 'Write a number from 18 to 99.'}
    """
    return {
        name: f"Write a number from {least} to {most}."
        for name, (least, most) in RANGES.items()
        if not least <= getattr(figures, name) <= most
    }
