"""Every address x method x role x owner, requested on the real program: each is declared and nothing leaks."""

import inspect
import logging

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from tests import crawl
from tests.addresses import POLICY, addresses

LEFT_OPEN = "audit"


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    logging.disable()
    if sabotage:
        _forget_a_decorator()
    undeclared = sorted({address.name for address in addresses()} ^ set(POLICY))
    requests, found = 0, []
    walked = [each for each in addresses() if full or each.name == LEFT_OPEN or each in crawl.sample(seed)]
    for address, visitor, method, problem in crawl.leaks(walked):
        requests += 1
        if problem:
            found.append(f"{address} {visitor} {method}: {problem}")
    return {
        "broken": bool(undeclared or found) or not requests,
        "addresses": f"{len(walked)} of {len(addresses())}",
        "requests": requests,
        "undeclared": undeclared,
        "leaks": len(found),
        "first_leaks": found[:5],
    }


def _forget_a_decorator() -> None:
    for pattern in _patterns(get_resolver()):
        if pattern.name == LEFT_OPEN:
            pattern.callback = inspect.unwrap(pattern.callback)


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern
