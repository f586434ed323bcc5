"""Whom a lot has touched: every session and patch test that used it, inside mixes and mixes of mixes too.

One way for all of it (the search, the page, the letters, the export): ``MixLot`` holds every lot of a mix with the
leftovers in it resolved when it was mixed, so the question is three indexed lookups in one statement, whatever the
depth. Voided and unsigned records count: the needle was in the skin.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import PatchTest, Patient
from sessions.models import Amendment, MixLot, Recall, RecallTelling, SessionLot, ToldBy, TreatmentSession
from smpclinic.local_dates import date_format
from smpclinic.models import Lot, User

AT_ONCE = 2000


@dataclass(frozen=True)
class Use:
    """One session or patch test, with the lots of the recall that it used."""

    day: date
    what: str
    lots: tuple[str, ...]
    session: TreatmentSession | None = None

    @property
    def state(self) -> str:
        """Whether the record stands, in words; empty where it is signed and stands."""
        if self.session is None:
            return ""
        if self.session.is_void:
            return _("voided")
        return "" if self.session.is_signed else _("not signed")

    @property
    def words(self) -> str:
        """The use in one line: "3 May 2026, Session 2 of 3 (voided)"."""
        told = f"{date_format(self.day, 'j M Y')}, {self.what}"
        return f"{told} ({self.state})" if self.state else told


@dataclass(frozen=True)
class Touched:
    """One patient, by the record that is current after merges, with every use, the first in front."""

    patient: Patient
    uses: tuple[Use, ...]
    tellings: tuple[RecallTelling, ...] = field(default=())

    @property
    def is_told(self) -> bool:
        return any(telling.way != ToldBy.NOT_REACHED for telling in self.tellings)

    @property
    def lots(self) -> tuple[str, ...]:
        return tuple(sorted({lot for use in self.uses for lot in use.lots}))


def touched_by(lots: QuerySet[Lot]) -> list[Touched]:
    """Every patient whom any of ``lots`` has touched, by name (four queries, however many there are)."""
    of_session = defaultdict(set)
    for session_id, lot_id in _uses(lots):
        of_session[session_id].add(lot_id)
    names = {lot.pk: lot.number for lot in lots.only("number")}
    uses: dict[Patient, list[Use]] = defaultdict(list)
    for session in _sessions(lots).iterator(AT_ONCE):
        visit = session.appointment
        numbers = tuple(sorted(names[pk] for pk in of_session[session.pk]))
        uses[_current(visit.patient)].append(Use(visit.day, visit.title, numbers, session))
    for test in PatchTest.objects.filter(lot__in=lots).select_related("patient__merged_into"):
        on = timezone.localdate(test.placed_at)
        uses[_current(test.patient)].append(Use(on, _("Patch test"), (names[test.lot_id],)))
    touched = (Touched(who, tuple(sorted(each, key=lambda use: use.day))) for who, each in uses.items())
    return sorted(touched, key=lambda each: (each.patient.full_name, each.patient.pk))


def told_of(recall: Recall) -> list[Touched]:
    """Whom a recall is about, each with who told them, how and when (one query more)."""
    tellings = defaultdict(list)
    for row in recall.tellings.select_related("patient__merged_into"):
        tellings[_current(row.patient).pk].append(row)
    return [
        Touched(each.patient, each.uses, tuple(tellings[each.patient.pk])) for each in touched_by(recall.lots_meant())
    ]


def seen_by(user: User, touched: Sequence[Touched]) -> list[Touched]:
    """Those whom a member of staff may see: where patients are not shared, another location's are told there."""
    keys = [each.patient.pk for each in touched]
    visible: set[int] = set()
    for n in range(0, len(keys), AT_ONCE):
        visible.update(
            Patient.objects.visible_to(user).filter(pk__in=keys[n : n + AT_ONCE]).values_list("pk", flat=True)
        )
    return [each for each in touched if each.patient.pk in visible]


def _uses(lots: QuerySet[Lot]) -> QuerySet:
    """Session and lot of every use, each pair once."""
    keys = lots.values("pk")
    mixed = MixLot.objects.filter(lot__in=keys, mix__session__isnull=False).values_list("mix__session_id", "lot_id")
    passed = MixLot.objects.filter(lot__in=keys, mix__passes__isnull=False).values_list(
        "mix__passes__session_id", "lot_id"
    )
    noted = SessionLot.objects.filter(lot__in=keys).values_list("session_id", "lot_id")
    return mixed.order_by().union(passed.order_by(), noted.order_by())


def _sessions(lots: QuerySet[Lot]) -> QuerySet[TreatmentSession]:
    keys = lots.values("pk")
    mixed = MixLot.objects.filter(lot__in=keys, mix__session__isnull=False).values("mix__session_id")
    passed = MixLot.objects.filter(lot__in=keys, mix__passes__isnull=False).values("mix__passes__session_id")
    noted = SessionLot.objects.filter(lot__in=keys).values("session_id")
    voided = Amendment.objects.filter(session=OuterRef("pk"), kind=Amendment.Kind.VOID)
    return (
        TreatmentSession.objects.filter(pk__in=mixed.order_by().union(passed.order_by(), noted.order_by()))
        .annotate(is_void=Exists(voided))
        .select_related("appointment__patient__merged_into", "appointment__planned_session__plan__current_version")
        .order_by("pk")
    )


def _current(patient: Patient) -> Patient:
    """The record itself, or the one it was merged into (a merge into a merged record moves on with it)."""
    return patient.merged_into or patient
