"""What finding a patient while typing costs, among a thousand and among a hundred thousand patients.

On SQLite processor time is measured, on PostgreSQL (a server in another process) the clock; the best of several rounds
counts. Each search is divided by a bare page asked for in the same rounds, so that a slow moment strikes both.
"""

import random
from collections.abc import Callable, Iterator
from statistics import mean

from django.db import connection
from django.test import override_settings
from django.urls import reverse

from intake.models import Patient, SearchTerm
from intake.search import HIGHEST_SIGN, find_patients
from smpclinic.models import User
from tests import make
from tests.bench.crowd import COMMON, TODAY, register
from tests.bench.limits import Figure
from tests.bench.timing import best_ms, percentile
from tests.bench.web import Browser, counted_queries

FEW, MANY = 1_000, 100_000
MOST_SHOWN = 20
ROUNDS = 7
FITS_NOBODY = ("xqzw", "9999987", "anx xqz", "3 May 1901")
# How often each is typed, of a hundred.
MIX = {"phone": 30, "birth date": 20, "beginning of a name": 30, "two words": 10, "a common surname": 10}


def measure() -> Iterator[Figure]:
    with override_settings(ROOT_URLCONF="tests.bench.bare"):
        yield from _measured()


def _measured() -> Iterator[Figure]:
    user = make.make_user()
    people = register(FEW)
    few = Measured(people, user)
    people += register(MANY - FEW, first=FEW + 1)
    many = Measured(people, user)
    for name, size in (("1,000", few), ("100,000", many)):
        yield Figure("search", f"bare indexed query of {name}, ms", size.bare)
        yield Figure("search", f"finding among {name}, ms", size.found, size.found / size.bare)
        yield Figure("search", f"type-ahead among {name}, ms", size.typed, size.typed / size.bare_view)
        yield Figure("search", f"nobody found among {name}, ms", size.nobody, size.nobody / size.bare)
    yield Figure("search", "finding, p95 in bare pages, against 1,000", many.found_p95, many.found_p95 / few.found_p95)
    yield Figure(
        "search", "type-ahead, p95 in bare pages, against 1,000", many.typed_p95, many.typed_p95 / few.typed_p95
    )
    yield Figure("search", "queries of the costliest page", max(many.queries))
    more = max(one - other for one, other in zip(many.queries, few.queries, strict=True))
    yield Figure("search", "queries more among 100,000 than among 1,000", more)


class Measured:
    """The times of one size of the register, in milliseconds."""

    def __init__(self, patients: list[Patient], user: User):
        texts, browser = _typed(patients[:FEW]), Browser(user)
        _require_found(texts, user)
        page, address = reverse("bench_bare", args=[patients[0].public_id]), f"{reverse('intake:patients')}?q="
        addresses = [address + text.replace("+", "%2B") for text in texts]
        taken = [
            _best(
                bare=lambda text=text: _bare(text),
                found=lambda text=text: _find(text, user),
                bare_view=lambda: browser.get(page),
                typed=lambda each=each: browser.get(each, partial=True),
            )
            for text, each in zip(texts, addresses, strict=True)
        ]
        self.bare, self.found, self.bare_view, self.typed = (
            mean(each[name] for each in taken) for name in ("bare", "found", "bare_view", "typed")
        )
        self.found_p95, self.typed_p95 = (
            percentile([each[name] / each["bare_view"] for each in taken], 95) for name in ("found", "typed")
        )
        nobody = [_best(found=lambda text=text: _find(text, user)) for text in FITS_NOBODY]
        self.nobody = mean(each["found"] for each in nobody)
        self.queries = [_queries(browser, each) for each in addresses]


def _best(**calls: Callable[[], object]) -> dict[str, float]:
    """The quickest of some rounds of each; all are called in turn, so that a slow moment strikes all alike."""
    return best_ms(calls, rounds=ROUNDS, by_clock=connection.vendor == "postgresql")


def _find(text: str, user: User) -> list[Patient]:
    return find_patients(text, user=user, on=TODAY)


def _require_found(typed: list[str], user: User) -> None:
    """A search that finds nobody is answered quickly, and measures nothing."""
    for text in typed:
        if not _find(text, user):
            raise RuntimeError(f"{text!r} finds nobody")


def _bare(text: str) -> list[Patient]:
    """The patients of one range of the index, in one query."""
    start = text.casefold()
    terms = SearchTerm.objects.filter(term__gte=start, term__lt=start + HIGHEST_SIGN)
    keys = terms.order_by("term", "patient_id").values_list("patient_id", flat=True)[:MOST_SHOWN]
    return list(Patient.objects.filter(pk__in=list(keys)))


def _queries(browser: Browser, address: str) -> int:
    with counted_queries() as sent:
        browser.get(address, partial=True)
    return len(sent)


def _typed(patients: list[Patient]) -> list[str]:
    """A hundred searches for people among the first thousand: the same in each size of the register."""
    chance = random.Random(2)
    ways: dict[str, Callable[[Patient], str]] = {
        "phone": lambda one: one.phone[-6:],
        "birth date": lambda one: f"{one.born_on:%d.%m.%Y}",
        "beginning of a name": lambda one: one.full_name.split()[1][: chance.randint(2, 5)],
        "two words": lambda one: " ".join(part[:3] for part in one.full_name.split()[:2]),
        "a common surname": lambda one: COMMON,
    }
    return [ways[way](chance.choice(patients)) for way, count in MIX.items() for _ in range(count)]
