"""The list of strictly typed modules in pyproject.toml leaves out no rule and no action."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("intake", "planning", "sessions")


def checked():
    return [ROOT / name for name in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["files"]]


def is_checked(module, listed):
    return any(module == entry or entry in module.parents for entry in listed)


def imports_of(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def modules_without_django(room):
    for module in sorted((ROOT / room).rglob("*.py")):
        if module.name == "__init__.py" or "migrations" in module.parts:
            continue
        if not any(name.split(".")[0] == "django" or ".models" in name for name in imports_of(module)):
            yield module


def test_every_rule_without_django_is_checked_strictly():
    unlisted = [
        str(module.relative_to(ROOT))
        for room in ROOMS
        for module in modules_without_django(room)
        if not is_checked(module, checked())
    ]
    assert unlisted == []


def test_every_action_is_checked_strictly():
    actions = [path for room in (*ROOMS, "smpclinic") for path in (ROOT / room).glob("actions*")]
    assert actions
    assert [str(path.relative_to(ROOT)) for path in actions if not is_checked(path, checked())] == []


def test_every_listed_module_exists():
    assert [str(path) for path in checked() if not path.exists()] == []
