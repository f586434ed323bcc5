"""The register: the next record number, and whether a person may be known already."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from intake.duplicates import PHONE_END_DIGITS, Likeness, Person, likeness
from intake.models import Patient, SearchTerm
from intake.naming import BORN, PHONE, name_terms, phone_terms, record_number, sequence_of
from smpclinic.models import User

_REGISTER_LOCK = 0x524547  # PostgreSQL advisory lock: one record number is given at a time
MOST_CANDIDATES = 200
MOST_SHOWN = 5


@dataclass(frozen=True)
class LikelyDuplicate:
    patient: Patient
    likeness: Likeness


def next_record_number() -> str:
    """The next free number. Call it inside the transaction that registers: a lock keeps others waiting till then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REGISTER_LOCK])
    newest_first = Patient.objects.order_by("-id").values_list("record_number", flat=True)
    # An imported record may carry a number of another make; the newest of ours counts.
    ours = (_sequence_or_none(number) for number in newest_first.iterator(chunk_size=50))
    return record_number(next((sequence for sequence in ours if sequence), 0) + 1)


def _sequence_or_none(number: str) -> int | None:
    try:
        return sequence_of(number)
    except ValueError:
        return None


def likely_duplicates(
    *,
    full_name: str,
    phone: str = "",
    second_phone: str = "",
    born_on: date | None = None,
    email: str = "",
    user: User,
    besides: Patient | None = None,
) -> list[LikelyDuplicate]:
    """Patients who may be this person, the likeliest first; at most five (three queries). ``besides`` is left out."""
    typed = Person(full_name, born_on=born_on, phone=phone, second_phone=second_phone, email=email)
    known = Patient.objects.current().visible_to(user)
    if besides is not None:
        known = known.exclude(pk=besides.pk)
    terms = _contact_terms(phone, born_on) + _contact_terms(second_phone, None)
    same_contact = Q(pk__in=_with_any(terms))
    if email.strip():
        same_contact |= Q(email__iexact=email.strip())
    candidates = {patient.pk: patient for patient in known.filter(same_contact)[:MOST_CANDIDATES]}
    candidates |= {patient.pk: patient for patient in _of_same_name(full_name, known)}
    found = [LikelyDuplicate(patient, likeness(typed, _person(patient))) for patient in candidates.values()]
    likely = [one for one in found if one.likeness.is_likely]
    return sorted(likely, key=lambda one: (-one.likeness.score, one.patient.pk))[:MOST_SHOWN]


def _contact_terms(phone: str, born_on: date | None) -> list[str]:
    """The terms that few people share: the whole phone number in its writings, and the birth date."""
    phones = [term for term in phone_terms(phone) if len(term) > len(PHONE) + PHONE_END_DIGITS - 1]
    return phones + ([f"{BORN}{born_on:%Y%m%d}"] if born_on else [])


def _with_any(terms: list[str]) -> QuerySet[SearchTerm, int]:
    return SearchTerm.objects.filter(term__in=terms).values_list("patient_id", flat=True)


def _of_same_name(full_name: str, known: QuerySet[Patient]) -> QuerySet[Patient]:
    """Those with every part of the name, in any order."""
    parts = name_terms(full_name)
    for part in parts:
        known = known.filter(pk__in=_with_any([part]))
    return known[:MOST_CANDIDATES] if parts else known.none()


def _person(patient: Patient) -> Person:
    return Person(
        patient.full_name,
        born_on=patient.born_on,
        phone=patient.phone,
        second_phone=patient.second_phone,
        email=patient.email,
    )
