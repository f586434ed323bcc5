"""Whatever is typed into a field that reaches paper: nothing is fetched, no file is read, no markup acts, and the paper
comes out in less than 20 s with its pages filled."""

import io
import logging
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pikepdf
import time_machine
from django.utils import timezone
from django.utils.safestring import mark_safe

from intake import papers
from planning.board import day_sheet
from planning.plan_sheet import sheet_of
from sessions import sheets
from sessions.documents.catalogue import DOCUMENTS
from sessions.documents.issuing import context_of
from sessions.treatment_register import heads, lines_of
from smpclinic import pdf
from smpclinic.letterhead import letterhead
from smpclinic.limited import client as limited
from smpclinic.limited import pdf_job
from smpclinic.pdf import PdfFailed, render_pdf
from tests import paper
from tests.printed import NOW, Printed

MOST_SECONDS, PATIENT_S = 20, 600
QUICK_PAPERS = ("care sheet", "blank_record", "letter", "register")  # the other ones, too, in a full run
LONG = 100_000
SIGN = "HOSTILE"  # stands in every payload as words, so that it must be readable on the paper
SIZES = {
    "newlines": "\n" * LONG + SIGN,
    "combining marks": SIGN + "e\u0301\u0323" * (LONG // 3),
    "one word": SIGN + "W" * LONG,
    "bidi marks": SIGN + "\u202e\u2066\u200f" * (LONG // 3),
    "emoji": SIGN + " \U0001f468\u200d\U0001f469\u200d\U0001f467" * (LONG // 6),
    "blanks and tabs": SIGN + " \t\u00a0" * (LONG // 3),
}


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    logging.disable()
    with _baits() as baits, _careless() if sabotage else _as_it_is():
        payloads = baits.payloads()
        rounds = len(payloads) if full else 1
        found = _leaks(baits, payloads, rounds)
    in_turn = {"each in turn": tuple(SIZES.values())}
    if not sabotage:  # what is trusted is not bounded either: each paper would only run into its limit
        found |= _sizes({name: (text,) for name, text in SIZES.items()} | in_turn if full else in_turn, full=full)
    return {
        "broken": any(found.get(name) for name in ("connects", "files_read", "unread", "refused", "empty")),
        **found,
    }


def _leaks(baits: "_Baits", payloads: list[str], rounds: int) -> dict[str, object]:
    """Every paper with a payload in every typed field, ``rounds`` times, each time another payload in each field."""
    drawn, unread, fields = 0, [], 0
    for shift in range(rounds):
        number = count(shift)
        world = Printed(lambda text, number=number: f"{SIGN} {payloads[next(number) % len(payloads)]}")
        fields = next(number) - shift
        for name, template, context in _papers(world):
            content = _drawn_here(template, context, baits)
            drawn += 1
            if SIGN not in paper.words_of(content) or "<img" not in paper.words_of(content).replace("\u200b", ""):
                unread.append(name)
    return {
        "payloads": len(payloads), "fields": fields, "papers": drawn, "connects": baits.connects,
        "files_read": baits.files_read, "unread": sorted(set(unread))[:5],
    }  # fmt: skip


def _drawn_here(template: str, context: dict, baits: "_Baits") -> bytes:
    """Drawn in this process, where the interpreter tells of every file opened and every connection tried."""

    def here(job, body, *, options, limits):
        with baits.watched():
            return pdf_job.draw(body, **options)

    with patch.object(pdf, "run_limited", here):
        return render_pdf(template, context)


def _sizes(rounds: dict[str, tuple[str, ...]], *, full: bool) -> dict[str, object]:
    """Papers with huge texts in their typed fields, those of a round in turn, under the limit of a real one: 20 s of
    processor time. The clock is not judged: other programs make a paper wait, not cost."""
    limited.start_warm()
    limits = replace(pdf.LIMITS, cpu_s=MOST_SECONDS, wall_s=PATIENT_S)
    slowest, refused, empty = 0.0, [], []
    for size, texts in rounds.items():
        for name, template, context in _papers(_huge(texts)):
            if not full and name not in QUICK_PAPERS:
                continue
            began = time.monotonic()
            try:
                with patch.object(pdf, "LIMITS", limits):
                    content = render_pdf(template, context)
            except PdfFailed:
                refused.append(f"{name}: {size}")
            else:
                empty += [] if _every_page_says_something(content) else [f"{name}: {size}"]
            slowest = max(slowest, time.monotonic() - began)
    limited.stop_warm()
    return {"sizes": len(SIZES), "refused": refused[:5], "empty": empty[:5], "slowest_s": round(slowest, 2)}


def _every_page_says_something(content: bytes) -> bool:
    """Whether text is shown on each page (read with qpdf: pypdf refuses arrays as long as these)."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return all(b"TJ" in page.Contents.read_bytes() for page in document.pages)


def _huge(texts: tuple[str, ...]) -> Printed:
    number = count()

    def text(_usual: str) -> str:
        each = next(number)
        return f"{each} {texts[each % len(texts)]}"

    return Printed(text)


def _papers(world: Printed) -> Iterator[tuple[str, str, dict]]:
    """Name, template and context of every paper of the program, for the patient of ``world``."""
    with time_machine.travel(NOW, tick=False):
        for document in DOCUMENTS:
            yield document.code, document.template, context_of(document, world.patient)
        yield "care sheet", sheets.TEMPLATE, sheets.sheet_of(world.session)
        yield "plan", "pdf/plan.html", sheet_of(world.plan.current_version)
        yield "letter", papers.LETTER_TEMPLATE, papers.letter_context([world.letter])
        yield "patch test note", papers.PATCH_NOTE_TEMPLATE, papers.patch_note_context(world.patch_test)
        yield "day sheet", "pdf/day_sheet.html", _day_sheet(world)
        yield "register", "pdf/treatment_register.html", _register(world)


def _day_sheet(world: Printed) -> dict:
    day = world.visits[0].day
    return letterhead() | {"sheet": day_sheet(day), "visits": 1, "day": day, "printed_at": timezone.localtime()}


def _register(world: Printed) -> dict:
    day = world.session.appointment.day
    return letterhead() | {"lines": lines_of(day, day, user=world.doctor), "heads": heads(), "period": "2035"}


class _Baits:
    """Files that no paper may read and a port that no paper may call, with the texts that ask for them."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.connects, self.files_read, self._watching = 0, 0, False
        for name in ("style.css", "picture.svg", "words.txt"):
            (folder / name).write_text("p{color:red}", encoding="utf-8")
        sys.addaudithook(self._told)

    def payloads(self) -> list[str]:
        web, file = f"http://127.0.0.1:{self.port}", self.folder.as_uri()
        inner = [
            f'<link rel="stylesheet" href="{web}/a.css">',
            f'<link rel="stylesheet" href="{file}/style.css">',
            f'<link rel="attachment" href="{file}/words.txt">',
            f'<style>@import url("{web}/b.css")</style>',
            f'<style>@font-face{{font-family:x;src:url("{file}/style.css")}}*{{font-family:x}}</style>',
            f'<style>p{{background:url("{file}/picture.svg")}}</style>',
            f'<p style="background:url({web}/c.png)">x</p>',
            f'<object data="{file}/picture.svg"></object>',
            f'<embed src="{web}/d.svg">',
            f'<iframe src="{file}/words.txt"></iframe>',
            f'<a rel="attachment" href="{file}/words.txt">x</a>',
            f'<svg><image href="{file}/picture.svg"/></svg>',
            f'<svg><use href="{web}/e.svg#a"/></svg>',
            f'<base href="{web}/"><script src="f.js"></script>',
            f'"><input type="image" src="{web}/g.png">',
            f"' onload='x' <video poster={web}/h.png>",
            "{% include '/etc/passwd' %}{{ settings.SECRET_KEY }}",
            "\u202e]]><!--<![CDATA[\x00&#x3c;",
        ]
        return [f'<img src="{file}/picture.svg"><img src="{web}/i.png">{each}' for each in inner]

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _told(self, event: str, arguments: tuple) -> None:
        if not self._watching:
            return
        if event == "socket.connect":
            self.connects += 1
        elif event == "open" and str(arguments[0]).startswith((str(self.folder), "/etc/passwd")):
            self.files_read += 1


@contextmanager
def _baits() -> Iterator[_Baits]:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        yield _Baits(Path(folder), listener.getsockname()[1])


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _careless() -> Iterator[None]:
    """The sabotage: typed texts are trusted as markup, and what markup asks for is fetched."""
    from weasyprint.urls import URLFetcher

    trusted: Callable[..., str] = lambda text, longest=0: mark_safe(str(text))  # noqa: E731
    with (
        patch.object(pdf, "printed", trusted),
        patch.object(pdf_job, "_fetcher", lambda *roots: URLFetcher(timeout=1)),
    ):
        yield
