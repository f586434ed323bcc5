"""The audit trail in words: what was done, and each field and value as its form calls it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from intake.models import ScreeningRule
from intake.rule_words import KIND_WORDS
from smpclinic.local_dates import date_format
from smpclinic.models import AuditEntry
from smpclinic.pages.export_page import without_underscores

EMPTY = "–"
KINDS_OF_FINDING = {kind.value: words for kind, words in KIND_WORDS.items()}


@dataclass(frozen=True)
class Change:
    """One field of one entry: its name, and what stood in it before and after."""

    field: str
    before: str = ""
    after: str = ""
    is_erased: bool = False


@dataclass(frozen=True)
class Told:
    """One entry of the trail for the page; without ``changes`` it names the ``fields`` alone."""

    entry: AuditEntry
    did: str
    fields: str
    changes: tuple[Change, ...] = ()


def in_words(entries: list[AuditEntry], *, sees_values: bool = False) -> list[Told]:
    """The entries as they are read (one query for the rules' names where a value names one)."""
    rules = _Rules()
    return [
        Told(
            entry,
            entry.verb.replace("_", " "),
            ", ".join(_name(entry.subject_type, field) for field in entry.fields),
            tuple(_changes(entry, rules)) if sees_values else (),
        )
        for entry in entries
    ]


def _changes(entry: AuditEntry, rules: "_Rules") -> Iterator[Change]:
    for value in entry.values.all():
        name = _name(entry.subject_type, value.field)
        if value.erased_at:
            yield Change(name, is_erased=True)
        else:
            field = _field(entry.subject_type, value.field)
            before, after = (_value(field, value.field, text, rules) for text in (value.before, value.after))
            yield Change(name, before or EMPTY, after or EMPTY)


class _Rules:
    """The short names of the screening rules, read once and only where one is named."""

    def __init__(self) -> None:
        self._titles: dict[str, str] | None = None

    def title(self, code: str) -> str:
        if self._titles is None:
            self._titles = dict(ScreeningRule.objects.values_list("code", "title"))
        return self._titles.get(code, code)


def _field(label: str, name: str) -> Any:
    with suppress(LookupError, FieldDoesNotExist):
        return apps.get_model(label)._meta.get_field(name)
    return None


def _name(label: str, name: str) -> str:
    words = getattr(_field(label, name), "verbose_name", "") or name
    return capfirst(str(words).replace("_", " "))


def _value(field: Any, name: str, text: str, rules: _Rules) -> str:
    """A value that the trail keeps as text, as its field means it; what cannot be read stays as it stands."""
    if name == "rule":
        return rules.title(text)
    if name == "kind" and text in KINDS_OF_FINDING:
        return KINDS_OF_FINDING[text]
    if choices := dict(getattr(field, "flatchoices", None) or ()):
        return str(choices.get(text, text))
    if text in ("True", "False"):
        return _("Yes") if text == "True" else _("No")
    return without_underscores(_moment(text))


def _moment(text: str) -> str:
    """A date, or a moment in clinic time, where the text is one.

    >>> _moment("1984-06-24")
    '24 June 1984'
    """
    with suppress(ValueError):
        return date_format(date.fromisoformat(text), "j F Y") if len(text) == len("2026-01-31") else _day_and_time(text)
    return text


def _day_and_time(text: str) -> str:
    at = datetime.fromisoformat(text) if len(text) >= len("2026-01-31T10:00+01:00") else None
    if at is None or at.tzinfo is None:
        return text
    return date_format(timezone.localtime(at), "j F Y, H:i")
