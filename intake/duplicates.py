"""Whether two registrations may be one person: a score with its reasons, never a decision.

Family members share a phone and a surname; a birth date that clearly differs speaks against.
"""

from dataclasses import dataclass
from datetime import date

from intake.folding import fold
from intake.naming import phone_digits

LIKELY_FROM = 60
PHONE_END_DIGITS = 8
SAME_PHONE, SAME_EMAIL = 30, 30
SAME_BIRTH_DATE, NEAR_BIRTH_DATE, OTHER_BIRTH_DATE = 35, 20, -30
SAME_NAME, ALIKE_NAME, PART_OF_NAME = 40, 30, 15
ALIKE_FROM_PERCENT = 80


@dataclass(frozen=True)
class Person:
    """What a registration tells; empty or None is not known."""

    given_name: str
    family_name: str = ""
    born_on: date | None = None
    phone: str = ""
    email: str = ""
    second_phone: str = ""


@dataclass(frozen=True)
class Likeness:
    """``score`` from 0 to 100, with the reasons for and against in words."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY_FROM


def likeness(one: Person, other: Person) -> Likeness:
    """How likely two registrations are one person; the order does not matter.

    >>> likeness(Person("Anna", "Nowak", date(1984, 5, 3)), Person("Nowak", "Ana", date(1984, 3, 5)))
    Likeness(score=50, reasons=('names much alike', 'birth dates differ by a slip'))
    """
    signs = [sign for sign in (_names(one, other), _birth_dates(one, other), _phones(one, other)) if sign]
    if one.email.strip() and one.email.strip().casefold() == other.email.strip().casefold():
        signs.append((SAME_EMAIL, "same e-mail address"))
    score = sum(points for points, _ in signs)
    if (SAME_NAME, "same name") in signs and _share_a_contact(signs):
        score = max(score, LIKELY_FROM)  # more often a birth date mistyped than two of one name: people look
    return Likeness(max(0, min(100, score)), tuple(reason for _, reason in signs))


def _share_a_contact(signs: list[tuple[int, str]]) -> bool:
    return any(reason in ("same phone", "same e-mail address") for _, reason in signs)


def slips_between(one: str, other: str) -> int:
    """How many slips of the keyboard turn one text into the other: wrong, lost, added or swapped letters.

    >>> slips_between("anna", "nana"), slips_between("kowalski", "kowalska"), slips_between("", "ab")
    (1, 1, 2)
    """
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != against))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]


def _names(one: Person, other: Person) -> tuple[int, str] | None:
    a, b = _name_parts(one), _name_parts(other)
    if not a or not b:
        return None
    if a == b:
        return SAME_NAME, "same name"
    joined_a, joined_b = "".join(a), "".join(b)
    longest = max(len(joined_a), len(joined_b))
    if 100 * (longest - slips_between(joined_a, joined_b)) >= ALIKE_FROM_PERCENT * longest:
        return ALIKE_NAME, "names much alike"
    return (PART_OF_NAME, "part of the name is the same") if set(a) & set(b) else None


def _name_parts(person: Person) -> list[str]:
    """Folded parts in a fixed order: given and family name are often swapped."""
    return sorted(fold(f"{person.given_name} {person.family_name}").split())


def _birth_dates(one: Person, other: Person) -> tuple[int, str] | None:
    if one.born_on is None or other.born_on is None:
        return None
    if one.born_on == other.born_on:
        return SAME_BIRTH_DATE, "same birth date"
    a, b = one.born_on, other.born_on
    swapped = (a.year, a.month, a.day) == (b.year, b.day, b.month)
    if swapped or slips_between(f"{a:%Y%m%d}", f"{b:%Y%m%d}") == 1:
        return NEAR_BIRTH_DATE, "birth dates differ by a slip"
    return OTHER_BIRTH_DATE, "different birth dates"


def _phones(one: Person, other: Person) -> tuple[int, str] | None:
    return (SAME_PHONE, "same phone") if _phone_ends(one) & _phone_ends(other) else None


def _phone_ends(person: Person) -> set[str]:
    """The last digits of both numbers, in which every way of writing a number agrees; a shorter one says nothing."""
    digits = (phone_digits(person.phone), phone_digits(person.second_phone))
    return {number[-PHONE_END_DIGITS:] for number in digits if len(number) >= PHONE_END_DIGITS}
