"""The page of an export: the whole record for reading, without a program and without the network."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from planning.money import price_in_words
from smpclinic.local_dates import date_format
from smpclinic.models.identity import Identified
from smpclinic.pages.whole_record import WholeRecord

CODE = re.compile("[a-z0-9]+(_[a-z0-9]+)+")
LONGEST = 3000  # letters of one value; a drawn signature is points, of no use to a reader
EMPTY = (None, "", [], {})
MINOR = "_minor"  # how the fields end that hold whole minor units of the currency beside them


@dataclass(frozen=True)
class Fact:
    """One value of a row: in words, or as the lines of a list, with the place where it leads to."""

    name: str
    words: str = ""
    lines: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """One row under its heading; ``anchor`` is where other rows point to."""

    title: str
    anchor: str
    facts: list[Fact]


@dataclass(frozen=True)
class Section:
    """All rows of one kind."""

    name: str
    entries: list[Entry]


def sections_of(record: WholeRecord) -> list[Section]:
    """The record by kind; kinds without a row are left out."""
    titles = {
        row["id"]: f"{_kind(label)} {number}"
        for label, rows in record.rows.items()
        for number, row in enumerate(rows, 1)
        if _is_pointed_to(label)
    }
    return [
        Section(_kind(label), [_entry(label, row, number, titles) for number, row in enumerate(rows, 1)])
        for label, rows in record.rows.items()
        if rows
    ]


def _is_pointed_to(label: str) -> bool:
    """Whether the ids of this kind are its own in the whole record."""
    return issubclass(apps.get_model(label), Identified)


def _entry(label: str, row: dict[str, Any], number: int, titles: dict[str, str]) -> Entry:
    told = {name: value for name, value in row.items() if name != "id" and value not in EMPTY}
    facts = [
        _price(label, name, value, row["currency"]) if _is_money(name, row) else _fact(label, name, value, titles)
        for name, value in told.items()
    ]
    return Entry(f"{_kind(label)} {number}", row["id"] if _is_pointed_to(label) else "", facts)


def _is_money(name: str, row: dict[str, Any]) -> bool:
    return name.endswith(MINOR) and bool(row.get("currency"))


def _price(label: str, name: str, value: int, currency: str) -> Fact:
    """An amount as it is written on a bill; record.json has the minor units."""
    words = getattr(_field(label, name), "verbose_name", name).replace("_", " ").removesuffix(" minor")
    return Fact(capfirst(words), price_in_words(value, currency))


def _kind(label: str) -> str:
    return capfirst(str(apps.get_model(label)._meta.verbose_name))


def _fact(label: str, name: str, value: Any, titles: dict[str, str]) -> Fact:
    field = _field(label, name)
    shown = _name(field, name)
    if name == "file":
        return Fact(shown, str(value), url=str(value))
    if field is not None and field.is_relation:
        return Fact(shown, titles.get(value, str(value)), url=f"#{value}" if value in titles else "")
    if isinstance(value, (list, dict)):
        return _nested(shown, value)
    return Fact(shown, in_words(field, value))


def _field(label: str, name: str) -> Any:
    try:
        return apps.get_model(label)._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _name(field: Any, name: str) -> str:
    if isinstance(field, models.BigIntegerField):
        name = name.removesuffix("_min")  # a moment; its unit is of no use to a reader
        return capfirst(name.replace("_", " "))
    return capfirst(str(field.verbose_name if field is not None else name.replace("_", " ")))


def in_words(field: Any, value: Any) -> str:
    """One value of a row as JSON holds it, as its field means it: a choice by its name, a moment in clinic time."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if choices := dict(getattr(field, "flatchoices", None) or ()):
        return str(choices.get(value, value))
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "j F Y, H:i")
    if isinstance(field, models.DateField):
        return date_format(date.fromisoformat(value), "j F Y")
    if isinstance(field, models.BigIntegerField) and field.name.endswith("_min"):
        return date_format(timezone.localtime(datetime.fromtimestamp(value * 60, UTC)), "j F Y, H:i")
    return without_underscores(str(value))


def without_underscores(text: str) -> str:
    """A code of our own as words; whatever else stands in a row is left as it is.

    >>> without_underscores("frontal_third"), without_underscores("Anna_Maria")
    ('frontal third', 'Anna_Maria')
    """
    return text.replace("_", " ") if CODE.fullmatch(text) else text


def _nested(shown: str, value: list[Any] | dict[str, Any]) -> Fact:
    if len(json.dumps(value)) > LONGEST:
        return Fact(shown, _("Too long for this page; it stands in record.json."))
    return Fact(shown, lines=tuple(_lines(value)))


def _lines(value: Any, before: str = "") -> Iterator[str]:
    """A list or mapping as lines to read: the way to each value, then the value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _lines(inner, f"{before}{str(name).replace('_', ' ')}: ")
    elif value is None:
        return
    elif isinstance(value, list) and any(isinstance(inner, (list, dict)) for inner in value):
        for number, inner in enumerate(value, 1):
            yield from _lines(inner, f"{before}{number}. ")
    else:
        yield before + (", ".join(map(str, value)) if isinstance(value, list) else str(value))
