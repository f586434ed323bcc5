"""The strip at the top of every page about one person, made so that two patients are not mixed up."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone

from intake.dates import age_on
from intake.models import Patient


def patient_head(patient: Patient, *, alerts: Iterable[str] = (), next_visit: tuple[str, str] | None = None) -> dict[str, object]:
    """What ``partials/patient_head.html`` shows; one query for the alerts unless they were prefetched.

    ``alerts`` are shown beside the record's own; ``next_visit`` is its words and its address.
    """
    words, url = next_visit or ("", "")
    return {
        "name": patient.full_name,
        "url": patient.get_absolute_url(),
        "pronoun": patient.pronoun,
        "record_number": patient.record_number,
        "born_on": patient.born_on,
        "age_years": _age(patient, timezone.localdate()),
        "photo_url": reverse("intake:photo", args=[patient.photo.public_id]) if patient.photo_id else "",
        "initials": initials_of(patient.full_name),
        "alerts": [*(alert.words for alert in patient.alerts.all() if alert.ended_at is None), *alerts],
        "next_appointment": words,
        "next_appointment_url": url,
    }


def initials_of(name: str) -> str:
    """The first letters of the first and last word of a name.

    >>> initials_of("Ana María Ruiz"), initials_of("Suharto"), initials_of("")
    ('AR', 'S', '')
    """
    words = name.split()
    ends = words if len(words) == 1 else [words[0], words[-1]] if words else []
    return "".join(word[0].upper() for word in ends)


def _age(patient: Patient, today: date) -> int | None:
    return age_on(patient.born_on, today) if patient.born_on else None
