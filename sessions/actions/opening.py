"""Open a record, prepare it, and start the treatment."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.findings import intake_in_force
from intake.rules import day_rules
from intake.screening import Reply
from planning.actions import booking
from planning.lifecycle import problems_with_plan_move
from planning.models import Appointment, AppointmentState
from planning.models.plan import PlanState
from sessions import ready, technique
from sessions.actions.locking import open_record, planned_of, refuse_stale
from sessions.models import HealthCheck, ReadinessOverride, TreatmentSession
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.database.holding import hold
from smpclinic.models import User
from smpclinic.roles import Permission
from smpclinic.saving import check_values, save_checked


@transaction.atomic
def open_session(*, appointment: Appointment, by: Actor) -> TreatmentSession:
    """The record of a visit: the one already open, else a new one for a patient who has arrived."""
    hold(Appointment.objects.filter(pk=appointment.pk))
    appointment = Appointment.objects.with_people().get(pk=appointment.pk)
    found = TreatmentSession.objects.filter(appointment=appointment).first()
    if found is not None:
        return found
    if not appointment.is_treatment:
        raise ValidationError(_("Only treatment sessions and touch-ups have a session record."))
    if appointment.state == AppointmentState.BOOKED:
        raise ValidationError(_("Mark the patient as arrived first."))
    if not appointment.may_have_record:
        state = appointment.get_state_display().lower()
        raise ValidationError(_("This visit is marked “%(state)s”: it has no record to open.") % {"state": state})
    practitioner = _practitioner(by)
    session = TreatmentSession(
        appointment=appointment, practitioner=practitioner, opened_at=timezone.now(), opened_by=practitioner
    )
    save_checked(session)
    audit.record(by=by, verb="opened record", subject=session, patient=appointment.patient)
    return session


@transaction.atomic
def take_over(*, session: TreatmentSession, by: Actor) -> TreatmentSession:
    """Another practitioner treats: the record, and its signature, are theirs from now on."""
    session = open_record(session)
    practitioner = _practitioner(by)
    before = session.practitioner
    if before == practitioner:
        return session
    session.practitioner = practitioner
    session.revision += 1
    save_checked(session)
    changed = {"practitioner": (before, practitioner)}
    audit.record(by=by, verb="took over", subject=session, patient=session.patient, changed=changed)
    return session


@transaction.atomic
def ask_health(
    *,
    session: TreatmentSession,
    unchanged: bool,
    today: Mapping[str, str],
    healed_well: bool | None,
    by: Actor,
    acknowledged: Iterable[str] = (),
) -> HealthCheck:
    """Store today's answers one by one; ``today`` maps each day question's code to yes, no or unknown.

    ``acknowledged``: the warnings about this patient that were read, in the words they were shown with.

    Where something has changed, the intake is corrected first: then its newest answers are the ones confirmed.
    """
    session = open_record(session)
    _refuse_health(session, unchanged, today, healed_well)
    intake = intake_in_force(session.patient)
    check = getattr(session, "health_check", None) or HealthCheck(session=session)
    check.answers = intake.latest() if intake else None
    check.unchanged, check.today, check.healed_well = unchanged, dict(today), healed_well
    check.acknowledged = list(acknowledged)
    check.asked_by, check.asked_at = by.user, timezone.now()
    # Nothing to confirm, and nothing to judge before a first session, are both allowed: the columns may be empty.
    save_checked(check, exclude=["answers", "healed_well"])
    audit.record(by=by, verb="asked health", subject=session, patient=session.patient, questions=sorted(today))
    return check


def _refuse_health(
    session: TreatmentSession, unchanged: bool, today: Mapping[str, str], healed_well: bool | None
) -> None:
    problems: dict[str, object] = {}
    if not unchanged:
        problems["unchanged"] = _("Correct the intake first, then confirm that nothing else has changed.")
    for rule in day_rules():
        if today.get(rule.code) not in set(Reply):
            problems[rule.code] = _("Ask this again today.")
    if healed_well is None and ready.previous_session_on(session.appointment):
        problems["healed_well"] = _("Judge whether the scalp has healed.")
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def prepare_session(
    *, session: TreatmentSession, by: Actor, seen: Mapping[str, str] | None = None, **fields: object
) -> TreatmentSession:
    """Set what is set once a session: machine, skin, room cleaned, needles opened, pigment information, note.

    ``seen``: the values the person looked at; raises ``ChangedMeanwhile`` where they are no longer so.
    """
    session = open_record(session)
    refuse_stale(session, seen)
    before = {name: getattr(session, name) for name in fields}
    for name, value in fields.items():
        setattr(session, name, value)
    check_values(session)
    _refuse_preparation(session)
    if changed := audit.changes(before, fields):
        session.revision += 1
        save_checked(session)
        audit.record(by=by, verb="prepared session", subject=session, patient=session.patient, changed=changed)
    return session


def _refuse_preparation(session: TreatmentSession) -> None:
    speed, voltage = (
        technique.MachineSetting(hertz=session.speed_hz),
        technique.MachineSetting(volts=session.voltage_v),
    )
    problems: dict[str, object] = {}
    if words := technique.problems_with_machine(speed):
        problems["speed_hz"] = words
    if words := technique.problems_with_machine(voltage):
        problems["voltage_v"] = words
    on_at, off_at = session.anaesthetic_on_at, session.anaesthetic_off_at
    if off_at is not None and (on_at is None or off_at < on_at):
        problems["anaesthetic_off_at"] = _("It cannot come off before it is put on.")
    if problems:
        raise ValidationError(problems)


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
    save_checked(row)
    changed = {"reason": ("", row.reason)}
    audit.record(by=by, verb="overrode readiness", subject=session, patient=session.patient, changed=changed, item=item)
    return row


@transaction.atomic
def start_treatment(*, session: TreatmentSession, by: Actor) -> TreatmentSession:
    """Begin: nothing may stand in the way. The appointment is then in treatment, and so is the plan."""
    session = open_record(session)
    if session.appointment.state == AppointmentState.IN_TREATMENT:
        return session
    plan = planned_of(session).plan
    if not session.appointment.is_past_entry:  # what has happened is written down; signing asks what was missing
        if plan.state != PlanState.IN_TREATMENT and (problems := problems_with_plan_move(plan.state, "in_treatment")):
            raise ValidationError(problems)
        if standing := ready.standing_in_the_way(session, ready.to_start(session)):
            raise ValidationError([item.words for item in standing])
        booking.change_state(appointment=session.appointment, state=AppointmentState.IN_TREATMENT, by=by)
    if plan.state == PlanState.AGREED:
        plan.state = PlanState.IN_TREATMENT
        plan.save()
        changed = {"state": ("agreed", "in_treatment")}
        audit.record(by=by, verb="in treatment", subject=plan, patient=plan.patient, changed=changed)
    return open_record(session)


def _practitioner(by: Actor) -> User:
    if by.user is None or not by.user.has(Permission.RECORD_SESSIONS):
        raise ValidationError(_("Only a practitioner can keep a session record."))
    return by.user
