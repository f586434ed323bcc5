"""The patient page: everything about one person, put together from every room."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from intake.contact import still_to_ask
from intake.findings import judged_findings
from intake.grading import SCALES, Scale, grade_in_words, grade_shown
from intake.links import live_link, sending
from intake.merged_away import MergedAway
from intake.models import Patient, PatientAlert
from intake.models.questionnaire import IntakeState
from intake.screening import Kind
from planning.actions.agreement import is_agreed
from planning.models import Appointment
from planning.prices import accounts_of
from sessions.models import AdverseEvent, FollowUp, TreatmentSession
from smpclinic import audit
from smpclinic.languages import patients_language
from smpclinic.local_dates import date_format
from smpclinic.pages import progress
from smpclinic.pages.grade_chart import charts
from smpclinic.roles import Permission, requires
from smpclinic.texts import not_in

HANDED_IN = (IntakeState.SUBMITTED, IntakeState.ACCEPTED)


@require_GET
@requires(Permission.SEE_PATIENTS)
def patient(request, patient_id):
    person = get_object_or_404(_whole_patients(request.user), public_id=patient_id)
    if person.merged_into_id:
        raise MergedAway(person)
    audit.note_read(request, patient=person, what="patient page")
    context = _context(request, person) | {"not_in_language": not_in(patients_language(person.language))}
    return render(request, "smpclinic/patient.html", context)


def _whole_patients(user):
    alerts = Prefetch("alerts", queryset=PatientAlert.objects.filter(ended_at__isnull=True))
    return (
        Patient.objects.visible_to(user)
        .select_related("merged_into", "photo", "id_seen_by")
        .prefetch_related(
            alerts, "intakes", "grades__assessor", "hair", "consents", "documents", "photos", "patch_tests"
        )
    )


def _context(request, person):
    today = timezone.localdate()
    appointments = list(Appointment.objects.filter(patient=person).with_people().order_by("starts_min"))
    plans = list(person.plans.select_related("current_version__shade_step", "practitioner").order_by("-id"))
    results = list(FollowUp.objects.filter(plan__patient=person).select_related("plan"))
    events = list(AdverseEvent.objects.filter(patient=person))
    plan = _first(plan for plan in plans if plan.kind == "plan" and plan.state != "stopped")
    facts = progress.Facts(
        patient=person,
        is_agreed=plan is not None and is_agreed(plan),
        intake=_first(person.intakes.all()),
        grade=_first(person.grades.all()),
        plan=plan,
        appointments=appointments,
        today=today,
        follow_up=_first(row for row in results if row.plan == plan),
    )
    thing = progress.next_thing(facts)
    sessions = list(_sessions(person))
    return {
        "patient": person,
        "facts": facts,
        "plans": plans,
        "appointments": appointments,
        "next_appointment": _first(each for each in appointments if each.active and each.day >= today),
        "steps": progress.steps_of(facts),
        "next_thing": thing if thing and request.user.has(thing.permission) else None,
        "contact": _contact(person),
        "consent_count": len(person.consents.all()),
        "missing": still_to_ask(person),
        **_findings(person, today),
        **_allowed(request.user),
        **_sending(request.user, person, facts.intake),
        **_health(request.user, person, sessions),
        **_turned_out(request.user, results, events),
        **_papers(request.user, person, plans, sessions),
        "open_events": [event for event in events if event.is_open],
        "accounts": accounts_of(plans) if request.user.has(Permission.NOTE_PAYMENTS) else [],
    }


def _findings(person, today):
    """Standing findings and cautions in words; what was settled by a person is on the screening page.

    While the first intake is still being filled in, what is not answered yet is no finding.
    """
    is_handed_in = any(intake.state in HANDED_IN for intake in person.intakes.all())
    judged = judged_findings(person, on=today) if is_handed_in else ()
    return {
        "standing": [each.finding.words for each in judged if each.is_standing],
        "cautions": [each.finding.words for each in judged if each.finding.kind == Kind.CAUTION],
    }


def _allowed(user):
    return {
        "may_book": user.has(Permission.BOOK),
        "may_edit": user.has(Permission.REGISTER_PATIENTS),
        "may_take_intake": user.has(Permission.TAKE_INTAKE),
        "may_assess": user.has(Permission.ASSESS),
        "may_plan": user.has(Permission.PLAN_TREATMENT),
        "may_print": user.has(Permission.PRINT_PAPERS),
        "sees_health": user.has(Permission.SEE_HEALTH),
    }


def _sending(user, person, intake):
    """The link to the intake that is out, or how one can be sent."""
    if not user.has(Permission.TAKE_INTAKE):
        return {}
    live = live_link(person)
    return {"live_link": live, "sending": sending(person, intake, live)}


def _health(user, person, sessions):
    """Grades and records, for those who may see health data."""
    if not user.has(Permission.SEE_HEALTH):
        return {"grades": [], "sessions": []}
    grades = [_grade(grade) for grade in person.grades.all()]
    told = [(grade.scale, grade.grade, grade.assessed_on) for grade in person.grades.all()]
    return {
        "grades": grades,
        "grade_charts": charts(told),
        "sessions": sessions,
    }


def _turned_out(user, results, events):
    """Results and closed events, for those who may see health data."""
    if not user.has(Permission.SEE_HEALTH):
        return {}
    return {"results": results, "past_events": [event for event in events if not event.is_open]}


def _grade(grade):
    scale = Scale(grade.scale)
    text = " ".join(filter(None, [grade_in_words(scale, grade.grade), grade.note]))
    title = f"{SCALES[scale].name} {grade_shown(grade.grade)}".strip()
    return {"when": date_format(grade.assessed_on, "j F Y"), "title": title, "text": text}


def _papers(user, person, plans, sessions):
    """What the desk prints for this patient."""
    if not user.has(Permission.PRINT_PAPERS):
        return {}
    return {
        "care_sheets": [session for session in sessions if session.is_signed],
        "plan_papers": [plan for plan in plans if plan.current_version_id],
        "documents": person.documents.all(),
    }


def _contact(person):
    return [
        {"name": _("Phone"), "value": person.phone, "url": f"tel:{person.phone}"},
        {"name": _("Second phone"), "value": person.second_phone, "url": f"tel:{person.second_phone}"},
        {"name": _("E-mail"), "value": person.email, "url": f"mailto:{person.email}"},
        {"name": _("Address"), "value": person.address},
        {"name": _("Doctor"), "value": person.doctor},
        {"name": _("Emergency contact"), "value": person.emergency_contact},
        {"name": _("May we leave a message"), "value": _("Yes") if person.may_leave_message else _("No")},
        {"name": _("Large print"), "value": _("Yes") if person.large_print else _("No")},
        {"name": _("Notes"), "value": person.notes},
    ]


def _sessions(person):
    return (
        TreatmentSession.objects.of(person)
        .select_related("appointment__planned_session__plan__current_version", "practitioner", "signed_by")
        .prefetch_related("passes", "amendments", "reactions")
        .order_by("-appointment__starts_min")
    )


def _first(rows):
    return next(iter(rows), None)
