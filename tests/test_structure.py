"""The house rules that a machine can hold: where things live, what may import what, what every part must have."""

import ast
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.management import call_command

from smpclinic.environment import BASE_DIR, VARIABLES
from smpclinic.privacy import FIELDS
from tests.sources import ROOMS, modules, templates

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40
ROOT = ("smpclinic.urls", "smpclinic.settings", "smpclinic.pages", "smpclinic.demo", "smpclinic.management")


def is_at_the_root(name: str) -> bool:
    """Whether a module belongs to the composition root, which may import every room."""
    return any(name == part or name.startswith(f"{part}.") for part in ROOT)


def ids(found):
    return [module.name for module in found]


# Imports


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_imports_run_one_way(module):
    if is_at_the_root(module.name):
        return
    above = ROOMS[ROOMS.index(module.room) + 1 :]
    assert {name for name in module.imports() if name.partition(".")[0] in above} == set()


def test_the_composition_root_is_imported_by_itself_alone():
    wrong = {
        (module.name, name)
        for module in modules()
        if not is_at_the_root(module.name)
        for name in module.imports()
        if is_at_the_root(name)
    }
    assert wrong == set()


def test_no_module_is_a_drawer_for_everything():
    drawers = {"core", "common", "util", "utils", "helper", "helpers", "misc", "base_views", "services", "tools"}
    assert [module.name for module in modules(migrations=True) if drawers & set(module.name.split("."))] == []


def test_one_sqlite_library_is_imported_and_in_one_place():
    users = {
        module.name
        for module in modules(migrations=True)
        for name in module.imports()
        if name.partition(".")[0] in ("sqlite3", "_sqlite3", "pysqlite3")
    }
    assert users == {"smpclinic"}


# Pure modules: no Django, no clock, no database

PURE = {
    "smpclinic.colour", "smpclinic.grey_card", "smpclinic.marks", "smpclinic.tongue",
    "smpclinic.printed_codes",
    "intake.causes", "intake.folding", "intake.grading", "intake.hair_colours",
    "intake.naming", "intake.screening",
    "intake.screening_feeds", "intake.screening_rules", "planning.availability", "planning.bookable",
    "planning.density", "planning.estimation", "planning.lifecycle", "planning.lot_life",
    "planning.mix_proposals", "planning.mixing",
    "planning.hairline", "planning.hairline_photo", "planning.map_dots", "planning.dot_field", "planning.scalp_views",
    "planning.shade", "planning.spectra",
    "planning.zones", "planning.scheduling", "sessions.technique",
    "sessions.aftercare", "sessions.aftercare_texts", "sessions.care_words",
    "sessions.preparation", "sessions.readiness",
    "sessions.clock", "sessions.mixes",
}  # fmt: skip
ALLOWED = set(sys.stdlib_module_names) | {"numpy", "coloraide"}
IMPURE = {
    "os",
    "io",
    "socket",
    "subprocess",
    "sqlite3",
    "random",
    "secrets",
    "threading",
    "time",
    "pathlib",
    "tempfile",
}


def is_pure(name: str) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in PURE)


def pure_modules():
    return [module for module in modules() if is_pure(module.name)]


def test_every_pure_module_of_the_plan_is_there():
    assert {part for part in PURE if not any(module.name == part for module in modules())} == set()


@pytest.mark.parametrize("module", pure_modules(), ids=ids(pure_modules()))
def test_pure_modules_import_only_what_is_pure(module):
    by_name = {found.name: found for found in modules()}
    for name in module.imports():
        top = name.partition(".")[0]
        if top in ROOMS:
            inner = by_name.get(name)
            assert inner is None or inner.name == top or is_pure(name) or "django" not in str(inner.imports()), name
        else:
            assert top in ALLOWED - IMPURE, f"{module.name} imports {name}"


@pytest.mark.parametrize("module", pure_modules(), ids=ids(pure_modules()))
def test_pure_modules_never_look_at_the_clock_or_a_file(module):
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    names = {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}
    assert names & {"now", "today", "utcnow", "localtime", "open", "print", "input"} == set()


def test_pure_modules_run_without_django():
    """Whatever the imports say: none of them pulls Django in by a way round."""
    code = "import sys\n" + "\n".join(f"import {module.name}" for module in pure_modules())
    code += "\nassert not any(name.partition('.')[0] == 'django' for name in sys.modules), 'Django was imported'"
    answer = subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert answer.stderr == ""


# Size


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_files_and_functions_stay_small(module):
    assert module.lines <= MOST_LINES, f"{module.name} has {module.lines} lines"
    long = {f.name: n for f in module.functions() if (n := lines_of_body(f)) > MOST_LINES_OF_A_FUNCTION}
    assert long == {}


