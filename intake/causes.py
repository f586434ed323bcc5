"""Why the hair was lost: the causes a patient can name, and what each asks for.

Several may apply at once. What is told here feeds the screening and is not asked again
(see ``screening_feeds``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intake.dates import add_months, in_words

RECENT_ONSET_MONTHS = 12
TEMPORARY_LOSS_CAUTION = (
    "This loss may be temporary: it began less than 12 months ago, and regrowth can leave darker patches."
)


class CauseKind(StrEnum):
    HEREDITARY = "hereditary"
    MEDICATION = "medication"
    TRAUMA = "trauma"
    AREATA = "areata"
    SCARRING = "scarring"
    OTHER = "other"
    NOT_KNOWN = "not_known"


class TreatmentGroup(StrEnum):
    """The medicines and medical treatments offered by name; ``OTHER`` is named by the patient."""

    ANTIDEPRESSANTS = "antidepressants"
    ORAL_CONTRACEPTIVES = "oral_contraceptives"
    HYPERTENSION_DRUGS = "hypertension_drugs"
    CHEMOTHERAPY = "chemotherapy"
    RADIATION = "radiation"
    OTHER = "other"


class Asks(StrEnum):
    """A field that a cause asks for."""

    GROUP = "group"
    NAME = "name"
    SINCE = "since"
    UNTIL = "until"
    DETAIL = "detail"


GROUP_WORDS = {
    TreatmentGroup.ANTIDEPRESSANTS: "Antidepressants",
    TreatmentGroup.ORAL_CONTRACEPTIVES: "Oral contraceptives (the pill)",
    TreatmentGroup.HYPERTENSION_DRUGS: "Medicines for high blood pressure",
    TreatmentGroup.CHEMOTHERAPY: "Chemotherapy",
    TreatmentGroup.RADIATION: "Radiation treatment",
    TreatmentGroup.OTHER: "Another medicine or treatment",
}


@dataclass(frozen=True)
class CauseChoice:
    """One line of the list shown to the patient, with the fields it opens."""

    kind: CauseKind
    words: str
    help: str
    asks: tuple[Asks, ...]


CAUSES = (
    CauseChoice(
        CauseKind.HEREDITARY,
        "Hereditary",
        "Male or female pattern baldness; others in the family have it.",
        (Asks.SINCE, Asks.DETAIL),
    ),
    CauseChoice(
        CauseKind.MEDICATION,
        "Medication or medical treatment",
        "For example antidepressants, the pill, blood pressure medicines, chemotherapy or radiation.",
        (Asks.GROUP, Asks.NAME, Asks.SINCE, Asks.UNTIL, Asks.DETAIL),
    ),
    CauseChoice(
        CauseKind.TRAUMA,
        "Emotional or psychological trauma",
        "A loss, a shock, a hard time. Say only as much as you want to.",
        (Asks.NAME, Asks.SINCE, Asks.DETAIL),
    ),
    CauseChoice(
        CauseKind.AREATA,
        "Alopecia areata",
        "Round patches or larger areas without hair, named so by a doctor.",
        (Asks.SINCE, Asks.DETAIL),
    ),
    CauseChoice(
        CauseKind.SCARRING,
        "Scarring or surgery",
        "A scar from an accident, a burn, an operation or a hair transplant.",
        (Asks.NAME, Asks.SINCE, Asks.DETAIL),
    ),
    CauseChoice(CauseKind.OTHER, "Something else", "In your own words.", (Asks.NAME, Asks.SINCE, Asks.DETAIL)),
    CauseChoice(CauseKind.NOT_KNOWN, "Not known", "That is fine; many people do not know.", (Asks.SINCE,)),
)

MAY_BE_TEMPORARY = frozenset({CauseKind.MEDICATION, CauseKind.TRAUMA})


@dataclass(frozen=True)
class Cause:
    """One cause as told by the patient; a date that is not known is None.

    ``started_on`` is since when, ``ended_on`` until when; ``is_ongoing`` says it has not ended.
    """

    kind: CauseKind
    group: TreatmentGroup | None = None
    name: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    is_ongoing: bool = False
    detail: str = ""


def choice_for(kind: CauseKind) -> CauseChoice:
    """The line of the list for a cause.

    >>> choice_for(CauseKind.TRAUMA).words
    'Emotional or psychological trauma'
    """
    return next(choice for choice in CAUSES if choice.kind is kind)


def asks(kind: CauseKind, field: Asks) -> bool:
    """Whether a cause opens a field.

    >>> asks(CauseKind.MEDICATION, Asks.UNTIL), asks(CauseKind.HEREDITARY, Asks.UNTIL)
    (True, False)
    """
    return field in choice_for(kind).asks


def cause_in_words(cause: Cause) -> str:
    """A cause on one line, as staff read it.

    >>> cause_in_words(Cause(CauseKind.MEDICATION, TreatmentGroup.CHEMOTHERAPY, started_on=date(2025, 3, 1)))
    'Medication or medical treatment: Chemotherapy, since 1 March 2025'
    """
    group = GROUP_WORDS[cause.group] if cause.group and cause.group is not TreatmentGroup.OTHER else ""
    what = " ".join(filter(None, [group, f"({cause.name})" if group and cause.name else cause.name]))
    since = f"since {in_words(cause.started_on)}" if cause.started_on else ""
    until = f"until {in_words(cause.ended_on)}" if cause.ended_on else "still going on" if cause.is_ongoing else ""
    details = ", ".join(filter(None, [what, since, until]))
    words = choice_for(cause.kind).words
    return f"{words}: {details}" if details else words


def problems_with_causes(causes: Sequence[Cause], *, on: date) -> list[str]:
    """What must be put right before these causes can be saved, in words; empty is fine."""
    problems = [] if causes else ['Choose at least one cause, or "Not known".']
    kinds = {cause.kind for cause in causes}
    if CauseKind.NOT_KNOWN in kinds and len(kinds) > 1:
        problems.append('"Not known" cannot stand beside another cause.')
    for cause in causes:
        problems += _problems_with(cause, on=on)
    return problems


def _problems_with(cause: Cause, *, on: date) -> list[str]:
    words = choice_for(cause.kind).words
    problems = []
    if cause.kind is CauseKind.MEDICATION and cause.group is None:
        problems.append(f"{words}: say which medicine or treatment it was.")
    if (cause.group is TreatmentGroup.OTHER or cause.kind is CauseKind.OTHER) and not cause.name.strip():
        problems.append(f"{words}: give it a name.")
    if cause.group is not None and cause.kind is not CauseKind.MEDICATION:
        problems.append(f"{words} has no kind of medicine.")
    if cause.started_on and cause.ended_on and cause.ended_on < cause.started_on:
        problems.append(f"{words}: it ended on {in_words(cause.ended_on)}, before it began.")
    if cause.ended_on and cause.ended_on < on and cause.is_ongoing:
        problems.append(f"{words}: it ended on {in_words(cause.ended_on)}, yet is marked as still going on.")
    if cause.started_on and cause.started_on > on and cause.kind is not CauseKind.MEDICATION:
        problems.append(f"{words}: {in_words(cause.started_on)} is in the future.")
    return problems


def may_be_temporary(cause: Cause, *, on: date) -> bool:
    """Whether a cause began less than 12 months before ``on`` and its loss may grow back.

    >>> may_be_temporary(Cause(CauseKind.TRAUMA, started_on=date(2025, 9, 4)), on=date(2026, 9, 3))
    True
    >>> may_be_temporary(Cause(CauseKind.TRAUMA, started_on=date(2025, 9, 3)), on=date(2026, 9, 3))
    False
    """
    if cause.kind not in MAY_BE_TEMPORARY or cause.started_on is None:
        return False
    return add_months(cause.started_on, RECENT_ONSET_MONTHS) > on


def cautions_for(causes: Iterable[Cause], *, on: date) -> list[str]:
    """What the practitioner should weigh, in words; empty when nothing stands out."""
    return [f"{cause_in_words(c)}. {TEMPORARY_LOSS_CAUTION}" for c in causes if may_be_temporary(c, on=on)]
