"""Who may do what. The table is the whole policy; tests walk every cell.

A member of staff has a set of roles (an owner is often all three) and may do what any of them grants.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    RECEPTION = "reception", _("Reception")
    PRACTITIONER = "practitioner", _("Practitioner")
    MANAGER = "manager", _("Manager")


class Permission(models.TextChoices):
    SEE_CALENDAR = "see_calendar", _("See the calendar")
    SEE_PATIENTS = "see_patients", _("Find patients and see contact, bookings and alerts")
    REGISTER_PATIENTS = "register_patients", _("Register patients and change their contact details")
    MERGE_PATIENTS = "merge_patients", _("Merge two records of one person, which cannot be undone")
    TAKE_INTAKE = "take_intake", _("Take and review an intake, record consents")
    SEE_HEALTH = "see_health", _("See grades, plans, photos and treatment records")
    ASSESS = "assess", _("Grade the pattern and clear screening findings")
    OVERRIDE_SCREENING = "override_screening", _("Override a screening finding with a reason")
    PLAN_TREATMENT = "plan_treatment", _("Draft and approve plans")
    BOOK = "book", _("Book, move and cancel appointments")
    NOTE_PAYMENTS = "note_payments", _("Note payments and see what is owed")
    PRINT_PAPERS = "print_papers", _("Print care sheets, plans and consent copies")
    RECORD_SESSIONS = "record_sessions", _("Record, sign and amend sessions")
    SEE_STOCK = "see_stock", _("See products and lots")
    COUNT_STOCK = "count_stock", _("Count lots, open them, throw the rest away")
    MANAGE_STOCK = "manage_stock", _("Add and change products and lots")
    RUN_RECALL = "run_recall", _("Find who was treated with a lot, put it on recall, tell the patients")
    SET_UP = "set_up", _("Set up staff, places, texts and rules")
    ENTER_LATE = "enter_late", _("Enter a past visit that breaks a rule, with the reason")
    SEE_HISTORY = "see_history", _("See who saw and changed one patient's record")
    EXPORT_PATIENT = "export_patient", _("Export everything about one patient")
    READ_AUDIT = "read_audit", _("Read the audit trail")
    SEE_TIMES = "see_times", _("See how long sessions really took")
    SEE_REPORTS = "see_reports", _("See reports")


_P = Permission
GRANTS: dict[str, frozenset[Permission]] = {
    Role.RECEPTION: frozenset(
        {
            _P.SEE_CALENDAR,
            _P.SEE_PATIENTS,
            _P.REGISTER_PATIENTS,
            _P.TAKE_INTAKE,
            _P.BOOK,
            _P.NOTE_PAYMENTS,
            _P.PRINT_PAPERS,
        }
    ),
    Role.PRACTITIONER: frozenset(
        {
            _P.SEE_CALENDAR,
            _P.SEE_PATIENTS,
            _P.REGISTER_PATIENTS,
            _P.MERGE_PATIENTS,
            _P.SEE_HISTORY,
            _P.EXPORT_PATIENT,
            _P.TAKE_INTAKE,
            _P.SEE_HEALTH,
            _P.ASSESS,
            _P.OVERRIDE_SCREENING,
            _P.PLAN_TREATMENT,
            _P.BOOK,
            _P.NOTE_PAYMENTS,
            _P.PRINT_PAPERS,
            _P.RECORD_SESSIONS,
            _P.SEE_TIMES,
            _P.SEE_STOCK,
            _P.COUNT_STOCK,
            _P.RUN_RECALL,
        }
    ),
    Role.MANAGER: frozenset(
        {
            _P.SEE_CALENDAR,
            _P.OVERRIDE_SCREENING,  # of no use without a role that sees findings: see decision 0061
            _P.SEE_STOCK,
            _P.COUNT_STOCK,
            _P.MANAGE_STOCK,
            _P.RUN_RECALL,
            _P.SET_UP,
            _P.ENTER_LATE,
            _P.SEE_HISTORY,
            _P.READ_AUDIT,
            _P.SEE_TIMES,
            _P.SEE_REPORTS,
        }
    ),
}


def granted(roles) -> frozenset[Permission]:
    """Everything that a set of roles together may do."""
    return frozenset().union(*(GRANTS[role] for role in roles))


def requires(*permissions: Permission):
    """Let a view run only for a user who has every one of ``permissions``; anybody else gets the 403 page."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not all(request.user.has(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions
        return guarded

    return decorate
