"""Documents on paper: what they look like inside, and what can never get in or out."""

import http.server
import io
import socket
import sys
import threading
import time

import pypdf
import pytest

from smpclinic import pdf
from smpclinic.limited import client, pdf_job, wire
from smpclinic.limited.jobs import Refused
from tests.smpclinic.conftest import text_of


def test_a_template_becomes_a_tagged_pdf_with_title_and_language(warm, sheet):
    reader = pypdf.PdfReader(io.BytesIO(pdf.render_pdf(sheet("<p>{{ name }}</p>"), {"name": "Zoë <b>"})))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  a PDF boolean object
    assert root["/Lang"] == "en"
    assert reader.metadata.title == "Care sheet"
    assert "Zoë <b>" in reader.pages[0].extract_text()


def test_paper_is_a4_or_letter_and_nothing_else(warm, sheet):
    name = sheet("<p>{{ paper }}</p>")
    sizes = {}
    for paper in ("A4", "Letter"):
        box = pypdf.PdfReader(io.BytesIO(pdf.render_pdf(name, {}, paper=paper))).pages[0].mediabox
        sizes[paper] = (round(box.width), round(box.height))
    assert sizes == {"A4": (595, 842), "Letter": (612, 792)}
    with pytest.raises(ValueError, match="paper='A3'"):
        pdf.render_pdf(name, {}, paper="A3")


def test_the_same_sheet_gives_the_same_bytes_warm_and_fresh(warm, sheet, monkeypatch):
    name = sheet("<p>{{ name }}</p><svg width='9' height='9'><title>t</title><path d='M0 0h9v9z'/></svg>")
    first = pdf.render_pdf(name, {"name": "A"})
    time.sleep(1.1)  # past a full second: a date inside would show
    assert pdf.render_pdf(name, {"name": "A"}) == first
    monkeypatch.setattr(client, "_ask_warm", lambda message, limits: None)
    assert pdf.render_pdf(name, {"name": "A"}) == first
    assert pdf.render_pdf(name, {"name": "B"}) != first


def test_the_language_of_the_sheet_is_the_one_asked_for(warm, sheet):
    name = sheet("{% load i18n %}{% get_current_language as now %}<p>language {{ now }}</p>")
    assert "language pl" in text_of(pdf.render_pdf(name, {}, language="pl"))


