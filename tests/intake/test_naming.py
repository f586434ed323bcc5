"""Record numbers, folding, phone digits and what the search box means."""

import string
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.naming import (
    check_digit,
    fold,
    name_terms,
    phone_digits,
    phone_terms,
    query_terms,
    record_number,
    search_terms,
    sequence_of,
)

ON = date(2026, 9, 3)
digit_rows = st.text(string.digits, min_size=4, max_size=9)


# Record numbers


def test_record_numbers_have_four_digits_at_least_and_a_check_digit():
    assert [record_number(n) for n in (1, 42, 9999, 10000)] == ["0001-3", "0042-7", "9999-2", "10000-9"]


def test_damms_own_example_has_its_check_digit():
    assert check_digit("572") == "4"


@pytest.mark.parametrize("sequence", [0, -1])
def test_record_numbers_start_at_1(sequence):
    with pytest.raises(ValueError, match=f"start at 1, not {sequence}"):
        record_number(sequence)


@given(st.integers(1, 10**9))
def test_a_record_number_leads_back_to_its_sequence(sequence):
    number = record_number(sequence)
    assert sequence_of(number) == sequence_of(number.replace("-", "")) == sequence_of(f" {number.replace('-', ' ')} ")
    assert sequence_of(number) == sequence


@given(digit_rows, st.integers(0, 8), st.sampled_from(string.digits))
def test_one_wrong_digit_is_always_noticed(digits, place, digit):
    row = digits + check_digit(digits)
    place %= len(row)
    assume(row[place] != digit)
    wrong = row[:place] + digit + row[place + 1 :]
    with pytest.raises(ValueError, match="a digit is wrong or two are swapped"):
        sequence_of(wrong)


@given(digit_rows, st.integers(0, 8))
def test_two_swapped_neighbours_are_always_noticed(digits, place):
    row = digits + check_digit(digits)
    place %= len(row) - 1
    assume(row[place] != row[place + 1])
    wrong = row[:place] + row[place + 1] + row[place] + row[place + 2 :]
    with pytest.raises(ValueError, match="a digit is wrong or two are swapped"):
        sequence_of(wrong)


@pytest.mark.parametrize("text", ["", "13", "001-3", "0001-33x", "anna", "-0001-3", "0001.3"])
def test_what_does_not_look_like_a_record_number_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"is not a record number\. It looks like 0042-7"):
        sequence_of(text)


def test_there_is_no_record_number_nought():
    with pytest.raises(ValueError, match="a digit is wrong or two are swapped"):
        sequence_of("0000-0")


def test_a_date_beside_a_phone_number_is_told_from_a_phone_number_in_groups():
    assert ask("3.5.1984 7700")[1] == ("p:7700", "r:7700")
    assert ask("7700 900 123") == (("p:7700900123", "r:7700900123"),)
    assert ask("06.12.34.56.78") == (("p:0612345678", "p:612345678", "r:0612345678"),)


def test_a_phone_of_four_digits_or_five_is_stored_whole():
    assert phone_terms("1234") == ("p:1234",)
    assert phone_terms("12345") == ("p:12345", "p:2345")


def test_a_record_number_in_other_digits_is_understood():
    assert sequence_of("٠٠٠١-٣") == 1


# Folding


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Łukasz", "lukasz"),
        ("Østergård", "ostergard"),
        ("Đorđe", "dorde"),
        ("Groß", "gross"),
        ("GROẞ", "gross"),
        ("Ægir", "aegir"),
        ("Œuvre", "oeuvre"),
        ("Þór Sigurðsson", "thor sigurdsson"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("Nguyễn Thị", "nguyen thi"),
        ("İstanbul Işık", "istanbul isik"),
        ("Ħamrun", "hamrun"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Anne-Marie", "anne marie"),
        ("  van   der  Berg ", "van der berg"),
        ("St. John", "st john"),
        ("ＡＮＮＡ", "anna"),
        ("ﬁona", "fiona"),
        ("Ёлкина", "елкина"),
        ("김철수", "김철수"),
        ("", ""),
        ("--", ""),
    ],
)
def test_a_name_is_folded_to_plain_letters(name, folded):
    assert fold(name) == folded


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=string.ascii_letters + "äöåéčšžńłøđßæ '", max_size=40))
def test_case_never_matters(text):
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text(max_size=60))
def test_folded_words_hold_letters_and_digits_alone(text):
    assert all(sign == " " or sign.isalnum() for sign in fold(text))


# Terms


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("Anna Nowak", ("anna", "nowak")),
        ("Anne-Marie", ("annemarie", "anne", "marie")),
        ("Anna Anna", ("anna",)),
        ("山田太郎", ("山田太郎", "山", "田", "太", "郎")),
        ("김철수", ("김철수", "김", "철", "수")),
        ("Kim山田", ("kim山田", "kim", "山", "田")),
        (" - ", ()),
    ],
)
def test_a_name_is_found_by_its_parts(name, terms):
    assert name_terms(name) == terms


@pytest.mark.parametrize("phone", ["+44 7700 900123", "0044 7700-900123", "(+44) 7700/900 123", "+44 (0)7700 900123"])
def test_a_phone_number_is_its_digits_from_the_country_code_on(phone):
    assert phone_digits(phone) == "447700900123"


