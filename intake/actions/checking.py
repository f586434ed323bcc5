"""The whole check of a row that is not saved by ``smpclinic.saving.save_checked``."""

from collections.abc import Iterable

from django.db import models

from smpclinic.saving import refuse_nul


def check(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """``full_clean``, and no NUL character in any text, which PostgreSQL cannot store. ``ValidationError`` by field."""
    excluded = set(exclude)
    refuse_nul(row, exclude=excluded)
    row.full_clean(exclude=excluded)
