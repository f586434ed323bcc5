"""Record passes, their clock, lots and the reaction, one change at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.models import AppointmentState
from sessions import clock, technique
from sessions.actions.locking import open_record, refuse_stale
from sessions.actions.mixing import problems_with_recall, refuse_mix_on_recall
from sessions.models import Reaction, SessionLot, TreatmentSession, ZonePass
from smpclinic import audit
from smpclinic.actions import stock_ledger
from smpclinic.actors import Actor
from smpclinic.models import Lot, ProductKind
from smpclinic.saving import save_checked

# A tablet's clock may run a little ahead of the server's.
AHEAD_AT_MOST = timedelta(minutes=5)


@transaction.atomic
def save_pass(
    *,
    session: TreatmentSession,
    fields: Mapping[str, object],
    by: Actor,
    number: int | None = None,
    new_id: UUID | None = None,
    seen: Mapping[str, str] | None = None,
) -> ZonePass:
    """Add a pass (no ``number``) or change one of an open record; refusals name the field.

    ``new_id`` makes a form sent twice one pass. ``seen``: what the person looked at, see ``refuse_stale``.
    """
    session = open_record(session)
    _require_started(session)
    if new_id is not None and (added := session.passes.filter(public_id=new_id).first()):
        return added
    if number is None:
        zone_pass = ZonePass(session=session, number=1 + _last_number(session))
        zone_pass.public_id = new_id or zone_pass.public_id
    else:
        zone_pass = session.passes.get(number=number)
        refuse_stale(zone_pass, seen)
    before = {name: getattr(zone_pass, name) for name in fields}
    for name, value in fields.items():
        setattr(zone_pass, name, value)
    if zone_pass.mix != before.get("mix", zone_pass.mix):
        refuse_mix_on_recall(zone_pass.mix, session=session)
    _save(zone_pass)
    verb = "added pass" if number is None else "changed pass"
    audit.record(by=by, verb=verb, subject=zone_pass, patient=session.patient, changed=audit.changes(before, fields))
    return zone_pass


@transaction.atomic
def remove_pass(*, session: TreatmentSession, number: int, by: Actor) -> None:
    """Take out a pass that was added by mistake; only while the record is open. Gone already is no error."""
    session = open_record(session)
    zone_pass = session.passes.filter(number=number).first()
    if zone_pass is None:
        return
    audit.record(
        by=by, verb="removed pass", subject=zone_pass, patient=session.patient, number=number, zone=zone_pass.zone
    )
    zone_pass.delete()


@transaction.atomic
def start_clock(*, session: TreatmentSession, number: int, by: Actor, at: datetime | None = None) -> ZonePass:
    """Start the zone's clock, or go on after a pause. Any other clock of the session stops: one hand, one zone."""
    session = open_record(session)
    zone_pass = session.passes.get(number=number)
    if clock.is_running(intervals_of(zone_pass)):
        return zone_pass
    refuse_mix_on_recall(zone_pass.mix, session=session)
    at = at or timezone.now()
    for running in session.passes.filter(started_at__isnull=False, stopped_at__isnull=True):
        stop = max(at, running.started_at or at)
        save_pass(session=session, number=running.number, fields={"stopped_at": stop}, by=by)
    if zone_pass.started_at is None or zone_pass.stopped_at is None:
        return save_pass(session=session, number=number, fields={"started_at": at}, by=by)
    pauses = [*zone_pass.pauses, [zone_pass.stopped_at.isoformat(), at.isoformat()]]
    return save_pass(session=session, number=number, fields={"stopped_at": None, "pauses": pauses}, by=by)


@transaction.atomic
def stop_clock(*, session: TreatmentSession, number: int, by: Actor, at: datetime | None = None) -> ZonePass:
    """Stop the zone's clock; started again later, the time between is a pause."""
    session = open_record(session)
    zone_pass = session.passes.get(number=number)
    if zone_pass.started_at is None:
        raise ValidationError(_("Start the clock first."))
    if zone_pass.stopped_at is not None:
        return zone_pass
    return save_pass(session=session, number=number, fields={"stopped_at": at or timezone.now()}, by=by)


@transaction.atomic
def use_lot(*, session: TreatmentSession, lot: Lot, by: Actor, count: Decimal | None = None) -> SessionLot:
    """Note a needle or anaesthetic lot used in this session."""
    session = open_record(session)
    lot = Lot.objects.select_related("product").get(pk=lot.pk)
    if problems := problems_with_recall([lot], entered_late=session.appointment.entered_late):
        raise ValidationError({"lot": problems})
    if lot.product.kind not in (ProductKind.NEEDLE, ProductKind.ANAESTHETIC):
        raise ValidationError({"lot": _("%(lot)s belongs into a mix.") % {"lot": lot}})
    row = SessionLot.objects.filter(session=session, lot=lot).first() or SessionLot(session=session, lot=lot)
    row.count = count
    save_checked(row)
    _draw_anew(session, lot, count, by)
    audit.record(by=by, verb="used lot", subject=session, patient=session.patient, lot=str(lot))
    return row


