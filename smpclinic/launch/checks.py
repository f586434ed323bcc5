"""Refuse bad input before anything is made. Each check raises CannotStart with one sentence, or does nothing."""

import os
import re
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from smpclinic.environment import VARIABLES, BadValue, read
from smpclinic.launch.places import CannotStart

HOST_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.IGNORECASE)
LISTEN_ON = "127.0.0.1"
DATABASE_CURE = "Use sqlite:////folder/clinic.sqlite3 or postgres://user:password@host:5432/name."


def check_variables(environ: Mapping[str, str]) -> None:
    """Every variable the program knows has a usable value, and no SMPCLINIC_ name is misspelt."""
    for name in sorted(environ):
        if name.startswith("SMPCLINIC_") and name not in VARIABLES:
            known = ", ".join(sorted(VARIABLES))
            raise CannotStart(f"{name} is no setting of this program: remove it, or use one of {known}.")
    for name in VARIABLES:
        try:
            read(name, environ)
        except BadValue as error:
            raise CannotStart(str(error)) from None
    check_database_url(environ.get("DATABASE_URL", "").strip())


def check_database_url(url: str) -> None:
    """``url`` is empty or names a database of a kind this program knows. The password is never repeated."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in {"sqlite", "postgres", "postgresql"} and bool(parts.path.strip("/"))
        named = named and (parts.port or 1) > 0
    except ValueError:
        named = False
    if url and not named:
        raise CannotStart(f"DATABASE_URL={without_password(url)} names no database this program knows. {DATABASE_CURE}")


def without_password(url: str) -> str:
    """``url`` as it may be shown.

    >>> without_password("postgres://anna:secret@db/clinic")
    'postgres://anna:...@db/clinic'
    """
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:...@", url)


def check_host_name(name: str) -> None:
    """``name`` can be the name of a machine in a network."""
    if not HOST_NAME.fullmatch(name):
        raise CannotStart(f"--clinic {name}: this is no name of a machine. Use one such as clinic.local.")


def check_folder(folder: Path, meaning: str) -> None:
    """``folder`` can be written, or made where it does not exist yet; nothing is made here."""
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise CannotStart(f"{meaning}={folder} cannot be used: {nearest} is a file. Choose a folder you may write to.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise CannotStart(f"{meaning}={folder} cannot be written: {nearest} is closed to you. Choose a folder you own.")


def check_port_number(text: str) -> None:
    """``text``, given as ``--port``, is a number a port can have."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"--port {text} cannot be used: use a number from 1 to 65535.")


def check_port(port: int) -> None:
    """Nothing else listens on ``port`` of this machine."""
    try:
        _listen_once(port)
    except PermissionError:
        raise CannotStart(
            f"Port {port} is closed to you (only root may use those below 1024): add --port 8000."
        ) from None
    except OSError:
        raise CannotStart(
            f"Port {port} is taken by another program: stop it, or add --port {_next_free(port)} for another."
        ) from None


def _listen_once(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        if os.name != "nt":  # there the option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LISTEN_ON, port))
        listener.listen(1)


def _next_free(port: int) -> int:
    for candidate in range(max(port, 1023) + 1, 65536):
        try:
            _listen_once(candidate)
        except OSError:
            continue
        return candidate
    return 8000


POSTGRESQL_PROBE = """
import os, psycopg
needed = {"btree_gist", "pg_trgm", "unaccent"}
try:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
        missing = sorted(needed - {name for (name,) in rows})
        if connection.info.server_version < 150000:
            print(f"its version is {connection.info.server_version // 10000}, and 15 is the oldest that is enough")
        elif missing:
            print("it lacks " + ", ".join(missing) + " (on Debian in the package postgresql-contrib)")
except psycopg.Error as error:
    lines = [line for line in str(error).splitlines() if not line.strip().startswith("Is the server running")]
    print(" ".join(" ".join(lines).split()))
"""


def check_postgresql(python: Path, environ: Mapping[str, str]) -> None:
    """The server named by ``DATABASE_URL`` answers and has what the booking guard needs; SQLite passes."""
    url = environ.get("DATABASE_URL", "").strip()
    if not url.startswith("postgres"):
        return
    probe = [str(python), "-c", POSTGRESQL_PROBE]
    answer = subprocess.run(probe, env=dict(environ), capture_output=True, text=True, check=False)
    reason = (answer.stdout.strip() or answer.stderr.strip().rpartition("\n")[2]).rstrip(".")
    if reason:
        where = urlsplit(url)
        server = f"{where.hostname or 'local socket'}, database {unquote(where.path.strip('/'))}"
        raise CannotStart(
            f"DATABASE_URL: PostgreSQL ({server}) cannot be used: {reason}. Start it or correct the value."
        )
