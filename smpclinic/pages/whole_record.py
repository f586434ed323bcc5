"""Everything stored about one patient, collected by Django's reverse relations and told by smpclinic.privacy.

A new model that points to a patient, or to something of a patient, is found by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import ForeignObjectRel, Model, QuerySet

from intake.models import Patient
from smpclinic.models import AccessEntry, AuditEntry, AuditValue, SealedRecord, User
from smpclinic.privacy import FIELDS

# Rows of somebody else that only made use of something of this patient's: pigment left over and used up elsewhere.
OF_SOMEBODY_ELSE = frozenset({"treatment_sessions.MixComponent.leftover", "treatment_sessions.ZonePass.mix"})
# Found again from the names; a secret, not a fact about anybody.
LEFT_OUT = frozenset({"intake.SearchTerm"})
SECRET = ("token", "password", "pin_", "key_hash", "mac")


@dataclass(frozen=True)
class StoredIn:
    """A file that belongs to a row: its name in private storage and its hash."""

    model: str
    row: str
    name: str
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        ending = self.name.rpartition(".")[2] or "bin"
        return f"files/{self.model.rpartition('.')[2].lower()}-{self.row}.{ending}"


@dataclass
class WholeRecord:
    """Rows by model label, in words and figures that JSON can hold, and the files they name."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: list[StoredIn] = field(default_factory=list)


def whole_record(patient: Patient) -> WholeRecord:
    """The patient's own row, those of records merged into it, and all that hangs on them."""
    told, seen = WholeRecord(), dict[str, set[int]]()
    for model, rows in _hanging_on(Patient.objects.of(patient), seen):
        told.rows.setdefault(model._meta.label, []).extend(_told(row, told) for row in rows)
    for trail in (AuditEntry.objects.about(patient), AccessEntry.objects.about(patient)):
        told.rows[trail.model._meta.label] = [_told(row, told) for row in trail.order_by("pk")]
    values = AuditValue.objects.filter(entry__in=AuditEntry.objects.about(patient)).order_by("pk")
    told.rows[AuditValue._meta.label] = [_told(row, told) for row in values]
    return told


def _hanging_on(rows: QuerySet, seen: dict[str, set[int]]) -> Iterator[tuple[type[Model], list[Model]]]:
    """These rows, what was signed of them, and every row that points to one of them, each once."""
    model = rows.model
    if model._meta.label in LEFT_OUT or model._meta.label not in FIELDS:
        return
    known = seen.setdefault(model._meta.label, set())
    fresh = [row for row in rows.order_by("pk") if row.pk not in known]
    if not fresh:
        return
    known |= {row.pk for row in fresh}
    yield model, fresh
    sealed = {row.sealed_id for row in fresh if getattr(row, "sealed_id", None)}
    if sealed:
        yield from _hanging_on(SealedRecord.objects.filter(pk__in=sealed), seen)
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.field.concrete and not relation.many_to_many:
            name = f"{relation.related_model._meta.label}.{relation.field.name}"
            if name not in OF_SOMEBODY_ELSE:
                keys = [row.pk for row in fresh]
                pointing = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
                yield from _hanging_on(pointing, seen)


def _told(row: Model, told: WholeRecord) -> dict[str, Any]:
    """One row by field; what it points to in words, files by their place in the archive."""
    label, key = row._meta.label, str(getattr(row, "public_id", row.pk))
    facts: dict[str, Any] = {"id": key}
    classified = {name for name, _kind in FIELDS[label].kinds()}
    for each in row._meta.concrete_fields:
        if each.is_relation:
            facts[each.name] = _pointed_to(row, each)
        elif each.name in classified and not each.name.startswith(SECRET):
            facts[each.name] = _plain(getattr(row, each.name))
    if getattr(row, "file", ""):
        hashed = getattr(row, "sha256", "") or getattr(row, "file_sha256", "")
        stored = StoredIn(label, key, row.file, hashed)
        told.files.append(stored)
        facts["file"] = stored.path
    return facts


def _pointed_to(row: Model, each: Any) -> Any:
    """Staff by name, a row of the record by its id: that one stands under its own model, and never twice."""
    if getattr(row, each.attname) is None:
        return None
    pointed = getattr(row, each.name)
    if isinstance(pointed, User):
        return str(pointed)
    return str(getattr(pointed, "public_id", "")) or str(pointed)


def _plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if value is None or isinstance(value, (str, int, bool, list, dict)):
        return value
    return str(value) if isinstance(value, Decimal) or not hasattr(value, "isoformat") else value.isoformat()
