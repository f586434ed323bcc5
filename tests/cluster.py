"""A throw-away PostgreSQL, started by the first process that asks and shared by its pytest-xdist workers.

It listens on a Unix socket in its own folder only, so it needs no free port and is in nobody's way.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

USER = "smpclinic"
_SOCKET_FOLDER = "SMPCLINIC_TESTS_CLUSTER"
_own: Path | None = None

# Sorting as servers are usually set up, where "a" < "B": whoever takes byte order for granted is found out.
_LOCALE = ("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8")
_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "jit": "off",
}


class NoPostgresql(RuntimeError):
    """PostgreSQL cannot be started here; the message says why."""


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first; None where PostgreSQL is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


def start_or_join(saved: Path) -> Path:
    """The folder of a running cluster's socket: the one the parent process started, or a new one.

    A new one is a copy of ``saved`` where an earlier run has left it there, else it is empty.
    """
    if _SOCKET_FOLDER not in os.environ:
        os.environ[_SOCKET_FOLDER] = str(_start(saved))
    return Path(os.environ[_SOCKET_FOLDER])


def save(saved: Path) -> None:
    """Keep a copy of the cluster, which nobody is connected to, for the runs after this one."""
    folder = Path(os.environ[_SOCKET_FOLDER])
    _run(programs() / "pg_ctl", "-D", folder / "data", "-m", "fast", "-w", "stop")
    making = saved.with_suffix(f".{os.getpid()}")
    subprocess.run(["cp", "-a", folder / "data", making], check=True)
    making.rename(saved)
    _serve(folder)


def _start(saved: Path) -> Path:
    global _own
    bin_folder = programs()
    if bin_folder is None:
        raise NoPostgresql("No initdb on the PATH nor under /usr/lib/postgresql. Install postgresql.")
    folder = Path(tempfile.mkdtemp(prefix="smpclinic-pg-"))
    if os.getuid() == 0:
        os.chown(folder, *_unprivileged())
    _own = folder
    if saved.exists():
        subprocess.run(["cp", "-a", saved, folder / "data"], check=True)
    else:
        _run(bin_folder / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", *_LOCALE, "-N")
    _serve(folder)
    return folder


def _serve(folder: Path) -> None:
    options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    log, options = folder / "log", f"-k {folder} {options}"
    _run(programs() / "pg_ctl", "-D", folder / "data", "-l", log, "-w", "-o", options, "start")


def stop_own() -> None:
    """Stop the cluster this process started, if it did, and remove it."""
    global _own
    if _own is not None:
        folder, _own = _own, None
        _run(programs() / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop(_SOCKET_FOLDER, None)


def _run(*command: object) -> None:
    """Run one of PostgreSQL's programs, which refuse to work as root, as somebody without rights."""
    who: dict[str, object] = {}
    if os.getuid() == 0:
        user, group = _unprivileged()
        who = {"user": user, "group": group, "extra_groups": []}
    # The server inherits the output of pg_ctl: a pipe would never come to its end.
    with tempfile.TemporaryFile() as output:
        code = subprocess.run(
            [str(part) for part in command], stdout=output, stderr=output, cwd="/", check=False, **who
        ).returncode
        output.seek(0)
        if code:
            raise NoPostgresql(
                f"{command[0]} ended with {code}: {output.read().decode(errors='replace').strip()[-600:]}"
            )


def _unprivileged() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise NoPostgresql("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as.")
