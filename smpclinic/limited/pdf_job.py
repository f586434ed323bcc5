"""HTML in, a tagged PDF out: WeasyPrint with every door closed but our own static files."""

import contextlib
import functools
import hashlib
import logging
import mimetypes
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from smpclinic.limited.jobs import Refused

# Relative addresses resolve against a name that can never exist (RFC 6761), and nothing is ever asked of it.
BASE_URL = "http://static.invalid/"
PAPERS = {"A4": "A4", "Letter": "letter"}
INLINE_IMAGES = ("data:image/png;base64,", "data:image/jpeg;base64,")
FILE_TYPES = {".css", ".png", ".jpg", ".jpeg", ".svg", ".woff", ".woff2", ".ttf", ".otf"}
PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
MISSING_LIBRARY = "missing"
STYLE_LINK = re.compile(r'<link rel="stylesheet" href="([^"<>]+)">')
PAGE = "@page {{ size: {size} }} @page across {{ size: {size} landscape }} html {{ --accent: {accent} }}"
TEAL = "#0b5c65"
OWN_SHEETS = Path(__file__).resolve().parents[2] / "static" / "css"
# Font subsets carry a date; a fixed one lets the same sheet be printed again byte for byte.
FIXED_EPOCH_S = "1577836800"


def draw(
    html: bytes, *, static_url: str, static_roots: list[str], paper: str, accent: str = TEAL
) -> tuple[bytes, dict[str, int]]:
    """Draw ``html`` (UTF-8) on ``paper``; the same input gives the same bytes.

    ``accent`` (#rrggbb) colours headings and lines. ``static_roots`` are the folders whose files may be read under
    ``static_url``.
    Raises ``Refused("missing")`` where Pango is not installed.
    """
    weasyprint = _library()
    roots = tuple(Path(root).resolve() for root in static_roots)
    markup, sheets = _sheets_apart(html.decode("utf-8"), static_url, roots)
    document = weasyprint.HTML(string=markup, base_url=BASE_URL, url_fetcher=_fetcher(static_url, roots))
    # The paper first: a style sheet may turn it across.
    styles = [_parsed(PAGE.format(size=PAPERS[paper], accent=accent)), *(_parsed(sheet) for sheet in sheets)]
    rendered = document.render(stylesheets=styles, font_config=_fonts(), pdf_variant="pdf/ua-1")
    identifier = hashlib.sha256(f"{paper}{accent}".encode("ascii") + html).digest()[:16]
    pdf = rendered.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return pdf, {"pages": len(rendered.pages)}


def warm_up(own_sheets: Path = OWN_SHEETS) -> None:
    """Load WeasyPrint, Pango, the fonts of a first page and our style sheets, so that forks find them ready."""
    html = "<!DOCTYPE html><html lang=en><title>x</title><h1>Warm</h1><p><b>b</b> <i>i</i> <svg><path d='M0 0'/></svg>"
    for paper in PAPERS:
        draw(html.encode(), static_url="/static/", static_roots=[], paper=paper)
    for path in own_sheets.glob("pdf-*.css"):
        _parsed(path.read_text(encoding="utf-8"))


def _sheets_apart(markup: str, static_url: str, roots: tuple[Path, ...]) -> tuple[str, list[str]]:
    """The page without its links to style sheets, and what those say: parsed once instead of for each paper.

    Only links before the body count: those of our templates. One that is none of our files is left out.
    """
    head, body_tag, rest = markup.partition("<body")
    sheets = []
    for link in STYLE_LINK.findall(head):
        with contextlib.suppress(ValueError):
            path = static_file(urljoin(BASE_URL, link), static_url, roots)
            sheets.append(path.read_text(encoding="utf-8"))
    return STYLE_LINK.sub("", head) + body_tag + rest, sheets


@functools.lru_cache(maxsize=32)
def _parsed(sheet: str) -> Any:
    """A style sheet as WeasyPrint keeps it. It may ask for nothing: ours name no other file."""
    return _library().CSS(string=sheet, base_url=BASE_URL, url_fetcher=_fetcher("/", ()), font_config=_fonts())


@functools.cache
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@functools.cache
def _library() -> Any:
    os.environ["SOURCE_DATE_EPOCH"] = FIXED_EPOCH_S
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise Refused(MISSING_LIBRARY) from error
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return weasyprint


def _fetcher(static_url: str, roots: tuple[Path, ...]) -> Any:
    """An object that hands WeasyPrint our static files and inline pictures, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith(INLINE_IMAGES):
                return super().fetch(url, headers)
            path = static_file(url, static_url, roots)
            content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    return OurFilesOnly(timeout=5, allowed_protocols=("data",), allow_redirects=False)


def static_file(url: str, static_url: str, roots: tuple[Path, ...]) -> Path:
    """The file that ``url`` names under one of ``roots``. Raises ``ValueError`` for everything else.

    Every part of the path must be a plain name, so there is no way up and no second spelling;
    links inside the folder that lead out of it are refused too.
    """
    parts = urlsplit(url)
    base = urlsplit(BASE_URL)
    if (parts.scheme, parts.netloc) != (base.scheme, base.netloc) or not parts.path.startswith(static_url):
        raise ValueError("not one of our static files")
    names = parts.path.removeprefix(static_url).split("/")
    if not all(PLAIN_NAME.fullmatch(name) for name in names):
        raise ValueError("not a plain path")
    return _first_inside(roots, lambda root: root.joinpath(*names))


def _first_inside(roots: tuple[Path, ...], candidate: Callable[[Path], Path]) -> Path:
    for root in roots:
        path = candidate(root)
        if path.suffix.lower() in FILE_TYPES and path.is_file() and path.resolve() == path:
            return path
    raise ValueError("no such static file")
