"""Alerts: raised with a name, ended with a name, never deleted."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Patient, PatientAlert
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked


@transaction.atomic
def raise_alert(*, patient: Patient, words: str, by: Actor) -> PatientAlert:
    """Show ``words`` to everybody who opens the record. The same words, sent twice, stand once."""
    told = " ".join(words.split())
    if not told:
        raise ValidationError({"words": _("Write what everybody must know.")})
    for same in patient.alerts.standing().filter(words=told)[:1]:
        return same
    alert = PatientAlert(patient=patient, words=told, raised_by=by.user)
    save_checked(alert)
    audit.record(by=by, verb="raised an alert", subject=alert, patient=patient)
    return alert


@transaction.atomic
def end_alert(*, alert: PatientAlert, by: Actor) -> PatientAlert:
    """It no longer applies, from now on; it stays in the history. Twice is as once."""
    alert = PatientAlert.objects.select_for_update().get(pk=alert.pk)
    if alert.ended_at is None:
        alert.ended_at, alert.ended_by = timezone.now(), by.user
        save_checked(alert)
        audit.record(by=by, verb="ended an alert", subject=alert, patient=alert.patient)
    return alert
