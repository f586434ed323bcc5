"""Whether two registrations may be one person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.duplicates import LIKELY_FROM, Person, likeness, slips_between

BORN = date(1984, 5, 3)
ANNA = Person("Anna", "Nowak", BORN, "+48 601 234 567", "anna@example.org")

people = st.builds(
    Person,
    st.sampled_from(["Anna", "Ana", "Łukasz", "", "山田"]),
    st.sampled_from(["Nowak", "Novak", "Nowak-Lis", ""]),
    st.none() | st.sampled_from([BORN, date(1984, 3, 5), date(1990, 1, 1)]),
    st.sampled_from(["", "+48 601 234 567", "601234567", "112"]),
    st.sampled_from(["", "a@example.org", "A@Example.org"]),
)


@pytest.mark.parametrize(
    ("other", "score", "reasons"),
    [
        (Person("Anna", "Nowak"), 40, ("same name",)),
        (Person("Nowak", "ANNA"), 40, ("same name",)),
        (Person("Anna", "Nowak", phone="601234567"), 70, ("same name", "same phone")),
        (Person("Ana", "Nowak", phone="601234567"), 60, ("names much alike", "same phone")),
        (Person("Anna", "Nowak", BORN), 75, ("same name", "same birth date")),
        (Person("Anna", "Nowak", date(1984, 3, 5)), 60, ("same name", "birth dates differ by a slip")),
        (Person("Anna", "Nowak", date(1984, 5, 4)), 60, ("same name", "birth dates differ by a slip")),
        (Person("Anna", "Nowak", date(1990, 1, 1)), 10, ("same name", "different birth dates")),
        (Person("Piotr", "Lis", BORN), 35, ("same birth date",)),
        (Person("Piotr", "Lis", phone="0601 234 567"), 30, ("same phone",)),
        (Person("Anna", "Nowak", phone="030 123 456", second_phone="601234567"), 70, ("same name", "same phone")),
        (Person("Piotr", "Lis", email=" ANNA@example.org "), 30, ("same e-mail address",)),
        (Person("Piotr", "Lis"), 0, ()),
    ],
)
def test_a_pair_is_weighed_with_its_reasons(other, score, reasons):
    found = likeness(ANNA, other)
    assert (found.score, found.reasons) == (score, reasons)
    assert found.is_likely == (score >= 60)


def test_a_pair_is_likely_from_60():
    assert LIKELY_FROM == 60


def test_mother_and_daughter_on_one_phone_are_not_one_person():
    daughter = Person("Maria", "Nowak", date(2005, 7, 9), "601 234 567")
    assert not likeness(ANNA, daughter).is_likely


@pytest.mark.parametrize("contact", [{"phone": "+34 600 111 222"}, {"email": "anna@example.org"}])
def test_one_name_and_one_contact_are_looked_at_whatever_the_birth_dates(contact):
    born = {"born_on": date(1984, 5, 3)}, {"born_on": date(1951, 11, 20)}
    one, other = (Person("Anna Nowak", **contact, **each) for each in born)
    assert likeness(one, other).is_likely
    assert "different birth dates" in likeness(one, other).reasons


def test_a_score_never_falls_below_0():
    assert likeness(ANNA, Person("Piotr", "Lis", date(1950, 1, 1))).score == 0


def test_short_numbers_are_no_sign():
    assert likeness(Person("A", phone="112"), Person("B", phone="112")).score == 0


def test_a_phone_is_the_same_from_its_last_8_digits_on():
    assert likeness(Person("A", phone="12345678"), Person("B", phone="+48 12345678")).score == 30
    assert likeness(Person("A", phone="2345678"), Person("B", phone="2345678")).score == 0
    assert likeness(Person("A", phone="12345678"), Person("B", phone="22345678")).score == 0


def test_a_part_of_the_name_weighs_a_little():
    found = likeness(Person("Anna", "Nowak"), Person("Krzysztof", "Nowak"))
    assert (found.score, found.reasons) == (15, ("part of the name is the same",))


def test_a_person_without_a_name_is_like_nobody_by_name():
    assert likeness(Person(""), Person("")).score == likeness(Person(""), Person("Anna")).score == 0


def test_names_are_alike_from_80_percent():
    assert likeness(Person("abcdefghij"), Person("abcdefghxx")).score == 30
    assert likeness(Person("abcdefghij"), Person("abcdefgxxx")).score == 0


@given(people, people)
def test_the_order_of_two_people_never_matters(one, other):
    assert likeness(one, other).score == likeness(other, one).score
    assert 0 <= likeness(one, other).score <= 100


@given(people, people)
def test_nobody_is_more_like_a_person_than_that_person(one, other):
    assert likeness(one, other).score <= likeness(one, one).score or not one.given_name + one.family_name


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("a", "", 1), ("anna", "ana", 1), ("ana", "anna", 1), ("anna", "anma", 1), ("anna", "nana", 1),
     ("ab", "ba", 1), ("abcd", "badc", 2), ("abc", "xyz", 3)],
)  # fmt: skip
def test_slips_are_counted(one, other, slips):
    assert slips_between(one, other) == slips


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_slips_are_the_same_both_ways_and_none_only_between_equal_texts(one, other):
    assert slips_between(one, other) == slips_between(other, one)
    assert (slips_between(one, other) == 0) == (one == other)
    assert slips_between(one, other) <= max(len(one), len(other))
