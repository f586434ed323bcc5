"""The examples in the docstrings of the pure modules hold."""

import doctest
from dataclasses import is_dataclass
from importlib import import_module

import pytest

MODULES = [
    "causes",
    "clearance",
    "dates",
    "duplicates",
    "figures",
    "grading",
    "hair",
    "hair_colours",
    "folding",
    "naming",
    "rule_words",
    "screening",
    "screening_feeds",
    "screening_rules",
    "signature",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    module = import_module(f"intake.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_a_record_once_made_is_never_changed(name):
    module = import_module(f"intake.{name}")
    records = [kind for kind in vars(module).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert [kind.__name__ for kind in records if not kind.__dataclass_params__.frozen] == []
