"""Which texts a clinic can word for itself: each room declares its own in its ``clinic_texts.py``.

The first wording of each is a file, ``wording/<language>/<key>.txt``: the title, an empty line, the text. An empty line
parts paragraphs; a line that begins with "- " is an item of a list; a mark such as ``{phone}`` is filled when the text
is used (``smpclinic.marks``).
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from smpclinic.environment import BASE_DIR

WORDING = BASE_DIR / "wording"
Words = str | Promise


class Mark(NamedTuple):
    """A name in braces, what it stands for, and an example for the preview."""

    name: str
    meaning: Words
    sample: Words


@dataclass(frozen=True)
class TextKind:
    """One text. A clinical one is used in a language only once a manager has approved it there."""

    key: str
    title: Words
    group: Words
    marks: tuple[Mark, ...] = ()
    is_clinical: bool = True
    # What else the body must hold; returns the problems in words.
    problems: Callable[[str], list[str]] | None = None

    @property
    def mark_names(self) -> frozenset[str]:
        return frozenset(mark.name for mark in self.marks)

    @property
    def samples(self) -> dict[str, str]:
        return {mark.name: str(mark.sample) for mark in self.marks}


class Shipped(NamedTuple):
    """The wording that comes with the program."""

    title: str
    body: str


CLINIC = Mark("clinic", _("the clinic's name"), _("Example Clinic"))
PHONE = Mark("phone", _("the clinic's phone"), "+34 600 000 000")
PATIENT = Mark("name", _("how the patient is called"), "Ana")

_kinds: dict[str, TextKind] = {}


def declare(*kinds: TextKind) -> None:
    """Add texts to those that the clinic can word."""
    _kinds.update({kind.key: kind for kind in kinds})


def kinds() -> list[TextKind]:
    """Every text, in the order the rooms declare them."""
    _discover()
    return list(_kinds.values())


def kind_of(key: str) -> TextKind | None:
    """The declaration of a text; None for a key that nothing uses."""
    _discover()
    return _kinds.get(key)


@functools.lru_cache(maxsize=256)
def shipped(key: str, language: str) -> Shipped | None:
    """The first wording of a text in a language, as the program brings it; None where there is none."""
    path = WORDING / language / f"{key}.txt"
    if not path.is_file():
        return None
    title, _blank, body = path.read_text(encoding="utf-8").partition("\n\n")
    return Shipped(title.strip(), body.strip())


@functools.cache
def _discover() -> None:
    autodiscover_modules("clinic_texts")
