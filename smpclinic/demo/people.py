"""Invented patients: a name, a face of figures, a story. Any likeness to a person is chance."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

WOMEN = ("Ana", "Beatriz", "Chiara", "Dilara", "Elena", "Fatima", "Greta", "Hana", "Ingrid", "Julia", "Leila")
MEN = ("Adrián", "Bruno", "Cem", "Daniel", "Emil", "Farid", "Gonzalo", "Hugo", "Ivo", "Jakub", "Karim", "Luca", "Noel")
SURNAMES = (
    "Quintero", "Sato", "Öztürk", "Novák", "Ferreira", "Łukasz", "Müller", "Haddad", "Petrov", "Moreau", "Silva",
    "Kowalska", "Rossi", "Nielsen", "Blanco", "Herrera", "Castaño", "Iglesias", "Duarte", "Weiss", "Popescu",
)  # fmt: skip
NORWOOD = ("II", "III", "III vertex", "IV", "V", "VI", "VII")
LUDWIG = ("I", "II")


@dataclass(frozen=True)
class Person:
    full_name: str
    phone: str
    email: str
    born_on: date
    sex: str
    scale: str
    grade: str
    cause: dict
    level: int
    calibre: str
    circumference_cm: str
    has_diabetes: bool
    wants_large_print: bool


def invent(rng: random.Random, number: int, today: date) -> Person:
    """The ``number``-th invented person; the same seed gives the same people."""
    is_woman = rng.random() < 0.35
    name = f"{rng.choice(WOMEN if is_woman else MEN)} {rng.choice(SURNAMES)} {rng.choice(SURNAMES)}"
    scale, grades = ("ludwig", LUDWIG) if is_woman else ("norwood", NORWOOD)
    return Person(
        full_name=name,
        phone=f"+34 6{number % 100:02} 000 {rng.randrange(1000):03}",
        email=f"patient{number}@demo-clinic.example" if rng.random() < 0.7 else "",
        born_on=today - timedelta(days=rng.randrange(22 * 365, 68 * 365)),
        sex="female" if is_woman else "male",
        scale=scale,
        grade=rng.choice(grades),
        cause=_cause(rng, today),
        level=rng.randint(1, 6),
        calibre=rng.choice(("fine", "medium", "coarse")),
        circumference_cm=rng.choice(("55.0", "56.0", "57.0", "58.0", "59.5")),
        has_diabetes=rng.random() < 0.08,
        wants_large_print=rng.random() < 0.12,
    )


def _cause(rng: random.Random, today: date) -> dict:
    since = today - timedelta(days=rng.randrange(800, 5000))
    return rng.choice(
        (
            {"cause": "hereditary", "detail": "Father and grandfather", "since": since},
            {"cause": "hereditary", "detail": "Mother's side", "since": since},
            {
                "cause": "medication",
                "group": "antidepressants",
                "name": "Invented medicine",
                "since": since,
                "is_ongoing": True,
            },
            {"cause": "trauma", "detail": "After a bereavement", "since": since},
            {"cause": "not_known"},
        )
    )
