"""The session record: passes, mixes, reaction, readiness, amendments, and what was issued with it."""

from sessions.models.changes import AppliedChange
from sessions.models.links import HealthCheck, ReadinessOverride, SessionDocument, SessionPhoto
from sessions.models.mix import Mix, MixComponent, MixLot
from sessions.models.outcome import AdverseEvent, AdverseEventStep, FollowUp, OutcomeCheck
from sessions.models.pictures import PhotoMarks, PhotoUpload
from sessions.models.printing import PrintBatch, PrintPaper
from sessions.models.recall import Recall, RecallTelling, ToldBy
from sessions.models.record import Amendment, Reaction, SessionLot, TreatmentSession, ZonePass

__all__ = [
    "AdverseEvent",
    "AdverseEventStep",
    "Amendment",
    "AppliedChange",
    "FollowUp",
    "HealthCheck",
    "Mix",
    "MixComponent",
    "MixLot",
    "OutcomeCheck",
    "PhotoMarks",
    "PhotoUpload",
    "PrintBatch",
    "PrintPaper",
    "Reaction",
    "ReadinessOverride",
    "Recall",
    "RecallTelling",
    "SessionDocument",
    "SessionLot",
    "SessionPhoto",
    "ToldBy",
    "TreatmentSession",
    "ZonePass",
]