def lines_of_body(function) -> int:
    """Lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


# Changes leave a trace

NOT_AUDITED = {
    "TryCount", "Outbox", "WorkerBeat", "SearchTerm",  # the program's own bookkeeping
    "DotsDone",  # derived from signed sessions, which are audited
    "PaceSample", "LearnedPace", "LearnedZone",  # derived from signed sessions, which are audited
}  # fmt: skip
NOT_DATABASE = ("smpclinic.launch", "smpclinic.outbox", "smpclinic.demo", "smpclinic.settings")


def bulk_changes(module):
    """(function, model or variable, line) of every QuerySet.update() and bulk_update() without an audit entry."""
    for function in module.functions():
        audited = "audit.record" in ast.unparse(function)
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr == "bulk_update" or (call.func.attr == "update" and call.keywords and not call.args):
                receiver = ast.unparse(call.func.value)
                model = re.match(r"\w+", receiver).group()
                if model not in NOT_AUDITED and not audited:
                    yield function.name, receiver, call.lineno


def test_no_bulk_change_passes_the_trail_by():
    """``QuerySet.update()`` calls no save(), so nothing else would notice."""
    found = {
        (module.name, *change)
        for module in modules()
        if not module.name.startswith(NOT_DATABASE)
        for change in bulk_changes(module)
    }
    assert {(name, function) for name, function, *_ in found} - RELEASED_AND_PLACED_AGAIN == set(), found


# Several appointments change places: taken out, then each saved and audited by _place in the same transaction.
RELEASED_AND_PLACED_AGAIN = {("planning.actions.booking", "_release")}


def test_every_action_says_who_acts():
    """A public function of an ``actions`` module takes ``by`` and everything else by keyword."""
    wrong = [
        f"{module.name}.{function.name}"
        for module in modules()
        if ".actions" in module.name
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and "transaction.atomic" in [ast.unparse(decorator) for decorator in function.decorator_list]
        and function.name not in WITHOUT_AN_ACTOR
        and (function.args.args or "by" not in [argument.arg for argument in function.args.kwonlyargs])
    ]
    assert wrong == []


# The first makes the first member of staff; the second is a step of it, and of the demo.
WITHOUT_AN_ACTOR = {"set_up_clinic", "set_weekly_hours"}


@pytest.mark.django_db
def test_no_model_changed_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_migrations_are_named_by_hand():
    names = [module.path.stem for module in modules(migrations=True) if "migrations" in module.path.parts]
    assert [name for name in names if re.search(r"_(auto|initial|alter|remove|add)_|_auto\d|^\d+_initial$", name)] == []


# Privacy


def own_models():
    labels = ("smpclinic", "intake", "planning", "treatment_sessions")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_field_is_classified(model):
    fields = {
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.is_relation and field.name != "public_id"
    }
    classified = [name for name, _ in FIELDS[model._meta.label].kinds()]
    assert sorted(classified) == sorted(fields)


def test_no_classified_model_is_gone():
    assert set(FIELDS) == {model._meta.label for model in own_models()}


# Templates


@pytest.mark.parametrize("name", templates())
def test_templates_hold_no_script_style_or_handler(name):
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", templates()[name], flags=re.DOTALL)
    tags = re.findall(r"<[a-zA-Z][^<>]*>", re.sub(r"{%.*?%}|{{.*?}}", "…", text))
    if not name.startswith("pdf/"):  # papers carry their own sheet and are never a page
        assert re.findall(r"<style\b", text) == []
        assert [tag for tag in tags if re.search(r"\sstyle\s*=", tag)] == []
    assert [tag for tag in tags if re.search(r"\son[a-z]+\s*=|javascript:|\shx-on", tag, re.IGNORECASE)] == []
    scripts = [tag for tag in tags if tag.startswith("<script")]
    assert [tag for tag in scripts if " src=" not in tag and 'type="application/json"' not in tag] == []


@pytest.mark.parametrize("name", templates())
def test_templates_escape_everything(name):
    assert re.findall(r"\|\s*(?:safe|safeseq)\b|autoescape\s+off", templates()[name]) == []


@pytest.mark.parametrize("name", [name for name, text in templates().items() if "{% extends" in text])
def test_pages_extend_first_and_name_the_blocks_they_close(name):
    text = templates()[name]
    assert re.match(r"\s*{% extends ", re.sub(r"{#.*?#}", "", text))
    assert re.findall(r"{%\s*endblock\s*%}", text) == []


def test_nothing_is_fetched_from_elsewhere():
    """No CDN: the clinic works without the internet, and nobody learns who opened which page."""
    links = re.compile(r"""(?:src|href|action|hx-get|hx-post)\s*=\s*["'](?:https?:)?//""")
    assert [name for name, text in templates().items() if links.search(text)] == []
    sheets = [*(BASE_DIR / "static").rglob("*.css"), *(BASE_DIR / "static").rglob("*.js")]
    assert [path.name for path in sheets if re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", path.read_text())] == []


# What the documents promise


def test_every_setting_is_in_the_readme():
    """With its name and its default, so that the table cannot go stale."""
    readme = (BASE_DIR / "README.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(" `"): line for line in readme.splitlines() if line.startswith("|")}
    assert {name for name in VARIABLES if name not in rows} == set()
    assert {name for name, variable in VARIABLES.items() if variable.default not in rows[name]} == set()


def test_every_command_is_in_the_documents():
    commands = {module.path.stem for module in modules() if ".management.commands." in module.name}
    pages = "".join(path.read_text(encoding="utf-8") for path in (BASE_DIR / "docs").rglob("*.md"))
    pages += (BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert {name for name in commands if not re.search(rf"\b{name}\b", pages)} == set()


# Migrations


@pytest.mark.parametrize(
    "path", sorted(BASE_DIR.glob("*/migrations/0*.py")), ids=lambda path: f"{path.parts[-3]}.{path.stem}"
)
def test_a_migration_changes_the_database_it_is_asked_to(path):
    """``objects`` alone means the default one: a move to another database would write into the old one."""
    assert re.findall(r"\.objects(?!\.using\().*", path.read_text()) == []
