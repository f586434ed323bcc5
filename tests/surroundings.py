"""What the program finds around it in a test: a folder of its own, its variables, and no network.

``prepare`` runs before Django reads its settings, so that no test ever sees a real clinic's data.
"""

import atexit
import ipaddress
import os
import shutil
import socket
import tempfile
from pathlib import Path

from tests import cluster

DATABASES = ("sqlite", "postgres")
_FOLDER_OF_THE_RUN = "SMPCLINIC_TESTS_FOLDER"


def prepare(database: str, *, mode: str = "clinic") -> Path:
    """Set the program's variables, load the settings and Django; returns this process's own folder.

    Raises RuntimeError where something has loaded the settings already: they would name a real clinic's folder.
    """
    import django
    from django.conf import settings

    if settings.configured:
        raise RuntimeError(
            "Django's settings were loaded before the tests could set their folder. Unset DJANGO_SETTINGS_MODULE."
        )
    folder = _own_folder()
    for name in [
        name for name in os.environ if name.startswith("SMPCLINIC_") and not name.startswith("SMPCLINIC_TESTS_")
    ]:
        del os.environ[name]
    os.environ |= {
        "SMPCLINIC_MODE": mode,
        "SMPCLINIC_DATA": str(folder),
        "DATABASE_URL": _url(database, folder, mode),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    settings.DATABASES  # noqa: B018  reads the variables now
    # Workers of pytest-xdist inherit the environment, and must set their own folder before they load the settings.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    django.setup()
    return folder


def _own_folder() -> Path:
    """A folder for this process inside the run's folder, which the first process makes and removes."""
    if _FOLDER_OF_THE_RUN not in os.environ:
        made = tempfile.mkdtemp(prefix="smpclinic-tests-")
        Path(made).chmod(0o711)  # PostgreSQL's own user must reach the cluster inside
        os.environ[_FOLDER_OF_THE_RUN] = made
        atexit.register(_remove, made, os.getpid())
    return Path(tempfile.mkdtemp(prefix="worker-", dir=os.environ[_FOLDER_OF_THE_RUN]))


def _remove(folder: str, maker: int) -> None:
    if os.getpid() == maker:  # a forked child inherits atexit's list
        cluster.stop_own()
        shutil.rmtree(folder, ignore_errors=True)


def _url(database: str, folder: Path, mode: str) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder / 'tests.sqlite3'}"
    from tests import databases

    socket_folder = cluster.start_or_join(databases.saved_cluster(mode))
    os.environ |= {"PGHOST": str(socket_folder), "PGUSER": cluster.USER}
    return f"postgres:///tests_{folder.name.removeprefix('worker-')}"


class NetworkUsed(AssertionError):
    """A test tried to leave this machine."""


def keep_off_the_network() -> None:
    """From now on this process reaches loopback addresses and Unix sockets alone."""
    for method in ("connect", "connect_ex", "sendto"):
        setattr(_GuardedSocket, method, _guarded(method))
    socket.socket = _GuardedSocket
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        _refuse_unless_local(host)
        return resolve(host, *args, **kwargs)

    socket.getaddrinfo = getaddrinfo


class _GuardedSocket(socket.socket):
    """A socket that stays at home."""


def _guarded(method: str):
    def call(self, *args):
        address = args[-1] if method == "sendto" else args[0]
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_local(address[0])
        return getattr(super(_GuardedSocket, self), method)(*args)

    return call


def _refuse_unless_local(host) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return
    try:
        local = ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        local = False
    if not local:
        raise NetworkUsed(f"a test tried to reach {name}")
