"""Draft, revise, approve and stop a plan. Each action is one transaction and leaves an audit entry.

A version is written until somebody approves it; then it is sealed, and the next change begins a new version.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions.screening import keep_findings
from intake.models import KeptFindings, Patient
from planning.actions.agreement import agree_plan, is_agreed, state_of_agreed
from planning.approval import problems_with_approval
from planning.clinic_protocol import clinic_protocol
from planning.learned import paces_for
from planning.lengths import hours_and_minutes
from planning.models import Appointment, PlannedSession, PlanVersion, PlanZone, TreatmentPlan
from planning.models.plan import PlanKind, PlanState
from planning.plan_content import VERSION_FIELDS, approved_practitioner, comparable, content_of
from planning.plan_estimate import estimates_for, working_lines
from planning.plan_lock import clinic_today, locked, refuse_closed, refuse_stale
from planning.plan_zones import drawn, rows_of, unsaved_rows
from planning.prices import settle_price
from planning.protocol import Protocol, to_values
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.chain import seal
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile, User
from smpclinic.saving import save_all_checked, save_checked

__all__ = ["agree_plan", "approve_plan", "discard_draft", "draft_plan", "revise_plan", "stop_plan"]


@transaction.atomic
def draft_plan(
    *,
    patient: Patient,
    practitioner: User,
    fields: Mapping[str, Any],
    zones: Sequence[Mapping[str, Any]],
    by: Actor,
    parent_plan: TreatmentPlan | None = None,
    public_id: UUID | None = None,
) -> TreatmentPlan:
    """Begin a plan with its first version.

    ``fields`` are values of PlanVersion (planning.plan_content.VERSION_FIELDS), ``zones`` of PlanZone: area and dots
    may be left out. ``public_id`` is the key of the form. With ``parent_plan`` it is a touch-up (draft_touch_up asks
    first whether one may be drafted). Raises ValidationError in words.
    """
    if patient.merged_into_id:
        raise ValidationError(_("This record was merged into another. Plan on the record that is in use."))
    plan = TreatmentPlan(
        patient=patient,
        practitioner=practitioner,
        kind=PlanKind.TOUCH_UP if parent_plan else PlanKind.PLAN,
        parent_plan=parent_plan,
        **({"public_id": public_id} if public_id else {}),
    )
    save_checked(plan)
    version = PlanVersion(plan=plan, number=1)
    _write(version, fields, zones, by=by)
    audit.record(by=by, verb="drafted", subject=plan, patient=patient, version=1, sessions=version.session_count)
    return plan


@transaction.atomic
def revise_plan(
    *,
    plan: TreatmentPlan,
    fields: Mapping[str, Any],
    zones: Sequence[Mapping[str, Any]],
    by: Actor,
    practitioner: User | None = None,
    token: str | None = None,
) -> PlanVersion:
    """Save a change: into the version being drafted, or as a new version once the newest is approved.

    ``token`` is planning.plan_content.token_of what the writer had opened; where the plan has changed since,
    ChangedMeanwhile. Raises ValidationError in words.
    """
    plan = locked(plan)
    refuse_closed(plan)
    version = plan.newest_version()
    rows = rows_of(version)
    refuse_stale(version, rows, token)
    before = comparable(version, rows)
    if version.is_approved:
        version = _next_version(version)
        _back_to_draft(plan)
    if practitioner is not None and practitioner.pk != plan.practitioner_id:
        plan.practitioner = practitioner
        plan.save(update_fields=["practitioner"])
    written = _write(version, fields, zones, by=by)
    changed = audit.changes(before, comparable(version, written))
    audit.record(by=by, verb="revised", subject=plan, patient=plan.patient, changed=changed, version=version.number)
    return version


@transaction.atomic
def approve_plan(*, plan: TreatmentPlan, by: Actor, token: str | None = None) -> PlanVersion:
    """Approve the newest version: seal it, make it the one in force, and give it its sessions.

    Only a qualified practitioner, with screening clear or overridden; else ValidationError with every reason.
    """
    plan = locked(plan)
    refuse_closed(plan)
    version = plan.newest_version()
    rows = rows_of(version)
    refuse_stale(version, rows, token)
    problems = [*_problems_with(version, rows, by=by), *problems_with_fewer_sessions(plan, version.session_count)]
    if problems:
        raise ValidationError(problems)
    version.approved_by, version.approved_at = by.user, timezone.now()
    version.sealed = seal(kind="plan_version", subject=version, content=content_of(version, rows))
    version.save()
    _put_in_force(plan, version)
    keep_findings(patient=plan.patient, occasion=KeptFindings.Occasion.PLAN_APPROVED, by=by)
    audit.record(by=by, verb="approved", subject=plan, patient=plan.patient, version=version.number)
    return version


@transaction.atomic
def discard_draft(*, plan: TreatmentPlan, by: Actor) -> TreatmentPlan:
    """Throw the version being drafted away; the one in force before it counts again, with its agreement."""
    plan = locked(plan)
    refuse_closed(plan)
    version = plan.newest_version()
    if version.is_approved:
        raise ValidationError(_("There is no draft to discard."))
    if plan.current_version is None:
        raise ValidationError(_("This is the plan's first version. Stop the plan instead."))
    number = version.number
    version.delete()
    plan.practitioner = approved_practitioner(plan.current_version)
    plan.state = state_of_agreed(plan) if is_agreed(plan) else PlanState.APPROVED
    plan.save(update_fields=["state", "practitioner"])
    audit.record(by=by, verb="discarded a draft", subject=plan, patient=plan.patient, version=number)
    return plan


@transaction.atomic
def stop_plan(*, plan: TreatmentPlan, reason: str, by: Actor) -> TreatmentPlan:
    """End a plan before it is complete. What was done stays; visits that lie ahead must be cancelled first."""
    plan = locked(plan)
    refuse_closed(plan)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the plan is stopped.")})
    ahead = [_visit_in_words(visit) for visit in _visits_ahead(plan)]
    if ahead:
        raise ValidationError(_("Cancel what is booked first: %(visits)s.") % {"visits": "; ".join(ahead)})
    was, plan.state, plan.stopped_reason = plan.state, PlanState.STOPPED, reason.strip()
    save_checked(plan)
    audit.record(
        by=by,
        verb="stopped",
        subject=plan,
        patient=plan.patient,
        changed={"state": (was, plan.state), "reason": ("", reason)},
    )
    return plan


def problems_with_fewer_sessions(plan: TreatmentPlan, session_count: int) -> list[str]:
    """Sessions that a version of ``session_count`` would drop, but that are booked or done."""
    visits = Appointment.objects.active().filter(planned_session__plan=plan, planned_session__number__gt=session_count)
    return [
        _("%(visit)s, but this version has %(count)s sessions. Cancel that visit, or keep the session.")
        % {"visit": _visit_in_words(visit), "count": session_count}
        for visit in visits.with_people()
    ]


def _problems_with(version: PlanVersion, rows: Sequence[PlanZone], *, by: Actor) -> list[str]:
    if version.is_approved:
        return [_("Version %(number)s is approved already.") % {"number": version.number}]
    if by.user is None:
        return [_("Only a practitioner who is signed in can approve a plan.")]
    return problems_with_approval(version, rows, approver=by.user, on=clinic_today())


def _write(
    version: PlanVersion, fields: Mapping[str, Any], zones: Sequence[Mapping[str, Any]], *, by: Actor
) -> list[PlanZone]:
    """Store fields, zones and the estimate that follows from them, in a version that nobody approved yet."""
    if by.user is None:
        raise ValidationError(_("Only staff who are signed in can draft a plan."))
    for name in VERSION_FIELDS:
        if name in fields:
            setattr(version, name, fields[name])
    version.currency = ClinicProfile.current().currency
    version.drafted_by, version.drafted_at = by.user, timezone.now()
    protocol = clinic_protocol()
    rows = unsaved_rows(zones, circumference_cm=version.head_circumference_cm, protocol=protocol)
    _estimate(version, rows, protocol)
    settle_price(version, rows)
    save_checked(version, exclude=["shade_step"])  # May still be open in a draft; approval asks for it.
    version.zones.all().delete()
    for row in rows:
        row.version = version
        if row.measured_by and row.assessor is None:
            row.assessor = by.user  # Whoever writes a measurement down answers for it, unless another is named.
    save_all_checked(rows)
    return rows


def _estimate(version: PlanVersion, rows: Sequence[PlanZone], protocol: Protocol) -> None:
    """Work out the minutes of each session; ValidationError where the zones or the number of sessions cannot be."""
    scalp = drawn(rows, circumference_cm=version.head_circumference_cm)
    if problems := scalp.problems():
        raise ValidationError(problems)
    kind = version.plan.kind
    choices = estimates_for(
        scalp.areas(),
        kind=kind,
        consulted_before=version.consulted_before,
        protocol=protocol,
        paces=paces_for(version.plan.practitioner, protocol=protocol),
    )
    if version.session_count not in choices:
        raise ValidationError({"session_count": _count_refused(version.session_count, kind)})
    chosen = choices[version.session_count]
    if chosen.needs_reason and not version.long_session_reason.strip():
        raise ValidationError({"long_session_reason": _too_long(protocol)})
    version.protocol = to_values(protocol)
    version.estimate_minutes = list(chosen.booked_minutes)
    version.estimate_working = working_lines(chosen)


def _too_long(protocol: Protocol) -> str:
    longest = hours_and_minutes(protocol.longest_usual_min)
    return _("A session takes over %(longest)s. Say why, or plan less.") % {"longest": longest}


def _next_version(version: PlanVersion) -> PlanVersion:
    """A version to write, that says what the approved one said until something is changed."""
    said = {field: getattr(version, field) for field in VERSION_FIELDS}
    return PlanVersion(plan=version.plan, number=version.number + 1, **said)


def _back_to_draft(plan: TreatmentPlan) -> None:
    """A changed version needs approval and agreement again before anything more is booked or begun."""
    plan.state = PlanState.DRAFT
    plan.save(update_fields=["state"])


def _count_refused(count: int, kind: str) -> str:
    if kind == PlanKind.TOUCH_UP:
        return _("A touch-up is one session, not %(count)s.") % {"count": count}
    return _("A plan has 2 or 3 sessions, not %(count)s.") % {"count": count}


def _put_in_force(plan: TreatmentPlan, version: PlanVersion) -> None:
    """Make a version the current one, in the order that the guards of the database allow."""
    for session in plan.planned_sessions.filter(number__gt=version.session_count, is_dropped=False):
        session.is_dropped = True
        session.save(update_fields=["is_dropped"])
    plan.current_version, plan.state = version, PlanState.APPROVED
    save_checked(plan)
    numbers = [None] if plan.kind == PlanKind.TOUCH_UP else range(1, version.session_count + 1)
    for number in numbers:
        _keep_session(plan, number)


def _keep_session(plan: TreatmentPlan, number: int | None) -> None:
    session = plan.planned_sessions.filter(number=number).first() or PlannedSession(plan=plan, number=number)
    if session.pk is None or session.is_dropped:
        session.is_dropped = False
        save_checked(session, exclude=["number"] if number is None else [])


def _visits_ahead(plan: TreatmentPlan) -> QuerySet[Appointment]:
    ahead = ("booked", "arrived", "in_treatment")
    return Appointment.objects.filter(planned_session__plan=plan, state__in=ahead).with_people()


def _visit_in_words(visit: Appointment) -> str:
    when = {"title": visit.title, "day": date_format(visit.day, "j F Y")}
    return _("%(title)s on %(day)s") % when
