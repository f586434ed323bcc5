"""Merge two records of one person. It lives here because the visits of both must go together."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.differing_answers import alert_about
from intake.merging import chosen_fields, counts, moving
from intake.models import Patient, PatientAlert, PatientMerge
from intake.search import save_terms
from planning.locks import lock_patients
from planning.merging import problems_with_merging, visit_clashes
from planning.models import Appointment
from smpclinic import audit
from smpclinic.actors import Actor
from smpclinic.saving import save_checked


@transaction.atomic
def merge_patients(*, winner: Patient, loser: Patient, choices: Mapping[str, str], by: Actor) -> Patient:
    """``loser`` goes on as ``winner``, for good: everything of it moves, sealed rows and the trail stay as they are.

    ``choices`` settles the details that differ (``intake.merging.chosen_fields``). ``ValidationError`` in words where
    visits that lie ahead exclude each other; past ones that do are kept as incidents. Nothing of the loser's own row
    changes but where it went, so its details can be read for ever.
    """
    lock_patients(winner, loser)
    locked = Patient.objects.select_for_update().in_bulk([winner.pk, loser.pk])
    stays, goes = locked[winner.pk], locked[loser.pk]
    today = timezone.localdate()
    if problems := problems_with_merging(stays, goes, on=today):
        raise ValidationError(problems)
    fresh, moved, alert = chosen_fields(stays, goes, choices), counts(goes), alert_about(stays, goes, on=today)
    merge = PatientMerge.objects.create(
        winner=stays, loser=goes, at=timezone.now(), by=by.user, moved=moved, taken=sorted(fresh)
    )
    _keep_breaches(stays, goes, by=by)
    for _key, relation in moving():  # the guards let it because the merge is written down
        rows = relation.related_model._base_manager.filter(**{relation.field.name: goes})
        rows.update(**{relation.field.name: stays})
    Patient.objects.filter(pk=goes.pk).update(merged_into=stays)
    changed = audit.changes({name: getattr(stays, name) for name in fresh}, fresh)
    _take(stays, fresh)
    if alert:
        PatientAlert.objects.create(patient=stays, words=alert, raised_by=by.user)
    save_terms(stays)
    goes.search_terms.all().delete()
    audit.record(by=by, verb="merged", subject=merge, patient=stays, changed=changed, moved=moved)
    audit.record(by=by, verb="merged away", subject=merge, patient=goes)
    return stays


def _keep_breaches(stays: Patient, goes: Patient, *, by: Actor) -> None:
    """Past visits that one person could not both have kept did happen: they stay, as incidents with the reason."""
    for clash in visit_clashes(stays, goes, on=timezone.localdate()):
        visit = Appointment.objects.get(pk=clash.moves.pk)
        if visit.breach_reason:
            continue
        visit.breach_reason = (_("Found when two records were merged: %(words)s") % {"words": clash.words})[:400]
        visit.breach_by = by.user
        save_checked(visit, update_fields=["breach_reason", "breach_by"])
        audit.record(by=by, verb="kept as an incident", subject=visit, patient=stays)


def _take(stays: Patient, fresh: Mapping[str, object]) -> None:
    for name, value in fresh.items():
        setattr(stays, name, value)
    save_checked(stays)
