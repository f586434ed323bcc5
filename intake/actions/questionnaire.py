"""The intake: start, save a step as a new version, hand in, accept or send back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions.assessment import record_hair
from intake.actions.links import finish_links
from intake.actions.screening import keep_findings
from intake.causes import problems_with_causes
from intake.findings import cause_from
from intake.models import HairLossCause, HealthAnswer, Intake, IntakeAnswers, KeptFindings, Medication, Patient
from intake.models.questionnaire import OPEN, IntakeState
from smpclinic import audit
from smpclinic.actors import Actor, ActorKind
from smpclinic.database.holding import hold
from smpclinic.saving import save_all_checked, save_checked

FIELDS = (
    "reasons",
    "onset_on",
    "course",
    "family_history",
    "picture",
    "treatments_chosen",
    "treatments_now",
    "transplant_on",
    "transplant_kind",
    "hair_told",
    "wished_look",
    "wished_hairline",
    "wishes",
)

LISTS = ("causes", "medications", "health")
_CAUSE_FIELDS = ("cause", "group", "name", "since", "until", "is_ongoing", "detail")
_MEDICATION_FIELDS = ("name", "since", "until", "is_ongoing")
_HEALTH_FIELDS = ("answer", "detail", "option", "started_on", "on_date", "is_ongoing")


class StaleAnswers(ValidationError):
    """Somebody else saved other values of the same fields in between. ``newest`` is their version."""

    def __init__(self, newest: IntakeAnswers, fields: Iterable[str]) -> None:
        self.newest = newest
        self.fields = tuple(fields)
        super().__init__(_("%(who)s saved these answers in between.") % {"who": newest.actor_label}, code="stale")


@transaction.atomic
def start_intake(*, patient: Patient, by: Actor) -> Intake:
    """The patient's open intake, or a new one; pressing twice gives the same one."""
    hold(Patient.objects.filter(pk=patient.pk))
    for intake in patient.intakes.filter(state__in=OPEN)[:1]:
        return intake
    intake = Intake.objects.create(patient=patient)
    audit.record(by=by, verb="started", subject=intake, patient=patient)
    return intake


@transaction.atomic
def save_answers(
    *, intake: Intake, answers: Mapping[str, Any], by: Actor, seen_number: int | None = None, page: str = ""
) -> IntakeAnswers:
    """Save some of the answers as a new version; what ``answers`` does not name is carried over from the one before.

    ``answers`` holds fields of ``FIELDS``, and whole lists of mappings: ``causes``, ``medications``, and ``health`` as
    ``{rule code: {"answer": "yes", ...}}``, whose unnamed questions are carried over. ``seen_number`` is the version
    that was on the screen: where another has changed the same fields since, ``StaleAnswers`` is raised and nothing is
    saved. ``page`` is noted as answered. Staff may also correct what is under review. Saving what already
    stands makes no version.
    """
    if unknown := answers.keys() - {*FIELDS, *LISTS}:
        raise TypeError(f"{', '.join(sorted(unknown))}: not asked in the intake")
    intake = _locked(intake)
    refuse_closed(intake=intake, by=by)
    newest = intake.latest()
    wanted, present = _normal(answers), answers_as_mapping(newest)
    pages = list(newest.pages) if newest else []
    is_new_page = bool(page) and page not in pages
    if newest is not None and not is_new_page and all(_holds(present, name, value) for name, value in wanted.items()):
        return newest
    _refuse_stale(intake, newest, wanted, present, seen_number)
    version = IntakeAnswers(intake=intake, number=newest.number + 1 if newest else 1, at=timezone.now())
    version.pages = [*pages, page] if is_new_page else pages
    return _write(version, newest, wanted, present, by=by)


def answers_as_mapping(version: IntakeAnswers | None) -> dict[str, Any]:
    """A version in the shape ``save_answers`` takes; empty answers where there is none (three queries)."""
    blank = IntakeAnswers() if version is None else version
    answers: dict[str, Any] = {name: getattr(blank, name) for name in FIELDS}
    if version is None:
        return answers | {"causes": [], "medications": [], "health": {}}
    answers["causes"] = [_row(cause, _CAUSE_FIELDS) for cause in version.causes.order_by("id")]
    answers["medications"] = [_row(taken, _MEDICATION_FIELDS) for taken in version.medications.order_by("id")]
    answers["health"] = {given.question: _row(given, _HEALTH_FIELDS) for given in version.health.order_by("id")}
    return answers


