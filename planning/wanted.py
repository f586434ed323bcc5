"""What can be booked for a patient: the kinds that need no plan, and the sessions of their plans that have no visit."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from intake.models import Patient
from planning.bookable import OPEN_PLAN_STATES
from planning.kinds import kinds_of_visit
from planning.models import AppointmentKind, PlannedSession

SESSION = "session-"


@dataclass(frozen=True)
class Wanted:
    """One thing to book. ``code`` is what a form sends back."""

    code: str
    label: str
    kind: str
    minutes: int
    needs_qualification: bool
    planned_session: PlannedSession | None = None

    @property
    def counts_for_gap(self) -> bool:
        return self.planned_session is not None


def wanted_for(patient: Patient) -> list[Wanted]:
    """Everything that can be booked for ``patient``, sessions of plans first where there are any (two queries)."""
    plain = [
        Wanted(kind.kind.value, str(kind.kind.label), kind.kind.value, kind.minutes, kind.needs_qualification)
        for kind in kinds_of_visit().values()
        if kind.minutes is not None
    ]
    return [*plain, *(_of_plan(session) for session in sessions_to_book(patient))]


def sessions_to_book(patient: Patient):
    """Sessions of the patient's open, approved plans that have no visit yet (one query)."""
    taken = PlannedSession.objects.filter(plan__patient=patient, appointments__active=True)
    return (
        PlannedSession.objects.filter(
            plan__patient=patient,
            plan__state__in=OPEN_PLAN_STATES,
            plan__current_version__isnull=False,
            is_dropped=False,
        )
        .exclude(pk__in=taken.values("pk"))
        .select_related("plan__current_version", "plan__practitioner")
        .order_by("plan_id", "number")
    )


def _of_plan(session: PlannedSession) -> Wanted:
    version = session.plan.current_version
    if session.number is None:
        kind, label = AppointmentKind.TOUCH_UP, _("Touch-up")
    else:
        kind = AppointmentKind.TREATMENT
        words = {"number": session.number, "count": version.session_count}
        label = _("Session %(number)s of %(count)s") % words
    minutes = version.minutes_of(session.number or 1)
    with_minutes = _("%(what)s, %(minutes)s min") % {"what": label, "minutes": minutes}
    return Wanted(f"{SESSION}{session.pk}", with_minutes, kind.value, minutes, True, session)
