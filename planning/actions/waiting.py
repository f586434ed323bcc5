"""The waiting list: put somebody on it, take a free place for them, take them off."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Patient
from planning.actions.booking import book_appointment, move_appointment
from planning.kinds import minutes_of
from planning.models import Appointment, AppointmentState, WaitingWish
from planning.waiting import FreePlace
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import User
from smpclinic.saving import save_checked


@transaction.atomic
def wait_for_place(
    *,
    patient: Patient,
    first_day: date,
    last_day: date,
    weekdays: str,
    part_of_day: str,
    by: Actor,
    appointment: Appointment | None = None,
    kind: str = "",
    practitioner: User | None = None,
    note: str = "",
) -> WaitingWish:
    """Note that a patient would come earlier (``appointment``), or would like a first place for a ``kind`` of visit."""
    if appointment is not None and appointment.state != AppointmentState.BOOKED:
        raise ValidationError(_("Only a booked visit can wait for an earlier place."))
    wish = WaitingWish(
        patient=patient,
        appointment=appointment,
        kind=appointment.kind if appointment else kind,
        minutes=appointment.minutes if appointment else minutes_of(kind),
        practitioner=practitioner,
        first_day=first_day,
        last_day=last_day,
        weekdays=weekdays,
        part_of_day=part_of_day,
        note=note,
        created_at=timezone.now(),
        created_by=by.user,
    )
    save_checked(wish)
    audit.record(by=by, verb="put on the waiting list", subject=wish, patient=patient)
    return wish


@transaction.atomic
def stop_waiting(*, wish: WaitingWish, by: Actor) -> None:
    """Take a wish off the list; one that has ended stays as it is."""
    wish = WaitingWish.objects.select_for_update().get(pk=wish.pk)
    if wish.ended_at is None:
        _end(wish, by=by, verb="taken off the waiting list")


@transaction.atomic
def take_free_place(*, wish: WaitingWish, place: FreePlace, by: Actor) -> Appointment:
    """Book the free place for whoever waited, or move their visit there; the wish is then fulfilled.

    Raises what booking raises; the wish then stays on the list.
    """
    wish = WaitingWish.objects.select_for_update().get(pk=wish.pk)
    if wish.ended_at is not None:
        raise ValidationError(_("This wish was settled a moment ago."))
    if wish.appointment is not None:
        visit = move_appointment(
            appointment=wish.appointment,
            practitioner=place.practitioner,
            room=place.room,
            starts_min=place.starts_min,
            minutes=wish.minutes,
            by=by,
        )
    else:
        visit = book_appointment(
            kind=wish.kind,
            patient=wish.patient,
            practitioner=place.practitioner,
            room=place.room,
            starts_min=place.starts_min,
            minutes=wish.minutes,
            by=by,
        )
    _end(wish, by=by, verb="given a free place")
    return visit


def _end(wish: WaitingWish, *, by: Actor, verb: str) -> None:
    wish.ended_at = timezone.now()
    wish.save(update_fields=["ended_at"])
    audit.record(by=by, verb=verb, subject=wish, patient=wish.patient)
