"""QR codes as one SVG path, drawn by the page itself."""

import segno

LONGEST_PHONE = 40  # characters of a clinic's phone that a code has room for, beside what else it says


def qr_drawing(words: str) -> dict:
    """``path``, ``width`` and ``height`` of the code for ``words``, one unit a module, without its quiet border."""
    code = segno.make(words, error="m")
    width, height = code.symbol_size(scale=1, border=0)
    return {"path": _dark_path(code), "width": width, "height": height}


def _dark_path(code: segno.QRCode) -> str:
    """The dark modules as one SVG path, a row of neighbours as one stroke."""
    parts = []
    for row, line in enumerate(code.matrix):
        column = 0
        while column < len(line):
            start = column
            while column < len(line) and line[column]:
                column += 1
            if column > start:
                parts.append(f"M{start} {row}h{column - start}v1h{start - column}z")
            column += 1
    return "".join(parts)
