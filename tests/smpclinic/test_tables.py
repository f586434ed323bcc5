"""Lists to take away: no cell is a formula, no phone number is spoiled."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from smpclinic.tables import csv_of, in_csv, xlsx_of

HOSTILE = [
    *("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", " =1+1", "\ufeff=1", "＝1+1"),
    *("=HYPERLINK(\"http://x\",\"y\")", "%0A=1", "|calc", "-x", "+x", "\u200b=1"),
]  # fmt: skip
HARMLESS = ["+44 20 7946 0001", "+34 (910) 000-000", "-5", "12.50", "Ann O'Neil", "a=b", "3 May 2026", "Ünal", ""]


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def read_xlsx(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows()]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_stays_text(text):
    assert read_csv(csv_of(["a"], [[text]]))[1][0].startswith("'")
    assert read_xlsx(xlsx_of("t", ["a"], [[text]]))[1][0].data_type == "s"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_left_as_it_is(text):
    assert read_csv(csv_of(["a"], [[text]]))[1] == [text]
    assert (read_xlsx(xlsx_of("t", ["a"], [[text]]))[1][0].value or "") == text


@given(st.text(max_size=40))
def test_no_text_comes_out_as_a_formula(text):
    shown = in_csv(text).lstrip(" \t\r\n\ufeff\u200b")
    assert not shown.startswith("=")
    assert not shown.startswith("@")


@given(
    rows=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=2, max_size=2)
    )
)
def test_every_row_arrives(rows):
    listed = read_csv(csv_of(["a", "b"], rows))
    assert [[in_csv(cell) for cell in row] for row in rows] == listed[1:]
    assert len(read_xlsx(xlsx_of("t", ["a", "b"], rows))) == len(rows) + 1
