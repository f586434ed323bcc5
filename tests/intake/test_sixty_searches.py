"""Sixty searches in many scripts: what is typed at a desk, and whom it must find. The same on both databases.

The people are invented. A search finds exactly those named, in any order; "" means nobody.
"""

from datetime import date

import pytest

from intake import actions
from intake.search import find_patients
from smpclinic.actors import staff
from tests.make import make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 3)

PEOPLE = {
    "nunez": ("José María Núñez Peña", "+34 612 345 678", date(1984, 5, 3)),
    "lecka": ("Anna Kowalska-Łęcka", "+48 601 234 567", date(1979, 11, 30)),
    "isik": ("Işıl Öztürk", "+90 532 111 22 33", date(1990, 1, 9)),
    "irem": ("İrem Çağlar", "+90 533 444 55 66", None),
    "papad": ("Γιώργος Παπαδόπουλος", "+30 694 123 4567", date(1968, 2, 29)),
    "elkina": ("Алёна Ёлкина", "+7 912 345-67-89", date(1995, 7, 14)),
    "yaremko": ("Дар’я Яремко", "+380 67 123 4567", None),
    "haddad": ("أحمد الحدّاد", "+961 3 123456", date(1972, 12, 1)),
    "fatima": ("فاطمة علي", "+20 10 1234 5678", date(1988, 8, 8)),
    "levi": ("דָּוִד לוי", "+972 54-123-4567", date(1981, 3, 21)),
    "kohen": ("צ׳רלי כהן", "+972 52-765-4321", None),
    "yamada": ("山田 太郎", "+81 90-1234-5678", date(1977, 4, 25)),
    "sato": ("さとう はなこ", "+81 80-8765-4321", None),
    "wang": ("王小明", "+86 138 0013 8000", date(2000, 2, 29)),
    "kim": ("김철수", "+82 10-1234-9876", date(1965, 6, 6)),
    "nguyen": ("Nguyễn Thị Hương", "+84 912 888 777", date(1993, 10, 10)),
    "muller": ("Jürgen Müller", "0171 2223344", date(1959, 9, 19)),
    "mueller": ("Petra Mueller", "0171 9998877", None),
    "obrien": ("Siobhán O’Brien", "07700 900123", date(1984, 3, 5)),
    "anne": ("Anne Marie D'Angelo-Smith", "07700 900456", date(1999, 12, 31)),
    "berg": ("Willem van der Berg", "+31 6 12340000", date(1950, 1, 1)),
    "suharto": ("Suharto", "+62 812 0000 1111", date(1970, 7, 7)),
    "thor": ("Þór Ægir Sigurðsson", "+354 555 1234", None),
    "ostergard": ("Søren Østergård", "+45 20 30 40 50", date(1986, 5, 17)),
    "mcdonald": ("Ewan Mc Donald", "0131 496 0000", date(1991, 4, 4)),
}

SEARCHES = [
    # Latin with accents, with and without them, any order, any case
    ("nunez", "nunez"), ("NÚÑEZ", "nunez"), ("pena jose", "nunez"), ("mar nuñ", "nunez"),
    ("lecka", "lecka"), ("ŁĘC", "lecka"), ("kowalska anna", "lecka"), ("kowalskalecka", "lecka"),
    ("Kowalska-Łęcka", "lecka"), ("nguyen", "nguyen"), ("huong", "nguyen"), ("Thị Ngu", "nguyen"),
    # Turkish: dotted and dotless
    ("isil", "isik"), ("ışıl", "isik"), ("IŞIL", "isik"), ("ozturk", "isik"), ("irem", "irem"), ("İREM", "irem"),
    ("caglar", "irem"),
    # Umlauts, spelled out and not
    ("muller", "muller"), ("Müller", "muller mueller"), ("mueller", "muller mueller"), ("juergen", "muller"),
    ("ostergard", "ostergard"), ("oestergaard", "ostergard"), ("thor aegir", "thor"), ("sigurdsson", "thor"),
    # Greek, Cyrillic
    ("παπαδοπουλος", "papad"), ("ΓΙΩΡΓΟΣ", "papad"), ("Παπαδό", "papad"),
    ("елкина", "elkina"), ("Алена Ё", "elkina"), ("дарья", ""), ("даря", "yaremko"), ("Дар'я яр", "yaremko"),
    # Arabic and Hebrew: vowel signs, variants of a letter, the last form of a letter
    ("احمد", "haddad"), ("الحداد", "haddad"), ("فاطمه", "fatima"), ("دود", ""), ("דוד", "levi"), ("צרלי", "kohen"),
    ("לוי דו", "levi"),
    # Chinese, Japanese, Korean: any sign, no spaces needed
    ("山田太郎", "yamada"), ("太郎", "yamada"), ("田", "yamada"), ("サトウ", "sato"), ("はな", "sato"),
    ("小明", "wang"),
    ("김", "kim"), ("철수", "kim"),
    # Hyphens, apostrophes, spaces, one name
    ("o'brien", "obrien"), ("OBRIEN", "obrien"), ("o brien", "obrien"), ("anne-marie", "anne"), ("annemarie", "anne"),
    ("dangelo", "anne"), ("d'angelo smith", "anne"), ("vanderberg", "berg"), ("van der b", "berg"),
    ("mcdonald", "mcdonald"), ("Mc Donald", "mcdonald"), ("suharto", "suharto"),
    # Inside a part, when nothing begins so
    ("walsk", "lecka"), ("østergå", "ostergard"), ("gard", "ostergard"), ("харт", ""), ("hart", "suharto"),
    # Phones in several writings
    ("+34 612 345", "nunez"), ("0034612345678", "nunez"), ("612345678", "nunez"), ("612-345", "nunez"),
    ("07700 900 123", "obrien"), ("+44 7700 900456", ""), ("900456", "anne"), ("٠٧٧٠٠٩٠٠١٢٣", "obrien"),
    ("8000", "wang"), ("(0171) 222", "muller"), ("5678 yamada", ""), ("5678 山", "yamada"),
    # Dates of birth in any usual form
    ("3 May 1984", "nunez"), ("1984-05-03", "nunez"), ("3/5/84", "nunez obrien"), ("29.02.1968", "papad"),
    ("29 feb 2000", "wang"), ("1950", "berg"), ("31.12.99", "anne"), ("May 17, 1986", "ostergard"),
    ("muller 19.9.1959", "muller"), ("30 February 1990", ""),
    # Record numbers: whole, without the dash, the beginning, one digit wrong, two swapped
    ("0001-3", "nunez"), ("00013", "nunez mcdonald"), ("0025-5", "mcdonald"),
    ("0001-4", ""), ("0010-3", ""), ("0001 3", "nunez mcdonald"),
]  # fmt: skip


@pytest.fixture
def known():
    """Everybody, registered by the desk; by short name."""
    by = staff(make_user())
    return {
        key: actions.register_patient(full_name=name, phone=phone, born_on=born_on, by=by)
        for key, (name, phone, born_on) in PEOPLE.items()
    }


def test_each_search_finds_exactly_whom_it_names(known):
    user, names = make_user(), {patient.pk: key for key, patient in known.items()}
    found = {
        typed: " ".join(sorted(names[one.pk] for one in find_patients(typed, user=user, on=TODAY)))
        for typed, _ in SEARCHES
    }
    assert found == {typed: " ".join(sorted(wanted.split())) for typed, wanted in SEARCHES}


def test_there_are_sixty_of_them_and_none_twice():
    assert len({typed for typed, _ in SEARCHES}) == len(SEARCHES) >= 60
