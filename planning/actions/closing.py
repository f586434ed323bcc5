"""Close booking when the rows break a rule, keep a past break as an incident, and open booking again."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning import watch
from planning.availability import to_local_day
from planning.locks import locked_visit
from planning.models import Appointment, AppointmentState, BookingClosure
from smpclinic import audit
from smpclinic.actors import SYSTEM, Actor
from smpclinic.models import ClinicProfile
from smpclinic.saving import save_checked


def close_where_broken() -> BookingClosure | None:
    """Sweep the rows, and close booking where they break a rule; the closure that stands, if one does."""
    found = watch.count_of_breaks()
    standing = BookingClosure.objects.standing().first()
    if not found or standing:
        return standing
    try:
        with transaction.atomic():
            closure = BookingClosure.objects.create(closed_at=timezone.now(), found=found)
            audit.record(by=SYSTEM, verb="closed booking", subject=closure, found=found)
    except IntegrityError:  # another process found the same at the same moment
        return BookingClosure.objects.standing().first()
    return closure


@transaction.atomic
def reopen_booking(*, by: Actor) -> BookingClosure:
    """Open booking again, once nothing stands where it may not. ValidationError says what is left."""
    closure = BookingClosure.objects.select_for_update().standing().first()
    if closure is None:
        raise ValidationError(_("Booking is open already."))
    if left := watch.count_of_breaks():
        raise ValidationError(
            ngettext(
                "%(count)s visit still stands where it may not. Put that right first.",
                "%(count)s visits still stand where they may not. Put those right first.",
                left,
            )
            % {"count": left}
        )
    closure.reopened_at, closure.reopened_by = timezone.now(), by.user
    closure.save()
    audit.record(by=by, verb="opened booking again", subject=closure)
    return closure


@transaction.atomic
def keep_as_incident(*, appointment: Appointment, reason: str, by: Actor) -> Appointment:
    """Keep a past visit that is done and breaks a rule, with the reason: no record is lost, and it is known.

    A visit still ahead is cancelled or moved instead; ValidationError says so.
    """
    appointment = locked_visit(appointment)
    if not reason.strip():
        raise ValidationError({"reason": _("Say how this came about.")})
    today = to_local_day(timezone.localdate(timezone=ClinicProfile.current().zone))
    if appointment.state != AppointmentState.DONE or appointment.local_day >= today:
        raise ValidationError(_("Only a visit that is done, of a day before today, is kept as an incident."))
    before = appointment.breach_reason
    appointment.breach_reason, appointment.breach_by = reason.strip(), by.user
    save_checked(appointment)
    audit.record(
        by=by,
        verb="kept as an incident",
        subject=appointment,
        patient=appointment.patient,
        changed={"breach_reason": (before, appointment.breach_reason)},
    )
    return appointment
