"""The translations: collected from the source, compared with it, compiled, all with Babel: many systems lack gettext.

``manage.py translations`` collects the words into ``locale/<language>/LC_MESSAGES/django.po`` and says what is missing.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from smpclinic.environment import BASE_DIR

Id = str | tuple[str, str]  # a text, or its singular and plural
LOCALE = BASE_DIR / "locale"
# Seen by those who write the program alone.
LEFT_OUT = (
    "smpclinic/launch/",
    "smpclinic/pages/style.py",
    "templates/smpclinic/style.html",
    "templates/smpclinic/style_plain.html",
)
ROOMS = ("intake", "planning", "sessions", "smpclinic", "templates")
KEYWORDS = {
    "_": None,
    "say": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Pure modules know no gettext: their words are translated where they are shown. Every text in them is collected.
PURE_WORDS = (
    "intake/causes.py",
    "intake/grading.py",
    "intake/screening.py",
    "intake/screening_rules.py",
    "planning/shade_settings.py",
    "planning/zones/areas.py",
    "sessions/aftercare.py",
)
# What patients see, in their own language: pages, mails and papers, and the modules that word them.
PATIENT_SOURCES = (
    "templates/base_plain.html",
    "templates/intake/own_*.html",
    "templates/intake/step*.html",
    "templates/intake/photo_slot.html",
    "templates/intake/consent_part.html",
    "templates/intake/corrections.html",
    "templates/intake/likely.html",
    "templates/intake/meanwhile.html",
    "templates/intake/answers.html",
    "templates/partials/document_head.html",
    "templates/partials/demo_banner.html",
    "templates/pdf/*.html",
    "templates/planning/agree*.html",
    "templates/planning/shade_picture.html",
    "templates/smp/*",
    "templates/smp/layout/*",
    "intake/causes.py",
    "intake/clinic_texts.py",
    "intake/contact.py",
    "intake/corrections.py",
    "intake/forms/causes.py",
    "intake/forms/consent.py",
    "intake/forms/fields.py",
    "intake/forms/health.py",
    "intake/forms/link.py",
    "intake/forms/photo.py",
    "intake/forms/steps.py",
    "intake/grading.py",
    "intake/hair.py",
    "intake/questionnaire.py",
    "intake/papers.py",
    "intake/screening_rules.py",
    "intake/models/consent.py",
    "intake/models/photo.py",
    "intake/models/questionnaire.py",
    "intake/views/own.py",
    "intake/views/steps.py",
    "intake/views/photo_slots.py",
    "intake/words.py",
    "planning/clinic_texts.py",
    "planning/forms/preview.py",
    "planning/hairline_words.py",
    "planning/lengths.py",
    "planning/plan_sheet.py",
    "planning/treatment_consent.py",
    "planning/visit_mail.py",
    "planning/plan_map.py",
    "planning/plan_zones.py",
    "planning/views/agree.py",
    "planning/zones/areas.py",
    "sessions/aftercare*.py",
    "sessions/care_*.py",
    "sessions/documents/*.py",
    "sessions/preparation*.py",
    "sessions/sheets.py",
    "sessions/treated.py",
    "smpclinic/text_kinds.py",
)


def compile_messages(locale_folders: Iterable[Path]) -> list[Path]:
    """Write the ``.mo`` file of each ``.po`` file that is newer; the files written."""
    sources = [source for folder in locale_folders for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))]
    return [_compile(source) for source in sources if _is_stale(source)]


def collected(patterns: Iterable[str] = ()) -> Catalog:
    """Every text that the program says and that can be translated; with ``patterns`` those of these files alone."""
    catalog = Catalog(project="smpclinic", charset="utf-8")
    for path in _sources(patterns):
        name = path.relative_to(BASE_DIR).as_posix()
        for line, words, context, comments in _words_in(path, name):
            flags = {"python-format"} if "%(" in str(words) else set()
            catalog.add(words, None, [(name, line)], flags, user_comments=comments, context=context)
    return catalog


def catalogue(language: str) -> Catalog:
    """The translations there are, from the file that translators edit; empty where a language has none yet."""
    path = _file_of(language)
    if not path.exists():
        return Catalog(locale=language, project="smpclinic", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def freshen(language: str) -> Catalog:
    """Bring a language's file up to the source: new texts are added, texts that are gone are taken out."""
    found = catalogue(language)
    found.update(collected(), no_fuzzy_matching=True)
    found.obsolete.clear()
    path = _file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, found, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return found


def missing(language: str, patterns: Iterable[str] = ()) -> list[Message]:
    """The texts of the source without a translation in this language; a plural needs all its forms."""
    there = catalogue(language)
    return [message for message in collected(patterns) if message.id and not _is_translated(message, there)]


def _is_translated(message: Message, there: Catalog) -> bool:
    found = there.get(message.id, message.context)
    if found is None or found.fuzzy:
        return False
    forms = found.string if isinstance(found.string, (tuple, list)) else [found.string]
    return all(forms) and (not message.pluralizable or len(forms) == there.num_plurals)


def _file_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _sources(patterns: Iterable[str]) -> Iterator[Path]:
    if patterns:
        yield from sorted({path for pattern in patterns for path in BASE_DIR.glob(pattern) if path.is_file()})
        return
    for room in ROOMS:
        for path in sorted((BASE_DIR / room).rglob("*")):
            is_source = path.suffix in (".py", ".html", ".txt", ".svg") and "migrations" not in path.parts
            if is_source and not path.relative_to(BASE_DIR).as_posix().startswith(LEFT_OUT):
                yield path


def _words_in(path: Path, name: str) -> Iterator[tuple[int, Id, str | None, list[str]]]:
    source = path.read_text(encoding="utf-8")
    code = source if path.suffix == ".py" else templatize(source, origin=name)
    for line, function, words, comments in extract_python(BytesIO(code.encode()), KEYWORDS, [], {}):
        parts = [str(part) for part in (words if isinstance(words, (tuple, list)) else [words]) if part]
        context = parts.pop(0) if parts and function and "pgettext" in function else None
        if parts:
            is_counted = (bool(function) and "ngettext" in function) or function == "npgettext"
            yield line, (parts[0], parts[1]) if is_counted else parts[0], context, list(comments or ())
    if name in PURE_WORDS:
        yield from ((line, words, None, []) for line, words in _plain_words(source))


def _plain_words(source: str) -> Iterator[tuple[int, str]]:
    """Texts of a pure module that people read: with a space or a capital letter, and no docstring."""
    tree = ast.parse(source)
    outside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            outside |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in outside:
            words = node.value
            if re.search(r"[a-z]{3}", words) and (" " in words.strip() or words[0].isupper()):
                yield node.lineno, words


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
