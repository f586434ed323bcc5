"""The examples in the docstrings of the pure modules hold."""

import doctest
from importlib import import_module

import pytest

MODULES = [
    "causes",
    "clearance",
    "dates",
    "duplicates",
    "grading",
    "naming",
    "screening",
    "screening_feeds",
    "screening_rules",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    module = import_module(f"intake.{name}")
    assert doctest.testmod(module).failed == 0
