"""Patients, their answers, grades, screening, consents, photos and papers."""

from intake.models.assessment import ExistingHair, PatternGrade
from intake.models.consent import Consent, ConsentKind, PatchTest
from intake.models.link import PrivateLink
from intake.models.patient import Patient, PatientAlert, PatientMerge, SearchTerm
from intake.models.photo import IssuedDocument, Photo, PhotoView
from intake.models.photo_use import PhotoUse
from intake.models.questionnaire import HairLossCause, HealthAnswer, Intake, IntakeAnswers, Medication
from intake.models.screening import (
    DoctorLetter,
    KeptFindings,
    ScreeningClearance,
    ScreeningOverride,
    ScreeningRule,
    ScreeningRuleVersion,
)

__all__ = [
    "Consent",
    "ConsentKind",
    "DoctorLetter",
    "ExistingHair",
    "HairLossCause",
    "HealthAnswer",
    "Intake",
    "IntakeAnswers",
    "IssuedDocument",
    "KeptFindings",
    "Medication",
    "PatchTest",
    "Patient",
    "PatientAlert",
    "PatientMerge",
    "PatternGrade",
    "Photo",
    "PhotoUse",
    "PhotoView",
    "PrivateLink",
    "ScreeningClearance",
    "ScreeningOverride",
    "ScreeningRule",
    "ScreeningRuleVersion",
    "SearchTerm",
]
