"""How far a patient has come, and the one next thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from intake.models import Patient
from intake.models.questionnaire import IntakeState
from planning.models import Appointment, AppointmentState, TreatmentPlan
from planning.models.plan import PlanState
from sessions.follow_up import next_check
from sessions.models import FollowUp
from smpclinic.roles import Permission


@dataclass(frozen=True)
class Step:
    """One dot of the line: ``state`` is done, current or ahead."""

    label: str
    state: str


@dataclass(frozen=True)
class NextThing:
    """The one primary button of the page, for somebody with ``permission``."""

    label: str
    url: str
    permission: Permission


@dataclass(frozen=True)
class Facts:
    """What the line is drawn from; everything already loaded."""

    patient: Patient
    intake: object | None
    grade: object | None
    plan: TreatmentPlan | None
    is_agreed: bool
    appointments: Sequence[Appointment]
    today: date
    follow_up: FollowUp | None = None


def steps_of(facts: Facts) -> list[Step]:
    """Intake, assessed, planned, agreed, each session, follow-up."""
    done = [
        (_("Intake"), facts.intake is not None and facts.intake.state == IntakeState.ACCEPTED),
        (_("Assessed"), facts.grade is not None),
        (_("Planned"), facts.plan is not None and facts.plan.state != PlanState.DRAFT),
        (_("Agreed"), facts.is_agreed),
    ]
    performed = _performed_numbers(facts)
    for number in range(1, _session_count(facts.plan) + 1):
        done.append((_("Session %(number)s") % {"number": number}, number in performed))
    done.append((_("Follow-up"), _is_followed_up(facts)))
    current = next((index for index, (_label, is_done) in enumerate(done) if not is_done), len(done))
    return [
        Step(label, "done" if is_done else "current" if index == current else "ahead")
        for index, (label, is_done) in enumerate(done)
    ]


def next_thing(facts: Facts) -> NextThing | None:
    """What somebody should do next for this patient; None when nothing waits."""
    return next((thing for rule in _RULES if (thing := rule(facts)) is not None), None)


def _patient_page(name: str, facts: Facts) -> str:
    return reverse(name, args=[facts.patient.public_id])


def _at_the_desk(facts: Facts) -> NextThing | None:
    """A visit today comes before any paperwork."""
    for appointment in facts.appointments:
        if appointment.day != facts.today:
            continue
        url = reverse("planning:appointment", args=[appointment.public_id])
        if appointment.state == AppointmentState.BOOKED:
            return NextThing(_("Mark as arrived"), url, Permission.BOOK)
        if appointment.is_treatment and appointment.state in (AppointmentState.ARRIVED, AppointmentState.IN_TREATMENT):
            start = reverse("sessions:start", args=[appointment.public_id])
            return NextThing(_("Open the session record"), start, Permission.RECORD_SESSIONS)
    return None


def _intake(facts: Facts) -> NextThing | None:
    if facts.intake is None:
        return NextThing(_("Take the intake"), _patient_page("intake:intake", facts), Permission.TAKE_INTAKE)
    if facts.intake.state in (IntakeState.DRAFT, IntakeState.SENT_BACK):
        return NextThing(_("Continue the intake"), _patient_page("intake:intake", facts), Permission.TAKE_INTAKE)
    if facts.intake.state == IntakeState.SUBMITTED:
        return NextThing(
            _("Review the intake"), reverse("intake:review", args=[facts.intake.public_id]), Permission.TAKE_INTAKE
        )
    return None


def _assessment(facts: Facts) -> NextThing | None:
    if facts.grade is None:
        return NextThing(_("Grade the pattern"), _patient_page("intake:assess", facts), Permission.ASSESS)
    return None


def _plan(facts: Facts) -> NextThing | None:
    if facts.plan is None:
        return NextThing(_("Draw the plan"), _patient_page("planning:draft", facts), Permission.PLAN_TREATMENT)
    if facts.plan.state == PlanState.DRAFT:
        return NextThing(_("Finish and approve the plan"), facts.plan.get_absolute_url(), Permission.PLAN_TREATMENT)
    if facts.plan.state in (PlanState.AGREED, PlanState.IN_TREATMENT) and not facts.is_agreed:
        return NextThing(
            _("Agree anew: consent was taken back"),
            reverse("planning:agree", args=[facts.plan.public_id]),
            Permission.PLAN_TREATMENT,
        )
    if facts.plan.state == PlanState.APPROVED:
        return NextThing(
            _("Agree and sign"), reverse("planning:agree", args=[facts.plan.public_id]), Permission.PLAN_TREATMENT
        )
    return None


def _booking(facts: Facts) -> NextThing | None:
    if facts.plan is None or facts.plan.state not in (PlanState.AGREED, PlanState.IN_TREATMENT):
        return None
    booked = {each.planned_session.number for each in facts.appointments if each.planned_session_id and each.active}
    if len(booked) < _session_count(facts.plan):
        return NextThing(_("Propose dates"), reverse("planning:propose", args=[facts.plan.public_id]), Permission.BOOK)
    return None


def _check(facts: Facts) -> NextThing | None:
    """The healed result is due to be looked at, and no visit lies ahead."""
    row = facts.follow_up
    if row is None or row.ended_reason or facts.plan is None or facts.plan.state != PlanState.COMPLETE:
        return None
    is_ahead = any(each.active and each.day >= facts.today for each in facts.appointments)
    if is_ahead or row.due_on > facts.today:
        return None
    page = f"{_patient_page('planning:visit', facts)}?kind=healing_check"
    return NextThing(_("Book the check of the result"), page, Permission.BOOK)


def _is_followed_up(facts: Facts) -> bool:
    """Whether the healed result was judged once at least, or no check is wanted."""
    row = facts.follow_up
    return row is not None and (row.months > next_check(0) or bool(row.ended_reason))


_RULES = (_at_the_desk, _intake, _assessment, _plan, _booking, _check)


def _session_count(plan: TreatmentPlan | None) -> int:
    if plan is None or plan.current_version is None:
        return 2
    return plan.current_version.session_count


def _performed_numbers(facts: Facts) -> set[int]:
    if facts.plan is None:
        return set()
    return {
        appointment.planned_session.number
        for appointment in facts.appointments
        if appointment.planned_session_id
        and appointment.planned_session.plan_id == facts.plan.pk
        and appointment.state == AppointmentState.DONE
    }
