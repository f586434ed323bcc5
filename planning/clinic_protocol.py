"""The treatment protocol this clinic works by now, and the one a plan was estimated with."""

from planning import protocol as rules
from planning.models import PlanVersion
from planning.protocol import DEFAULT_PROTOCOL, Protocol
from smpclinic import clinic_settings
from smpclinic.models import ClinicProfile

SECTION = "protocol"


def clinic_protocol(clinic: ClinicProfile | None = None) -> Protocol:
    """The clinic's protocol: the defaults, with what its manager has changed (one query without ``clinic``)."""
    clinic = clinic or ClinicProfile.current()
    return rules.from_values({**clinic_settings.section(SECTION, clinic), "gap_days": clinic.gap_days})


def protocol_of(version: PlanVersion) -> Protocol:
    """The protocol a version was estimated with: a later change of the clinic's leaves an approved plan as it is."""
    return rules.from_values(version.protocol) if version.protocol else DEFAULT_PROTOCOL


def last_change() -> clinic_settings.LastChange | None:
    """Who changed the protocol last, and what."""
    return clinic_settings.last_change(SECTION)


def is_behind(version: PlanVersion, protocol: Protocol) -> bool:
    """Whether the clinic's protocol has changed since this version was estimated."""
    return protocol_of(version) != protocol
