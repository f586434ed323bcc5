"""Where the parts of one installation lie, and the environment its programs run in."""

import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from smpclinic.environment import BASE_DIR

VENV = BASE_DIR / ".venv"
# Debian packages unpacked by a user who may not install them.
UNPACKED = VENV / "system"
FONTS_CONF = UNPACKED / "fonts.conf"


class CannotStart(Exception):
    """One sentence that names the value and the cure; ``run.py`` prints it and ends with 1."""


def say(line: str) -> None:
    """Tell the person at the terminal what happens now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def venv_python(venv: Path = VENV) -> Path:
    """The interpreter inside the environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def data_folder(mode: str, environ: Mapping[str, str], base: Path = BASE_DIR) -> Path:
    """The folder of the database, photos and keys: ``SMPCLINIC_DATA``, or ``var/`` and the mode."""
    named = environ.get("SMPCLINIC_DATA", "").strip()
    return Path(named).expanduser().resolve() if named else base / "var" / mode


def library_folders(unpacked: Path = UNPACKED) -> list[Path]:
    """Folders of shared libraries among the unpacked packages; empty where none were unpacked."""
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    folders = [unpacked / "usr/lib" / triplet, unpacked / "lib" / triplet, unpacked / "usr/lib"]
    folders.append(unpacked / "usr/lib" / triplet / "pulseaudio")  # Chromium's, found by an absolute path otherwise
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def program_folders(unpacked: Path = UNPACKED) -> list[Path]:
    """Folders of programs among the unpacked packages: Chromium's own and PostgreSQL's, newest first."""
    postgresql = sorted(unpacked.glob("usr/lib/postgresql/*/bin"), key=lambda path: -int(path.parts[-2]))
    return [folder for folder in (unpacked / "usr/lib/chromium", *postgresql) if folder.is_dir()]


def child_environment(environ: Mapping[str, str], unpacked: Path = UNPACKED) -> dict[str, str]:
    """``environ`` for the programs started here, so that they find the unpacked libraries, programs and fonts."""
    child = dict(environ)
    child["PYTHONUTF8"] = "1"
    child.pop("PYTHONHOME", None)
    folders = [str(folder) for folder in library_folders(unpacked)]
    if folders:
        before = [child["LD_LIBRARY_PATH"]] if child.get("LD_LIBRARY_PATH") else []
        child["LD_LIBRARY_PATH"] = os.pathsep.join(folders + before)
    programs = [str(folder) for folder in program_folders(unpacked)]
    if programs:
        child["PATH"] = os.pathsep.join([*programs, child.get("PATH", os.defpath)])
    if (unpacked / FONTS_CONF.name).is_file():
        child["FONTCONFIG_FILE"] = str(unpacked / FONTS_CONF.name)
    return child
