"""The command line of ``run.py``: what was asked, in which order it is done, and how a refusal is told."""

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from smpclinic.environment import BASE_DIR, BadValue, read
from smpclinic.launch import checks, packages, serving, system, testing
from smpclinic.launch.places import VENV, CannotStart, child_environment, data_folder, say, venv_python

USAGE = "python3 run.py [serve|setup|test] [--port N] [--clinic [NAME]] [pytest arguments after test]"
DEMO_LINE = "Demo with invented data. Sign in as reception, practitioner or manager, password smpclinic-demo."
PRIVATE = 0o077  # what is made from here on is the owner's alone
SKIPPED_NAMES = {"PostgreSQL": "PostgreSQL", "Chromium": "browser", "Pango": "Pango"}


@dataclass(frozen=True)
class Request:
    """What the person asked for; ``environ`` is the environment that follows from it."""

    command: str
    mode: str
    port: int
    environ: dict[str, str]
    pytest_arguments: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Do what ``arguments`` ask; the exit code. A refusal is one sentence on stderr and 1."""
    try:
        request = understand(arguments, dict(os.environ))
        actions = {"serve": serve, "setup": set_up, "test": test}
        return actions[request.command](request)
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before it was ready; run the same line again to go on.\n")
    return 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise CannotStart(f"{message[:1].upper()}{message[1:]}. Use: {USAGE}")


def understand(arguments: list[str], environ: dict[str, str]) -> Request:
    """Read the command line over the environment; CannotStart names a value that cannot be used."""
    parser = _Parser(
        prog="run.py", usage=USAGE, allow_abbrev=False, description="Set up smpclinic and start or test it."
    )
    parser.add_argument("command", nargs="?", choices=("serve", "setup", "test"), default="serve")
    parser.add_argument("--port", help="port to listen on at 127.0.0.1 (8000)")
    parser.add_argument(
        "--clinic", nargs="?", const="", metavar="NAME", help="real patients, not the demo; NAME: machine name"
    )
    at = arguments.index("test") + 1 if "test" in arguments else len(arguments)
    given = parser.parse_args(arguments[:at])
    if given.port is not None:
        checks.check_port_number(given.port)
        environ["SMPCLINIC_PORT"] = given.port
    if given.clinic is not None:
        environ["SMPCLINIC_MODE"] = "clinic"
        _add_host(given.clinic, environ)
    if given.command != "test":
        checks.check_variables(environ)
    return Request(
        given.command,
        _value("SMPCLINIC_MODE", environ),
        int(_value("SMPCLINIC_PORT", environ)),
        environ,
        arguments[at:],
    )


def _value(name: str, environ: dict[str, str]) -> str:
    try:
        return str(read(name, environ))
    except BadValue as error:
        raise CannotStart(str(error)) from None


def _add_host(name: str, environ: dict[str, str]) -> None:
    if name:
        checks.check_host_name(name)
        hosts = read("SMPCLINIC_HOSTS", environ)
        assert isinstance(hosts, list)
        environ["SMPCLINIC_HOSTS"] = ",".join([*hosts, name])


def serve(request: Request) -> int:
    """Set up and run server and worker until Ctrl-C."""
    checks.check_port(request.port)
    environ = make_ready(request)
    python = venv_python()
    programs = [
        serving.Program("server", serving.server_command(python, request.port), essential=True),
        serving.Program("background worker", [str(python), "manage.py", "worker"], essential=False),
    ]
    serving.keep_running(programs, environ, lambda: _announce(request))
    return 0


def _announce(request: Request) -> bool:
    """Say where the clinic is, once it answers."""
    hosts = read("SMPCLINIC_HOSTS", request.environ)
    problems = serving.health(request.port, hosts[0] if isinstance(hosts, list) and hosts else checks.LISTEN_ON)
    if problems is None:
        return False
    for problem in problems:
        say(f"Not well: {problem}")
    say(f"smpclinic is at http://{checks.LISTEN_ON}:{request.port}/ (Ctrl-C stops it).")
    if request.mode == "demo":
        say(DEMO_LINE)
    return True


def set_up(request: Request) -> int:
    """Set up all, start nothing."""
    make_ready(request)
    say("Ready. Start it with: python3 run.py" + (" serve --clinic" if request.mode == "clinic" else ""))
    return 0


def make_ready(request: Request) -> dict[str, str]:
    """Packages, environment and data for serving; the environment of the programs to start."""
    folder = data_folder(request.mode, request.environ)
    checks.check_folder(folder, "SMPCLINIC_DATA")
    _install(system.TO_SERVE, [packages.LOCK_TO_SERVE])
    environ = child_environment(request.environ)
    environ.update(SMPCLINIC_MODE=request.mode, SMPCLINIC_DATA=str(folder), SMPCLINIC_PORT=str(request.port))
    environ.setdefault("DJANGO_SETTINGS_MODULE", "smpclinic.settings")
    checks.check_postgresql(venv_python(), environ)
    os.umask(PRIVATE)
    _prepare(environ)
    return environ


def _install(needs: tuple[system.Need, ...], locks: list[Path]) -> list[system.Need]:
    """Bring in packages of the system and of Python; what of ``needs`` could not be had."""
    checks.check_folder(VENV, "The folder of the environment")
    with packages.one_at_a_time(BASE_DIR / "var"):
        packages.drop_broken_venv()
        has_pip = packages.has_pip()
        missing = system.provide([need for need in needs if not (has_pip and need is system.PIP)])
        for lock in locks:
            packages.install(lock)
    system.advise(missing)
    return missing


def _prepare(environ: dict[str, str]) -> None:
    """Keys, database, default texts, demo data, translations and static files, in one start of Django."""
    command = [str(venv_python()), "manage.py", "prepare"]
    done = subprocess.run(command, cwd=BASE_DIR, env=environ, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        sys.stderr.write(done.stderr)
        return
    log = BASE_DIR / "var" / "prepare.log"
    log.write_text(done.stderr, encoding="utf-8")
    raise CannotStart(f"{system.last_line(done.stderr)} (all of it: {log})")


def test(request: Request) -> int:
    """Set up with the tools of the tests, then test on SQLite and PostgreSQL."""
    missing = _install(system.TO_TEST, [packages.LOCK_TO_TEST])
    required = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    # The tests make folders and databases of their own, and must not meet the person's.
    own = ("SMPCLINIC_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environ = child_environment({name: value for name, value in request.environ.items() if not name.startswith(own)})
    absent = [SKIPPED_NAMES[need.name] for need in missing if need.name in SKIPPED_NAMES]
    return testing.run_tests(venv_python(), request.pytest_arguments, absent, environ, all_required=required)
