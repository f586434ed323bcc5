"""A screening rule as the manager reads it."""

from intake.screening import Action, Asked, Detail, Kind, Rule

KIND_WORDS = {
    Kind.INFORMATION: "Information",
    Kind.CAUTION: "Caution",
    Kind.DOCTORS_LETTER: "Doctor's letter",
    Kind.WAIT_UNTIL: "Wait",
    Kind.UNTIL_CLEARED: "Until cleared",
    Kind.PATCH_TEST: "Patch test",
    Kind.PRODUCT_BLOCK: "Product block",
    Kind.DO_NOT_TREAT_MARK: "Do-not-treat mark",
    Kind.BLOCK: "Block",
}
DETAIL_WORDS = {
    Detail.OPTION: "Which one (the choices below)",
    Detail.STARTED_ON: "First day",
    Detail.ENDED_ON: "Last day, or the day it was done",
    Detail.WORDS: "Details in words",
}


def action_in_words(action: Action, rule: Rule) -> str:
    """One action with its figures.

    >>> from intake.screening_rules import DEFAULT_RULES
    >>> chemotherapy = next(rule for rule in DEFAULT_RULES if rule.code == "chemotherapy_or_radiation")
    >>> [action_in_words(action, chemotherapy) for action in chemotherapy.actions]
    ['Wait 6 months from the last day', "Doctor's letter", 'Block when it begins within 28 days']
    """
    words = KIND_WORDS[action.kind]
    if action.kind is Kind.WAIT_UNTIL:
        words += f" {span_in_words(action)} from the last day"
    if action.kind is Kind.UNTIL_CLEARED and action.days:
        words += f", check again after {_counted(action.days, 'day')}"
    if action.starting_within_days is not None:
        words += f" when it begins within {_counted(action.starting_within_days, 'day')}"
    if action.only_if:
        names = {option.code: option.words for option in rule.options} | {"": "not told"}
        words += f" (only: {', '.join(names.get(code, code) for code in action.only_if)})"
    return words


def span_in_words(action: Action) -> str:
    """How long a wait lasts.

    >>> span_in_words(Action(Kind.WAIT_UNTIL, months=1, days=14))
    '1 month and 14 days'
    """
    return " and ".join(filter(None, [_counted(action.months, "month"), _counted(action.days, "day")]))


def traits_in_words(rule: Rule) -> list[str]:
    """When it is asked, and whether a finding of it may be overridden."""
    asked = "Asked before every session" if rule.asked is Asked.EVERY_SESSION else "Asked in the questionnaire"
    return [asked, "May be overridden with a reason" if rule.overridable else "Can never be overridden"]


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
