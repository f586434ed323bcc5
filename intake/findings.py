"""What stands against treating a patient: the answers, held against the rules, and what settled each finding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import clearance
from intake.causes import Cause, CauseKind, TreatmentGroup
from intake.dates import in_words
from intake.models import DoctorLetter, HairLossCause, HealthAnswer, Intake, IntakeAnswers, PatchTest, Patient
from intake.models.questionnaire import IntakeState
from intake.rules import figures_in_force, intake_rules
from intake.screening import Answer, Finding, Kind, Reply, findings
from intake.screening_feeds import (
    Medicine,
    Transplant,
    answers_from_causes,
    answers_from_medicines,
    answers_from_transplants,
    completed,
    joined,
)

INTAKES_READ = 20
_REPLIES = {
    HealthAnswer.Answer.YES: Reply.YES,
    HealthAnswer.Answer.NO: Reply.NO,
    HealthAnswer.Answer.NOT_SURE: Reply.UNKNOWN,
}


@dataclass(frozen=True)
class Judged:
    """A finding, and in words what has settled it; empty words are: nothing yet."""

    finding: Finding
    settled: str = ""

    @property
    def is_standing(self) -> bool:
        """Whether it keeps the plan from being approved."""
        return self.finding.blocking and not self.settled


def findings_for(patient: Patient, *, on: date) -> tuple[Finding, ...]:
    """Everything that follows from the answers for a treatment on the clinic-local day ``on``, settled or not.

    An intake that nobody has accepted yet takes nothing away: what follows from it stands beside what was known.
    """
    return _found(patient, _Read(patient), on=on)


def standing_findings(patient: Patient, *, on: date) -> tuple[Finding, ...]:
    """The findings that keep a treatment on ``on`` from going ahead: blocking, and settled by nothing."""
    return tuple(judged.finding for judged in judged_findings(patient, on=on) if judged.is_standing)


def is_screening_clear(patient: Patient, *, on: date) -> bool:
    """Whether nothing stands against approving a plan on ``on``."""
    return not standing_findings(patient, on=on)


def judged_findings(patient: Patient, *, on: date) -> tuple[Judged, ...]:
    """Each finding with what settled it."""
    read = _Read(patient)
    found = _found(patient, read, on=on)
    settled = _Settlements(patient, read, on=on)
    return tuple(Judged(finding, settled.words_for(finding)) for finding in found)


def intake_in_force(patient: Patient) -> Intake | None:
    """The intake that screening reads: the newest handed in, else the newest begun (one query)."""
    return _in_force(_newest(patient))


def _newest(patient: Patient) -> list[Intake]:
    return list(patient.intakes.all()[:INTAKES_READ])


def _in_force(intakes: list[Intake]) -> Intake | None:
    return next((intake for intake in intakes if intake.state != IntakeState.DRAFT), intakes[0] if intakes else None)


def _beside(intakes: list[Intake]) -> list[Intake]:
    """What counts beside the intake in force: newer drafts, and until it is accepted the one accepted last."""
    handed_in = next((index for index, one in enumerate(intakes) if one.state != IntakeState.DRAFT), None)
    if handed_in is None:
        return intakes[1:]
    beside = intakes[:handed_in]
    if intakes[handed_in].state != IntakeState.ACCEPTED:
        beside += [one for one in intakes[handed_in:] if one.state == IntakeState.ACCEPTED][:1]
    return beside


def answers_of(version: IntakeAnswers | None, *, on: date) -> dict[str, Answer]:
    """The answers by rule code: what was answered, completed by the causes, medicines and transplants told."""
    if version is None:
        return {}
    return completed(told_answers(version, on=on), given_answers(version.health.all()))


def told_answers(version: IntakeAnswers, *, on: date) -> dict[str, Answer]:
    """The health questions that facts told elsewhere in the intake already answer."""
    causes = [cause_from(row) for row in version.causes.all()]
    medicines = [Medicine(row.name, row.since, row.until, row.is_ongoing) for row in version.medications.all()]
    told = joined(answers_from_causes(causes, on=on), answers_from_medicines(medicines, on=on))
    if version.transplant_on or version.transplant_kind:
        transplant = Transplant(version.transplant_kind, version.transplant_on)
        told = joined(told, answers_from_transplants([transplant], on=on))
    return told


def given_answers(rows: Iterable[HealthAnswer]) -> dict[str, Answer]:
    """The answers given to the health questions themselves; one left open is not there."""
    return {
        row.question: Answer(
            _REPLIES[HealthAnswer.Answer(row.answer)],
            option=row.option,
            started_on=row.started_on,
            ended_on=row.on_date,
            is_ongoing=row.is_ongoing,
            words=row.detail,
            answered_on=timezone.localdate(row.answered_at) if row.answered_at else None,
        )
        for row in rows
        if row.answer
    }


def cause_from(row: HairLossCause) -> Cause:
    """A stored cause as ``intake.causes`` knows it."""
    return Cause(
        CauseKind(row.cause),
        TreatmentGroup(row.group) if row.group else None,
        name=row.name,
        started_on=row.since,
        ended_on=row.until,
        is_ongoing=row.is_ongoing,
        detail=row.detail,
    )


class _Read:
    """The answers that count and the patch tests of one patient, read once (four queries for each intake)."""

    def __init__(self, patient: Patient) -> None:
        intakes = _newest(patient)
        self.intake = _in_force(intakes)
        self.version = _with_rows(self.intake)
        self.beside = [_with_rows(intake) for intake in _beside(intakes)]
        self.patch_tests = list(patient.patch_tests.all())


def _with_rows(intake: Intake | None) -> IntakeAnswers | None:
    """The newest version of an intake with everything that screening reads of it."""
    version = intake.latest() if intake else None
    if version is not None:
        prefetch_related_objects([version], "health", "causes", "medications")
    return version


def _found(patient: Patient, read: _Read, *, on: date) -> tuple[Finding, ...]:
    facts: dict[str, Any] = {
        "born_on": patient.born_on,
        "on": on,
        "minimum_age_years": figures_in_force().minimum_age_years,
    }
    rules = intake_rules()
    found = findings(answers_of(read.version, on=on), rules, **facts)
    for beside in read.beside:
        told = findings(answers_of(beside, on=on), rules, **facts)
        # A question that only this one leaves open is no finding: it is owed in the intake in force, if at all.
        found += tuple(each for each in told if each.kind is not Kind.MISSING and each not in found)
    return found + clearance.patch_test_findings([patch_test_from(row) for row in read.patch_tests], on=on)


class _Settlements:
    """What staff has decided about one patient (three queries). The pure rule judges each decision alone."""

    def __init__(self, patient: Patient, read: _Read, *, on: date) -> None:
        self.on, self.intake = on, read.intake
        health = read.version.health.all() if read.version else ()
        self.answered_at = {row.question: row.answered_at for row in health if row.answered_at}
        for beside in read.beside:
            self._ask_for_a_new_look(beside)
        self.overrides = list(patient.screening_overrides.select_related("by"))
        self.clearances = list(patient.screening_clearances.select_related("by"))
        self.letters = [row for row in patient.doctor_letters.all() if row.received_at]
        self.patch_tests = [row for row in read.patch_tests if row.read_at]

    def _ask_for_a_new_look(self, version: IntakeAnswers | None) -> None:
        """A yes or "not sure" in an intake that counts beside this one is as new as one in it."""
        for row in version.health.all() if version else ():
            if row.answered_at and row.answer in (HealthAnswer.Answer.YES, HealthAnswer.Answer.NOT_SURE):
                known = self.answered_at.get(row.question)
                self.answered_at[row.question] = max(known, row.answered_at) if known else row.answered_at

    def words_for(self, finding: Finding) -> str:
        """By what the finding is settled, in words; empty where nothing settles it."""
        if not finding.blocking:
            return ""
        return (
            self._overridden(finding)
            or self._cleared(finding)
            or self._lettered(finding)
            or self._patch_tested(finding)
        )

    def _is_settled(self, finding: Finding, **decision: Any) -> bool:
        return not clearance.still_standing([finding], on=self.on, **decision)

    def _counts(self, code: str, decided_at: datetime) -> bool:
        """A new answer asks for a new look: only what was decided since counts."""
        since = self.answered_at.get(code) or (self.intake.started_at if self.intake else None)
        return since is None or decided_at >= since

    def _overridden(self, finding: Finding) -> str:
        for row in self.overrides:
            override = clearance.Override(row.rule, Kind(row.kind), str(row.by), row.reason)
            fits = row.words == finding.words and self._counts(row.rule, row.at)
            if fits and self._is_settled(finding, overrides=[override]):
                words = _("Overridden by %(who)s on %(day)s: %(reason)s")
                return words % {"who": row.by, "day": _day(row.at), "reason": row.reason}
        return ""

    def _cleared(self, finding: Finding) -> str:
        for row in self.clearances:
            seen = clearance.Clearance(row.rule, row.on_date, str(row.by))
            if self._counts(row.rule, row.at) and self._is_settled(finding, clearances=[seen]):
                words = _("Cleared by %(who)s on %(day)s.") % {"who": row.by, "day": in_words(row.on_date)}
                return f"{words} {row.note}".strip()
        return ""

    def _lettered(self, finding: Finding) -> str:
        for row in self.letters:
            letter = letter_from(row)
            until = clearance.letter_valid_until(letter)
            since = row.accepted_at or row.received_at
            if until and self._counts(row.rule, since) and self._is_settled(finding, letters=[letter]):
                words = _("Letter of %(doctor)s accepted; it counts until %(day)s.")
                accepted = words % {"doctor": row.doctor, "day": in_words(until)}
                to_mind = _("To mind: %(words)s") % {"words": row.to_mind}
                return f"{accepted} {to_mind}" if row.to_mind else accepted
        return ""

    def _patch_tested(self, finding: Finding) -> str:
        tests = [patch_test_from(row) for row in self.patch_tests]
        passed = self._is_settled(finding, patch_tests=tests)
        return " ".join([_("Patch test passed."), clearance.PATCH_TEST_REMARK]) if passed else ""


def letter_from(row: DoctorLetter) -> clearance.Letter:
    """A stored letter as ``intake.clearance`` knows it (clinic-local dates)."""
    return clearance.Letter(
        row.rule,
        timezone.localdate(row.requested_at),
        received_on=timezone.localdate(row.received_at) if row.received_at else None,
        dated_on=row.dated_on,
        doctor=row.doctor,
        accepted_on=timezone.localdate(row.accepted_at) if row.accepted_at else None,
        answer=clearance.LetterAnswer(row.answer),
        possible_from=row.possible_from,
    )


def patch_test_from(row: PatchTest) -> clearance.PatchTest:
    """A stored patch test as ``intake.clearance`` knows it (clinic-local moments)."""
    return clearance.PatchTest(
        timezone.localtime(row.placed_at),
        read_at=timezone.localtime(row.read_at) if row.read_at else None,
        result=clearance.PatchResult(row.result) if row.result else clearance.PatchResult.NOT_READ,
        readable_from=timezone.localtime(row.read_from) if row.read_from else None,
        valid_until=row.valid_until,
    )


def _day(at: datetime) -> str:
    return in_words(timezone.localdate(at))
