"""Register a patient and change the contact details."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.dates import problems_with_birth_date
from intake.models import Patient
from intake.register import next_record_number
from intake.search import save_terms
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import check_values, save_checked

# What staff may change about a patient; everything else has an action of its own.
EDITABLE = (
    "full_name",
    "preferred_name",
    "pronoun",
    "born_on",
    "sex",
    "phone",
    "second_phone",
    "email",
    "address",
    "doctor",
    "emergency_contact",
    "language",
    "large_print",
    "may_leave_message",
    "may_say_who_we_are",
    "may_print_name_on_post",
    "home_location",
    "notes",
)


class ChangedMeanwhile(ValidationError):
    """Somebody else saved other details in between; the messages say what stands now where this form differs."""


@transaction.atomic
def register_patient(*, full_name: str, phone: str, by: Actor, **fields: Any) -> Patient:
    """A new patient with the next record number, findable at once.

    ``fields`` may hold anything of ``EDITABLE``. Raises ``ValidationError`` by field.
    """
    _only_editable(fields)
    patient = Patient(full_name=full_name.strip(), phone=phone.strip(), **fields)
    if not patient.phone:
        raise ValidationError({"phone": _("Write the phone number, so that the clinic can call back.")})
    patient.record_number = next_record_number()
    _check(patient)
    save_checked(patient)
    save_terms(patient)
    audit.record(by=by, verb="registered", subject=patient, patient=patient)
    return patient


@transaction.atomic
def edit_patient(*, patient: Patient, by: Actor, seen: str | None = None, **fields: Any) -> Patient:
    """Change contact details; nothing is written where nothing differs. Raises ``ValidationError`` by field.

    ``seen`` is ``token_of`` the patient whom the writer had opened; ``ChangedMeanwhile`` where other details were
    saved since. Without it nothing is asked.
    """
    _only_editable(fields)
    current = Patient.objects.select_for_update().get(pk=patient.pk)
    if current.merged_into_id:
        raise ValidationError(_("This record was merged into another. Change the details there."))
    before = {name: getattr(current, name) for name in fields}
    changed = audit.changes(before, fields)
    if not changed:
        return current
    if seen and seen != token_of(current):
        raise ChangedMeanwhile([_is_now(current, name) for name in changed])
    for name, value in fields.items():
        setattr(current, name, value)
    _check(current)
    save_checked(current)
    save_terms(current)
    audit.record(by=by, verb="changed", subject=current, patient=current, changed=changed)
    return current


def token_of(patient: Patient) -> str:
    """Short text that changes whenever a contact detail does; a form carries it to notice a second writer."""
    said = repr([(name, str(getattr(patient, name))) for name in EDITABLE])
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _is_now(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    shown = {True: _("yes"), False: _("no")}.get(value, value) if isinstance(value, bool) else value
    words = {"field": getattr(Patient._meta.get_field(name), "verbose_name", name), "now": shown or _("empty")}
    return _("Somebody saved these details after you opened them. Stored is %(field)s: %(now)s.") % words


def _only_editable(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - set(EDITABLE):
        raise TypeError(f"{', '.join(sorted(unknown))}: no contact detail of a patient")


def _check(patient: Patient) -> None:
    check_values(patient)
    if patient.born_on and (problems := problems_with_birth_date(patient.born_on, on=timezone.localdate())):
        raise ValidationError({"born_on": problems})
