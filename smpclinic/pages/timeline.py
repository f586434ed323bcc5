"""Everything that happened with one patient, in one row of time, whichever room it belongs to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from intake.grading import SCALES, Scale, grade_shown
from intake.models import Patient
from intake.views.finding import visible_patient
from planning.models import Appointment
from planning.models.appointment import AppointmentState
from sessions.models import OutcomeCheck, TreatmentSession
from smpclinic import audit
from smpclinic.local_dates import date_format
from smpclinic.models import AuditEntry
from smpclinic.pages.history import HistoryForm
from smpclinic.roles import Permission, requires

EVENTS_A_PAGE = 50


@dataclass(frozen=True)
class Event:
    """One thing that happened, or lies ahead, at a moment; ``kind`` draws it."""

    at: datetime
    title: str
    text: str = ""
    url: str = ""
    kind: str = ""

    @property
    def when(self) -> str:
        return date_format(timezone.localtime(self.at), "j F Y, H:i")


@require_GET
@requires(Permission.SEE_PATIENTS)
def timeline(request, patient_id):
    patient = visible_patient(request, patient_id)
    audit.note_read(request, patient=patient, what="timeline")
    _show, number = HistoryForm(request.GET).asked()
    events = events_of(patient, sees_health=request.user.has(Permission.SEE_HEALTH))
    page = Paginator(events, EVENTS_A_PAGE).get_page(number)
    return render(request, "smpclinic/timeline.html", {"patient": patient, "page": page, "items": page.object_list})


def events_of(patient: Patient, *, sees_health: bool) -> list[Event]:
    """The newest first, what lies ahead at the top (a query for each kind of record)."""
    kinds: list[Iterable[Event]] = [_of_the_record(patient), _intakes(patient), _consents(patient), _visits(patient)]
    if sees_health:
        kinds += [_grades(patient), _patch_tests(patient), _plans(patient), _sessions(patient), _photos(patient)]
        kinds += [_results(patient), _adverse_events(patient)]
    told = sorted((event for kind in kinds for event in kind), key=lambda event: event.at)
    return told[::-1]  # of two at one moment, the one that came of the other stands above it


def _of_the_record(patient: Patient) -> Iterator[Event]:
    yield Event(patient.created_at, _("Registered"))
    if patient.id_seen_at:
        yield Event(patient.id_seen_at, _("Identity document seen"), f"{patient.id_kind} · {patient.id_seen_by}")
    for alert in patient.alerts.select_related("raised_by", "ended_by"):
        yield Event(alert.created_at, _("Alert raised"), alert.words, kind="caution")
        if alert.ended_at:
            yield Event(alert.ended_at, _("Alert ended"), alert.words)
    for merge in patient.merges.select_related("loser", "by"):
        words = _("Record %(number)s became part of this one") % {"number": merge.loser.record_number}
        yield Event(merge.at, words, str(merge.by or ""))
    for paper in patient.documents.select_related("issued_by"):
        yield Event(paper.issued_at, _("Paper issued: %(title)s") % {"title": paper.title}, str(paper.issued_by or ""))


def _intakes(patient: Patient) -> Iterator[Event]:
    for intake in patient.intakes.select_related("reviewed_by"):
        yield Event(intake.started_at, _("Intake begun"))
        if intake.reviewed_at:
            yield Event(
                intake.reviewed_at, f"{_('Intake')}: {intake.get_state_display()}", str(intake.reviewed_by or "")
            )
    for entry in AuditEntry.objects.about(patient).filter(subject_type="intake.Intake", verb="submitted"):
        yield Event(entry.at, _("Intake handed in"), entry.actor_label)


def _consents(patient: Patient) -> Iterator[Event]:
    for consent in patient.consents.all():
        kind = {"kind": consent.get_kind_display()}
        words = _("Consent given: %(kind)s") if consent.granted else _("Consent refused: %(kind)s")
        yield Event(consent.at, words % kind, kind="" if consent.granted else "caution")
        if consent.withdrawn_at:
            yield Event(consent.withdrawn_at, _("Consent withdrawn: %(kind)s") % kind, kind="caution")


def _visits(patient: Patient) -> Iterator[Event]:
    now = timezone.now()
    for visit in Appointment.objects.filter(patient=patient).with_people():
        state = visit.state_words
        ended = visit.state in (AppointmentState.CANCELLED, AppointmentState.NO_SHOW)
        kind = "quiet" if ended else "ahead" if visit.starts_at > now else "caution" if visit.breach_reason else ""
        words = " · ".join(filter(None, [str(visit.practitioner), visit.cancel_reason, visit.breach_reason]))
        yield Event(visit.starts_at, f"{visit.title}: {state}", words, _page("planning:appointment", visit), kind)


def _grades(patient: Patient) -> Iterator[Event]:
    for grade in patient.grades.select_related("assessor"):
        title = _("Graded: %(scale)s %(grade)s")
        yield Event(
            timezone.make_aware(datetime.combine(grade.assessed_on, time(12))),
            title % {"scale": SCALES[Scale(grade.scale)].name, "grade": grade_shown(grade.grade)},
            " · ".join(filter(None, [str(grade.assessor), grade.note])),
        )


def _patch_tests(patient: Patient) -> Iterator[Event]:
    for test in patient.patch_tests.select_related("lot__product"):
        yield Event(test.placed_at, _("Patch test placed"), f"{test.lot}, {test.site}")
        if test.read_at:
            yield Event(test.read_at, _("Patch test read"), test.get_result_display())


def _plans(patient: Patient) -> Iterator[Event]:
    for plan in patient.plans.prefetch_related("versions"):
        url = plan.get_absolute_url()
        for version in plan.versions.all():
            facts = {"number": version.number}
            if version.approved_at:
                yield Event(version.approved_at, _("Plan approved, version %(number)s") % facts, url=url)


def _sessions(patient: Patient) -> Iterator[Event]:
    for session in TreatmentSession.objects.of(patient).select_related("signed_by").prefetch_related("amendments"):
        url = session.get_absolute_url()
        if session.signed_at:
            yield Event(session.signed_at, _("Session record signed"), str(session.signed_by), url)
        for amendment in session.amendments.all():
            yield Event(amendment.at, amendment.get_kind_display(), amendment.reason, url, "caution")


def _results(patient: Patient) -> Iterator[Event]:
    rows = OutcomeCheck.objects.standing().filter(plan__patient=patient).select_related("plan", "noted_by")
    for check in rows:
        title = _("Healed result judged: %(look)s of 5") % {"look": check.look_score}
        yield Event(check.noted_at, title, str(check.noted_by), reverse("sessions:result", args=[check.plan.public_id]))


def _adverse_events(patient: Patient) -> Iterator[Event]:
    for event in patient.adverse_events.all():
        url = event.get_absolute_url()
        yield Event(
            event.reported_at, _("Reported: %(what)s") % {"what": event.get_kind_display()}, url=url, kind="stop"
        )
        if event.closed_at:
            yield Event(event.closed_at, _("Closed: %(what)s") % {"what": event.get_ended_as_display()}, url=url)


def _photos(patient: Patient) -> Iterator[Event]:
    """The photos of one day and moment are one event."""
    taken: dict[datetime, int] = {}
    for photo in patient.photos.all():
        moment = photo.taken_at.replace(minute=0, second=0, microsecond=0)
        taken[moment] = taken.get(moment, 0) + 1
    url = _page("intake:photos", patient)
    for moment, number in taken.items():
        yield Event(moment, _("Photos taken: %(number)s") % {"number": number}, url=url)


def _page(name: str, record) -> str:
    return reverse(name, args=[record.public_id])
