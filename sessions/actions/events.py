"""Something went wrong with a patient: reported, looked after step by step, closed with how it ended."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Patient
from sessions.models import AdverseEvent, AdverseEventStep, TreatmentSession
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.database.holding import hold
from smpclinic.roles import Permission
from smpclinic.saving import save_checked


@transaction.atomic
def report_event(
    *,
    patient: Patient,
    kind: str,
    severity: str,
    noticed_on: date,
    words: str,
    by: Actor,
    session: TreatmentSession | None = None,
) -> AdverseEvent:
    """Write down what went wrong; it stands on the patient's page and on Today until it is closed."""
    problems: dict[str, str] = {}
    if noticed_on > timezone.localdate():
        problems["noticed_on"] = _("This day lies in the future.")
    if not words.strip():
        problems["words"] = _("Write what was seen or told.")
    if session is not None and session.patient != patient:
        problems["session"] = _("This session is of another patient.")
    if session is not None and noticed_on < session.appointment.day:
        problems["noticed_on"] = _("It cannot be noticed before the session it followed.")
    if problems:
        raise ValidationError(problems)
    event = AdverseEvent(
        patient=patient,
        session=session,
        kind=kind,
        severity=severity,
        noticed_on=noticed_on,
        words=words.strip(),
        reported_at=timezone.now(),
        **_by(by),
    )
    save_checked(event)
    audit.record(by=by, verb="reported", subject=event, patient=patient, kind=kind, severity=severity)
    return event


@transaction.atomic
def add_step(*, event: AdverseEvent, words: str, by: Actor) -> AdverseEventStep:
    """What was done about an open event."""
    event = _held_open(event, by)
    return _step(event, words, by)


@transaction.atomic
def close_event(*, event: AdverseEvent, ended_as: str, words: str, by: Actor) -> AdverseEvent:
    """Close an event with how it ended and what was done; it stays readable. ValidationError by field."""
    event = _held_open(event, by)
    if not ended_as:
        raise ValidationError({"ended_as": _("Say how it ended.")})
    _step(event, words, by)
    event.ended_as, event.closed_at, event.closed_by = ended_as, timezone.now(), by.user
    save_checked(event)
    audit.record(by=by, verb="closed", subject=event, patient=event.patient, ended_as=ended_as)
    return event


def _held_open(event: AdverseEvent, by: Actor) -> AdverseEvent:
    hold(AdverseEvent.objects.filter(pk=event.pk))
    event = AdverseEvent.objects.select_related("patient").get(pk=event.pk)
    if by.user is None or not by.user.has(Permission.RECORD_SESSIONS):
        raise ValidationError(_("Only a practitioner looks after this."))
    if not event.is_open:
        raise ValidationError(_("This was closed already. Report what is new as an event of its own."))
    return event


def _step(event: AdverseEvent, words: str, by: Actor) -> AdverseEventStep:
    if not words.strip():
        raise ValidationError({"words": _("Write what was done.")})
    step = AdverseEventStep(event=event, words=words.strip(), at=timezone.now(), **_by(by))
    save_checked(step)
    audit.record(by=by, verb="looked after", subject=event, patient=event.patient)
    return step


def _by(by: Actor) -> dict[str, object]:
    return {"actor_kind": by.kind, "actor_user": by.user, "actor_label": by.label}
