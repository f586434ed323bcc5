"""Which papers a batch holds, in the order in which they leave the printer."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from planning.models import Agreement, Appointment
from sessions.models import TreatmentSession
from sessions.models.printing import BatchKind, PaperKind
from smpclinic.models import AccessEntry, User
from smpclinic.roles import Permission

# The agreement and the blank record tell of the plan and of health.
PERMISSIONS = {
    PaperKind.BEFORE_SESSION: Permission.PRINT_PAPERS,
    PaperKind.AGREEMENT: Permission.PRINT_PAPERS,
    PaperKind.BLANK_RECORD: Permission.SEE_HEALTH,
}
CARE_SHEET_READ = "care sheet"  # how the access log names an opened care sheet


class Wanted(NamedTuple):
    """One paper: its kind and the key of its visit."""

    kind: PaperKind
    subject_id: int | None


def papers_wanted(kind: str, day: date, user: User) -> list[Wanted]:
    """What a batch of this kind prints for ``user`` (at most three queries)."""
    if kind == BatchKind.CARE:
        return [Wanted(PaperKind.CARE_SHEET, session.appointment_id) for session in sheets_not_printed(day, user)]
    sessions = list(_sessions_of(day, user))
    if not sessions and not Appointment.objects.on(day).active().visible_to(user).exists():
        return []
    versions = {visit.pk: _version_id(visit) for visit in sessions}
    agreed = _agreed({version for version in versions.values() if version})
    wanted = [Wanted(PaperKind.DAY_SHEET, None)]
    for visit in sessions:
        to_sign = versions[visit.pk] not in agreed
        kinds = [PaperKind.BEFORE_SESSION, *([PaperKind.AGREEMENT] if to_sign else []), PaperKind.BLANK_RECORD]
        wanted += [Wanted(each, visit.pk) for each in kinds if user.has(PERMISSIONS[each])]
    return wanted


def sheets_not_printed(day: date, user: User) -> list[TreatmentSession]:
    """Signed sessions of a day whose care sheet nobody has opened yet: the access log knows (two queries)."""
    visits = Appointment.objects.on(day).visible_to(user)
    signed = TreatmentSession.objects.filter(appointment__in=visits, signed_at__isnull=False)
    rows = list(signed.select_related("appointment").order_by("appointment__starts_min"))
    opened = set(
        AccessEntry.objects.filter(
            what=CARE_SHEET_READ, subject_id__in=[str(session.public_id) for session in rows]
        ).values_list("subject_id", flat=True)
    )
    return [session for session in rows if str(session.public_id) not in opened]


def _sessions_of(day: date, user: User) -> QuerySet[Appointment]:
    sessions = Appointment.objects.on(day).active().counting_for_gap().visible_to(user).with_people()
    return sessions.filter(planned_session__isnull=False).order_by("starts_min")


def _version_id(visit: Appointment) -> int | None:
    return visit.planned_session.plan.current_version_id if visit.planned_session else None


def _agreed(versions: set[int]) -> set[int]:
    found = Agreement.objects.in_force().filter(plan_version__in=versions)
    return set(found.values_list("plan_version_id", flat=True))
