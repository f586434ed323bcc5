"""Record passes, lots and the reaction, one change at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import AppointmentState
from sessions import clock, technique
from sessions.actions.locking import open_record
from sessions.models import Reaction, SessionLot, TreatmentSession, ZonePass
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.models import Lot


@transaction.atomic
def save_pass(
    *, session: TreatmentSession, fields: Mapping[str, object], by: Actor, number: int | None = None
) -> ZonePass:
    """Add a pass (no ``number``) or change one of an open record; refusals name the field."""
    session = open_record(session)
    _require_started(session)
    if number is None:
        zone_pass = ZonePass(session=session, number=1 + session.passes.count())
    else:
        zone_pass = session.passes.get(number=number)
    before = {name: getattr(zone_pass, name) for name in fields}
    for name, value in fields.items():
        setattr(zone_pass, name, value)
    zone_pass.full_clean()
    _refuse(zone_pass)
    zone_pass.save()
    verb = "added pass" if number is None else "changed pass"
    audit.record(by=by, verb=verb, subject=zone_pass, patient=session.patient, changed=audit.changes(before, fields))
    return zone_pass


@transaction.atomic
def start_clock(*, session: TreatmentSession, number: int, by: Actor, at: datetime | None = None) -> ZonePass:
    """Start the zone's clock, or go on after a pause."""
    zone_pass = open_record(session).passes.get(number=number)
    at = at or timezone.now()
    if zone_pass.started_at is None:
        return save_pass(session=session, number=number, fields={"started_at": at}, by=by)
    if zone_pass.stopped_at is None:
        raise ValidationError(_("The clock is running."))
    pauses = [*zone_pass.pauses, [zone_pass.stopped_at.isoformat(), at.isoformat()]]
    return save_pass(session=session, number=number, fields={"stopped_at": None, "pauses": pauses}, by=by)


@transaction.atomic
def stop_clock(*, session: TreatmentSession, number: int, by: Actor, at: datetime | None = None) -> ZonePass:
    """Stop the zone's clock; started again later, the time between is a pause."""
    zone_pass = open_record(session).passes.get(number=number)
    if zone_pass.started_at is None:
        raise ValidationError(_("Start the clock first."))
    if zone_pass.stopped_at is not None:
        return zone_pass
    return save_pass(session=session, number=number, fields={"stopped_at": at or timezone.now()}, by=by)


@transaction.atomic
def use_lot(*, session: TreatmentSession, lot: Lot, by: Actor, count: Decimal | None = None) -> SessionLot:
    """Note a needle or anaesthetic lot used in this session."""
    session = open_record(session)
    if lot.is_recalled:
        raise ValidationError({"lot": _("%(lot)s is on recall and cannot be used.") % {"lot": lot}})
    row = SessionLot.objects.filter(session=session, lot=lot).first() or SessionLot(session=session, lot=lot)
    row.count = count
    row.full_clean()
    row.save()
    audit.record(by=by, verb="used lot", subject=session, patient=session.patient, lot=str(lot))
    return row


@transaction.atomic
def note_reaction(
    *,
    session: TreatmentSession,
    kinds: Sequence[str],
    by: Actor,
    pain: int | None = None,
    zone: str = "",
    note: str = "",
) -> list[Reaction]:
    """Set the reaction of the session: "none" alone, or one row for each kind seen."""
    session = open_record(session)
    reactions = frozenset(technique.Reaction(kind) for kind in kinds)
    if problems := technique.problems_with_reactions(reactions, note=note, pain=pain):
        raise ValidationError({"reactions": problems})
    session.reactions.all().delete()
    rows = [
        Reaction(session=session, kind=kind, pain=pain, zone=zone, note=note, at=timezone.now())
        for kind in sorted(reactions)
    ]
    for row in rows:
        row.full_clean()
        row.save()
    audit.record(by=by, verb="noted reaction", subject=session, patient=session.patient, kinds=sorted(reactions))
    return rows


def intervals_of(zone_pass: ZonePass) -> tuple[clock.Interval, ...]:
    """The stretches of work of a pass, pauses left out; empty before it starts."""
    if zone_pass.started_at is None:
        return ()
    edges = [
        zone_pass.started_at,
        *(datetime.fromisoformat(edge) for pause in zone_pass.pauses for edge in pause),
        zone_pass.stopped_at,
    ]
    return tuple(clock.Interval(edges[index], edges[index + 1]) for index in range(0, len(edges), 2))


def technique_of(zone_pass: ZonePass) -> technique.PassTechnique:
    return technique.PassTechnique(
        needle_group=technique.NeedleGroup(zone_pass.needle_group),
        depth_mm=Decimal(zone_pass.depth_mm),
        angle_degrees=zone_pass.angle_degrees,
        depth_known_by=technique.DepthKnownBy(zone_pass.depth_known_by),
        diameter_mm=Decimal(zone_pass.needle_diameter_mm),
    )


def _refuse(zone_pass: ZonePass) -> None:
    problems = technique.problems_with_pass(technique_of(zone_pass))
    problems += clock.problems_with_clock(intervals_of(zone_pass))
    if zone_pass.mix is not None and zone_pass.mix.session_id != zone_pass.session_id:
        problems.append(_("Choose a mix of this session."))
    if problems:
        raise ValidationError(problems)


def _require_started(session: TreatmentSession) -> None:
    if session.appointment.state != AppointmentState.IN_TREATMENT:
        raise ValidationError(_("Start the treatment first: what is still missing stands above."))
