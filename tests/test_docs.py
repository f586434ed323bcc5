"""The documents hold together: links lead somewhere, records are numbered, pictures are small and used."""

import re
import tomllib

import pytest

from planning import lifecycle
from smpclinic.environment import BASE_DIR

PAGES = sorted([*BASE_DIR.glob("*.md"), *(BASE_DIR / "docs").rglob("*.md")])
RECORDS = sorted((BASE_DIR / "docs" / "decisions").glob("*.md"))
PICTURES = sorted((BASE_DIR / "docs" / "img").iterdir())
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
LARGEST_PICTURE_BYTES = 120_000
LONGEST_RECORD_LINES = 45  # one screen


def name(path):
    return str(path.relative_to(BASE_DIR))


def text(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_to_a_file_leads_there(page):
    targets = [
        target for target in LINK.findall(text(page)) if "://" not in target and not target.startswith("mailto:")
    ]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_source_that_a_page_names_is_there(page):
    if page.parent.name == "decisions":
        return  # a record tells what was decided then
    named = re.findall(r"`((?:smpclinic|intake|planning|sessions|tests|docs)/[\w/.]+)`", text(page))
    assert [path for path in named if not (BASE_DIR / path).exists()] == []


@pytest.mark.parametrize("record", RECORDS, ids=name)
def test_a_record_carries_its_number_and_fits_one_screen(record):
    number = int(record.name[:4])
    assert re.match(rf"# 0*{number}\.? \S", text(record)), text(record).splitlines()[0]
    assert len(text(record).splitlines()) <= LONGEST_RECORD_LINES


@pytest.mark.parametrize("record", RECORDS, ids=name)
def test_a_record_says_why_what_and_what_follows(record):
    for part in ("Context", "Decision", "Consequences"):
        assert re.search(rf"^(## {part}|\*\*{part}\.\*\*)", text(record), re.MULTILINE), part


def test_no_two_records_have_the_same_number():
    numbers = [record.name[:4] for record in RECORDS]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("picture", PICTURES, ids=name)
def test_a_picture_is_small_and_shown(picture):
    assert picture.stat().st_size <= LARGEST_PICTURE_BYTES
    assert any(f"img/{picture.name})" in text(page) for page in PAGES)


def test_pictures_have_words_for_those_who_do_not_see_them():
    assert [page.name for page in PAGES if re.search(r"!\[\s*\]\(", text(page))] == []


def test_the_changelog_begins_with_the_version_of_this_release():
    version = tomllib.loads(text(BASE_DIR / "pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## (\S+), (\d{4}-\d\d-\d\d)$", text(BASE_DIR / "CHANGELOG.md"), re.MULTILINE)
    assert newest[1] == version


def test_every_licence_that_is_named_is_the_one_given():
    project = tomllib.loads(text(BASE_DIR / "pyproject.toml"))["project"]
    assert text(BASE_DIR / "LICENSE").startswith(f"{project['license']} License")
    assert f"({project['license']})" in text(BASE_DIR / "README.md")


def test_the_lives_are_drawn_as_the_tables_have_them():
    page = text(BASE_DIR / "docs" / "lifecycles.md")
    assert lifecycle.diagram(lifecycle.APPOINTMENT_STATES, lifecycle.APPOINTMENT_MOVES) in page
    assert lifecycle.diagram(lifecycle.PLAN_STATES, lifecycle.PLAN_MOVES) in page
