"""What the care sheet costs beside WeasyPrint at its best and as it is used at first, what a batch gains by a second
process, and what the warm process keeps."""

import io
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

import time_machine
from django.core.management import call_command
from django.template.loader import render_to_string

from sessions import sheets
from sessions.models import TreatmentSession
from smpclinic import pdf, storage
from smpclinic.limited import client, pdf_job
from tests.bench.limits import Figure
from tests.bench.timing import WARM_UPS, cpu_ms

DEMO_PATIENTS = 9  # one at every stage, the last of them treated
ROUNDS = 15
SHEETS, CHUNKS = 200, 10  # a batch; one and two processes take turns at its chunks, so that a slow moment strikes both
PROCESSES = 2
START_S = 60


def measure() -> Iterator[Figure]:
    noon = datetime.now(UTC).replace(hour=11, minute=0)  # the demo's day is full around its hour
    with time_machine.travel(noon, tick=True):
        call_command("demo", patients=DEMO_PATIENTS, stdout=io.StringIO())
    session = TreatmentSession.objects.signed().order_by("id").first()
    context = sheets.sheet_of(session)
    client.start_warm()
    warm = WarmProcess(client._started["process"].pid)
    try:
        yield from _batch(warm, context)  # first: measuring the cost loads WeasyPrint into this process
        yield from _cost(warm, context, session)
    finally:
        client.stop_warm()


def _cost(warm: "WarmProcess", context: dict, session: TreatmentSession) -> Iterator[Figure]:
    html = render_to_string(sheets.TEMPLATE, {**context, "paper": "A4"})
    tuned_draw, apart = _tuned(html), _drawn_apart(html)
    calls = {
        "ours": lambda: _ours(warm, context),
        "tuned": lambda: cpu_ms(tuned_draw),
        "naive": lambda: cpu_ms(lambda: _naive(apart)),
    }
    for call in calls.values():
        for _ in range(WARM_UPS):
            call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            taken[name].append(call())
    ours, tuned, naive = (median(taken[name]) for name in ("ours", "tuned", "naive"))
    yield Figure("pdf", "hand-tuned WeasyPrint, CPU ms", tuned)
    yield Figure("pdf", "naive WeasyPrint, CPU ms", naive)
    yield Figure("pdf", "care sheet, CPU ms", ours, ours / tuned)
    yield Figure("pdf", "care sheet against the naive render, CPU ms", ours, ours / naive)
    content = pdf.render_pdf(sheets.TEMPLATE, context)
    yield Figure("pdf", "gathering what it says, CPU ms", _median_of(lambda: sheets.sheet_of(session)))
    storing = _median_of(lambda: storage.store(content, folder="documents", suffix="pdf"))
    yield Figure("pdf", "storing it, CPU ms", storing)


def _batch(warm: "WarmProcess", context: dict) -> Iterator[Figure]:
    """A batch by one process and by two, by the clock; the parent of all renders is what stays in memory."""
    for _ in range(WARM_UPS):
        pdf.render_pdf(sheets.TEMPLATE, context)
    before, seconds = warm.resident_mb(), {1: 0.0, PROCESSES: 0.0}
    for _ in range(CHUNKS):
        for workers in seconds:
            seconds[workers] += _seconds(context, workers, SHEETS // CHUNKS)
    yield Figure("pdf", f"{SHEETS} sheets by one process, s", seconds[1])
    gain = seconds[1] / seconds[PROCESSES]
    yield Figure("pdf", f"{SHEETS} sheets by two processes, times as fast", gain)
    yield Figure("pdf", f"warm process after {2 * SHEETS} sheets, MB", warm.resident_mb())
    yield Figure("pdf", f"warm process grown by {2 * SHEETS} sheets, MB", warm.resident_mb() - before)
    yield Figure("pdf", f"web worker after {2 * SHEETS} sheets, MB", resident_mb(os.getpid()))


def _seconds(context: dict, workers: int, count: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda _number: pdf.render_pdf(sheets.TEMPLATE, context), range(count)))
    return time.perf_counter() - began


def _median_of(call: Callable[[], object]) -> float:
    return median(cpu_ms(call) for _ in range(ROUNDS))


def _ours(warm: "WarmProcess", context: dict) -> float:
    """CPU milliseconds of one sheet: template and waiting here, the drawing in the warm process and its fork."""
    before = warm.cpu_ms()
    here = cpu_ms(lambda: pdf.render_pdf(sheets.TEMPLATE, context))
    return here + warm.cpu_ms() - before


def _tuned(html: str) -> Callable[[], bytes]:
    """The best a program can do with WeasyPrint alone: fonts and style sheet read once, the page ready as text."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    roots, fonts = tuple(Path(root) for root in pdf._static_roots()), FontConfiguration()
    fetcher = pdf_job._fetcher(pdf._static_path(), roots)
    markup, styles = pdf_job._sheets_apart(html, pdf._static_path(), roots)
    ready = [weasyprint.CSS(string=style, font_config=fonts) for style in styles]

    def draw() -> bytes:
        document = weasyprint.HTML(string=markup, base_url=pdf_job.BASE_URL, url_fetcher=fetcher)
        return document.write_pdf(stylesheets=ready, font_config=fonts)

    return draw


def _naive(html: str) -> bytes:
    """WeasyPrint as it is used at first: nothing kept from one paper to the next."""
    import weasyprint

    fetcher = pdf_job._fetcher(pdf._static_path(), tuple(Path(root) for root in pdf._static_roots()))
    return weasyprint.HTML(string=html, base_url=pdf_job.BASE_URL, url_fetcher=fetcher).write_pdf()


def _drawn_apart(html: str) -> str:
    """The same page with every dot of the map and every module of the code as an element of its own."""

    def apart(found: re.Match[str]) -> str:
        path, rest = found.groups()
        starts = [place.start() for place in re.finditer("M", path)]
        pieces = [path[start:end] for start, end in pairwise([*starts, len(path)])]
        return "".join(f'<path d="{piece}"{rest}/>' for piece in pieces)

    return re.sub(r'<path d="((?:M[^M"]{3,24}){12,})"([^<>]*?)/>', apart, html)


class WarmProcess:
    """The process that draws, watched from outside. Raises TimeoutError where it does not come up."""

    def __init__(self, pid: int):
        self._stat = Path(f"/proc/{pid}/stat")
        self._children = Path(f"/proc/{pid}/task/{pid}/children")
        self._pid = pid
        _wait_until(client.socket_path().exists)

    def cpu_ms(self) -> float:
        """Processor time of it and of the forks it has seen end, in steps of the kernel's clock (10 ms)."""
        _wait_until(lambda: not self._children.read_text())
        fields = self._stat.read_text().rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:15]) * 1000 / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        return resident_mb(self._pid)


def resident_mb(pid: int) -> float:
    """Megabytes of memory that a process holds now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def _wait_until(condition) -> None:
    deadline = time.monotonic() + START_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the warm process did not answer")
        time.sleep(0.001)
