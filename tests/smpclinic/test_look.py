"""The look keeps its promises: contrast, tokens only, nothing that the page's policy forbids."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from lucide import IconDoesNotExist

from smpclinic.pages.navigation import ENTRIES, _address, navigation
from smpclinic.pages.set_up import ROWS
from smpclinic.templatetags import look
from tests.make import make_user

ROOT = settings.BASE_DIR
CSS = sorted((ROOT / "static/css").glob("*.css"))
# Papers are printed and an export is read without the program: their sheets do not know the tokens of the screen.
ON_SCREEN = [path for path in CSS if not path.name.startswith(("pdf-", "export"))]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "pdf" not in path.parts)
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))

TEXT, DRAWN = 4.5, 3.0  # WCAG 2.2 AA: text, and the edges of controls
GROUNDS = ("paper", "surface")
MEANINGS = ("information", "caution", "stop", "done", "teal")
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "muted") for ground in (*GROUNDS, "surface-2")],
    *[(ink, f"{meaning}-wash", TEXT) for ink in ("ink",) for meaning in MEANINGS],
    *[(meaning, f"{meaning}-wash", TEXT) for meaning in MEANINGS],
    *[(meaning, ground, TEXT) for meaning in MEANINGS for ground in GROUNDS],
    *[("ink", f"tint-{number}", TEXT) for number in range(8)],
    *[("stop", f"tint-{number}", TEXT) for number in range(8)],
    *[(f"tint-{number}-edge", ground, DRAWN) for number in range(8) for ground in ("paper", f"tint-{number}")],
    *[("edge", ground, DRAWN) for ground in GROUNDS],
    ("teal-strong", "paper", TEXT),
    ("on-teal", "teal", TEXT),
    ("on-teal", "teal-strong", TEXT),
    ("on-stop", "stop", TEXT),
    ("muted", "caution-wash", TEXT),
    ("muted", "teal-wash", TEXT),
]


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme, as the browser has them: the dark block over the light one."""
    light, dark = (ROOT / "static/css/tokens.css").read_text().split("@media screen and (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if theme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    return found


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_counted_as_the_standard_does():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(theme):
    colours = tokens(theme)
    poor = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground, least in PAIRS
        if contrast(colours[ink], colours[ground]) < least
    }
    assert poor == {}


def test_the_dark_theme_draws_every_colour_anew():
    light, dark = tokens("light"), tokens("dark")
    assert [name for name in light if light[name] == dark[name]] == []


