"""``python -m tests.bench NAME``: measure, print one line of JSON a figure, exit 0 only where every figure holds.

The limits stand in ``tests/bench/limits.py``, their reasons in docs/performance.md. What is measured is a throw-away
clinic on SQLite (``--db postgres``: on PostgreSQL), made anew for the run.
"""

import argparse
import importlib
import sys
import warnings

from tests import surroundings
from tests.bench.limits import NAMES, Figure


def main(arguments: list[str]) -> int:
    chosen = _parse(arguments)
    warnings.simplefilter("error")
    surroundings.prepare(chosen.db, mode="demo")
    surroundings.keep_off_the_network()
    from tests import databases

    bench = importlib.import_module(f"tests.bench.{chosen.name}")
    with databases.fresh_copy():
        return report(list(bench.measure()))


def report(figures: list[Figure]) -> int:
    """Print every figure; say on stderr which does not hold. 1 where one does not, or where there is none."""
    for figure in figures:
        sys.stdout.write(figure.as_json() + "\n")
    broken = [figure for figure in figures if not figure.holds]
    for figure in broken:
        sys.stderr.write(f"{figure.in_words()}\n")
    return 1 if broken or not figures else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--db", choices=surroundings.DATABASES, default="sqlite")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
