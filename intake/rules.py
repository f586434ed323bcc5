"""The clinic's screening rules as rows, read and written as ``intake.screening`` knows them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from intake.figures import NAMES, Figures
from intake.models import ScreeningRule, ScreeningRuleVersion
from intake.screening import Action, Asked, Detail, Kind, Option, Rule
from smpclinic import kept
from smpclinic.models import ClinicProfile

# The pages of the health questions, in their order; a rule without a known section comes on the last one.
SECTIONS = {
    "skin": _("Your scalp"),
    "health": _("Your health"),
    "medicines": _("Medicines and allergies"),
    "procedures": _("Earlier treatments"),
    "information": _("Two more questions"),
}
LAST_SECTION = "information"
TODAY = "today"  # no page: the questions of the day, asked before every session
PLACES = {**SECTIONS, TODAY: _("Before every session")}


def figures_in_force() -> Figures:
    """The clinic's figures, its own or the defaults (one query)."""
    clinic = ClinicProfile.current()
    own = {name: clinic.settings[name] for name in NAMES if name in clinic.settings}
    return Figures(**own | {"minimum_age_years": clinic.minimum_age_years})


def intake_rules() -> tuple[Rule, ...]:
    """The rules asked in the questionnaire, in their order (one query)."""
    return tuple(rule for rule in active_rules() if rule.asked is Asked.INTAKE)


def day_rules() -> tuple[Rule, ...]:
    """The rules asked on the day of every session (one query)."""
    return tuple(rule for rule in active_rules() if rule.asked is Asked.EVERY_SESSION)


def active_rules() -> tuple[Rule, ...]:
    """Every rule in use, in the clinic's order (one query in a piece of work)."""
    return kept.once(
        ScreeningRule.KEPT, lambda: tuple(rule_from(row) for row in ScreeningRule.objects.filter(is_active=True))
    )


def by_section() -> dict[str, tuple[tuple[Rule, ScreeningRule], ...]]:
    """The questionnaire's rules with their rows, by page; pages without a rule are left out (one query)."""
    pages: dict[str, list[tuple[Rule, ScreeningRule]]] = {section: [] for section in SECTIONS}
    for row in ScreeningRule.objects.filter(is_active=True, every_session=False):
        pages[row.section if row.section in SECTIONS else LAST_SECTION].append((rule_from(row), row))
    return {section: tuple(rules) for section, rules in pages.items() if rules}


def rule_from(row: ScreeningRule) -> Rule:
    """A row as a rule; a ``ValueError`` that names the row when it holds something unknown."""
    try:
        return Rule(
            code=row.code,
            title=row.title,
            question=row.question,
            actions=tuple(_action(stored) for stored in row.actions),
            asks=tuple(Detail(name) for name in row.asks),
            options=tuple(Option(code, words) for code, words in row.options),
            overridable=row.overridable,
            asked=Asked.EVERY_SESSION if row.every_session else Asked.INTAKE,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"The screening rule {row.code} cannot be read: {error}") from error


def rule_of_version(version: ScreeningRuleVersion) -> Rule:
    """A rule as it stood in one of its versions."""
    content = {name: value for name, value in version.content.items() if name not in ("section", "is_active")}
    return rule_from(ScreeningRule(code=version.rule.code, **content))


def row_from(rule: Rule, *, section: str, order: int) -> ScreeningRule:
    """An unsaved row that holds a rule."""
    return ScreeningRule(code=rule.code, section=section, order=order, **stored_fields(rule))


def stored_fields(rule: Rule) -> dict[str, Any]:
    """What a row keeps of a rule, by field."""
    return {
        "title": rule.title,
        "question": rule.question,
        "actions": [_stored(action) for action in rule.actions],
        "asks": [str(detail) for detail in rule.asks],
        "options": [[option.code, option.words] for option in rule.options],
        "asks_date": _date_words(rule.asks),
        "every_session": rule.asked is Asked.EVERY_SESSION,
        "overridable": rule.overridable,
    }


def _action(stored: dict[str, Any]) -> Action:
    return Action(
        kind=Kind(stored["kind"]),
        words=stored.get("words", ""),
        months=stored.get("months", 0),
        days=stored.get("days", 0),
        starting_within_days=stored.get("starting_within_days"),
        only_if=tuple(stored.get("only_if", ())),
    )


def _stored(action: Action) -> dict[str, Any]:
    """An action with only what differs from nothing."""
    fields = {
        "kind": str(action.kind),
        "words": action.words,
        "months": action.months,
        "days": action.days,
        "starting_within_days": action.starting_within_days,
        "only_if": list(action.only_if),
    }
    return {name: value for name, value in fields.items() if value not in ("", 0, None, [])}


def _date_words(asks: Iterable[Detail]) -> str:
    return "Last day, or the day it was done" if Detail.ENDED_ON in asks else ""