def test_no_phone_has_no_terms():
    assert phone_terms("") == phone_terms("none") == ()
    assert phone_terms("112") == ("p:112",)


def test_a_patient_is_stored_under_names_phones_birth_date_and_number():
    terms = search_terms(
        names=["Anna", "Łoś-Nowak"], phones=["601 234 567"], born_on=date(1984, 5, 3), numbers=["0042-7"]
    )
    assert {term for term in terms if not term.startswith("i:")} == {
        "anna",
        "losnowak",
        "los",
        "nowak",
        "p:601234567",
        "p:01234567",
        "p:1234567",
        "p:234567",
        "p:4567",
        "d:19840503",
        "r:00427",
        "r:427",
    }


def test_endings_of_names_and_phones_are_stored_so_that_any_part_is_found():
    terms = search_terms(names=["Łoś-Nowak"], phones=["601 23"])
    assert {term for term in terms if term.startswith("i:")} == {"i:owak", "i:wak", "i:0123", "i:123"}


def test_a_patient_known_by_name_alone_has_only_names():
    assert search_terms(names=["Anna"]) == {"anna", "i:nna"}


# What was typed


def ask(text):
    return query_terms(text, on=ON)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("", ()),
        (" - ", ()),
        ("Now", (("now",),)),
        ("now  ann", (("now",), ("ann",))),
        ("ann ann", (("ann",),)),
        ("Łoś-Now", (("losnow",),)),
        ("太郎", (("太",), ("郎",))),
        ("Kim山", (("kim",), ("山",))),
        ("3.5.1984 7700", (("d:19840503", "d:19840305", "p:351984", "r:351984"), ("p:7700", "r:7700"))),
        ("May", (("may",),)),
        ("1984-05-03", (("d:19840503", "p:19840503", "r:19840503"),)),
        ("3 May 1984", (("d:19840503",),)),
        ("Ann 3rd of May 1984 Now", (("ann",), ("d:19840503",), ("now",))),
        ("3May1984", (("d:19840503",),)),
        ("12", (("r:12",),)),
        ("0042-7", (("r:00427",),)),
        ("0042-8", (("p:428", "r:00428"),)),
        ("00427", (("r:00427", "p:427"),)),
        ("1984", (("d:1984", "p:1984", "r:1984"),)),
        ("Müller", (("muller", "mueller"),)),
        ("Ann 601 234 567", (("ann",), ("p:601234567", "r:601234567"))),
    ],
)
def test_the_search_box_understands_what_was_typed(text, groups):
    assert ask(text) == groups


def test_a_date_that_could_be_two_looks_for_both():
    assert ask("03/05/1984")[0][:2] == ("d:19840503", "d:19840305")
    assert query_terms("03/05/1984", on=ON, month_first=True)[0][:2] == ("d:19840305", "d:19840503")


def test_only_the_beginning_of_a_very_long_text_is_searched():
    assert ask("a" * 1000) == (("a" * 200,),)


def finds(terms, text):
    return all(any(term.startswith(wanted) for term in terms for wanted in group) for group in ask(text))


@pytest.mark.parametrize(
    "text",
    ["anna", "NOWAK ann", "los", "łoś", "losno", "7700900123", "07700 900123", "+44 7700", "0044 7700 900",
     "0123", "3.5.84", "3 May 1984", "19840503", "1984-05-03", "0042-7", "00427", "0042", "42", "nowak 3/5/1984 7700"],
)  # fmt: skip
def test_a_patient_is_found_by_any_of_these(text):
    terms = search_terms(
        names=["Anna", "Łoś-Nowak"], phones=["+44 7700 900123"], born_on=date(1984, 5, 3), numbers=["0042-7"]
    )
    assert finds(terms, text)


@pytest.mark.parametrize("text", ["nna", "anna maria", "7700 900124", "4.5.84", "0043", "anna 4 May 1984"])
def test_a_patient_is_not_found_by_what_is_not_theirs(text):
    terms = search_terms(
        names=["Anna", "Łoś-Nowak"], phones=["+44 7700 900123"], born_on=date(1984, 5, 3), numbers=["0042-7"]
    )
    assert not finds(terms, text)


@given(st.text(string.ascii_letters + "łøđßæéü-' 山田김", min_size=1, max_size=20), st.integers(1, 20))
def test_every_beginning_of_a_name_finds_it(name, length):
    assume(fold(name))
    assert finds(search_terms(names=[name]), name)
    first = name.split()[0][:length]
    assert finds(search_terms(names=[name]), first)


@given(st.dates(date(1900, 1, 1), ON))
def test_every_birth_date_finds_its_patient(born_on):
    terms = search_terms(names=["x"], born_on=born_on)
    for text in (born_on.isoformat(), f"{born_on:%d.%m.%Y}", f"{born_on:%d%m%Y}", f"{born_on:%d %B %Y}"):
        assert finds(terms, text)


@given(st.text(max_size=80))
def test_any_text_can_be_searched_for(text):
    assert all(group and all(group) for group in ask(text))
