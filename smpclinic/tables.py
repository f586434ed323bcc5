"""Lists to take away: CSV and XLSX in which no cell is ever taken for a formula, and a phone number stays one.

A spreadsheet runs what begins with = + - @ (also after blanks, and in full-width letters). In CSV such a text gets an
apostrophe in front, unless it is digits and what stands between digits; in XLSX every cell says that it is text.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Font

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000  # XLSX allows 32,767
WIDEST = 60
_STARTS_FORMULA = re.compile(r"[\s\ufeff\u200b-\u200f\u2060]*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER_LIKE = re.compile(r"[+\-]?[\d ().,/:\u00a0-]*\d", re.ASCII)


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a mark that spreadsheets know it by; every cell in quotes."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([in_csv(head) for head in heads])
    writer.writerows([in_csv(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def xlsx_of(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet: a head that stays in sight, every cell text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "List")
    sheet.freeze_panes = "A2"
    listed = [[in_xlsx(cell) for cell in row] for row in rows]
    for column, width in enumerate(_widths([list(heads), *listed])):
        sheet.column_dimensions[_letter(column)].width = width
    sheet.append([_cell(sheet, in_xlsx(head), is_head=True) for head in heads])
    for row in listed:
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_csv(value: object) -> str:
    """One cell as it may stand in CSV.

    >>> in_csv("=1+1"), in_csv("+44 20 7946 0001"), in_csv("-cmd"), in_csv("Ann"), in_csv("-1+1")
    ("'=1+1", '+44 20 7946 0001', "'-cmd", 'Ann', "'-1+1")
    """
    text = in_xlsx(value)
    return f"'{text}" if _STARTS_FORMULA.match(text) and not _NUMBER_LIKE.fullmatch(text) else text


def in_xlsx(value: object) -> str:
    """One cell as plain text, without the signs that XML cannot hold."""
    text = "" if value is None else str(value)
    return ILLEGAL_CHARACTERS_RE.sub("", text.encode("utf-8", "replace").decode())[:LONGEST_CELL]


def _cell(sheet, text: str, *, is_head: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # else openpyxl takes "=1+1" for a formula
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [min(WIDEST, 2 + max(len(line) for cell in column for line in cell.split("\n"))) for column in zip(*rows)]  # noqa: B905  as short as the shortest row


def _letter(column: int) -> str:
    return chr(ord("A") + column)
