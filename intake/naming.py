"""How a person is named, numbered and found: record numbers, the terms of a name, phone digits.

A search term that is no beginning of a name carries a mark: ``p:`` phone digits, ``d:`` birth date, ``r:`` record
number, ``i:`` what a name or phone number holds inside (each of its endings, so that a range finds any part of it).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from intake.dates import ascii_digits, birth_date_readings
from intake.folding import fold, runs, spellings

PHONE, BORN, RECORD, INSIDE = "p:", "d:", "r:", "i:"
FEWEST_INSIDE = 3
LONGEST_PART = 40
RECORD_NUMBER_DIGITS = 4
FEWEST_PHONE_DIGITS = 3
LONGEST_COUNTRY_CODE = 3
LONGEST_QUERY = 200

_RECORD_NUMBER = re.compile(r"(\d{4,})[\s-]*(\d)")
# H. M. Damm's quasigroup of order 10: finds every wrong digit and every swap of two neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def record_number(sequence: int) -> str:
    """The number a patient is called by: the sequence with a check digit, to be read out.

    >>> record_number(1), record_number(12345)
    ('0001-3', '12345-9')
    """
    if sequence < 1:
        raise ValueError(f"Record numbers start at 1, not {sequence}.")
    digits = str(sequence).zfill(RECORD_NUMBER_DIGITS)
    return f"{digits}-{check_digit(digits)}"


def check_digit(digits: str) -> str:
    """Damm's check digit of a row of digits.

    >>> check_digit("572")
    '4'
    """
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def sequence_of(number: str) -> int:
    """The sequence behind a record number as typed or read out; a ``ValueError`` in words when it is not right.

    >>> sequence_of("0001-3"), sequence_of(" 123459 ")
    (1, 12345)
    """
    match = _RECORD_NUMBER.fullmatch(ascii_digits(number).strip())
    if match is None:
        raise ValueError(f"{number.strip()!r} is not a record number. It looks like {record_number(42)}.")
    if check_digit(match[1]) != match[2] or int(match[1]) == 0:
        raise ValueError(f"{number.strip()} is not a record number: a digit is wrong or two are swapped.")
    return int(match[1])


def name_terms(name: str) -> tuple[str, ...]:
    """The parts of a name, and each sign of Chinese, Japanese or Korean on its own.

    Parts joined by a hyphen are a part together as well.

    >>> name_terms("Anne-Marie O'Brien"), name_terms("山田 太郎")
    (('annemarie', 'anne', 'marie', 'obrien'), ('山田', '山', '田', '太郎', '太', '郎'))
    """
    return tuple(dict.fromkeys(term for word in name.split() for term in _parts(fold(word))))


def other_writings(name: str) -> tuple[str, ...]:
    """How else the name may be typed: words side by side as one, umlauts spelled out.

    >>> other_writings("Jörg van der Berg"), other_writings("Anna")
    (('joergvanderberg', 'vanderberg', 'derberg', 'joerg', 'jorgvanderberg'), ())
    """
    terms: dict[str, None] = {}
    for spelling in reversed(spellings(name)):
        words = spelling.split()
        terms |= dict.fromkeys("".join(words[first:]) for first in range(len(words)))
        terms |= dict.fromkeys(words)
    return tuple(term for term in terms if term and term not in name_terms(name))


def _parts(folded: str) -> list[str]:
    parts = folded.split()
    whole = "".join(parts)
    found = [whole, *parts, *(run for part in [*parts, whole] for run in runs(part))]
    return [term for term in found if term]


def inside_terms(part: str) -> tuple[str, ...]:
    """Every ending of a part of a name or of a phone number that is not the whole of it.

    >>> inside_terms("nowak"), inside_terms("ng")
    (('i:owak', 'i:wak'), ())
    """
    short = part[:LONGEST_PART]
    return tuple(INSIDE + short[n:] for n in range(1, len(short) - FEWEST_INSIDE + 1))


def phone_digits(phone: str) -> str:
    """The digits of a phone number, without the signs of a foreign call (+, 00).

    >>> phone_digits("+44 (0)7700 900-123"), phone_digits("0044 7700 900123")
    ('447700900123', '447700900123')
    """
    return re.sub(r"\D", "", ascii_digits(phone).replace("(0)", "")).removeprefix("00")


def phone_terms(phone: str) -> tuple[str, ...]:
    """The terms of a phone number: all of it, from after a country code or a leading 0, and its last four.

    >>> phone_terms("07700 900123")
    ('p:07700900123', 'p:7700900123', 'p:700900123', 'p:00900123', 'p:0123')
    """
    digits = phone_digits(phone)
    if not digits:
        return ()
    starts = [digits[n:] for n in range(LONGEST_COUNTRY_CODE + 1) if len(digits) - n > 4]
    return tuple(dict.fromkeys(PHONE + end for end in [*(starts or [digits]), digits[-4:]]))


def search_terms(
    *, names: Iterable[str], phones: Iterable[str] = (), born_on: date | None = None, numbers: Iterable[str] = ()
) -> frozenset[str]:
    """Every term to be stored for one patient.

    >>> sorted(search_terms(names=["Zoë"], born_on=date(1984, 5, 3), numbers=["0001-3"]))
    ['d:19840503', 'r:00013', 'r:13', 'zoe']
    """
    names, phones = tuple(names), tuple(phones)
    terms = {term for name in names for term in [*name_terms(name), *other_writings(name)]}
    terms |= {term for phone in phones for term in phone_terms(phone)}
    inside = [part for name in names for part in fold(name).split()] + [phone_digits(phone) for phone in phones]
    terms |= {term for part in inside for term in inside_terms(part)}
    if born_on is not None:
        terms.add(f"{BORN}{born_on:%Y%m%d}")
    for number in numbers:
        digits = re.sub(r"\D", "", number)
        terms |= {RECORD + digits, RECORD + digits.lstrip("0")}
    return frozenset(terms)


def query_terms(text: str, *, on: date, month_first: bool = False) -> tuple[tuple[str, ...], ...]:
    """What was typed into the search box: every group must match, by the beginning of any of its terms.

    >>> query_terms("Kow 3 May 1984", on=date(2026, 9, 3))
    (('kow',), ('d:19840503',))
    >>> query_terms("0770 090", on=date(2026, 9, 3))
    (('p:0770090', 'p:770090', 'r:0770090'),)
    """
    words = text[:LONGEST_QUERY].split()
    groups: list[tuple[str, ...]] = []
    while words:
        size, found = _next_groups(words, on=on, month_first=month_first)
        words = words[size:]
        groups += found
    return tuple(dict.fromkeys(groups))


def widened(groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The same groups, each matched by what stands inside a name or phone number as well; () where nothing is gained.

    >>> widened((("kow",), ("p:900", "r:900"))), widened((("ko",),))
    ((('kow', 'i:kow'), ('p:900', 'r:900', 'i:900')), ())
    """
    wide = tuple(tuple(dict.fromkeys([*group, *_inside(group)])) for group in groups)
    return wide if wide != tuple(groups) else ()


