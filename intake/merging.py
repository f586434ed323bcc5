"""Two records of one person: what the records hold, where they differ, and how everything moves to the one that stays.

What moves is found by Django's reverse relations of the patient, so that a new model cannot be forgotten. A test holds
the table below against them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignObjectRel
from django.utils.translation import gettext as _

from intake.actions.patients import EDITABLE
from intake.models import Patient
from smpclinic.local_dates import date_format

WINNER, LOSER, BOTH = "winner", "loser", "both"
# Plans before visits: a visit and its plan must name the same patient. What is not listed moves after these.
FIRST = ("planning.TreatmentPlan.patient", "planning.Appointment.patient")
# Found anew from the names, phones and numbers of both records.
REBUILT = frozenset({"intake.SearchTerm.patient"})
# The merges themselves are history and stay as they were written.
KEPT = frozenset({"intake.PatientMerge.winner", "intake.PatientMerge.loser"})
COMPARED = (*EDITABLE, "id_kind", "photo")
TOGETHER = {"id_kind": ("id_kind", "id_seen_by", "id_seen_at")}


@dataclass(frozen=True)
class Difference:
    """One detail that the two records tell differently; ``choices`` are the ways to settle it, the first proposed."""

    name: str
    label: str
    winner: str
    loser: str
    choices: tuple[str, ...]

    @property
    def is_clash(self) -> bool:
        """Whether somebody must choose: both records say something."""
        return len(self.choices) > 1


def differences(winner: Patient, loser: Patient) -> list[Difference]:
    """Where the two differ. What only one knows is taken over; a yes to discretion never outweighs a no unasked."""
    rows = []
    for name in COMPARED:
        ours, theirs = getattr(winner, name), getattr(loser, name)
        if ours == theirs or (_is_unknown(name, theirs) and not isinstance(theirs, bool)):
            continue
        label = str(Patient._meta.get_field(name).verbose_name)
        rows.append(Difference(name, label, _shown(winner, name), _shown(loser, name), _choices(name, ours, theirs)))
    return rows


def chosen_fields(winner: Patient, loser: Patient, choices: Mapping[str, str]) -> dict[str, Any]:
    """The winner's details that change. ``choices`` maps a clashing field to winner, loser or both (notes only)."""
    fresh: dict[str, Any] = {}
    for row in differences(winner, loser):
        choice = choices.get(row.name, row.choices[0])
        if choice not in row.choices:
            raise ValueError(f"{row.name} cannot be settled by {choice!r}")
        if choice == BOTH:
            fresh[row.name] = f"{getattr(winner, row.name)}\n{getattr(loser, row.name)}"
        elif choice == LOSER:
            fresh |= {name: getattr(loser, name) for name in TOGETHER.get(row.name, (row.name,))}
    return fresh


def relations() -> Iterator[tuple[str, ForeignObjectRel]]:
    """Every relation that points to a patient, by "app.Model.field", in the order in which rows move."""
    found = {_key(one): one for one in _pointing_to_patients()}
    yield from ((key, found.pop(key)) for key in FIRST)
    yield from sorted(found.items(), key=lambda pair: pair[0])


def moving() -> Iterator[tuple[str, ForeignObjectRel]]:
    """The relations whose rows go to the record that stays."""
    return ((key, one) for key, one in relations() if key not in REBUILT | KEPT)


def counts(patient: Patient) -> dict[str, int]:
    """How many rows of each kind would move, by "app.Model.field"; kinds without a row are left out."""
    found = {key: one.related_model._base_manager.filter(**{one.field.name: patient}).count() for key, one in moving()}
    return {key: number for key, number in found.items() if number}


def in_words(moved: Mapping[str, int]) -> list[str]:
    """The counts for reading: "photo: 3"."""
    names = {key: str(apps.get_model(key.rpartition(".")[0])._meta.verbose_name) for key in moved}
    return [f"{names[key]}: {number}" for key, number in moved.items()]


def _pointing_to_patients() -> Iterable[ForeignObjectRel]:
    # Hidden relations ("+") are relations too: a row behind one must not be forgotten.
    found = Patient._meta.get_fields(include_hidden=True)
    return (one for one in found if isinstance(one, ForeignObjectRel) and one.field.concrete)


def _key(one: ForeignObjectRel) -> str:
    return f"{one.related_model._meta.label}.{one.field.name}"


def _is_unknown(name: str, value: object) -> bool:
    return value in (None, "", False) or (name == "sex" and value == "not_said")


def _choices(name: str, ours: object, theirs: object) -> tuple[str, ...]:
    if name == "notes" and ours and theirs:
        return (BOTH, WINNER, LOSER)
    if isinstance(ours, bool) and name != "large_print":
        return (LOSER, WINNER) if ours else (WINNER, LOSER)  # the more discreet of the two is proposed
    if isinstance(ours, bool):
        return (WINNER, LOSER) if ours else (LOSER, WINNER)
    return (LOSER,) if _is_unknown(name, ours) else (WINNER, LOSER)


def _shown(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "born_on":
        return date_format(value, "j F Y") if value else ""
    if name == "photo":
        return _("a portrait") if value else ""
    display = getattr(patient, f"get_{name}_display", None)
    return str(display() if display else value or "")
