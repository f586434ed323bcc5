"""Sessions of any number, invented in bulk with their mixes and needles: as the program would have stored them."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from planning.models import Appointment, PlannedSession, PlanVersion, TreatmentPlan
from sessions.models import Mix, MixComponent, MixLot, SessionLot, TreatmentSession
from smpclinic.models import Lot
from tests import make
from tests.bench.crowd import register

LOTS, LOTS_A_PRODUCT = 1000, 10
A_PATIENT = 10  # sessions
ONE_IN_REMIXED = 10
AT_ONCE = 5000
ML = Decimal("0.2")


class Treated:
    """The lots, and who used them as the generator itself knows."""

    def __init__(self, pigments: Sequence[Lot], needles: Sequence[Lot]):
        self.pigments, self.needles = pigments, needles
        self.used: dict[int, set[int]] = defaultdict(set)

    def sessions_by_hand(self, lots) -> set[int]:
        return set().union(*(self.used[pk] for pk in lots.values_list("pk", flat=True)))


def treat(how_many: int) -> Treated:
    """So many sessions of a tenth as many patients: each a mix, one in ten a mix of that mix, and a needle."""
    chance = random.Random(7)
    treated = Treated(_lots("pigment"), _lots("needle"))
    staff, room = make.make_practitioner(), make.make_room()
    planned = _planned(register(how_many // A_PATIENT), staff)
    for some in _batches(range(how_many)):
        with transaction.atomic():
            _sessions(some, planned, staff, room, treated, chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return treated


def _lots(kind: str) -> list[Lot]:
    products = [make.make_product(kind=kind) for _ in range(LOTS // LOTS_A_PRODUCT)]
    return _stored(Lot(product=products[n // LOTS_A_PRODUCT], number=f"{kind}{n}") for n in range(LOTS))


def _planned(patients, staff) -> list[PlannedSession]:
    now = timezone.now()
    with transaction.atomic():
        plans = _stored(TreatmentPlan(patient=each, practitioner=staff) for each in patients)
        versions = _stored(
            PlanVersion(
                plan=plan, number=1, session_count=3, estimate_minutes=[60] * 3, drafted_by=staff, drafted_at=now,
                approved_by=staff, approved_at=now,
            )
            for plan in plans
        )  # fmt: skip
        for plan, version in zip(plans, versions, strict=True):
            plan.current_version, plan.state = version, "approved"
        TreatmentPlan.objects.bulk_update(plans, ["current_version", "state"], batch_size=500)
        return _stored(PlannedSession(plan=plan, number=1) for plan in plans)


def _sessions(numbers: range, planned, staff, room, treated: Treated, chance: random.Random) -> None:
    now = timezone.now()
    visits = _stored(_visit(n, planned[n // A_PATIENT], staff, room, now) for n in numbers)
    sessions = _stored(
        TreatmentSession(appointment=visit, practitioner=staff, opened_at=now, opened_by=staff) for visit in visits
    )
    lots = [chance.choice(treated.pigments) for _ in sessions]
    mixes = _mixes(sessions, staff, now)
    _stored(MixComponent(mix=mix, lot=lot, ml=ML) for mix, lot in zip(mixes, lots, strict=True))
    flat = list(zip(mixes, lots, strict=True))
    again = list(zip(mixes[::ONE_IN_REMIXED], lots[::ONE_IN_REMIXED], strict=True))
    remixed = _mixes([mix.session for mix, _lot in again], staff, now)
    more = [chance.choice(treated.pigments) for _ in remixed]
    _stored(MixComponent(mix=mix, leftover=of, ml=ML) for mix, (of, _lot) in zip(remixed, again, strict=True))
    flat += [(mix, lot) for mix, (_of, lot) in zip(remixed, again, strict=True)]
    flat += [(mix, lot) for mix, lot, (_of, old) in zip(remixed, more, again, strict=True) if lot != old]
    _stored(MixLot(mix=mix, lot=lot, ml=ML) for mix, lot in flat)
    needles = [chance.choice(treated.needles) for _ in sessions]
    _stored(SessionLot(session=session, lot=lot, count=1) for session, lot in zip(sessions, needles, strict=True))
    for mix, lot in flat:
        treated.used[lot.pk].add(mix.session_id)
    for session, lot in zip(sessions, needles, strict=True):
        treated.used[lot.pk].add(session.pk)


def _visit(number: int, planned: PlannedSession, staff, room, now) -> Appointment:
    """A past visit, kept as an incident: a bulk of them need not find a free hour each."""
    starts_at = make.MONDAY - timedelta(days=7000 - 3 * (number % A_PATIENT))
    return Appointment(
        patient_id=planned.plan.patient_id, practitioner=staff, room=room, kind="treatment", planned_session=planned,
        state="done", active=True, counts_for_gap=True, breach_reason="bench", breach_by=staff,
        booked_at=now, booked_by=staff,
        **make.appointment_times(starts_at, 60),
    )  # fmt: skip


def _mixes(sessions, staff, now) -> list[Mix]:
    return _stored(Mix(session=each, name="mix", mixed_at=now, mixed_by=staff) for each in sessions)


def _stored(rows: Iterator[models.Model]) -> list[Any]:
    listed = list(rows)
    return type(listed[0])._default_manager.bulk_create(listed, batch_size=AT_ONCE) if listed else []


def _batches(numbers: range) -> Iterator[range]:
    return (numbers[n : n + AT_ONCE] for n in range(0, len(numbers), AT_ONCE))
