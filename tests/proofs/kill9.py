"""Workers of a real server are killed while they write: what was acknowledged is there, nothing is there by half."""

import random
import threading
import time
from collections import Counter

from tests import program
from tests.proofs import chair
from tests.proofs.faulty_server import ANSWER_FIRST

TABLETS = 3
KILLS, FULL_KILLS = 8, 300
AFTER_A_WRITE_S = 0.1
AT_THE_LATEST_S = 2


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    kills = FULL_KILLS if full else KILLS
    over = threading.Event()
    told = {ANSWER_FIRST: "yes"} if sabotage else {}
    sessions = chair.records(TABLETS)
    with program.running("tests.proofs.faulty_server:application", workers=2, **told) as server:
        tablets = [chair.Tablet(server, session) for session in sessions]
        killer = threading.Thread(target=_kill, args=(server, tablets, kills, chance, over))
        killer.start()
        chair.together(lambda tablet: _write(tablet, random.Random(f"{seed} {tablet.session.pk}"), over), tablets)
        killer.join()
    found = Counter()
    for tablet in tablets:
        found.update(tablet.problems())
    return {
        "broken": any(found.values()) or sum(tablet.sends for tablet in tablets) < kills,
        "kills": kills,
        "acknowledged": _acknowledged(tablets),
        "sent again": sum(tablet.sends - tablet.made for tablet in tablets),
        **found,
    }


def _kill(server, tablets: list[chair.Tablet], kills: int, chance: random.Random, over: threading.Event) -> None:
    """Each time a little after something was acknowledged, so that the next write is on its way."""
    for _number in range(kills):
        before, deadline = _acknowledged(tablets), time.monotonic() + AT_THE_LATEST_S
        while _acknowledged(tablets) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, AFTER_A_WRITE_S))
        server.kill_a_worker(chance)
    over.set()


def _acknowledged(tablets: list[chair.Tablet]) -> int:
    return sum(len(tablet.told) for tablet in tablets)


def _write(tablet: chair.Tablet, chance: random.Random, over: threading.Event) -> None:
    """Change after change, each until it is acknowledged, as long as workers are killed."""
    while not over.is_set():
        tablet.insist(tablet.next_change(chance))
