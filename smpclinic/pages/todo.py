"""What waits for somebody today: each line a sentence with a link, for those who may do it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.models import DoctorLetter, Intake, PatchTest, Patient
from intake.models.questionnaire import IntakeState
from planning.call_list import count_to_call
from planning.visit_messages import visits_not_told
from sessions.due_list import count_due
from sessions.models import AdverseEvent, TreatmentSession
from sessions.verifying import found_last_night
from smpclinic.backup.standing import standing
from smpclinic.local_dates import date_format
from smpclinic.pages.stock.shelf import ending, low
from smpclinic.roles import Permission

SHOWN = 5


@dataclass(frozen=True)
class Task:
    """One thing to do now. ``icon`` names a lucide icon."""

    words: str
    url: str
    icon: str


def tasks_for(user) -> list[Task]:
    """What went wrong, what is to sign, to review, to read, whom to call or to see again; lots, low stock, backups."""
    found: list[Task] = []
    for permission, tasks in (
        (Permission.RECORD_SESSIONS, _events),
        (Permission.RECORD_SESSIONS, _unsigned),
        (Permission.TAKE_INTAKE, _intakes),
        (Permission.ASSESS, _patch_tests),
        (Permission.BOOK, _calls),
        (Permission.BOOK, _unsent),
        (Permission.BOOK, _follow_ups),
        (Permission.TAKE_INTAKE, _overdue_letters),
        (Permission.ASSESS, _letters_to_read),
        (Permission.SEE_STOCK, _ending),
        (Permission.MANAGE_STOCK, _low),
        (Permission.SET_UP, _backups),
        (Permission.READ_AUDIT, _seals),
    ):
        if user.has(permission):
            found += tasks(user)
    return found


def _backups(user) -> Iterable[Task]:
    if settings.MODE == "clinic":
        for warning in standing(now=timezone.now()).warnings:
            yield Task(warning, reverse("backups"), "archive")


def _seals(user) -> Iterable[Task]:
    """What the nightly look at the seals found."""
    if found := found_last_night():
        words = _("A signed record is not what was signed (%(found)s). Do not restore or repair: ask for help.")
        yield Task(words % {"found": found}, reverse("audit"), "shield-alert")


def _events(user) -> Iterable[Task]:
    """Adverse events that nobody has closed, the worst first."""
    for row in AdverseEvent.objects.visible_to(user).open().select_related("patient")[:SHOWN]:
        words = _("Look after %(patient)s: %(what)s, noticed on %(day)s")
        told = {"patient": row.patient, "what": row.get_kind_display(), "day": date_format(row.noticed_on, "D j M")}
        yield Task(words % told, row.get_absolute_url(), "siren")


def _follow_ups(user) -> Iterable[Task]:
    """One line for all results that are to be looked at and have no visit booked."""
    due = count_due(user, today=timezone.localdate())
    if due:
        words = ngettext("%(count)s result is to be looked at", "%(count)s results are to be looked at", due)
        yield Task(words % {"count": due}, reverse("sessions:follow_up"), "calendar-heart")


def _unsigned(user) -> Iterable[Task]:
    rows = (
        TreatmentSession.objects.awaiting_signature().filter(practitioner=user).select_related("appointment__patient")
    )
    for row in rows.order_by("opened_at")[:SHOWN]:
        words = _("Sign the record of %(patient)s, %(day)s") % {
            "patient": row.patient,
            "day": date_format(row.appointment.day, "D j M"),
        }
        yield Task(words, row.get_absolute_url(), "pen-line")


def _intakes(user) -> Iterable[Task]:
    waiting = Intake.objects.filter(state=IntakeState.SUBMITTED, patient__in=Patient.objects.visible_to(user))
    for row in waiting.select_related("patient").order_by("id")[:SHOWN]:
        yield Task(
            _("Review the intake of %(patient)s") % {"patient": row.patient},
            reverse("intake:review", args=[row.public_id]),
            "clipboard-check",
        )


def _patch_tests(user) -> Iterable[Task]:
    due = PatchTest.objects.to_read(at=timezone.now()).filter(patient__in=Patient.objects.visible_to(user))
    for row in due.select_related("patient")[:SHOWN]:
        words = _("Read the patch test of %(patient)s") % {"patient": row.patient}
        yield Task(words, reverse("intake:patch_tests", args=[row.patient.public_id]), "eye")


def _overdue_letters(user) -> Iterable[Task]:
    late = DoctorLetter.objects.overdue(on=timezone.localdate()).filter(patient__in=Patient.objects.visible_to(user))
    for row in late.select_related("patient").order_by("due_on")[:SHOWN]:
        words = _("Ask again for the doctor's letter of %(patient)s, expected by %(day)s")
        told = words % {"patient": row.patient, "day": date_format(row.due_on, "D j M")}
        yield Task(told, reverse("intake:screening", args=[row.patient.public_id]), "mail-warning")


def _letters_to_read(user) -> Iterable[Task]:
    come = DoctorLetter.objects.to_accept().filter(patient__in=Patient.objects.visible_to(user))
    for row in come.select_related("patient").order_by("received_at")[:SHOWN]:
        words = _("Read the doctor's letter of %(patient)s") % {"patient": row.patient}
        yield Task(words, reverse("intake:screening", args=[row.patient.public_id]), "mail-open")


def _calls(user) -> Iterable[Task]:
    """One line for all of tomorrow's visits whose patients have no e-mail and were not reached."""
    waiting = count_to_call(user, today=timezone.localdate())
    if waiting:
        words = ngettext("Call %(count)s patient about a visit", "Call %(count)s patients about visits", waiting)
        yield Task(words % {"count": waiting}, reverse("planning:call_list"), "phone")


def _unsent(user) -> Iterable[Task]:
    for visit in visits_not_told(user)[:SHOWN]:
        words = _("The e-mail to %(patient)s could not be sent: call instead") % {"patient": visit.patient}
        yield Task(words, visit.get_absolute_url(), "mail-x")


def _ending(user) -> Iterable[Task]:
    today = timezone.localdate()
    for line in ending(on=today)[:SHOWN]:
        words = _("%(lot)s has ended") if line.is_past else _("%(lot)s ends on %(day)s")
        told = words % {"lot": line.lot, "day": date_format(line.usable_until, "j M Y")}
        yield Task(told, reverse("stock_lot", args=[line.lot.public_id]), "package-x")


def _low(user) -> Iterable[Task]:
    for line in low(on=timezone.localdate())[:SHOWN]:
        words = _("%(product)s is low: %(left)s left") % {"product": line.product, "left": line.left}
        yield Task(words, reverse("stock_product", args=[line.product.public_id]), "package-minus")
