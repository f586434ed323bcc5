"""What staff changed in answers that the patient gave, in words: who, when, from what, to what."""

from dataclasses import dataclass
from itertools import pairwise

from intake.models import Intake, IntakeAnswers
from intake.words import RulesByPage, pages_in_words
from smpclinic.actors import ActorKind

BY_THE_PATIENT = (ActorKind.PATIENT_LINK, ActorKind.KIOSK)


@dataclass(frozen=True)
class Change:
    """One fact as it was said, and as it stands since."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    """One version that staff saved over the patient's."""

    version: IntakeAnswers
    changes: list[Change]


def corrections_of(intake: Intake, rules: RulesByPage) -> list[Correction]:
    """Every version of staff since the patient first answered, oldest first (four queries however many there are)."""
    versions = list(intake.versions.order_by("number").prefetch_related("causes", "medications", "health"))
    own = next((index for index, row in enumerate(versions) if row.actor_kind in BY_THE_PATIENT), len(versions))
    found = [
        Correction(after, changes_between(before, after, rules))
        for before, after in pairwise(versions[own:])
        if after.actor_kind not in BY_THE_PATIENT
    ]
    return [correction for correction in found if correction.changes]


def changes_between(before: IntakeAnswers, after: IntakeAnswers, rules: RulesByPage) -> list[Change]:
    """The facts that two versions tell differently, in the order they are asked."""
    was, now = _facts(before, rules), _facts(after, rules)
    names = [*now, *(name for name in was if name not in now)]
    return [
        Change(name[1], was.get(name, ""), now.get(name, ""))
        for name in names
        if was.get(name, "") != now.get(name, "")
    ]


def _facts(version: IntakeAnswers, rules: RulesByPage) -> dict[tuple[str, str], str]:
    """Each fact by page and name; several of one name (medicines, causes) on one line."""
    facts: dict[tuple[str, str], str] = {}
    for page in pages_in_words(version, rules):
        for fact in page.facts:
            name = (page.slug, fact["name"])
            facts[name] = "; ".join(filter(None, [facts.get(name, ""), fact["value"]]))
    return facts
