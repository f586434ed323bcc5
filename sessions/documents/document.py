"""What a paper is: its name, who may print it, how it is made, on what."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from intake.models import Patient
from smpclinic.roles import Permission


class NotYet(ValidationError):
    """There is nothing to print yet; the message says what is missing."""


class Reader(StrEnum):
    """Who holds the paper: a patient in their language and print size, else staff in theirs."""

    PATIENT = "patient"
    STAFF = "staff"


@dataclass(frozen=True)
class Document:
    """One paper about one patient, or (``patient_needed`` False) one that is also printed without anybody's name.

    ``build`` gathers what the template shows; it raises ``NotYet`` in words. ``is_kept``: the patient takes it home,
    so it is stored as issued and comes out again byte for byte.
    """

    code: str
    name: str | Promise
    text: str | Promise
    template: str
    build: Callable[[Patient | None], dict[str, Any]]
    icon: str = "file-text"
    reader: Reader = Reader.PATIENT
    permission: Permission = Permission.PRINT_PAPERS
    is_kept: bool = False
    patient_needed: bool = True
