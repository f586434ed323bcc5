"""Paper: a template and its context in, the bytes of a tagged PDF out."""

import re
import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from smpclinic.limited.client import JobFailed, run_limited
from smpclinic.limited.pdf_job import MISSING_LIBRARY, PAPERS
from smpclinic.limited.wire import Limits

LIMITS = Limits(cpu_s=20, memory_bytes=1024**3, wall_s=30)
LONGEST_HTML_BYTES = 8 * 1024 * 1024
LONGEST_TEXT = 2000
LONGEST_WORD = 60
MOST_LINES = 40
# Controls, and the marks that reverse the direction of what follows: they can make a printed text lie.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
ZERO_WIDTH_SPACE = "\u200b"


class PdfFailed(Exception):
    """This document was not drawn; the message says so in a sentence for the person who asked."""


class PdfImpossible(PdfFailed):
    """No document can be drawn on this computer; the page may offer the browser's own print."""


def render_pdf(template_name: str, context: dict, *, language: str | None = None, paper: str = "A4") -> bytes:
    """Render ``template_name`` in ``language`` and draw it on ``paper`` ("A4" or "Letter").

    The same context gives the same bytes. The template sees ``paper`` besides its context.
    Raises ``PdfFailed`` or ``PdfImpossible``, whose text may be shown.
    """
    if paper not in PAPERS:
        raise ValueError(f"paper={paper!r} is not one of {', '.join(PAPERS)}")
    with translation.override(language or translation.get_language()):
        html = render_to_string(template_name, {**context, "paper": paper}).encode("utf-8", "replace")
    if len(html) > LONGEST_HTML_BYTES:
        raise PdfFailed(_("This document is too long to be printed. Shorten its notes and try again."))
    options = {"static_url": _static_path(), "static_roots": _static_roots(), "paper": paper}
    if accent := context.get("accent"):
        options["accent"] = accent
    try:
        return run_limited("pdf", html, options=options, limits=LIMITS)[0]
    except JobFailed as failure:
        raise _in_words(failure) from failure


def printed(text: object, longest: int = LONGEST_TEXT) -> str:
    """``text`` as a printed field may hold it: bounded in characters, lines and length of word.

    Layout grows with the number of lines (100,000 newlines never end), so every text that
    somebody typed goes through here on its way to paper; a cut is shown as "…".
    """
    clean = unicodedata.normalize("NFC", UNPRINTABLE.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n")))
    lines = re.sub(r"\n{3,}", "\n\n", clean).strip().split("\n")
    short = "\n".join(lines[:MOST_LINES])
    cut = len(lines) > MOST_LINES or len(short) > longest
    short = short[:longest].rstrip() + "…" if cut else short
    return re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", rf"\1{ZERO_WIDTH_SPACE}", short)


def _in_words(failure: JobFailed) -> PdfFailed:
    if failure.code == MISSING_LIBRARY:
        return PdfImpossible(
            _("PDF files cannot be made on this computer: the system library Pango is missing. Print from the browser.")
        )
    if failure.code == "limit":
        return PdfFailed(_("This document took too long to draw. Shorten its notes and try again."))
    return PdfFailed(_("This document could not be drawn. Nothing was changed; print from the browser instead."))


def _static_path() -> str:
    """The path under which templates name static files, always with slashes around it."""
    path = f"/{settings.STATIC_URL.strip('/')}/"
    if "//" in path:
        raise ImproperlyConfigured(f"STATIC_URL={settings.STATIC_URL} must be a path on this server")
    return path


def _static_roots() -> list[str]:
    """Collected files first (their names carry a hash), then our own sources."""
    roots = [settings.STATIC_ROOT, *settings.STATICFILES_DIRS]
    return [str(Path(root).resolve()) for root in roots if root and Path(root).is_dir()]
