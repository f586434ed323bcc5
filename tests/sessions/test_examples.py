"""The examples in the docstrings of the pure modules hold."""

import doctest
from importlib import import_module

import pytest

MODULES = ["aftercare", "aftercare_texts", "clock", "mixes", "readiness", "technique"]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    module = import_module(f"sessions.{name}")
    assert doctest.testmod(module).failed == 0
