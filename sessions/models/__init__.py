"""The session record: passes, mixes, reaction, readiness, amendments, and what was issued with it."""

from sessions.models.changes import AppliedChange
from sessions.models.links import HealthCheck, ReadinessOverride, SessionDocument, SessionPhoto
from sessions.models.mix import Mix, MixComponent, MixLot
from sessions.models.record import Amendment, Reaction, SessionLot, TreatmentSession, ZonePass

__all__ = [
    "Amendment",
    "AppliedChange",
    "HealthCheck",
    "Mix",
    "MixComponent",
    "MixLot",
    "Reaction",
    "ReadinessOverride",
    "SessionDocument",
    "SessionLot",
    "SessionPhoto",
    "TreatmentSession",
    "ZonePass",
]
