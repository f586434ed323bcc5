"""``python -m tests.proofs NAME``: run one proof, print one line of JSON, exit 0 where the promise held, else 1.

``--sabotage`` breaks on purpose what the proof watches: it must then exit 1, or the proof proves nothing. ``--full``
reaches the whole figure and writes the proof's row of docs/proofs.md.
"""

import argparse
import importlib
import json
import sys
import time
import warnings

from tests import surroundings

NAMES = (
    "race",
    "stampede",
    "rawsql",
    "guards",
    "authz",
    "headers",
    "links",
    "time",
    "model",
    "accesslog",
    "uploads",
    "pdf",
    "fuzz",
    "tamper",
    "backup",
    "faults",
    "kill9",
    "move",
)


def main(arguments: list[str]) -> int:
    chosen = _parse(arguments)
    warnings.simplefilter("error")
    surroundings.prepare(chosen.db)
    surroundings.keep_off_the_network()
    from django.test.utils import setup_test_environment

    from tests import databases
    from tests.proofs import report

    setup_test_environment()
    proof = importlib.import_module(f"tests.proofs.{chosen.name}")
    began = time.monotonic()
    with databases.fresh_copy():
        figures = proof.prove(full=chosen.full, sabotage=chosen.sabotage, seed=chosen.seed)
    seconds = round(time.monotonic() - began, 1)
    result = {"proof": chosen.name, "db": chosen.db, "ok": not figures.pop("broken"), "seconds": seconds, **figures}
    sys.stdout.write(json.dumps(result | {"sabotage": chosen.sabotage, "seed": chosen.seed}) + "\n")
    if chosen.full and not chosen.sabotage:
        report.write_row(result)
    return 0 if result["ok"] else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--db", choices=surroundings.DATABASES, default="sqlite")
    parser.add_argument("--sabotage", action="store_true", help="break it on purpose: must exit 1")
    parser.add_argument("--full", action="store_true", help="the whole figure, not the quick sample")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
