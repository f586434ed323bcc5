"""Sign, amend, void. Signing freezes the record; corrections stand beside it, never in it."""

import hashlib
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from planning import dots_done, pace
from planning.actions import booking
from planning.models import AppointmentState, TreatmentPlan
from planning.models.plan import PlanState
from sessions import clock, ready
from sessions.actions.locking import ChangedMeanwhile, open_record, planned_of, whole_record
from sessions.actions.outcomes import schedule_checks
from sessions.actions.passes import intervals_of
from sessions.content import session_content
from sessions.models import Amendment, TreatmentSession
from sessions.treated import darkest_steps, density_of, estimation_code, find_zone, zones_of
from smpclinic import audit, chain
from smpclinic.actors import Actor
from smpclinic.database.holding import hold
from smpclinic.roles import Permission
from smpclinic.saving import save_checked


@transaction.atomic
def sign_session(*, session: TreatmentSession, by: Actor, shown: str | None = None) -> TreatmentSession:
    """Lock the record with the signature of the practitioner who treated.

    ``shown``: the fingerprint of what the person read; ``ChangedMeanwhile`` where the record is another by now.
    ValidationError names everything that still stands in the way.
    """
    session = open_record(session)
    if shown is not None and shown != fingerprint(session):
        raise ChangedMeanwhile(_("The record was changed after you read it. Read it again, then sign."))
    if by.user is None or by.user.pk != session.practitioner_id:
        raise ValidationError(_("Only %(name)s, who treated, can sign this record.") % {"name": session.practitioner})
    if standing := ready.standing_in_the_way(session, ready.to_sign(session)):
        raise ValidationError([item.words for item in standing])
    # The plan's row before the chain: approving a plan takes them in this order too.
    hold(TreatmentPlan.objects.filter(pk=planned_of(session).plan_id))
    _end_visit(session, by)
    session.sealed = chain.seal(kind="session", subject=session, content=session_content(session))
    session.signed_at, session.signed_by = session.sealed.sealed_at, by.user
    session.save()
    pace.note_session(_samples(session), session_id=session.public_id, signed_at=session.signed_at)
    dots_done.note_dots(
        _dots(session),
        planned_session=planned_of(session),
        session_id=session.public_id,
        performed_on=session.appointment.day,
        steps=darkest_steps(session.passes.select_related("mix__shade_step")),
    )
    _complete_plan(session, by)
    schedule_checks(plan=planned_of(session).plan)
    audit.record(by=by, verb="signed", subject=session, patient=session.patient, seal=session.sealed.mac)
    return session


def fingerprint(session: TreatmentSession) -> str:
    """The SHA-256 of exactly what a signature would seal now."""
    return hashlib.sha256(chain.canonical(session_content(session)).encode()).hexdigest()


@transaction.atomic
def amend_session(*, session: TreatmentSession, text: str, reason: str, by: Actor, field: str = "") -> Amendment:
    """A correction beside a signed record, with its reason."""
    return _append(session, Amendment.Kind.AMENDMENT, text=text, reason=reason, field=field, by=by)


@transaction.atomic
def void_session(*, session: TreatmentSession, reason: str, by: Actor) -> Amendment:
    """Mark a signed record as void (a wrong patient, say): it stays readable and findable, and teaches nothing."""
    row = _append(session, Amendment.Kind.VOID, text=_("This record is void."), reason=reason, field="", by=by)
    pace.forget_session(session.public_id)
    dots_done.forget_dots(session.public_id)
    schedule_checks(plan=planned_of(session).plan)
    return row


def _append(session: TreatmentSession, kind: str, *, text: str, reason: str, field: str, by: Actor) -> Amendment:
    session = whole_record(session)
    _refuse_amendment(session, text, reason, by)
    if kind == Amendment.Kind.VOID and session.amendments.filter(kind=kind).exists():
        raise ValidationError(_("This record is void already."))
    row = Amendment(
        session=session, kind=kind, field=field.strip(), text=text.strip(), reason=reason.strip(), at=timezone.now()
    )
    row.actor_kind, row.actor_user, row.actor_label = by.kind, by.user, by.label
    content = {
        "session": session.public_id,
        "kind": kind,
        "field": row.field,
        "text": row.text,
        "reason": row.reason,
        "by": by.label,
        "at": row.at,
    }
    row.sealed = chain.seal(kind=kind, subject=row, content=content)
    save_checked(row)
    audit.record(
        by=by,
        verb="amended" if kind == Amendment.Kind.AMENDMENT else "voided",
        subject=session,
        patient=session.patient,
        seal=row.sealed.mac,
    )
    return row


def _refuse_amendment(session: TreatmentSession, text: str, reason: str, by: Actor) -> None:
    problems: dict[str, str] = {}
    if not session.is_signed:
        raise ValidationError(_("This record is not signed yet: change it directly."))
    if by.user is None or not by.user.has(Permission.RECORD_SESSIONS):
        raise ValidationError(_("Only a practitioner can amend a record."))
    if not text.strip():
        problems["text"] = _("Write what is right.")
    if not reason.strip():
        problems["reason"] = _("Say why it is amended.")
    if problems:
        raise ValidationError(problems)


def _end_visit(session: TreatmentSession, by: Actor) -> None:
    if session.appointment.state == AppointmentState.IN_TREATMENT:
        session.appointment = booking.change_state(appointment=session.appointment, state=AppointmentState.DONE, by=by)


def _complete_plan(session: TreatmentSession, by: Actor) -> None:
    """The last session signed completes the plan."""
    plan = planned_of(session).plan
    signed = TreatmentSession.objects.signed().filter(appointment__planned_session__plan=plan)
    performed = set(signed.values_list("appointment__planned_session_id", flat=True))
    wanted = set(plan.planned_sessions.filter(is_dropped=False).values_list("pk", flat=True))
    if wanted <= performed and plan.state == PlanState.IN_TREATMENT:
        plan.state = PlanState.COMPLETE
        plan.save()
        audit.record(
            by=by, verb="complete", subject=plan, patient=plan.patient, changed={"state": ("in_treatment", "complete")}
        )


def _samples(session: TreatmentSession) -> list[pace.Sample]:
    """What each pass showed. The plan's minutes of a zone stand with its first pass, so that they add up."""
    planned = planned_of(session)
    among_hair = {zone.code: zone.among_hair for zone in zones_of(session.appointment)}
    planned_min = pace.planned_minutes(planned.plan.current_version, planned.number)
    found = []
    for each in session.passes.all():
        minutes, zone = clock.worked_minutes(intervals_of(each)), estimation_code(each.zone)
        if each.dots_per_cm2 and each.area_cm2 and minutes:
            sample = pace.Sample(
                practitioner=session.practitioner,
                session_number=planned.number,
                zone=zone,
                needle_group=each.needle_group,
                dots=int(each.dots_per_cm2 * each.area_cm2),
                minutes=minutes,
                among_hair=among_hair.get(each.zone, False),
                planned_minutes=planned_min.pop(zone, None),
            )
            found.append(sample)
    return found


def _dots(session: TreatmentSession) -> dict[str, Decimal]:
    """By zone, the dots per cm2 that the passes of the session placed."""
    zones, passes = zones_of(session.appointment), list(session.passes.all())
    planned = {code: find_zone(zones, code) for code in {each.zone for each in passes}}
    return {code: density_of(passes, code, area_cm2=zone.area_cm2 if zone else None) for code, zone in planned.items()}


def last_stop_of(session: TreatmentSession) -> datetime | None:
    """When the last zone was finished: the care sheet counts from here."""
    return max((each.stopped_at for each in session.passes.all() if each.stopped_at), default=None)
