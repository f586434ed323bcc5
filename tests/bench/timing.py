"""Processor time of calls in this process, so that other programs on the machine do not count."""

import time
from collections.abc import Callable, Mapping
from statistics import median

WARM_UPS = 3
MS = 1e-6  # nanoseconds in milliseconds


def cpu_ms(call: Callable[[], object]) -> float:
    """Milliseconds of processor time that one call takes."""
    began = time.process_time_ns()
    call()
    return (time.process_time_ns() - began) * MS


def best_ms(calls: Mapping[str, Callable[[], object]], *, rounds: int, by_clock: bool) -> dict[str, float]:
    """Milliseconds of the quickest round of each call: processor time of this process, or ``by_clock``."""
    now = time.perf_counter_ns if by_clock else time.process_time_ns
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds + 1):  # the first warms up
        for name, call in calls.items():
            began = now()
            call()
            taken[name].append((now() - began) * MS)
    return {name: min(times) for name, times in taken.items()}


def medians_ms(calls: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """The median of each call in milliseconds; all are called in turn, so that a slow moment strikes all alike."""
    for call in calls.values():
        for _ in range(WARM_UPS):
            call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            taken[name].append(cpu_ms(call))
    return {name: median(times) for name, times in taken.items()}


def percentile(values: list[float], percent: int) -> float:
    """The smallest of ``values`` that at least ``percent`` % of them do not exceed.

    >>> percentile([4, 1, 3, 2], 50), percentile([4, 1, 3, 2], 95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1]
