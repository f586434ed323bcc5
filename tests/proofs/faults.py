"""Whatever fails while a record is kept (a statement, the answer), no change is lost and none is made twice.

Each kind of change is sent to a real server whose database fails at one statement after the other, whose answers are
lost: after every failure the record is as before, and the change sent again is made once.
"""

import random
from collections import Counter

from sessions.models import AppliedChange
from tests import program
from tests.proofs import chair
from tests.proofs.faulty_server import LOST, NO_TRANSACTION

MOST_STATEMENTS = 80
ROUNDS, FULL_ROUNDS = 1, 12
EVERY = 4


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    session = chair.records(1)[0]
    counted = Counter()
    told = {NO_TRANSACTION: "yes"} if sabotage else {}
    with program.running("tests.proofs.faulty_server:application", workers=1, **told) as server:
        tablet = chair.Tablet(server, session)
        for _round in range(FULL_ROUNDS if full else ROUNDS):
            counted.update(_fail_everywhere(tablet, chance, every=1 if full else EVERY))
            counted.update(_lose_answers(tablet, chance))
    found = tablet.problems()
    return {
        "broken": bool(counted["half made"]) or not counted["failed"] or any(found.values()),
        "changes": tablet.made,
        "sent": tablet.sends,
        "statements failed": counted["failed"],
        "answers lost": counted["answers lost"],
        "half made": counted["half made"],
        **found,
    }


def _fail_everywhere(tablet: chair.Tablet, chance: random.Random, *, every: int) -> Counter:
    """A change at a time, failing at every so many of its statements; each is then made for good."""
    counted = Counter()
    for _kind in range(3):
        change = tablet.next_change(chance)
        for number in range(1 + chance.randrange(every), MOST_STATEMENTS, every):
            before = _state(tablet)
            said = tablet.send(change, **{"X-Fault": str(number)})
            if said in ("applied", "already"):
                break  # it has fewer statements than that
            counted["failed"] += 1
            counted["half made"] += _state(tablet) != before
        tablet.insist(change)
    return counted


def _lose_answers(tablet: chair.Tablet, chance: random.Random) -> Counter:
    """The change is made and nobody hears of it; the tablet sends it, and later an older one, again."""
    kept = [tablet.next_change(chance) for _ in range(4)]
    for change in kept:
        tablet.send(change, **{"X-Fault": LOST})
        tablet.insist(change)
    tablet.insist(chance.choice(kept))
    return Counter({"answers lost": len(kept)})


def _state(tablet: chair.Tablet) -> tuple:
    session = type(tablet.session).objects.get(pk=tablet.session.pk)
    passes = tuple(session.passes.order_by("number").values_list("public_id", "depth_mm"))
    return session.machine, session.revision, passes, chair.traces(session), AppliedChange.objects.count()
