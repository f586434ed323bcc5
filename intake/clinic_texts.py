"""Texts of the time before a plan: consents, the note of a patch test, the letter to a doctor, the private link."""

from django.utils.translation import gettext_lazy as _

from smpclinic.text_kinds import CLINIC, PATIENT, PHONE, Mark, TextKind, declare

CONSENTS, LETTERS, MAILS = _("Consents"), _("Letters and notes"), _("E-mails")

declare(
    TextKind("consent.privacy", _("Privacy notice"), CONSENTS),
    TextKind("consent.photos_record", _("Photos in my record"), CONSENTS),
    TextKind("consent.photos_marketing", _("Photos shown to others"), CONSENTS),
    TextKind("consent.messages", _("Messages"), CONSENTS),
    TextKind("consent.treatment", _("Consent to treatment"), CONSENTS),
    TextKind("consent.patch_test_declined", _("Patch test declined"), CONSENTS),
    TextKind(
        "note.patch_test",
        _("Note after a patch test"),
        LETTERS,
        marks=(CLINIC, PHONE, Mark("read_from", _("when it is read at the earliest"), _("Monday 8 January, 10:00"))),
    ),
    TextKind("letter.doctor_request", _("Letter to the doctor"), LETTERS, marks=(CLINIC, PHONE)),
    TextKind(
        "mail.intake_link",
        _("Private link to the questions"),
        MAILS,
        marks=(
            CLINIC,
            PHONE,
            PATIENT,
            Mark("address", _("the private link"), "https://clinic.example/i/abcd-efgh/"),
            Mark("until", _("the last day it works"), _("8 January 2035")),
        ),
        is_clinical=False,
    ),
)
