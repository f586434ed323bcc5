"""All changes to what the clinic knows about a person before treatment: whole or not at all, and audited."""

from intake.actions.alerts import end_alert, raise_alert
from intake.actions.assessment import grade_pattern, record_hair
from intake.actions.consents import give_consent, withdraw_consent
from intake.actions.identity import choose_portrait, see_identity, take_portrait
from intake.actions.patch_tests import place_patch_test, read_patch_test
from intake.actions.patients import edit_patient, register_patient
from intake.actions.photos import add_photo
from intake.actions.questionnaire import (
    StaleAnswers,
    accept_intake,
    save_answers,
    send_back_intake,
    start_intake,
    submit_intake,
)
from intake.actions.rules import RuleChanged, add_rule, edit_rule, set_figures
from intake.actions.screening import (
    accept_letter,
    clear_finding,
    keep_findings,
    override_finding,
    receive_letter,
    request_letter,
)

__all__ = [
    "RuleChanged",
    "StaleAnswers",
    "accept_intake",
    "accept_letter",
    "add_photo",
    "add_rule",
    "choose_portrait",
    "clear_finding",
    "edit_patient",
    "edit_rule",
    "end_alert",
    "give_consent",
    "grade_pattern",
    "keep_findings",
    "override_finding",
    "place_patch_test",
    "raise_alert",
    "read_patch_test",
    "receive_letter",
    "record_hair",
    "register_patient",
    "request_letter",
    "save_answers",
    "see_identity",
    "send_back_intake",
    "set_figures",
    "start_intake",
    "submit_intake",
    "take_portrait",
    "withdraw_consent",
]
