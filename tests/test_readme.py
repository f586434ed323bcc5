"""What the README promises about settings and commands is what the program has: each one, and no other."""

import importlib
import re

import pytest
from django.core.management import load_command_class

from smpclinic.demo.clinic import PASSWORD
from smpclinic.environment import BASE_DIR, VARIABLES
from smpclinic.launch.command import USAGE
from tests import bench, proofs
from tests.bench.limits import NAMES as BENCHES
from tests.proofs.__main__ import NAMES as PROOFS

README = (BASE_DIR / "README.md").read_text(encoding="utf-8")
OPERATIONS = (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
PARAGRAPH = README.partition("Commands of `python manage.py`:")[2].partition("\n\n")[0]
COMMANDS = {path.stem for path in (BASE_DIR / "smpclinic/management/commands").glob("[!_]*.py")}
DJANGOS_OWN = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no-color", "force-color"}
DJANGOS_OWN |= {"skip-checks"}


def settings_table():
    """The rows under "| setting | default | meaning |": name, default, meaning."""
    lines = README.partition("| setting | default | meaning |\n")[2].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_table_of_settings_is_the_one_that_the_program_reads():
    expected = [
        [f"`{each.name}`", f"`{each.default}`" if each.default else "empty", each.meaning]
        for each in VARIABLES.values()
    ]
    assert settings_table() == expected


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_stands_in_the_readme_with_its_options(name):
    parser = load_command_class("smpclinic", name).create_parser("manage.py", name)
    options = {text[2:] for action in parser._actions for text in action.option_strings if text.startswith("--")}
    told = re.search(rf"`{name}\b([^`]*)`", PARAGRAPH)
    assert told, f"README.md does not name {name}"
    assert set(re.findall(r"--([a-z-]+)", told[1])) == options - DJANGOS_OWN


def test_no_command_is_named_that_is_not_there():
    assert set(re.findall(r"`([a-z_]+)\b[^`]*` \(", PARAGRAPH)) == COMMANDS


def test_every_verb_and_option_of_run_py_is_explained():
    verbs = re.search(r"\[([a-z|]+)\]", USAGE)[1].split("|")
    assert sorted(verbs) == ["serve", "setup", "test"]
    for verb in verbs:
        assert f"python3 run.py {verb}" in README + OPERATIONS
    for option in re.findall(r"--[a-z]+", USAGE):
        assert option in OPERATIONS


@pytest.mark.parametrize(("names", "package", "command"), [(BENCHES, bench, "bench"), (PROOFS, proofs, "proofs")])
def test_every_bench_and_proof_is_named_and_exists(names, package, command):
    told = re.search(rf"`python -m tests\.{command} NAME.*?\((.*?)[;)]", README, re.DOTALL)[1]
    assert re.findall(r"`([a-z0-9]+)`", told) == list(names)
    for name in names:
        assert importlib.util.find_spec(f"{package.__name__}.{name}")


def test_the_published_users_and_password_are_those_of_the_demo():
    assert f"`{PASSWORD}`" in README
    for user in ("reception", "practitioner", "manager"):
        assert f"`{user}`" in README
