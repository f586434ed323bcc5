"""What stands on a paper: the words of a PDF in the order they are read."""

import io

from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """All text of all pages, white space made single."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