def test_only_the_tokens_and_the_paper_name_colours():
    named = re.compile(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl", re.I)
    offenders = [
        path.name
        for path in ON_SCREEN
        if path.name not in {"tokens.css", "print.css"} and named.search(path.read_text())
    ]
    assert offenders == []


def test_every_token_in_use_exists():
    known = set(re.findall(r"^\s+--([\w-]+):", "".join(path.read_text() for path in CSS), re.M))
    known |= {
        "row",
        "span",
        "from",
        "rows",
        "plus",
        "less",
        "split",
        "accent",
    }  # set by a part, or by the colour of papers
    used = set(re.findall(r"var\(--([\w-]+)", "".join(path.read_text() for path in CSS)))
    assert used - known == set()


def test_type_comes_in_six_sizes():
    text = (ROOT / "static/css/tokens.css").read_text()
    assert len(re.findall(r"--type-\d: ", text)) == 6
    allowed = re.compile(r"font-size: (var\(--type-\d\)|inherit|0\.92em|10\.5pt);")
    sizes = [line.strip() for path in ON_SCREEN for line in path.read_text().splitlines() if "font-size:" in line]
    assert [line for line in sizes if not allowed.match(line)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_policy_forbids(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    assert re.findall(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|\shx-on|javascript:|<style\b", text) == []
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_can_be_read(path):
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))
    assert "{#" not in re.sub(r"{#[^\n]*#}", "", path.read_text()), "a comment of several lines would be shown"


def test_every_partial_of_a_template_exists():
    wanted = {name for path in TEMPLATES for name in re.findall(r'{% include "([^"]+)"', path.read_text())}
    missing = [name for name in wanted if not (ROOT / "templates" / name).exists()]
    assert missing == []


def test_scripts_build_no_markup_from_text():
    banned = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert [path.name for path in SCRIPTS if banned.search(path.read_text())] == []


def test_every_module_is_found_by_the_one_that_imports_it():
    imported = re.compile(r'(?:from|import) "\./([\w-]+\.js)"')
    wanted = {name for path in SCRIPTS for name in imported.findall(path.read_text())}
    assert wanted - {path.name for path in SCRIPTS} == set()


def test_the_fault_page_stands_alone():
    text = (ROOT / "templates/500.html").read_text()
    assert "{%" not in text
    assert "{{" not in text
    for address in re.findall(r'href="/static/([^"]+)"', text):
        assert (ROOT / "static" / address).exists()


@pytest.mark.parametrize("quarter", range(96))
def test_each_quarter_of_the_day_has_its_place(quarter):
    places = (ROOT / "static/css/day-places.css").read_text()
    assert f".row-{quarter} {{ --row: {quarter}; }}\n" in places
    assert f".span-{quarter + 1} {{ --span: {quarter + 1}; }}\n" in places


def test_an_icon_is_drawn_inline_and_hidden_from_screen_readers():
    drawn = look.icon("calendar")
    assert drawn.startswith("<svg")
    assert 'aria-hidden="true"' in drawn
    assert 'class="icon"' in drawn
    assert "xmlns" not in drawn


def test_an_arrow_turns_with_the_line_of_reading():
    assert 'class="icon directed"' in look.icon("arrow-right")


def test_an_unknown_icon_fails_loudly():
    with pytest.raises(IconDoesNotExist):
        look.icon("no-such-icon")


def test_every_icon_named_in_a_template_exists():
    names = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    names |= {icon for icon, _word in look.KINDS.values()} | set(look.STATE_ICONS.values())
    names |= {entry.icon for entry in (*ENTRIES, *ROWS)}
    for name in names:
        assert look.icon(name)


@pytest.mark.parametrize(
    ("level", "kind"),
    [
        (constants.SUCCESS, "done"),
        (constants.WARNING, "caution"),
        (constants.ERROR, "stop"),
        (constants.INFO, "information"),
    ],
)
def test_a_message_becomes_a_toast_of_its_kind(level, kind):
    tag = constants.DEFAULT_TAGS[level]
    assert look.message_kind(SimpleNamespace(level_tag=tag)) == kind


@pytest.mark.parametrize(
    ("born_on", "today", "years"),
    [
        (date(2008, 3, 9), date(2026, 3, 8), 17),
        (date(2008, 3, 9), date(2026, 3, 9), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_age_counts_whole_years(born_on, today, years):
    assert look.years_old(born_on, today) == years


def test_a_moment_is_written_as_everywhere():
    assert look.when_words(datetime(2026, 11, 26, 14, 30, tzinfo=UTC)) == "26 November 2026, 14:30"
    assert look.when_words(date(2026, 11, 26)) == "26 November 2026"
    assert look.when_words("Today") == "Today"


def test_initials_are_the_first_and_the_last():
    assert look.initials_of("Ana María de la Cruz") == "AC"
    assert look.initials_of("Cher") == "C"
    assert look.initials_of("") == ""


def frame(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return navigation(request)


@pytest.mark.django_db
def test_each_role_finds_its_own_ways():
    reception, manager = make_user(roles=("reception",)), make_user(roles=("manager",))
    assert [str(entry["label"]) for entry in frame(reception)["navigation"]] == ["Today", "Patients"]
    assert [str(entry["label"]) for entry in frame(manager)["navigation"]] == ["Today", "Stock", "Set-up"]
    owner = make_user(roles=("reception", "practitioner", "manager"))
    assert len(frame(owner)["navigation"]) <= 5, "more do not fit at the foot of a phone"
    assert frame(reception)["search_url"]
    assert frame(manager)["search_url"] == ""
    assert frame(manager)["call_url"] == ""


@pytest.mark.django_db
def test_the_header_shows_where_one_is():
    user = make_user(roles=("manager",))
    shown = {str(entry["label"]): entry["current"] for entry in frame(user, "/stock/lots/new/")["navigation"]}
    assert [label for label, is_current in shown.items() if is_current] == ["Stock"]


@pytest.mark.django_db
def test_what_is_set_up_stands_on_one_page_and_belongs_to_it(client):
    user = make_user(roles=("manager",))
    client.force_login(user)
    body = client.get(reverse("set_up")).content.decode()
    for row in ROWS:
        assert f'href="{reverse(row.route)}"' in body
        entries = frame(user, reverse(row.route))["navigation"]
        assert [str(entry["label"]) for entry in entries if entry["current"]] == ["Set-up"]
        assert client.get(reverse(row.route)).status_code == 200


def test_nobody_signed_in_finds_no_ways():
    assert frame(AnonymousUser())["navigation"] == []


def test_a_way_that_does_not_exist_is_not_shown():
    assert _address("no-such-page") == ""


def test_every_file_of_the_look_is_short():
    long = {path.name: len(path.read_text().splitlines()) for path in [*CSS, *SCRIPTS]}
    assert {name: lines for name, lines in long.items() if lines > 500} == {}