def _inside(group: tuple[str, ...]) -> list[str]:
    plain = [term.removeprefix(PHONE) for term in group if not term.startswith((BORN, RECORD))]
    return [INSIDE + term for term in plain if len(term) >= FEWEST_INSIDE]


def problems_with_record_number(text: str) -> list[str]:
    """Why a text that looks like a record number is none; empty where it is one, or no number at all.

    >>> problems_with_record_number("0001-4"), problems_with_record_number("0001-3"), problems_with_record_number("ann")
    (['0001-4 is not a record number: a digit is wrong or two are swapped.'], [], [])
    """
    plain = ascii_digits(text).strip()
    if not re.fullmatch(r"\d{4,}\s*-\s*\d", plain):
        return []
    try:
        sequence_of(plain)
    except ValueError as error:
        return [str(error)]
    return []


def _next_groups(words: list[str], *, on: date, month_first: bool) -> tuple[int, list[tuple[str, ...]]]:
    """How many words belong together at the beginning, and the groups of terms they stand for."""
    numbers = _leading_numbers(words)
    if numbers > 1 and re.search(r"\d[/.-]\d", words[0]) and birth_date_readings(words[0], on=on):
        numbers = 1  # a date and a phone number beside each other
    for size in (4, 3, 1):
        if numbers < size <= len(words):
            readings = birth_date_readings(" ".join(words[:size]), on=on, month_first=month_first)
            if readings:
                return size, [tuple(f"{BORN}{day:%Y%m%d}" for day in readings)]
    if numbers:
        return numbers, [_number_terms(" ".join(words[:numbers]), on=on, month_first=month_first)]
    # Chinese, Japanese and Korean names have no spaces: every sign must be found, wherever it stands.
    wholes = [spelling.replace(" ", "") for spelling in spellings(words[0])]
    pieces = runs(wholes[0])
    return 1, [tuple(wholes)] if pieces == wholes[:1] else [(run,) for run in pieces]


def _leading_numbers(words: list[str]) -> int:
    numbers = 0
    for word in words:
        if not re.fullmatch(r"[\d+()/.-]*\d[\d+()/.-]*", ascii_digits(word)):
            break
        numbers += 1
    return numbers


def _number_terms(text: str, *, on: date, month_first: bool) -> tuple[str, ...]:
    """Digits may be a phone, a record number or a birth date: all are looked for.

    A whole record number stands first, and alone where it is written with its dash.
    """
    record = RECORD + re.sub(r"\D", "", ascii_digits(text))
    is_record = _is_record_number(text)
    if is_record and "-" in text:
        return (record,)
    digits = phone_digits(text)
    phones = [PHONE + one for one in (digits, digits.removeprefix("0")) if len(one) >= FEWEST_PHONE_DIGITS]
    days = [f"{day:%Y%m%d}" for day in birth_date_readings(text, on=on, month_first=month_first)]
    days += re.findall(r"^(?:19|20)\d\d$", ascii_digits(text))  # a year alone
    told = [*(BORN + day for day in days), *phones]
    return tuple(dict.fromkeys([record, *told] if is_record else [*told, record]))


def _is_record_number(text: str) -> bool:
    try:
        return sequence_of(text) > 0
    except ValueError:
        return False
