"""Everything about one patient left the clinic as an archive."""

from django.db import transaction

from intake.models import Patient
from smpclinic import audit
from smpclinic.actors import Actor


@transaction.atomic
def note_export(*, patient: Patient, files: int, by: Actor) -> None:
    """Say in the trail who took everything out, and with how many files."""
    audit.record(by=by, verb="exported everything", subject=patient, patient=patient, files=files)
