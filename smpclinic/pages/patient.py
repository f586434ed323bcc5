"""The patient page: everything about one person, put together from every room."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from intake.findings import findings_for
from intake.models import Patient, PatientAlert
from planning.models import Appointment
from sessions.models import TreatmentSession
from smpclinic import audit
from smpclinic.models import AccessEntry, AuditEntry
from smpclinic.pages import progress
from smpclinic.roles import Permission, requires

HISTORY_ROWS = 50


@require_GET
@requires(Permission.SEE_PATIENTS)
def patient(request, patient_id):
    person = get_object_or_404(_whole_patients(request.user), public_id=patient_id)
    if person.merged_into_id:
        return redirect(person.merged_into)
    audit.note_read(request, patient=person, what="patient page")
    return render(request, "smpclinic/patient.html", _context(request, person))


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
    facts = progress.Facts(
        patient=person,
        intake=_first(person.intakes.all()),
        grade=_first(person.grades.all()),
        plan=_first(plan for plan in plans if plan.kind == "plan" and plan.state != "stopped"),
        appointments=appointments,
        today=today,
    )
    thing = progress.next_thing(facts)
    return {
        "patient": person,
        "facts": facts,
        "plans": plans,
        "appointments": appointments,
        "next_appointment": _first(each for each in appointments if each.active and each.day >= today),
        "findings": findings_for(person, on=today),
        "steps": progress.steps_of(facts),
        "next_thing": thing if thing and request.user.has(thing.permission) else None,
        "sees_health": request.user.has(Permission.SEE_HEALTH),
        "sessions": _sessions(person) if request.user.has(Permission.SEE_HEALTH) else [],
        "history": AuditEntry.objects.filter(patient_id=person.public_id)[:HISTORY_ROWS],
        "reads": AccessEntry.objects.filter(patient_id=person.public_id)[:HISTORY_ROWS],
    }


def _sessions(person):
    return (
        TreatmentSession.objects.of(person)
        .select_related("appointment__planned_session__plan__current_version", "practitioner", "signed_by")
        .prefetch_related("passes", "amendments", "reactions")
        .order_by("-appointment__starts_min")
    )


def _first(rows):
    return next(iter(rows), None)
