"""The examples in the docstrings of the planning rules hold."""

import doctest
import importlib

import pytest

WITH_EXAMPLES = (
    *(
        "availability",
        "density",
        "dot_field",
        "dots_done",
        "estimation",
        "hairline",
        "lifecycle",
        "lot_life",
        "mix_proposals",
        "mixing",
        "needle_time",
        "shade",
        "spectra",
    ),
    *("scheduling.diary", "scheduling.gaps", "zones.areas", "zones.grades", "zones.salt"),
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_hold(name):
    result = doctest.testmod(importlib.import_module(f"planning.{name}"))
    assert (result.attempted > 0, result.failed) == (True, 0)
