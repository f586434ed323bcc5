"""What finding a patient while typing costs beside one bare indexed query, among a thousand."""

import random
from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from intake.models import Patient, SearchTerm
from intake.search import HIGHEST_SIGN, find_patients
from smpclinic.demo.people import invent
from smpclinic.models import User
from tests import make
from tests.bench.limits import Figure
from tests.bench.timing import medians_ms
from tests.bench.web import Browser, counted_queries

PATIENTS = 1000
MOST_SHOWN = 20
TODAY = date(2035, 1, 8)
COMMON = "Navarro"  # one patient in ten is called so
ROUNDS = 9
# How often each is typed, of a hundred.
MIX = {"phone": 30, "birth date": 20, "beginning of a name": 30, "two words": 10, "a common surname": 10}


def measure() -> Iterator[Figure]:
    with override_settings(ROOT_URLCONF="tests.bench.bare"):
        yield from _measured()


def _measured() -> Iterator[Figure]:
    patients = _thousand()
    user = make.make_user()
    typed = _typed(patients)
    _require_found(typed, user)
    browser, first = Browser(user), reverse("bench_bare", args=[patients[0].public_id])
    address = f"{reverse('intake:patients')}?q="
    taken = medians_ms(
        {
            "bare query": lambda: [_bare(text) for text in typed],
            "search": lambda: [find_patients(text, user=user, on=TODAY) for text in typed],
            "bare view": lambda: [browser.get(first) for _ in typed],
            "partial": lambda: [browser.get(address + text.replace("+", "%2B"), partial=True) for text in typed],
        },
        rounds=ROUNDS,
    )
    each = {name: value / len(typed) for name, value in taken.items()}
    yield Figure("search", "bare indexed query, CPU ms", each["bare query"])
    yield Figure("search", "finding patients, CPU ms", each["search"], each["search"] / each["bare query"])
    yield Figure("search", "type-ahead, CPU ms", each["partial"], each["partial"] / each["bare view"])
    yield Figure("search", "queries of the costliest search", max(_queries(text, user) for text in typed))


def _require_found(typed: list[str], user: User) -> None:
    """A search that finds nobody is answered quickly, and measures nothing."""
    for text in typed:
        if not find_patients(text, user=user, on=TODAY):
            raise RuntimeError(f"{text!r} finds nobody")


def _bare(text: str) -> list[Patient]:
    """The patients of one range of the index, in one query."""
    start = text.casefold()
    terms = SearchTerm.objects.filter(term__gte=start, term__lt=start + HIGHEST_SIGN)
    return list(Patient.objects.filter(pk__in=terms.values("patient"))[:MOST_SHOWN])


def _queries(text: str, user: User) -> int:
    with counted_queries() as sent:
        find_patients(text, user=user, on=TODAY)
    return len(sent)


@transaction.atomic
def _thousand() -> list[Patient]:
    chance = random.Random(1)
    people = [invent(chance, number, TODAY) for number in range(PATIENTS)]
    return [
        make.make_patient(
            full_name=f"{person.full_name.split()[0]} {COMMON}" if number % 10 == 0 else person.full_name,
            phone=f"+3461{chance.randrange(10**7):07}",
            born_on=person.born_on,
        )
        for number, person in enumerate(people)
    ]


def _typed(patients: list[Patient]) -> list[str]:
    """A hundred searches, each for somebody who is there."""
    chance = random.Random(2)
    ways: dict[str, Callable[[Patient], str]] = {
        "phone": lambda one: one.phone[-6:],
        "birth date": lambda one: f"{one.born_on:%d.%m.%Y}",
        "beginning of a name": lambda one: one.full_name.split()[-1][: chance.randint(2, 5)],
        "two words": lambda one: " ".join(part[:3] for part in one.full_name.split()[:2]),
        "a common surname": lambda one: COMMON,
    }
    return [ways[way](chance.choice(patients)) for way, count in MIX.items() for _ in range(count)]