@transaction.atomic
def submit_intake(*, intake: Intake, by: Actor) -> Intake:
    """Hand the intake in for review. Refused while nothing is told about why the patient came or the causes."""
    intake = _locked(intake)
    if intake.state == IntakeState.SUBMITTED:
        return intake
    _refuse_unless(intake, OPEN, _("This intake was accepted already."))
    if problems := problems_before_submitting(intake):
        raise ValidationError(problems)
    finish_links(intake=intake, by=by)
    return _change_state(intake, IntakeState.SUBMITTED, verb="submitted", by=by)


def problems_before_submitting(intake: Intake) -> list[str]:
    """What is owed before the intake can be handed in, in words. Open health questions are findings, not problems."""
    version = intake.latest()
    if version is None or not version.reasons:
        return [_("The first page is empty: say what brings you here.")]
    return problems_with_causes([cause_from(row) for row in version.causes.all()], on=timezone.localdate())


@transaction.atomic
def accept_intake(*, intake: Intake, by: Actor, seen_number: int | None = None) -> Intake:
    """Accept a handed-in intake, as the version ``seen_number`` that was read (any, where none is given).

    The hair as told becomes the first entry of the existing hair, where there is none.
    """
    intake = _locked(intake)
    if intake.state == IntakeState.ACCEPTED:
        return intake
    _refuse_unless(intake, (IntakeState.SUBMITTED,), _("Only an intake that was handed in can be accepted."))
    version = intake.latest()
    if version is not None and seen_number not in (None, version.number):
        words = _("%(who)s changed the answers while you were reading. Look at them again, then accept.")
        raise ValidationError(words % {"who": version.actor_label}, code="stale")
    if version is not None and version.hair_told and not intake.patient.hair.exists():
        record_hair(
            patient=intake.patient, by=by, is_told=True, observed_on=timezone.localdate(version.at), **version.hair_told
        )
    keep_findings(patient=intake.patient, occasion=KeptFindings.Occasion.INTAKE_ACCEPTED, by=by)
    _note_review(intake, note="", by=by)
    return _change_state(intake, IntakeState.ACCEPTED, verb="accepted", by=by)


@transaction.atomic
def send_back_intake(*, intake: Intake, note: str, by: Actor) -> Intake:
    """Open a handed-in or accepted intake again, with a note that says what to look at."""
    intake = _locked(intake)
    _refuse_unless(intake, (IntakeState.SUBMITTED, IntakeState.ACCEPTED), _("This intake is open already."))
    if not note.strip():
        raise ValidationError({"note": _("Say what should be looked at again.")})
    _note_review(intake, note=note.strip(), by=by)
    return _change_state(intake, IntakeState.SENT_BACK, verb="sent back", by=by)


def refuse_closed(*, intake: Intake, by: Actor) -> None:
    """Raise ``ValidationError`` where this one cannot change the intake any more, as it stands in the database."""
    state = Intake.objects.values_list("state", flat=True).get(pk=intake.pk)
    if state not in _writable(by):
        raise ValidationError(_("This intake was handed in; its answers cannot be changed now."), code="state")


def _writable(by: Actor) -> tuple[str, ...]:
    return (*OPEN, IntakeState.SUBMITTED) if by.kind is ActorKind.STAFF else OPEN


def _locked(intake: Intake) -> Intake:
    # Two people saving at once must make version 4 and 5, never two of 4.
    return Intake.objects.select_for_update().select_related("patient").get(pk=intake.pk)


def _refuse_unless(intake: Intake, states: Iterable[str], words: str) -> None:
    if intake.state not in states:
        raise ValidationError(words, code="state")


def _note_review(intake: Intake, *, note: str, by: Actor) -> None:
    intake.reviewed_by, intake.reviewed_at, intake.review_note = by.user, timezone.now(), note


