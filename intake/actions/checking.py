"""The last check before a row is saved, whoever filled it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


def check(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """``full_clean``, and no NUL character in any text, which PostgreSQL cannot store. ``ValidationError`` by field."""
    excluded = set(exclude)
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name not in excluded and isinstance(value, str) and "\0" in value:
            raise ValidationError({field.name: _("Null characters are not allowed.")})
    row.full_clean(exclude=excluded)