def _draw_anew(session: TreatmentSession, lot: Lot, count: Decimal | None, by: Actor) -> None:
    """Draw what the session used of a lot; what was noted before comes back first."""
    stock_ledger.give_back(cause=session.public_id, lot=lot, by=by)
    if not count:
        return
    late = session.appointment.entered_late
    try:
        stock_ledger.draw(lot=lot, amount=count, cause=session.public_id, by=by, may_overdraw=late)
    except ValidationError as refused:
        raise ValidationError({"count": refused.messages}) from refused


@transaction.atomic
def put_back_lot(*, session: TreatmentSession, lot: Lot, by: Actor) -> None:
    """Take a lot out again that was noted by mistake."""
    session = open_record(session)
    if session.lots.filter(lot=lot).delete()[0]:
        stock_ledger.give_back(cause=session.public_id, lot=lot, by=by)
        audit.record(by=by, verb="put back lot", subject=session, patient=session.patient, lot=str(lot))


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
    """Set the reaction of the session: "none" alone, or one row for each kind seen. The pain stands with pain alone."""
    session = open_record(session)
    reactions = frozenset(technique.Reaction(kind) for kind in kinds)
    pain = pain if technique.Reaction.PAIN in reactions else None
    if problems := technique.problems_with_reactions(reactions, note=note, pain=pain):
        raise ValidationError({"kinds": problems})
    session.reactions.all().delete()
    rows = [
        Reaction(
            session=session,
            kind=kind,
            pain=pain if kind is technique.Reaction.PAIN else None,
            zone="" if kind is technique.Reaction.NONE else zone,
            note=note.strip(),
            at=timezone.now(),
        )
        for kind in sorted(reactions)
    ]
    for row in rows:
        save_checked(row)
    audit.record(by=by, verb="noted reaction", subject=session, patient=session.patient, kinds=sorted(reactions))
    return rows


def intervals_of(zone_pass: ZonePass) -> tuple[clock.Interval, ...]:
    """The stretches of work of a pass, pauses left out; empty before it starts."""
    if zone_pass.started_at is None:
        return ()
    pauses = [datetime.fromisoformat(edge) for pause in zone_pass.pauses for edge in pause]
    starts = [zone_pass.started_at, *pauses[1::2]]
    stops = [*pauses[::2], zone_pass.stopped_at]
    return tuple(clock.Interval(start, stop) for start, stop in zip(starts, stops, strict=True))


def technique_of(zone_pass: ZonePass) -> technique.PassTechnique:
    """What the rules judge of a pass."""
    return technique.PassTechnique(
        needle_group=technique.NeedleGroup(zone_pass.needle_group),
        depth_mm=Decimal(zone_pass.depth_mm),
        angle_degrees=zone_pass.angle_degrees,
        depth_known_by=technique.DepthKnownBy(zone_pass.depth_known_by),
        diameter_mm=Decimal(zone_pass.needle_diameter_mm),
    )


def _last_number(session: TreatmentSession) -> int:
    return session.passes.aggregate(last=Max("number"))["last"] or 0


def _save(zone_pass: ZonePass) -> None:
    if problems := _problems_by_field(zone_pass):
        raise ValidationError(problems)
    # A pass may stand without its mix until the record is signed; readiness names it then.
    save_checked(zone_pass, exclude=["mix"] if zone_pass.mix is None else [])


def _problems_by_field(zone_pass: ZonePass) -> dict[str, list[str]]:
    """What the rules refuse, beside the field it is about."""
    try:
        found = technique.problems_by_field(technique_of(zone_pass))
    except ValueError:
        return {"needle_group": [_("Choose one of the needle groups.")]}
    problems = {name.replace("diameter_mm", "needle_diameter_mm"): words for name, words in found.items()}
    if words := clock.problems_with_clock(intervals_of(zone_pass)):
        problems["stopped_at"] = words
    latest = timezone.now() + AHEAD_AT_MOST
    for name in ("started_at", "stopped_at"):
        at = getattr(zone_pass, name)
        if at is not None and at > latest:
            problems[name] = [_("This time has not come yet.")]
    if zone_pass.started_at is None and zone_pass.stopped_at is not None:
        problems["started_at"] = [_("Say when it started, too.")]
    if zone_pass.mix is not None and zone_pass.mix.session_id != zone_pass.session_id:
        problems["mix"] = [_("Choose a mix of this session.")]
    return problems


def _require_started(session: TreatmentSession) -> None:
    visit = session.appointment
    if visit.state != AppointmentState.IN_TREATMENT and not visit.is_past_entry:
        raise ValidationError(_("Start the treatment first: what is still missing stands above."))
