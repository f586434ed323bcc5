"""Run the tests on SQLite, then on PostgreSQL, and close with one line that hides nothing."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smpclinic.environment import BASE_DIR
from smpclinic.launch.places import say

DATABASES = ("sqlite", "postgres")
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Outcome:
    """What one run of pytest came to."""

    passed: int = 0
    failed: int = 0
    not_run: int = 0
    code: int = 0


def databases_in(arguments: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """The databases to test on and the arguments without ``--db``.

    >>> databases_in(["-k", "plan", "--db", "sqlite"])
    (('sqlite',), ['-k', 'plan'])
    """
    chosen: list[str] = []
    others: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--db":
            chosen.append(next(remaining, ""))
        elif argument.startswith("--db="):
            chosen.append(argument.partition("=")[2])
        else:
            others.append(argument)
    return (tuple(chosen) or DATABASES), others


def run_tests(
    python: Path, arguments: list[str], missing: list[str], environ: Mapping[str, str], *, all_required: bool
) -> int:
    """Test on each database and print the closing line; the exit code is 0 only where nothing failed.

    ``missing`` names what could not be had ("PostgreSQL", "browser"); with ``all_required`` a test that did not
    run counts as failed.
    """
    databases, arguments = databases_in(arguments)
    outcomes: list[Outcome] = []
    for database in databases:
        if database == "postgres" and "PostgreSQL" in missing:
            unseen = sum(outcome.passed + outcome.not_run for outcome in outcomes)
            outcomes.append(Outcome(not_run=unseen or 1))
            continue
        say(f"Tests on {database} ...")
        outcomes.append(_pytest(python, ["--db", database, *arguments], environ))
    line, code = closing(outcomes, missing, all_required=all_required)
    say(line)
    return code


def closing(outcomes: list[Outcome], missing: list[str], *, all_required: bool) -> tuple[str, int]:
    """The last line and the exit code.

    >>> closing([Outcome(passed=8, not_run=1), Outcome(not_run=9)], ["PostgreSQL", "browser"], all_required=False)
    ('8 passed, 10 not run: no PostgreSQL, no browser', 0)
    """
    passed, failed, not_run = (
        sum(getattr(outcome, name) for outcome in outcomes) for name in ("passed", "failed", "not_run")
    )
    parts = [f"{failed} failed"] if failed else []
    parts.append(f"{passed} passed")
    if not_run:
        reasons = ", ".join(f"no {name}" for name in missing) or "see the reasons above"
        parts.append(f"{not_run} not run: {reasons}")
    broken = failed > 0 or any(outcome.code not in (0, NOTHING_COLLECTED) for outcome in outcomes)
    if broken and not failed:
        parts.append("pytest ended with an error, see above")
    nothing = passed + failed + not_run == 0
    if nothing:
        parts.append("no test was found")
    return ", ".join(parts), 1 if broken or nothing or (all_required and not_run > 0) else 0


def _pytest(python: Path, arguments: list[str], environ: Mapping[str, str]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            str(python),
            "-m",
            "pytest",
            "-q",
            "-rsfE",
            f"--junit-xml={report}",
            *_workers(arguments),
            *arguments,
        ]
        sys.stdout.flush()
        code = subprocess.run(command, cwd=BASE_DIR, env=dict(environ), check=False).returncode
        return read_report(report, code)


def _workers(arguments: list[str]) -> list[str]:
    """Two workers, unless the person chose, or wants the debugger."""
    chosen = any(argument.startswith(("-n", "--numprocesses", "--pdb", "--dist")) for argument in arguments)
    return [] if chosen else ["-n", "2"]


def read_report(report: Path, code: int) -> Outcome:
    """The counts in pytest's JUnit file; a missing file means that pytest broke off."""
    if not report.is_file():
        return Outcome(code=code or 1)
    passed = failed = not_run = 0
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314 - written by our own pytest
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            failed += 1
        elif "skipped" in outcomes:
            not_run += 1
        else:
            passed += 1
    return Outcome(passed=passed, failed=failed, not_run=not_run, code=code)
