"""The patient as one who acts: through the private link at home, or at the clinic's tablet."""

from intake.models import Patient
from smpclinic.actors import Actor, ActorKind, patient_by_link


def by_link(patient: Patient) -> Actor:
    """The patient, through a private link."""
    return patient_by_link(_label(patient, "private link"))


def by_kiosk(patient: Patient) -> Actor:
    """The patient, at the tablet that staff handed over."""
    return Actor(ActorKind.KIOSK, _label(patient, "tablet"))


def _label(patient: Patient, way: str) -> str:
    """A name fits whatever its length: the history must always be written."""
    return f"{patient.full_name[:120]} ({way})"
