"""What it costs to find whom a lot has touched, among 200,000 sessions with mixes, and mixes of mixes, in them.

On SQLite processor time is measured, on PostgreSQL (a server in another process) the clock; the best of several rounds
counts. Each recall is divided by a bare lookup of as many sessions and their patients, through one index, in one query.
"""

import random
from collections.abc import Callable, Iterator
from statistics import mean

from django.db import connection

from sessions.models import TreatmentSession
from sessions.recall import touched_by
from smpclinic.models import Lot
from tests.bench.limits import Figure
from tests.bench.timing import best_ms, percentile
from tests.bench.treated import Treated, treat
from tests.bench.web import counted_queries

SESSIONS = 200_000
LOTS_TRIED = 30
ROUNDS = 5


def measure() -> Iterator[Figure]:
    treated = treat(SESSIONS)
    chance = random.Random(3)
    one = [_taken(Lot.objects.filter(pk=lot.pk), treated) for lot in chance.sample(treated.pigments, LOTS_TRIED)]
    one += [_taken(Lot.objects.filter(pk=lot.pk), treated) for lot in chance.sample(treated.needles, LOTS_TRIED)]
    whole = _taken(Lot.objects.filter(product=treated.pigments[0].product), treated)
    yield Figure("recall", "sessions searched", TreatmentSession.objects.count())
    yield Figure("recall", "bare indexed lookup of a lot, ms", mean(bare for bare, _found in one))
    p95 = percentile([found for _bare, found in one], 95)
    yield Figure(
        "recall", "whom a lot has touched, p95, ms", p95, percentile([found / bare for bare, found in one], 95)
    )
    yield Figure("recall", "whom all lots of a product have touched, ms", whole[1], whole[1] / whole[0])
    with counted_queries() as sent:
        touched_by(Lot.objects.filter(pk=treated.pigments[0].pk))
    yield Figure("recall", "queries of a recall", len(sent))


def _taken(lots, treated: Treated) -> tuple[float, float]:
    """Milliseconds of a bare lookup of as many sessions, and of the recall."""
    sessions = {use.session.pk for each in touched_by(lots) for use in each.uses}
    if sessions != treated.sessions_by_hand(lots):
        raise RuntimeError(f"the recall of {list(lots)[:3]} is not what a search by hand finds")
    needle = treated.needles[0].pk
    rows = TreatmentSession.objects.select_related("appointment__patient")
    calls: dict[str, Callable[[], object]] = {
        # One range of one index, and a patient for each: as many as the recall has.
        "bare": lambda: list(rows.filter(lots__lot__gte=needle).order_by("lots__lot")[: len(sessions)]),
        "found": lambda: touched_by(lots),
    }
    taken = best_ms(calls, rounds=ROUNDS, by_clock=connection.vendor == "postgresql")
    return taken["bare"], taken["found"]
