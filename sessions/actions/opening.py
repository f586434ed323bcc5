"""Open a record, prepare it, and start the treatment."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.findings import intake_in_force
from planning.actions import booking
from planning.models import Appointment, AppointmentState
from planning.models.plan import PlanState
from sessions import ready
from sessions.actions.locking import open_record
from sessions.models import HealthCheck, ReadinessOverride, TreatmentSession
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.roles import Permission


@transaction.atomic
def open_session(*, appointment: Appointment, by: Actor) -> TreatmentSession:
    """The record of a visit: the one already open, else a new one for a patient who has arrived."""
    appointment = Appointment.objects.select_for_update(of=("self",)).with_people().get(pk=appointment.pk)
    found = TreatmentSession.objects.filter(appointment=appointment).first()
    if found is not None:
        return found
    if not appointment.is_treatment:
        raise ValidationError(_("Only treatment sessions and touch-ups have a session record."))
    if appointment.state not in (AppointmentState.ARRIVED, AppointmentState.IN_TREATMENT):
        raise ValidationError(_("Mark the patient as arrived first."))
    if by.user is None or not by.user.has(Permission.RECORD_SESSIONS):
        raise ValidationError(_("Only a practitioner can open a session record."))
    session = TreatmentSession(
        appointment=appointment, practitioner=by.user, opened_at=timezone.now(), opened_by=by.user
    )
    session.full_clean()
    session.save()
    audit.record(by=by, verb="opened record", subject=session, patient=appointment.patient)
    return session


@transaction.atomic
def ask_health(
    *, session: TreatmentSession, unchanged: bool, today: Mapping[str, str], healed_well: bool | None, by: Actor
) -> HealthCheck:
    """Store today's answers one by one; ``today`` maps a question's code to yes, no or unknown.

    Where something has changed, the intake is taken again first: then its newest answers are the ones confirmed.
    """
    session = open_record(session)
    intake = intake_in_force(session.patient)
    check = getattr(session, "health_check", None) or HealthCheck(session=session)
    check.answers = intake.latest() if intake else None
    check.unchanged, check.today, check.healed_well = unchanged, dict(today), healed_well
    check.asked_by, check.asked_at = by.user, timezone.now()
    if not unchanged:
        raise ValidationError({"unchanged": _("Correct the intake first, then confirm that nothing else has changed.")})
    check.full_clean()
    check.save()
    audit.record(by=by, verb="asked health", subject=session, patient=session.patient, questions=sorted(today))
    return check


@transaction.atomic
def prepare_session(*, session: TreatmentSession, by: Actor, **fields: object) -> TreatmentSession:
    """Set what is set once a session: machine, skin, room cleaned, needles opened, pigment information, note."""
    session = open_record(session)
    before = {name: getattr(session, name) for name in fields}
    for name, value in fields.items():
        setattr(session, name, value)
    session.revision += 1
    session.full_clean()
    session.save()
    if changed := audit.changes(before, fields):
        audit.record(by=by, verb="prepared session", subject=session, patient=session.patient, changed=changed)
    return session


@transaction.atomic
def override_item(*, session: TreatmentSession, item: str, reason: str, by: Actor) -> ReadinessOverride:
    """Go ahead in spite of one item, by name and reason; some items never can be."""
    session = open_record(session)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you go ahead.")})
    if by.user is None or not by.user.has(Permission.OVERRIDE_SCREENING):
        raise ValidationError(_("Only a practitioner or manager may go ahead in spite of this."))
    standing = {each.code: each for each in ready.standing_in_the_way(session, ready.to_sign(session))}
    if item not in standing:
        raise ValidationError(_("That is in order already."))
    if not standing[item].overridable:
        raise ValidationError(_("This can never be overridden: %(words)s") % {"words": standing[item].words})
    row = ReadinessOverride(session=session, item=item, reason=reason.strip(), by=by.user, at=timezone.now())
    row.full_clean()
    row.save()
    audit.record(
        by=by,
        verb="overrode readiness",
        subject=session,
        patient=session.patient,
        changed={"reason": ("", reason)},
        item=item,
    )
    return row


@transaction.atomic
def start_treatment(*, session: TreatmentSession, by: Actor) -> TreatmentSession:
    """Begin: nothing may stand in the way. The appointment is then in treatment, and so is the plan."""
    session = open_record(session)
    if session.appointment.state == AppointmentState.IN_TREATMENT:
        return session
    if standing := ready.standing_in_the_way(session, ready.to_start(session)):
        raise ValidationError([item.words for item in standing])
    booking.change_state(appointment=session.appointment, state=AppointmentState.IN_TREATMENT, by=by)
    plan = session.appointment.planned_session.plan
    if plan.state == PlanState.AGREED:
        plan.state = PlanState.IN_TREATMENT
        plan.save()
        audit.record(
            by=by,
            verb="in treatment",
            subject=plan,
            patient=plan.patient,
            changed={"state": ("agreed", "in_treatment")},
        )
    return open_record(session)
