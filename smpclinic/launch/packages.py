"""The environment in ``.venv`` and the Python packages of the lock, each checked by its hash."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smpclinic.environment import BASE_DIR
from smpclinic.launch.places import UNPACKED, VENV, CannotStart, child_environment, say, venv_python
from smpclinic.launch.system import last_line

LOCK_TO_SERVE = BASE_DIR / "requirements.lock"
LOCK_TO_TEST = BASE_DIR / "requirements-test.lock"
STAMP = "smpclinic-installed.json"
# Used only where neither Python nor Debian gives a pip of its own.
PIP_WHEEL = (
    "https://files.pythonhosted.org/packages/07/25/"
    "ee8c38ae72d66b844ce8eb9711ba905dba21ca1a8a0c960057c41cd23337/pip-26.3-py3-none-any.whl"
)
PIP_WHEEL_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DOWNLOAD_TIMEOUT_S = 60


def fingerprint(lock: Path) -> str:
    """What must be unchanged for ``lock`` to count as installed: its text, this Python, and the place."""
    python = f"{sys.version_info.major}.{sys.version_info.minor} {VENV}"
    return hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()


def is_installed(lock: Path, venv: Path = VENV) -> bool:
    """Whether the stamp in ``venv`` says that ``lock``, as it is now, was installed completely."""
    return venv_python(venv).exists() and _stamps(venv).get(lock.name) == fingerprint(lock)


def _stamps(venv: Path) -> dict[str, str]:
    try:
        stamps = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def drop_broken_venv(venv: Path = VENV) -> None:
    """Remove an environment whose Python does not run, or is of another version than this one."""
    if not (venv / "pyvenv.cfg").exists():
        return
    ask = [str(venv_python(venv)), "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        answer = []
    if answer != [str(part) for part in sys.version_info[:2]]:
        say(f"Making {venv.name} anew: it is broken, or of another Python.")
        shutil.rmtree(venv)


def install(lock: Path, venv: Path = VENV) -> None:
    """Bring ``venv`` to the state of ``lock``; does nothing where the stamp says so already."""
    if is_installed(lock, venv):
        return
    if not has_pip(venv):
        _make_venv(venv)
    say(f"Installing the packages of {lock.name} ...")
    pip = [str(venv_python(venv)), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--prefer-binary"]
    done = _run([*pip, "--require-hashes", "-r", str(lock)])
    if done.returncode != 0:
        raise CannotStart(f"The packages of {lock.name} could not be installed: {_reason(done.stderr)}.")
    stamps = {**_stamps(venv), lock.name: fingerprint(lock)}
    (venv / STAMP).write_text(json.dumps(stamps, indent=1), encoding="utf-8")


def _reason(told: str) -> str:
    """Why pip failed, and the cure, out of the many lines it ``told``."""
    broken = re.search(r"connection broken by '(.*?)': /", told)
    if broken:
        return f"the package index cannot be reached ({broken[1]}); check the network and try again"
    errors = [line for line in told.splitlines() if line.startswith("ERROR")] or [last_line(told)]
    return errors[0].removeprefix("ERROR: ").rstrip(".")


def has_pip(venv: Path = VENV) -> bool:
    """Whether ``venv`` is there and can install packages by itself."""
    places = (*venv.glob("lib/python*/site-packages"), venv / "Lib" / "site-packages")
    return venv_python(venv).exists() and any((place / "pip" / "__main__.py").exists() for place in places)


def _make_venv(venv: Path) -> None:
    say(f"Making the environment in {venv} ...")
    if _run([sys.executable, "-m", "venv", str(venv)]).returncode == 0:
        return
    # Debian without python3-venv has no pip to put in; a wheel of pip can install itself.
    bare = _run([sys.executable, "-m", "venv", "--without-pip", str(venv)])
    if bare.returncode != 0:
        raise CannotStart(
            f"Python cannot make an environment ({last_line(bare.stderr)}). Run: apt-get install python3-venv"
        )
    with tempfile.TemporaryDirectory() as folder:
        wheel = _pip_wheel(Path(folder))
        done = _run([str(venv_python(venv)), f"{wheel}/pip", "install", "-q", "--no-index", str(wheel)])
    if done.returncode != 0:
        raise CannotStart(f"pip cannot be installed ({last_line(done.stderr)}). Run: apt-get install python3-venv")


def _pip_wheel(folder: Path) -> Path:
    """A wheel of pip: the system's, else out of Debian's archive, else from the package index by its hash."""
    places = [Path("/usr/share/python-wheels"), UNPACKED / "usr/share/python-wheels"]
    found = [wheel for place in places for wheel in sorted(place.glob("pip-*.whl"))]
    return found[0] if found else _download_pip(folder)


def _download_pip(folder: Path) -> Path:
    try:
        with urllib.request.urlopen(PIP_WHEEL, timeout=DOWNLOAD_TIMEOUT_S) as answer:
            content = answer.read()
    except OSError as error:
        raise CannotStart(f"pip cannot be downloaded ({error}). Run: apt-get install python3-venv") from None
    if hashlib.sha256(content).hexdigest() != PIP_WHEEL_SHA256:
        raise CannotStart(f"{PIP_WHEEL} is not what it should be (wrong hash). Run: apt-get install python3-venv")
    wheel = folder / PIP_WHEEL.rpartition("/")[2]
    wheel.write_bytes(content)
    return wheel


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    environment = child_environment(os.environ)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait for another set-up of the same checkout to end: two at once would undo each other."""
    try:
        import fcntl
    except ImportError:  # Windows: no such lock; two set-ups at once are left to the person
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
