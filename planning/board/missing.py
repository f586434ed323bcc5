"""What each visit still lacks, in short words."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from intake.models import Intake, PatientAlert
from intake.models.questionnaire import IntakeState
from planning.models import Agreement, Appointment, AppointmentKind


def missing_by_appointment(appointments: Sequence[Appointment]) -> dict[int, tuple[str, ...]]:
    """Intake, agreement, alerts, by the visit's key (three queries)."""
    people = {each.patient_id for each in appointments}
    with_intake = set(
        Intake.objects.filter(patient__in=people, state=IntakeState.ACCEPTED).values_list("patient_id", flat=True)
    )
    alerted = set(
        PatientAlert.objects.filter(patient__in=people, ended_at__isnull=True).values_list("patient_id", flat=True)
    )
    versions = {each.planned_session.plan.current_version_id for each in appointments if each.planned_session_id}
    agreed = set(
        Agreement.objects.in_force().filter(plan_version__in=versions).values_list("plan_version_id", flat=True)
    )
    return {each.pk: tuple(_missing(each, with_intake, agreed, alerted)) for each in appointments}


def _missing(appointment: Appointment, with_intake: set, agreed: set, alerted: set) -> Iterable[str]:
    if appointment.patient_id not in with_intake and appointment.kind != AppointmentKind.CONSULTATION:
        yield _("intake")
    if appointment.planned_session_id and appointment.planned_session.plan.current_version_id not in agreed:
        yield _("agreement")
    if appointment.patient_id in alerted:
        yield _("alert")