@pytest.fixture
def listener():
    """A web server on this machine that notes every visit."""
    visits = []

    class Notes(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", visits
    server.shutdown()
    server.server_close()


PAYLOADS = [
    "<img src='file:///etc/passwd'>",
    "<img src='{web}/img'>",
    "<link rel='attachment' href='file://{secret}'>",
    "<a rel='attachment' href='file://{secret}'>x</a>",
    "<a rel='attachment' href='{secret}'>x</a>",
    "<link rel='stylesheet' href='{web}/a.css'>",
    "<style>@import url({web}/import.css);</style>",
    "<p style='background:url({web}/background)'>x</p>",
    "<style>@font-face{{font-family:z;src:url({web}/font)}} p{{font-family:z}}</style><p>z</p>",
    "<svg xmlns:xlink='http://www.w3.org/1999/xlink' width='9' height='9'><image xlink:href='{web}/svg'/></svg>",
    "<svg width='9' height='9'><image href='file://{secret}' width='9' height='9'/></svg>",
    "<object data='{web}/object'></object>",
    "<embed src='{web}/embed'>",
    "<style>p::before{{content:url({web}/content)}}</style><p>q</p>",
    "<iframe src='{web}/frame'></iframe>",
    "<script>document.write('JS-RAN')</script>",
    "<base href='{web}/'><img src='by-base'>",
    "<meta http-equiv='refresh' content='0;url={web}/meta'>",
    "<img src='/static/../../../../../{secret}'>",
    "<img src='data:text/html;base64,VE9QLVNFQ1JFVA=='>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_is_fetched_and_no_file_is_read_for_hostile_html(warm, sheet, tmp_path, listener, payload):
    web, visits = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET")
    body = payload.format(web=web, secret=secret)
    content = pdf.render_pdf(sheet("{{ raw|safe }}<p>after</p>"), {"raw": body})
    reader = pypdf.PdfReader(io.BytesIO(content))
    attached = b"".join(part for parts in reader.attachments.values() for part in parts)
    shown = text_of(content)
    assert visits == []
    assert b"TOP-SECRET" not in attached
    assert not {"TOP-SECRET", "root:", "JS-RAN"} & set(shown.split())
    assert "after" in shown


def test_the_listener_would_have_noticed_a_visit(listener):
    web, visits = listener
    host, port = web.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as visitor:
        visitor.sendall(b"GET /img HTTP/1.0\r\n\r\n")
        visitor.recv(100)
    assert visits == ["/img"]


@pytest.fixture
def static_folder(tmp_path):
    root = (tmp_path / "static").resolve()
    (root / "css").mkdir(parents=True)
    (root / "css" / "sheet.abc123.css").write_text("h1{color:red}")
    (root / "run.py").write_text("secret")
    (root / "css" / "out.css").symlink_to("/etc/hostname")
    return root


def test_a_static_file_is_found_by_its_exact_path(static_folder):
    found = pdf_job.static_file("http://static.invalid/static/css/sheet.abc123.css", "/static/", (static_folder,))
    assert found == static_folder / "css" / "sheet.abc123.css"


@pytest.mark.parametrize(
    "url",
    [
        "http://static.invalid/static/css/../run.py",
        "http://static.invalid/static/css/%2e%2e/run.py",
        "http://static.invalid/static/run.py",
        "http://static.invalid/static//css/sheet.abc123.css",
        "http://static.invalid/static/css\\sheet.abc123.css",
        "http://static.invalid/static/css/out.css",
        "http://static.invalid/static/css/missing.css",
        "http://static.invalid/css/sheet.abc123.css",
        "http://static.invalid:80/static/css/sheet.abc123.css",
        "https://static.invalid/static/css/sheet.abc123.css",
        "http://example.org/static/css/sheet.abc123.css",
        "file:///static/css/sheet.abc123.css",
    ],
)
def test_every_other_spelling_is_refused(static_folder, url):
    with pytest.raises(ValueError):
        pdf_job.static_file(url, "/static/", (static_folder,))


def test_our_own_style_sheet_is_used(warm, sheet, settings, static_folder):
    (static_folder / "css" / "big.css").write_text("p{break-before:page}")
    settings.STATICFILES_DIRS = [static_folder]
    settings.STATIC_ROOT = None
    body = "<link rel='stylesheet' href='/static/css/big.css'><p>1</p><p>2</p>"
    content = pdf.render_pdf(sheet(body), {})
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 3


def test_a_document_that_never_ends_is_ended_in_words(warm, sheet, monkeypatch):
    monkeypatch.setattr(pdf, "LIMITS", wire.Limits(cpu_s=1, wall_s=10))
    name = sheet("<p style='white-space:pre-wrap'>{{ note }}</p>")
    started = time.monotonic()
    with pytest.raises(pdf.PdfFailed, match="too long to draw"):
        pdf.render_pdf(name, {"note": "\n" * 100_000})
    assert time.monotonic() - started < 9
    assert pdf.render_pdf(name, {"note": "still here"}).startswith(b"%PDF")


def test_a_fresh_process_is_held_to_the_same_limits(fresh, sheet, monkeypatch):
    monkeypatch.setattr(pdf, "LIMITS", wire.Limits(cpu_s=2, wall_s=15))
    with pytest.raises(pdf.PdfFailed, match="too long to draw"):
        pdf.render_pdf(sheet("<p style='white-space:pre-wrap'>{{ note }}</p>"), {"note": "\n" * 100_000})


def test_a_document_that_needs_too_much_memory_is_ended_in_words(fresh, sheet, monkeypatch):
    monkeypatch.setattr(pdf, "LIMITS", wire.Limits(memory_bytes=64 * 1024**2))
    with pytest.raises(pdf.PdfFailed):
        pdf.render_pdf(sheet("<p>x</p>"), {})


def test_a_huge_document_is_refused_before_it_is_sent(sheet, monkeypatch):
    monkeypatch.setattr(pdf, "LONGEST_HTML_BYTES", 1000)
    with pytest.raises(pdf.PdfFailed, match="too long to be printed"):
        pdf.render_pdf(sheet("<p>{{ note }}</p>"), {"note": "x" * 1000})


def test_without_pango_the_page_is_told_to_offer_the_browsers_print(sheet, monkeypatch):
    def missing(job, body, **options):
        raise client.JobFailed("missing")

    monkeypatch.setattr(pdf, "run_limited", missing)
    with pytest.raises(pdf.PdfImpossible, match="Print from the browser"):
        pdf.render_pdf(sheet("<p>x</p>"), {})


def test_a_library_that_cannot_be_loaded_is_reported_as_missing(monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    pdf_job._library.cache_clear()
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(Refused) as refusal:
        pdf_job._library()
    assert refusal.value.code == "missing"


def test_a_printed_text_keeps_what_fits():
    assert pdf.printed("Zoë\r\nline two") == "Zoë\nline two"
    assert pdf.printed("x " * 4, 7) == "x x x x"
    assert pdf.printed("a b c d e", 9) == "a b c d e"


def test_a_printed_text_says_where_it_was_cut():
    assert pdf.printed("a b c d e", 8) == "a b c d…"
    assert pdf.printed("\n".join("x" * 41), 999) == "\n".join("x" * 40) + "…"
    assert pdf.printed("\n".join("x" * 40), 999) == "\n".join("x" * 40)


def test_a_printed_text_has_no_controls_no_reversal_and_no_endless_word():
    assert pdf.printed("a\x00b\x1bc\u202ed\ud800e") == "abcde"
    assert pdf.printed("\n" * 100_000) == ""
    assert pdf.printed("a" + "\n" * 100 + "b") == "a\n\nb"
    assert max(len(word) for word in pdf.printed("x" * 500).split("\u200b")) == pdf.LONGEST_WORD