def _change_state(intake: Intake, state: str, *, verb: str, by: Actor) -> Intake:
    before = intake.state
    intake.state = state
    save_checked(intake)
    audit.record(by=by, verb=verb, subject=intake, patient=intake.patient, changed={"state": (before, state)})
    return intake


def _row(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _normal(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Every list entry with every field, so that equal answers are equal mappings."""
    normal = dict(answers)
    if "causes" in normal:
        normal["causes"] = [_blank_row(HairLossCause, _CAUSE_FIELDS) | dict(row) for row in normal["causes"]]
    if "medications" in normal:
        normal["medications"] = [
            _blank_row(Medication, _MEDICATION_FIELDS) | dict(row) for row in normal["medications"]
        ]
    if "health" in normal:
        blank = _blank_row(HealthAnswer, _HEALTH_FIELDS)
        normal["health"] = {code: blank | dict(row) for code, row in normal["health"].items()}
    return normal


def _blank_row(model: type[models.Model], fields: Iterable[str]) -> dict[str, Any]:
    return _row(model(), fields)


def _holds(present: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether the present answers already say this; of the health questions only the named ones count."""
    if name == "health":
        return all(present["health"].get(code) == row for code, row in value.items())
    return present[name] == value


def _refuse_stale(
    intake: Intake,
    newest: IntakeAnswers | None,
    wanted: Mapping[str, Any],
    present: Mapping[str, Any],
    seen_number: int | None,
) -> None:
    if newest is None or seen_number is None or newest.number == seen_number:
        return
    seen = answers_as_mapping(intake.versions.filter(number=seen_number).first())
    fields = []
    for name, value in wanted.items():
        if name == "health":
            now, then = present["health"], seen["health"]
            fields += [code for code, row in value.items() if now.get(code) not in (then.get(code), row)]
        elif present[name] not in (seen[name], value):
            fields.append(name)
    if fields:
        raise StaleAnswers(newest, fields)


def _write(
    version: IntakeAnswers,
    newest: IntakeAnswers | None,
    wanted: Mapping[str, Any],
    present: Mapping[str, Any],
    *,
    by: Actor,
) -> IntakeAnswers:
    merged = dict(present) | dict(wanted)
    merged["health"] = present["health"] | wanted.get("health", {})
    version.actor_kind, version.actor_user, version.actor_label = by.kind, by.user, by.label
    for name in FIELDS:
        setattr(version, name, merged[name])
    save_checked(version, exclude=["reasons", "actor_user"], force_insert=True)
    _write_lists(version, merged, newest)
    saved = sorted(name for name in wanted if not _holds(present, name, wanted[name]))
    intake = version.intake
    verb = "corrected" if intake.state == IntakeState.SUBMITTED else "answered"
    audit.record(by=by, verb=verb, subject=intake, patient=intake.patient, version=version.number, answered=saved)
    return version


def _write_lists(version: IntakeAnswers, merged: Mapping[str, Any], newest: IntakeAnswers | None) -> None:
    causes = [HairLossCause(answers=version, **row) for row in merged["causes"]]
    medications = [Medication(answers=version, **row) for row in merged["medications"]]
    health = _health_rows(version, merged["health"], newest)
    for name, rows in (("causes", causes), ("medications", medications), ("health", health)):
        _save_list(rows, name)


def _health_rows(version: IntakeAnswers, given: Mapping[str, Any], newest: IntakeAnswers | None) -> list[HealthAnswer]:
    """The rows of a version. An answer that says the same as before keeps the moment it was first given."""
    before = {row.question: row for row in newest.health.all()} if newest else {}
    rows = []
    for code, answer in given.items():
        same = code in before and _row(before[code], _HEALTH_FIELDS) == answer
        answered_at = before[code].answered_at if same else version.at
        rows.append(HealthAnswer(answers=version, question=code, answered_at=answered_at, **answer))
    return rows


def _save_list(rows: list[Any], name: str) -> None:
    try:
        save_all_checked(rows, exclude=["answers"])
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
