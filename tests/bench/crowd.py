"""A register of any size, invented in bulk: as the program would have stored it, in seconds instead of hours."""

import random
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import connection, transaction

from intake.models import Patient, SearchTerm
from intake.naming import record_number
from intake.search import terms_of
from smpclinic.demo.people import MEN, SURNAMES, WOMEN

TODAY = date(2035, 1, 8)
COMMON = "Navarro"  # 2,500 of a hundred thousand are called so
ONE_IN = 40
AT_ONCE = 5000
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ju", "ke", "li", "mo", "nu", "pa", "ri", "so", "ta", "ve", "wi", "zo")


def register(how_many: int, *, first: int = 1) -> list[Patient]:
    """Add so many patients, numbered from ``first``, with their search terms, and tell the database how many it has."""
    chance = random.Random(first)
    made: list[Patient] = []
    for numbers in _batches(range(first, first + how_many)):
        with transaction.atomic():
            people = Patient.objects.bulk_create(_invented(chance, number) for number in numbers)
            _store_terms((patient.pk, term) for patient in people for term in terms_of(patient))
        made += people
    with connection.cursor() as cursor:
        # What a server does by itself in time: throw away the traces of the writing, and count.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return made


def _batches(numbers: range) -> Iterator[range]:
    return (numbers[n : n + AT_ONCE] for n in range(0, len(numbers), AT_ONCE))


def _invented(chance: random.Random, number: int) -> Patient:
    surname = COMMON if number % ONE_IN == 0 else _surname(chance)
    return Patient(
        record_number=record_number(number),
        full_name=f"{chance.choice(WOMEN + MEN)} {surname} {chance.choice(SURNAMES)}",
        phone=f"+346{chance.randrange(10**8):08}",
        born_on=date(1940 + chance.randrange(75), 1 + chance.randrange(12), 1 + chance.randrange(28)),
    )


def _surname(chance: random.Random) -> str:
    """One of some hundred thousand surnames that nobody has, as many as a town would have."""
    return "".join(chance.choice(SYLLABLES) for _ in range(4)).capitalize()


def _store_terms(rows: Iterable[tuple[int, str]]) -> None:
    table = SearchTerm._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} (patient_id, term) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} (patient_id, term) VALUES (%s, %s)", rows)
