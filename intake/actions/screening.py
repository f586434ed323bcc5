"""Settle findings: clear what was looked at again, follow a doctor's letter, go ahead in spite of one with a reason."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.clearance import ASKED_ANEW, letter_state, problems_with_letter
from intake.dates import add_days
from intake.findings import judged_findings, letter_from, standing_findings
from intake.models import DoctorLetter, KeptFindings, Patient, ScreeningClearance, ScreeningOverride, ScreeningRule
from intake.rules import figures_in_force
from intake.screening import Finding, Kind
from smpclinic import audit, storage
from smpclinic.actors import Actor
from smpclinic.models import User
from smpclinic.roles import Permission
from smpclinic.saving import save_checked
from smpclinic.scans import clean_scan


@transaction.atomic
def keep_findings(*, patient: Patient, occasion: str, by: Actor) -> KeptFindings:
    """Keep what screening finds today, word for word, beside the decision that was made on it."""
    versions = dict(ScreeningRule.objects.values_list("code", "number"))
    found = [
        {
            "code": judged.finding.code,
            "kind": str(judged.finding.kind),
            "words": judged.finding.words,
            "earliest": judged.finding.earliest.isoformat() if judged.finding.earliest else "",
            "settled": judged.settled,
            "rule": versions.get(judged.finding.code, 0),
        }
        for judged in judged_findings(patient, on=timezone.localdate())
    ]
    acted = {"actor_kind": by.kind, "actor_user": by.user, "actor_label": by.label}
    row = KeptFindings(patient=patient, occasion=occasion, at=timezone.now(), findings=found, **acted)
    save_checked(row, exclude=["findings", "actor_user"], force_insert=True)
    return row


@transaction.atomic
def clear_finding(*, patient: Patient, rule: str, by: Actor, note: str = "") -> ScreeningClearance:
    """Note that a condition "until cleared" was looked at again today and is gone."""
    user = _permitted(by, Permission.ASSESS, _("Only a practitioner clears a finding."))
    if not _standing(patient, rule, kinds={Kind.UNTIL_CLEARED}):
        raise ValidationError(_("There is nothing left to clear here."))
    row = ScreeningClearance(patient=patient, rule=rule, note=note.strip(), by=user, on_date=timezone.localdate())
    save_checked(row)
    audit.record(by=by, verb="cleared", subject=row, patient=patient, changed={"rule": ("", rule)})
    return row


@transaction.atomic
def override_finding(*, patient: Patient, rule: str, reason: str, by: Actor) -> list[ScreeningOverride]:
    """Go ahead in spite of what stands by this rule, by name and reason; one row for each finding.

    The minimum age and an active infection are never overridden.
    """
    user = _permitted(by, Permission.OVERRIDE_SCREENING, _("You may not override a screening finding."))
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason; it stays in the record.")})
    standing = _standing(patient, rule)
    if not standing:
        raise ValidationError(_("There is nothing left to override here."))
    if any(not finding.overridable for finding in standing):
        raise ValidationError(_("This can never be overridden."))
    rows = [
        ScreeningOverride(
            patient=patient,
            rule=rule,
            kind=finding.kind,
            words=finding.words,
            reason=reason.strip(),
            by=user,
            at=timezone.now(),
        )
        for finding in standing
    ]
    for row in rows:
        save_checked(row)
        changed = {"rule": ("", rule), "kind": ("", row.kind), "reason": ("", row.reason)}
        audit.record(by=by, verb="overrode", subject=row, patient=patient, changed=changed)
    return rows


@transaction.atomic
def request_letter(*, patient: Patient, rule: str, by: Actor) -> DoctorLetter:
    """Ask for a doctor's letter; an open request for the same rule is given back instead of a second one."""
    user = _permitted(by, Permission.TAKE_INTAKE, _("You may not ask for a doctor's letter."))
    for letter in patient.doctor_letters.filter(rule=rule, accepted_at__isnull=True):
        # One that came too old, or says "not now", settles nothing and is asked for anew.
        if letter_state(letter_from(letter), on=timezone.localdate()) not in ASKED_ANEW:
            return _asked_again(letter, by=by)
    if not _standing(patient, rule, kinds={Kind.DOCTORS_LETTER}):
        raise ValidationError(_("No doctor's letter is needed here."))
    letter = DoctorLetter(
        patient=patient, rule=rule, requested_at=timezone.now(), requested_by=user, doctor=patient.doctor
    )
    letter.due_on = add_days(timezone.localdate(), figures_in_force().letter_due_days)
    return _saved(letter, verb="requested", by=by)


