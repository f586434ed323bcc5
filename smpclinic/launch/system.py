"""Packages of the operating system: libraries for PDFs, fonts, and for the tests a browser and PostgreSQL.

As root, or where sudo asks for no password, apt installs them. Anyone else gets them unpacked beside the
environment, which needs no rights. Where neither works, one line says what to run, and the program starts anyway.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from smpclinic.launch.places import FONTS_CONF, UNPACKED, child_environment, say

LOAD = "import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]"
PANGO_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1")
DRIVER_LIBRARIES = ("libatomic.so.1",)  # of the Node.js inside Playwright's wheel
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", str(UNPACKED / "usr/share/fonts"))
FONTS_TEXT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><dir>{unpacked}/usr/share/fonts</dir>
  <cachedir>{unpacked}/font-cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Noto Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Noto Sans Mono</family></prefer></alias>
</fontconfig>
"""


@dataclass(frozen=True)
class Need:
    """Something the operating system gives: what it is, the Debian packages that hold it, what is lost without.

    ``unpacked`` are the packages that serve unpacked beside the environment, where apt may not install.
    """

    name: str
    packages: tuple[str, ...]
    found: Callable[[], bool]
    without: str
    unpacked: tuple[str, ...] = ()


def pango_found() -> bool:
    """Whether the libraries that lay out PDFs can be loaded; a wheel or Homebrew brings them outside Linux."""
    if not sys.platform.startswith("linux"):
        return bool(shutil.which("pango-view") or Path("/opt/homebrew/lib/libpango-1.0.dylib").exists())
    return _load(PANGO_LIBRARIES)


def _load(libraries: Iterable[str]) -> bool:
    """Whether a program started here would find ``libraries``; asked of one, as they are looked up at its start."""
    probe = [sys.executable, "-c", LOAD, *libraries]
    return subprocess.run(probe, env=child_environment(os.environ), capture_output=True, check=False).returncode == 0


def fonts_found() -> bool:
    """Whether the Noto fonts of the printed sheets are there."""
    return any(next(Path(folder).rglob("NotoSans-Regular.*"), None) for folder in FONT_FOLDERS)


def pip_found() -> bool:
    """Whether this Python can put pip into a new environment by itself."""
    return importlib.util.find_spec("ensurepip") is not None


def browser_found() -> bool:
    """Whether Chromium is there for the browser tests, and what its driver needs."""
    if sys.platform.startswith("linux") and not _load(DRIVER_LIBRARIES):
        return False
    return any(shutil.which(name, path=_search_path()) for name in ("chromium", "chromium-browser", "google-chrome"))


def postgresql_found() -> bool:
    """Whether the programs are there that make and start a PostgreSQL of the tests' own."""
    installed = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed or shutil.which("initdb", path=_search_path()) is not None


def _search_path() -> str:
    return child_environment(os.environ).get("PATH", os.defpath)


PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
FONT_PACKAGES = ("fonts-noto-core",)
PIP = Need("pip", ("python3-venv",), pip_found, "", ("python3-pip-whl",))
PANGO = Need(
    "Pango", PANGO_PACKAGES, pango_found, "PDFs cannot be made; print from the browser instead", PANGO_PACKAGES
)
FONTS = Need("Noto fonts", FONT_PACKAGES, fonts_found, "sheets are printed in whatever font is there", FONT_PACKAGES)
BROWSER_PACKAGES = ("chromium", "libatomic1")
BROWSER = Need("Chromium", BROWSER_PACKAGES, browser_found, "tests in a browser do not run", BROWSER_PACKAGES)
POSTGRESQL = Need("PostgreSQL", ("postgresql",), postgresql_found, "tests on PostgreSQL do not run", ("postgresql",))
TO_SERVE = (PIP, PANGO, FONTS)
TO_TEST = (*TO_SERVE, BROWSER, POSTGRESQL)


def provide(needs: Iterable[Need]) -> list[Need]:
    """Bring in whatever of ``needs`` is missing, and return what could not be had."""
    missing = [need for need in needs if not need.found()]
    if not missing or not sys.platform.startswith("linux") or not shutil.which("apt-get"):
        return missing
    rights = _rights()
    if rights is not None:
        _install([package for need in missing for package in need.packages], rights)
    else:
        unpack([package for need in missing for package in need.unpacked])
    return [need for need in missing if not need.found()]


def advise(missing: Iterable[Need]) -> None:
    """Say what is lost without ``missing`` and the one line that would bring it."""
    missing = [need for need in missing if need.without]
    if not missing:
        return
    for need in missing:
        say(f"Without {need.name}, {need.without}.")
    packages = " ".join(package for need in missing for package in need.packages)
    if sys.platform == "darwin":
        packages = packages and "pango font-noto-sans"
    install = {"darwin": "brew install", "win32": "see docs/operations.md for"}.get(sys.platform, "apt-get install")
    say(f"To have it, run: {'sudo ' if install.startswith('apt') else ''}{install} {packages}")


def _rights() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks nothing, None where neither."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _install(packages: list[str], rights: list[str]) -> None:
    say(f"Installing {' '.join(packages)} ...")
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "apt-get", "-q", "-y"]
    for step in (["update"], ["install", "--no-install-recommends", *packages]):
        done = subprocess.run([*rights, *quiet, *step], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(f"apt-get {step[0]}: {last_line(done.stderr)}")


def unpack(packages: list[str], target: Path = UNPACKED) -> None:
    """Download ``packages`` and what they need of apt's archives, and unpack all of it below ``target``."""
    if not packages:
        return
    say(f"Unpacking {' '.join(packages)} into {target} ...")
    archives = target / "archives"
    for folder in (archives, target / "apt/lists/partial", target / "apt/cache/archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    if not _apt(["-q", "update"], target):
        return
    simulated = _apt(["-s", "install", "--no-install-recommends", *packages], target)
    names = re.findall(r"^Inst (\S+)", simulated, re.MULTILINE)
    if names and _apt(["-q", "download", *names], target):
        for archive in sorted(archives.glob("*.deb")):
            subprocess.run(["dpkg", "-x", str(archive), str(target)], check=True, capture_output=True)
            archive.unlink()
        (target / FONTS_CONF.name).write_text(FONTS_TEXT.format(unpacked=target), encoding="utf-8")
    shutil.rmtree(target / "apt", ignore_errors=True)


def _apt(arguments: list[str], target: Path) -> str:
    """Run apt-get with lists and cache of our own, as any user; its output, or nothing where it failed."""
    own = {
        "Dir::State::Lists": target / "apt/lists",
        "Dir::Cache": target / "apt/cache",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
    }
    options = [part for name, value in own.items() for part in ("-o", f"{name}={value}")]
    done = subprocess.run(
        ["apt-get", *options, *arguments],
        cwd=target / "archives",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say(f"apt-get {arguments[-1] if len(arguments) < 3 else arguments[1]}: {last_line(done.stderr)}")
        return ""
    return done.stdout or "done"


def last_line(text: str) -> str:
    """The last line of ``text`` that says anything."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
