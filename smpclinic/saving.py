"""Save a row, and where it cannot stand say so in words, beside the field.

The constraints are the database's to hold. Asking it about each of them before saving (``full_clean``) costs a query a
constraint and still races with other desks; so the row is saved first, and the questions are asked only where the
database has refused it, to find the words.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=models.Model)


def save_checked(row: Row, *, exclude: Iterable[str] = (), **saving: Any) -> Row:
    """Save a row that passes everything ``full_clean`` asks; ``saving`` goes to ``save``.

    Raises ValidationError by field where a value or a constraint forbids it, IntegrityError where a guard of the
    database does.
    """
    check_values(row, exclude=exclude)
    try:
        with transaction.atomic():
            row.save(**saving)
    except IntegrityError:
        row.full_clean(exclude=set(exclude))
        raise
    return row


def save_all_checked(rows: Sequence[Row], *, exclude: Iterable[str] = ()) -> Sequence[Row]:
    """Insert new rows of one kind together, each as ``save_checked`` would."""
    for row in rows:
        check_values(row, exclude=exclude)
    if not rows:
        return rows
    try:
        with transaction.atomic():
            type(rows[0])._default_manager.bulk_create(rows)
    except IntegrityError:
        with transaction.atomic():  # one after the other: rows may stand in each other's way
            for row in rows:
                save_checked(row, exclude=exclude)
    return rows


def check_values(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """What the values themselves forbid, without the constraints; ValidationError by field, with all there is to say.

    NUL characters are refused too: PostgreSQL cannot store them.
    """
    excluded = set(exclude)
    refuse_nul(row, exclude=excluded)
    try:
        row.clean_fields(exclude=excluded | _known_to_exist(row))
        row.clean()
    except ValidationError:
        row.full_clean(exclude=excluded)
        raise


def refuse_nul(row: models.Model, *, exclude: set[str]) -> None:
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name not in exclude and isinstance(value, str) and "\0" in value:
            raise ValidationError({field.name: _("Null characters are not allowed.")})


def _known_to_exist(row: models.Model) -> set[str]:
    """The relations whose row is at hand: it was read from the database, whose foreign keys hold it there."""
    known = set()
    for field in row._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey) or not field.is_cached(row) or field.get_limit_choices_to():
            continue
        related = field.get_cached_value(row)
        if related is not None and related.pk is not None and not related._state.adding:
            known.add(field.name)
    return known
