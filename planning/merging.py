"""What the visits of two records say when they turn out to be one person's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from intake.models import Patient
from planning.availability import to_local_day
from planning.models import Appointment, AppointmentState
from smpclinic.local_dates import date_format


@dataclass(frozen=True)
class VisitClash:
    """A visit of the record that stays and one of the other that one person could not both keep."""

    stays: Appointment
    moves: Appointment
    words: str
    is_past: bool

    @property
    def is_breach(self) -> bool:
        """Whether it has happened and can only be kept as an incident."""
        return self.is_past and self.stays.state == self.moves.state == AppointmentState.DONE


def visit_clashes(winner: Patient, loser: Patient, *, on: date) -> list[VisitClash]:
    """Every pair that overlaps or breaks the two-day rule once it is one person's (two queries)."""
    rows = [list(_guarded(patient)) for patient in (winner, loser)]
    return [
        VisitClash(stays, moves, words, is_past=max(stays.local_day, moves.local_day) < to_local_day(on))
        for stays in rows[0]
        for moves in rows[1]
        for words in _words(stays, moves)
    ]


def problems_with_merging(winner: Patient, loser: Patient, *, on: date) -> list[str]:
    """Why the two records cannot be merged now, in words; empty where they can."""
    if winner.pk == loser.pk:
        return [_("These are not two records: it is the same one.")]
    merged = [one for one in (winner, loser) if one.merged_into_id]
    if merged:
        words = _("Record %(number)s was merged already.")
        return [words % {"number": one.record_number} for one in merged]
    clashes = [one for one in visit_clashes(winner, loser, on=on) if not one.is_breach]
    return list(dict.fromkeys(f"{one.words} {_advice(one)}" for one in clashes))


def _advice(clash: VisitClash) -> str:
    if clash.is_past:
        return _("Say first of each whether it was done or the patient did not come.")
    return _("Move or cancel one of them first; what happened today can be merged from tomorrow on.")


def _guarded(patient: Patient):
    return Appointment.objects.active().filter(patient=patient, breach_reason="").with_people().order_by("starts_min")


def _words(stays: Appointment, moves: Appointment) -> Iterator[str]:
    facts = {"one": _named(stays), "other": _named(moves), "gap": max(stays.gap_days, moves.gap_days)}
    if stays.starts_min < moves.ends_min and moves.starts_min < stays.ends_min:
        yield _("%(one)s and %(other)s are at the same time.") % facts
    elif stays.counts_for_gap and moves.counts_for_gap and _too_close(stays, moves):
        yield _("%(one)s and %(other)s are less than %(gap)s days apart.") % facts


def _too_close(one: Appointment, other: Appointment) -> bool:
    earlier = min(one, other, key=lambda visit: visit.local_day)
    return abs(one.local_day - other.local_day) < earlier.gap_days


def _named(visit: Appointment) -> str:
    words = _("%(what)s on %(day)s, %(time)s (record %(number)s)")
    return words % {
        "what": visit.title,
        "day": date_format(visit.day, "D j M Y"),
        "time": f"{visit.starts_at:%H:%M}",
        "number": visit.patient.record_number,
    }
