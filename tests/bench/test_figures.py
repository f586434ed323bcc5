"""The bench tells the truth about its limits, and the page about performance says the same."""

import json
import re

import pytest

from smpclinic.environment import BASE_DIR
from tests.bench import __main__ as bench
from tests.bench import limits
from tests.bench.limits import LIMITS, NAMES, Figure, Limit
from tests.bench.timing import medians_ms, percentile

PAGE = (BASE_DIR / "docs" / "performance.md").read_text(encoding="utf-8")


@pytest.fixture
def bounds(monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", {("b", "cost"): Limit(2), ("b", "rate"): Limit(2, at_least=True)})


@pytest.mark.parametrize(
    ("figure", "value", "ratio", "holds"),
    [
        ("cost", 2, None, True),
        ("cost", 2.1, None, False),
        ("cost", 99, 2, True),
        ("cost", 1, 2.1, False),
        ("rate", 2, None, True),
        ("rate", 1.9, None, False),
        ("rate", 99, 1.9, False),
    ],
)
def test_a_limit_bounds_the_ratio_where_there_is_one_else_the_value(bounds, figure, value, ratio, holds):
    assert Figure("b", figure, value, ratio).holds is holds


def test_every_figure_is_one_line_of_json(bounds, capsys):
    assert bench.report([Figure("b", "cost", 1.23456, 1.987), Figure("b", "rate", 3)]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"bench": "b", "figure": "cost", "value": 1.235, "limit": 2, "ratio": 1.99},
        {"bench": "b", "figure": "rate", "value": 3, "limit": 2, "ratio": None},
    ]


def test_one_figure_over_its_limit_is_named_and_fails_the_run(bounds, capsys):
    assert bench.report([Figure("b", "cost", 9, 2.5), Figure("b", "rate", 3)]) == 1
    assert capsys.readouterr().err == "b, cost: ratio 2.50, must be at most 2.\n"


def test_a_run_without_a_figure_fails():
    assert bench.report([]) == 1


def test_an_unknown_name_is_refused():
    with pytest.raises(SystemExit) as refused:
        bench.main(["everything"])
    assert refused.value.code == 2


def test_the_median_ignores_one_slow_moment(monkeypatch):
    times = iter([1.0, 50.0, 3.0])
    monkeypatch.setattr("tests.bench.timing.cpu_ms", lambda call: next(times))
    assert medians_ms({"a": int}, rounds=3) == {"a": 3.0}


def test_a_percentile_is_one_of_the_values():
    assert [percentile([4, 1, 3, 2], percent) for percent in (25, 50, 75, 95)] == [1, 2, 3, 4]


def test_every_limit_stands_in_the_page_about_performance_with_the_same_number():
    rows = re.findall(r"^\| (\w+) \| (.+?) \| (at most|at least) ([\d.]+) \|", PAGE, re.MULTILINE)
    told = {(name, figure): Limit(float(bound), words == "at least") for name, figure, words, bound in rows}
    assert told == LIMITS


def test_every_bench_has_figures():
    assert {name for name, _ in LIMITS} == set(NAMES)
