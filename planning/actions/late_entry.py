"""Enter a past visit afterwards: from paper, after a power cut, or one that nobody had booked. No record is lost."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planning.availability import to_local_day
from planning.booking_facts import problems_with_past, put
from planning.clashes import Clash, Wanted, find_clashes
from planning.locks import lock_for_booking, locked_visit
from planning.models import Appointment, AppointmentState, LateEntry
from smpclinic import audit, storage
from smpclinic.actors import Actor
from smpclinic.models import ClinicProfile, Room, User
from smpclinic.roles import Permission
from smpclinic.saving import save_checked
from smpclinic.scans import clean_scan

NOT_BEGUN = (AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.NO_SHOW)


@dataclass(frozen=True)
class Performed:
    """When, by whom and where a visit took place. ``starts_min``: UTC minutes since 1970."""

    practitioner: User
    room: Room
    starts_min: int
    minutes: int


@transaction.atomic
def enter_past_visit(
    *, visit: Appointment, performed: Performed, reason: str, by: Actor, scan: Any = None, breach_reason: str = ""
) -> Appointment:
    """Enter ``visit`` (new, or booked and never recorded) as it was performed; ``reason``: why only now.

    The same guards hold. Only a manager keeps a visit that broke a rule, as an incident, with ``breach_reason``.
    Raises ValidationError (a rule, in words) or Clash (what stands there).
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is entered late.")})
    if visit.pk:
        visit = _booked_before(visit)
    before = visit.state if visit.pk else ""
    put(
        visit,
        practitioner=performed.practitioner,
        room=performed.room,
        starts_min=performed.starts_min,
        minutes=performed.minutes,
    )
    lock_for_booking([Wanted.of(visit)])
    _refuse(visit, breach_reason.strip(), by)
    _save(visit, by)
    _note(visit, reason.strip(), scan, by)
    changed = {"state": (before, visit.state), "reason": ("", reason.strip())}
    audit.record(by=by, verb="entered late", subject=visit, patient=visit.patient, changed=changed)
    return visit


def _booked_before(visit: Appointment) -> Appointment:
    visit = locked_visit(visit)
    if visit.state not in NOT_BEGUN or visit.starts_min * 60 > timezone.now().timestamp():
        raise ValidationError(_("Only a visit whose time has come, and which has not begun, can be entered late."))
    return visit


def _refuse(visit: Appointment, breach_reason: str, by: Actor) -> None:
    if problems := problems_with_past(visit):
        raise ValidationError(problems)
    _refuse_before_one_ahead(visit)
    clashes = find_clashes(Wanted.of(visit), besides=[visit], by=by)
    if not clashes:
        return
    today = to_local_day(timezone.localdate(timezone=ClinicProfile.current().zone))
    is_manager = by.user is not None and by.user.has(Permission.ENTER_LATE)
    if not breach_reason or not is_manager or visit.local_day >= today:
        raise Clash(clashes)
    visit.breach_reason, visit.breach_by = breach_reason, by.user


def _refuse_before_one_ahead(visit: Appointment) -> None:
    """The days between sessions are never given up for one that is still ahead: it is moved first."""
    if not visit.counts_for_gap:
        return
    ahead = Appointment.objects.counting_for_gap().filter(
        patient=visit.patient,
        state=AppointmentState.BOOKED,
        starts_min__gt=int(timezone.now().timestamp()) // 60,
        local_day__lt=visit.local_day + visit.gap_days,
    )
    for other in ahead.exclude(pk=visit.pk).with_people():
        words = {"what": other.title, "day": date_format(other.day, "D j M"), "gap": visit.gap_days}
        raise ValidationError(_("%(what)s on %(day)s is less than %(gap)s days after it. Move that one first.") % words)


def _save(visit: Appointment, by: Actor) -> None:
    visit.state, visit.active, visit.entered_late = AppointmentState.DONE, True, True
    if visit.booked_at is None:
        visit.booked_at, visit.booked_by = timezone.now(), by.user
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as error:
        raise Clash([_("Another visit stands there, entered a moment ago.")]) from error


def _note(visit: Appointment, reason: str, scan: Any, by: Actor) -> None:
    entry = LateEntry(appointment=visit, reason=reason, entered_at=timezone.now(), entered_by=by.user)
    if scan:
        try:
            clean = clean_scan(scan)
        except ValidationError as refusal:
            raise ValidationError({"scan": refusal.messages}) from refusal
        kept = storage.store(clean.bytes, folder="late", suffix=clean.suffix)
        entry.file, entry.file_sha256 = kept.name, kept.sha256
    save_checked(entry)
