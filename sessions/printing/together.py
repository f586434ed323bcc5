"""The papers of a batch put together: one PDF that opens the print dialog by itself, or a ZIP of single ones."""

import io
import zipfile

import pikepdf

from sessions.models.printing import PrintPaper
from smpclinic import storage

OPENS_PRINT = pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name.Named, N=pikepdf.Name.Print)


def merged(papers: list[PrintPaper]) -> bytes:
    """Every paper in one PDF, in order; a viewer that knows how opens its print dialog (an action of the file itself:
    no script of ours runs)."""
    whole = pikepdf.Pdf.new()
    for paper in papers:
        with pikepdf.Pdf.open(io.BytesIO(_content(paper))) as part:
            whole.pages.extend(part.pages)
    whole.Root.OpenAction = whole.make_indirect(OPENS_PRINT)
    target = io.BytesIO()
    whole.save(target, deterministic_id=True)
    return target.getvalue()


def zipped(papers: list[PrintPaper]) -> bytes:
    """Each paper as a file of its own, named by its place and kind, never by a patient."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for paper in papers:
            archive.writestr(f"{paper.number:03}-{paper.kind.replace('_', '-')}.pdf", _content(paper))
    return target.getvalue()


def _content(paper: PrintPaper) -> bytes:
    return storage.read(paper.file, sha256=paper.sha256)
