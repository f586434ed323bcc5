"""Whose result is to be looked at: one line a plan, with how the patient may be reached and what is booked already."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.dates import add_months
from intake.models import Consent, ConsentKind, Patient
from planning.models import Appointment, AppointmentState
from sessions.follow_up import SHOWN_BEFORE_DAYS, check_due
from sessions.models import FollowUp
from smpclinic.local_dates import date_format

KIND = "healing_check"


@dataclass(frozen=True)
class DueLine:
    """One patient to ask. ``email`` is empty where none may be written; ``booked`` says for when, else empty."""

    follow_up: FollowUp
    patient: Patient
    what: str
    when: str
    is_late: bool
    email: str
    booked: str
    book_url: str

    @property
    def key(self) -> str:
        """Names the line's own question on the page."""
        return f"end-{self.follow_up.pk}"


def due_follow_ups(user, *, today: date):
    """The rows behind the list, the longest due first."""
    soon = today + timedelta(days=SHOWN_BEFORE_DAYS)
    rows = FollowUp.objects.visible_to(user).due(on=soon, today=today)
    return rows.select_related("plan__patient", "plan__practitioner").order_by("due_on", "pk")


def count_due(user, *, today: date) -> int:
    """How many lines wait without a visit booked (one query)."""
    booked = _checks_ahead().values("patient")
    return FollowUp.objects.visible_to(user).due(on=today, today=today).exclude(plan__patient__in=booked).count()


def lines_of(rows: list[FollowUp], *, today: date) -> list[DueLine]:
    """The lines of some rows (two queries)."""
    patients = [row.plan.patient_id for row in rows]
    visits = {}
    for visit in _checks_ahead().filter(patient__in=patients).order_by("-starts_min"):
        visits[visit.patient_id] = visit
    mailed = _may_be_mailed(patients)
    return [_line(row, visits.get(row.plan.patient_id), row.plan.patient_id in mailed, today) for row in rows]


def check_words(months: int) -> str:
    """What a check is called: "6-month check"."""
    if months == 0:
        return _("Seen in between")
    if months % 12 or months == 12:
        return ngettext("Check after %(count)s month", "Check after %(count)s months", months) % {"count": months}
    return _("Check after %(count)s years") % {"count": months // 12}


def _checks_ahead():
    now_min = int(timezone.now().timestamp()) // 60
    ahead = Appointment.objects.filter(state=AppointmentState.BOOKED, starts_min__gt=now_min)
    return ahead.filter(kind__in=(KIND, "touch_up"))


def _may_be_mailed(patients: list[int]) -> set[int]:
    """Who has agreed to messages, by the newest word of each (one query)."""
    told: dict[int, bool] = {}
    rows = Consent.objects.in_force().filter(patient__in=patients, kind=ConsentKind.MESSAGES)
    for patient, granted in rows.order_by("-at", "-id").values_list("patient_id", "granted"):
        told.setdefault(patient, granted)
    return {patient for patient, granted in told.items() if granted}


def _line(row: FollowUp, visit: Appointment | None, is_mailed: bool, today: date) -> DueLine:
    patient = row.plan.patient
    months = check_due(row.counted_from, row.months, today + timedelta(days=SHOWN_BEFORE_DAYS))
    due_on, what = add_months(row.counted_from, months), check_words(months)
    if row.touch_up_on and row.touch_up_on <= today and (row.touch_up_on <= due_on or due_on > today):
        due_on, what = row.touch_up_on, _("Touch-up")
    return DueLine(
        follow_up=row,
        patient=patient,
        what=what,
        when=_("due on %(day)s") % {"day": date_format(due_on, "j F Y")},
        is_late=due_on < today,
        email=patient.email if is_mailed else "",
        booked=f"{date_format(visit.starts_at, 'D j M, H:i')}" if visit else "",
        book_url=f"{reverse('planning:visit', args=[patient.public_id])}?kind={KIND}",
    )
