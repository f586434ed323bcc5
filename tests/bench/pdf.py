"""What the care sheet costs beside WeasyPrint alone on the same page, and what the warm process keeps."""

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.template.loader import render_to_string

from sessions import sheets
from sessions.models import TreatmentSession
from smpclinic import pdf
from smpclinic.limited import client, pdf_job
from tests.bench.limits import Figure
from tests.bench.timing import WARM_UPS, cpu_ms

DEMO_PATIENTS = 9  # one at every stage, the last of them treated
ROUNDS = 15
SHEETS = 100
START_S = 60


def measure() -> Iterator[Figure]:
    call_command("demo", patients=DEMO_PATIENTS, stdout=io.StringIO())
    context = sheets.sheet_of(TreatmentSession.objects.signed().order_by("id").first())
    client.start_warm()
    warm = WarmProcess(client._started["process"].pid)
    try:
        yield from _memory(warm, context)  # first: measuring the cost loads WeasyPrint into this process
        yield from _cost(warm, context)
    finally:
        client.stop_warm()


def _cost(warm: "WarmProcess", context: dict) -> Iterator[Figure]:
    html = render_to_string(sheets.TEMPLATE, {**context, "paper": "A4"})
    for _ in range(WARM_UPS):
        _bare(html)
        _ours(warm, context)
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(warm, context))
        bare.append(cpu_ms(lambda: _bare(html)))
    yield Figure("pdf", "bare WeasyPrint, CPU ms", median(bare))
    yield Figure("pdf", "care sheet, CPU ms", median(ours), median(ours) / median(bare))


def _memory(warm: "WarmProcess", context: dict) -> Iterator[Figure]:
    """The parent of all renders is what stays; each render is a fork that ends."""
    before = warm.resident_mb()
    for _ in range(SHEETS):
        pdf.render_pdf(sheets.TEMPLATE, context)
    yield Figure("pdf", f"warm process after {SHEETS} sheets, MB", warm.resident_mb())
    yield Figure("pdf", f"warm process grown by {SHEETS} sheets, MB", warm.resident_mb() - before)
    yield Figure("pdf", f"web worker after {SHEETS} sheets, MB", resident_mb(os.getpid()))


def _ours(warm: "WarmProcess", context: dict) -> float:
    """CPU milliseconds of one sheet: template and waiting here, the drawing in the warm process and its fork."""
    before = warm.cpu_ms()
    here = cpu_ms(lambda: pdf.render_pdf(sheets.TEMPLATE, context))
    return here + warm.cpu_ms() - before


def _bare(html: str) -> bytes:
    import weasyprint

    fetcher = pdf_job._fetcher(pdf._static_path(), tuple(Path(root) for root in pdf._static_roots()))
    return weasyprint.HTML(string=html, base_url=pdf_job.BASE_URL, url_fetcher=fetcher).write_pdf()


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
