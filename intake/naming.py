"""How a person is named, numbered and found: record numbers, folding for search, phone digits.

Search terms are folded here, in Python, so that both databases find the same people. A term
that is no name carries a mark: ``p:`` phone digits, ``d:`` birth date, ``r:`` record number.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from intake.dates import ascii_digits, birth_date_readings

PHONE, BORN, RECORD = "p:", "d:", "r:"
RECORD_NUMBER_DIGITS = 4
FEWEST_PHONE_DIGITS = 3
LONGEST_COUNTRY_CODE = 3
LONGEST_QUERY = 200

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t"}
)
_APOSTROPHES = str.maketrans("", "", "'`´’‘ʼʻ′.")
_NOT_A_LETTER = re.compile(r"[\W_]+")
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


def fold(text: str) -> str:
    """Text as search sees it: no case, no accents, one plain letter for its variants, words by single spaces.

    >>> fold("Łukasz  ØSTERGÅRD-Groß"), fold("Ægir Đorđe"), fold("O’Brien")
    ('lukasz ostergard gross', 'aegir dorde', 'obrien')
    """
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def name_terms(name: str) -> tuple[str, ...]:
    """The terms under which a name is found: its parts, and each sign of Chinese, Japanese or Korean on its own.

    Parts joined by a hyphen are found together as well.

    >>> name_terms("Anne-Marie O'Brien"), name_terms("山田 太郎")
    (('annemarie', 'anne', 'marie', 'obrien'), ('山田', '山', '田', '太郎', '太', '郎'))
    """
    terms: dict[str, None] = {}
    for word in name.split():
        parts = fold(word).split()
        whole = "".join(parts)
        for term in [whole, *parts, *(run for part in [*parts, whole] for run in _runs(part))]:
            if term:
                terms[term] = None
    return tuple(terms)


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
    *, names: Iterable[str], phones: Iterable[str] = (), born_on: date | None = None, number: str = ""
) -> frozenset[str]:
    """Every term to be stored for one patient.

    >>> sorted(search_terms(names=["Zoë"], born_on=date(1984, 5, 3), number="0001-3"))
    ['d:19840503', 'r:00013', 'r:13', 'zoe']
    """
    terms = {term for name in names for term in name_terms(name)}
    terms |= {term for phone in phones for term in phone_terms(phone)}
    if born_on is not None:
        terms.add(f"{BORN}{born_on:%Y%m%d}")
    if number:
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
    return 1, [(run,) for run in _runs(fold(words[0]).replace(" ", ""))]


def _leading_numbers(words: list[str]) -> int:
    numbers = 0
    for word in words:
        if not re.fullmatch(r"[\d+()/.-]*\d[\d+()/.-]*", ascii_digits(word)):
            break
        numbers += 1
    return numbers


def _number_terms(text: str, *, on: date, month_first: bool) -> tuple[str, ...]:
    """Digits may be a phone, a record number or a birth date: all are looked for."""
    digits = phone_digits(text)
    phones = [digits, digits.removeprefix("0")] if len(digits) >= FEWEST_PHONE_DIGITS else []
    dates = [f"{BORN}{day:%Y%m%d}" for day in birth_date_readings(text, on=on, month_first=month_first)]
    record = RECORD + re.sub(r"\D", "", ascii_digits(text))
    return tuple(dict.fromkeys([*dates, *(PHONE + phone for phone in phones if phone), record]))


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold()).translate(_LETTERS)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # Composed again, so that a Korean syllable stays one sign.
    return " ".join(_NOT_A_LETTER.sub(" ", unicodedata.normalize("NFC", bare)).split())


def _runs(word: str) -> list[str]:
    """A word as it is, or where it holds signs of Chinese, Japanese or Korean, these one by one."""
    runs: list[str] = []
    for is_cjk, signs in groupby(word, _is_cjk):
        run = list(signs)
        runs += run if is_cjk else ["".join(run)]
    return runs


def _is_cjk(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    return name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "HANGUL"))
