"""What a guard is: a rule that refuses an event on a table while its condition holds, or an exclusion.

``{now_min}`` in a condition stands for the present minute since 1970. Exclusions (nobody and nothing in two places at
once, two days between a patient's sessions) are GiST constraints on PostgreSQL and triggers on SQLite.
"""

from dataclasses import dataclass

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"

# The merge is written down first (intake_patientmerge); only then do the rows of its loser change their patient.
ANOTHER_PATIENT = (
    "(NEW.patient_id <> OLD.patient_id AND NOT EXISTS (SELECT 1 FROM intake_patientmerge m"
    " WHERE m.loser_id = OLD.patient_id AND m.winner_id = NEW.patient_id))"
)


@dataclass(frozen=True)
class Rule:
    name: str
    table: str
    events: tuple[str, ...]
    refused_when: str
    message: str
    only: str = ""  # "sqlite" where the other database needs no such rule


@dataclass(frozen=True)
class Exclusion:
    """No two active rows of the guarded table with the same ``who`` may overlap in [``first``, ``last``)."""

    name: str
    who: str
    first: str
    last: str
    range_type: str
    condition: str
    furthest_apart: str  # SQLite: how far before the new row's first another row's may lie and still overlap


def never(name: str, table: str, *events: str, message: str) -> Rule:
    return Rule(name, table, events, "1 = 1", message)


def frozen_columns(table: str, columns: tuple[str, ...], *, name: str, message: str) -> Rule:
    """Refuse an update that changes any of ``columns``."""
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return Rule(name, table, (UPDATE,), changed, message)


def frozen_with(table: str, parent_is_sealed: str, *, name: str, message: str) -> tuple[Rule, ...]:
    """Refuse every change of rows whose parent is sealed. ``parent_is_sealed`` uses {row} for NEW or OLD."""
    return (
        Rule(f"{name}_ins", table, (INSERT,), parent_is_sealed.format(row="NEW"), message),
        Rule(
            f"{name}_upd",
            table,
            (UPDATE,),
            f"{parent_is_sealed.format(row='NEW')} OR {parent_is_sealed.format(row='OLD')}",
            message,
        ),
        Rule(f"{name}_del", table, (DELETE,), parent_is_sealed.format(row="OLD"), message),
    )


def moved_by_merge(table: str, name: str) -> Rule:
    """Refuse that a row gets another patient, except the one into whom its patient was merged."""
    return Rule(f"{name}_patient_kept", table, (UPDATE,), ANOTHER_PATIENT, "only a merge gives a row another patient")
