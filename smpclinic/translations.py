"""Compile the translations with Babel: bare systems have no msgfmt."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_messages(locale_folders: Iterable[Path]) -> list[Path]:
    """Write the ``.mo`` file of each ``.po`` file that is newer; the files written."""
    sources = [source for folder in locale_folders for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))]
    return [_compile(source) for source in sources if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    with source.open("rb") as file:
        catalog = read_po(file)
    compiled = source.with_suffix(".mo")
    with compiled.open("wb") as file:
        write_mo(file, catalog)
    return compiled