def _asked_again(letter: DoctorLetter, *, by: Actor) -> DoctorLetter:
    """Whoever is asked again once the day has passed gets as many days as before."""
    today = timezone.localdate()
    if letter.received_at or letter.due_on is None or letter.due_on >= today:
        return letter
    letter.due_on = add_days(today, figures_in_force().letter_due_days)
    return _saved(letter, verb="asked again", by=by)


@transaction.atomic
def receive_letter(
    *,
    letter: DoctorLetter,
    doctor: str,
    dated_on: date | None,
    by: Actor,
    scan: Any = None,
    whole_paper: bool = False,
    answer: str = "",
    to_mind: str = "",
    possible_from: date | None = None,
) -> DoctorLetter:
    """Note that the letter has come: from whom, and the date written on it. ``scan`` is an uploaded PDF or photo of it.

    Sent again before it is accepted, it is put right: a newer scan stands in place of the former; the trail names both.
    ``answer`` is what the doctor ticked (``LetterAnswer``); ``to_mind`` and ``possible_from`` were written beside it.
    With ``whole_paper`` it is the answer to everything that was asked on the same paper and has not come yet.
    """
    _permitted(by, Permission.TAKE_INTAKE, _("You may not receive a doctor's letter."))
    letter = DoctorLetter.objects.select_for_update().get(pk=letter.pk)
    if letter.accepted_at:
        raise ValidationError(_("This letter was accepted already."))
    kept = _stored(scan) if scan is not None else None
    for each in (letter, *(_awaited_with(letter) if whole_paper else ())):
        each.doctor, each.dated_on, each.received_at = doctor.strip(), dated_on, timezone.now()
        each.answer, each.to_mind, each.possible_from = answer, to_mind.strip(), possible_from
        former = each.file
        if kept is not None:
            each.file, each.file_sha256 = kept
        _saved(each, verb="received", by=by, file=(former, each.file))
    return letter


def _awaited_with(letter: DoctorLetter) -> list[DoctorLetter]:
    """The other letters asked for on the same paper that have not come."""
    if letter.request_id is None:
        return []
    asked = DoctorLetter.objects.select_for_update().awaited().filter(request=letter.request_id)
    return list(asked.exclude(pk=letter.pk))


@transaction.atomic
def accept_letter(*, letter: DoctorLetter, by: Actor) -> DoctorLetter:
    """A practitioner has read the letter and goes by it."""
    user = _permitted(by, Permission.ASSESS, _("Only a practitioner accepts a doctor's letter."))
    letter = DoctorLetter.objects.select_for_update().get(pk=letter.pk)
    if letter.accepted_at:
        return letter
    letter.accepted_at, letter.accepted_by = timezone.now(), user
    return _saved(letter, verb="accepted", by=by)


def _stored(scan: Any) -> tuple[str, str]:
    try:
        clean = clean_scan(scan)
    except ValidationError as refusal:
        raise ValidationError({"scan": refusal.messages}) from refusal
    kept = storage.store(clean.bytes, folder="letters", suffix=clean.suffix)
    return kept.name, kept.sha256


def _saved(letter: DoctorLetter, *, verb: str, by: Actor, file: tuple[str, str] = ("", "")) -> DoctorLetter:
    if problems := problems_with_letter(letter_from(letter)):
        raise ValidationError(problems)
    save_checked(letter)
    changed = {"rule": ("", letter.rule)} | ({"file": file} if file[0] != file[1] else {})
    if verb == "received" and letter.answer:
        changed["answer"] = ("", letter.answer)
    audit.record(by=by, verb=verb, subject=letter, patient=letter.patient, changed=changed)
    return letter


def _standing(patient: Patient, rule: str, *, kinds: set[Kind] | None = None) -> list[Finding]:
    found = standing_findings(patient, on=timezone.localdate())
    return [finding for finding in found if finding.code == rule and (kinds is None or finding.kind in kinds)]


def _permitted(by: Actor, permission: Permission, words: str) -> User:
    if by.user is None or not by.user.has(permission):
        raise ValidationError(words, code="not_permitted")
    return by.user
