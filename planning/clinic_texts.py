"""Texts of booking: the mails about a visit."""

from django.utils.translation import gettext_lazy as _

from smpclinic.text_kinds import PATIENT, PHONE, Mark, TextKind, declare

MAILS = _("E-mails")
VISIT = (
    PATIENT,
    Mark("when", _("day and time of the visit"), _("Monday 8 January 2035, 10:00")),
    Mark("length", _("how long it takes"), "45 min"),
    Mark("address", _("where the visit is"), _("1 Example Street")),
    PHONE,
    Mark("clinic", _("the clinic's name, where we may say who we are"), _("Example Clinic")),
)

declare(
    TextKind("mail.visit_booked", _("Visit booked"), MAILS, marks=VISIT, is_clinical=False),
    TextKind("mail.visit_moved", _("Visit at a new time"), MAILS, marks=VISIT, is_clinical=False),
    TextKind("mail.visit_cancelled", _("Visit cancelled"), MAILS, marks=VISIT, is_clinical=False),
    TextKind("mail.visit_reminder", _("Reminder of a visit"), MAILS, marks=VISIT, is_clinical=False),
)
