"""The life of a visit: arrived, in treatment, done, no-show, cancelled (the table is planning.lifecycle)."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning import bookable, lifecycle
from planning.actions.telling import tell_patient
from planning.clashes import Clash, Wanted, find_clashes
from planning.closing import refuse_while_closed
from planning.locks import locked_visit
from planning.models import Appointment, AppointmentState
from planning.visit_settings import is_late, visit_settings
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, reason: str, by: Actor, by_patient: bool = False) -> Appointment:
    """Cancel a visit that has not begun, with the reason.

    ``by_patient``: the patient gives it up, which counts as late within the clinic's notice; the clinic's own does not.
    """
    appointment = locked_visit(appointment)
    _require_move(appointment, AppointmentState.CANCELLED)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is cancelled.")})
    appointment.cancel_reason = reason.strip()
    appointment.cancelled_late = by_patient and is_late_now(appointment)
    appointment.sequence += 1
    cancelled = _change(appointment, AppointmentState.CANCELLED, by)
    tell_patient(cancelled, by=by)
    return cancelled


@transaction.atomic
def change_state(*, appointment: Appointment, state: str, by: Actor) -> Appointment:
    """Arrived, in treatment, done, did not come, or back to booked. Cancelling needs a reason and is its own action."""
    appointment = locked_visit(appointment)
    if state == AppointmentState.CANCELLED:
        raise ValidationError(_("Cancel with a reason."))
    _require_move(appointment, state)
    if not appointment.active:
        _refuse_return(appointment)
    if state in (AppointmentState.ARRIVED, AppointmentState.IN_TREATMENT):
        _require_today(appointment)
    if state == AppointmentState.ARRIVED:
        appointment.arrived_at = timezone.now()
    return _change(appointment, state, by)


def is_late_now(appointment: Appointment) -> bool:
    """Whether giving up the visit now is within the clinic's notice."""
    now_min = int(timezone.now().timestamp()) // 60
    return is_late(starts_min=appointment.starts_min, now_min=now_min, notice_hours=visit_settings().notice_hours)


def _change(appointment: Appointment, state: str, by: Actor) -> Appointment:
    before = appointment.state
    appointment.state = state
    appointment.active = state in lifecycle.ACTIVE_APPOINTMENT_STATES
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        # Taking back a "did not come" may find the place given away.
        raise Clash(
            find_clashes(Wanted.of(appointment), besides=[appointment], by=by) or [_("That place is no longer free.")]
        ) from error
    changed = {"state": (before, state)} | ({"cancelled late": (False, True)} if appointment.cancelled_late else {})
    audit.record(by=by, verb=state, subject=appointment, patient=appointment.patient, changed=changed)
    return appointment


def _require_move(appointment: Appointment, state: str) -> None:
    if problems := lifecycle.problems_with_appointment_move(appointment.state, state):
        raise ValidationError(problems)


def _refuse_return(appointment: Appointment) -> None:
    """A visit that was given up takes its place and day again: only where it could still be booked."""
    refuse_while_closed()
    planned = appointment.planned_session
    if planned and (problems := bookable.problems_with_plan_state(planned.plan.state)):
        raise ValidationError(problems)


def _require_today(appointment: Appointment) -> None:
    # The two-day rule holds for performed days too: a visit that happens on another day is moved there first.
    if appointment.day != timezone.localdate(timezone=ClinicProfile.current().zone):
        raise ValidationError(
            _("This visit is on %(day)s. Move it to today first.") % {"day": date_format(appointment.day, "D j M")}
        )
