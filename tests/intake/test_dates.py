"""Months, ages, and dates as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.dates import (
    add_days,
    add_months,
    age_on,
    ascii_digits,
    birth_date_readings,
    in_words,
    parse_birth_date,
    parse_loose_date,
    problems_with_birth_date,
    reaches_age_on,
)

ON = date(2026, 9, 3)
BORN = date(1984, 5, 3)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
births = st.dates(date(1900, 1, 1), ON)


def test_a_date_is_read_aloud_without_a_leading_zero():
    assert in_words(date(2026, 9, 3)) == "3 September 2026"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2026, 8, 28), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), -11, date(2025, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, expected):
    assert add_months(day, months) == expected


@given(days, st.integers(-600, 600))
def test_months_later_lies_in_the_right_month_and_never_after_the_same_day(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_no_day_lies_past_the_end_of_the_calendar():
    assert add_months(date(9999, 12, 31), 1) == add_days(date(9999, 12, 31), 1) == date.max
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert add_days(date(9999, 12, 30), 1) == date.max
    assert add_days(date(2026, 3, 1), -1) == date(2026, 2, 28)


@given(days, days, st.integers(0, 240))
def test_an_earlier_day_never_overtakes_a_later_one(one, other, months):
    earlier, later = sorted([one, other])
    assert add_months(earlier, months) <= add_months(later, months)


def test_age_grows_on_the_birthday():
    assert [age_on(BORN, date(2002, 5, day)) for day in (2, 3, 4)] == [17, 18, 18]


def test_born_on_29_february_the_birthday_of_a_common_year_is_1_march():
    born_on = date(2008, 2, 29)
    assert [age_on(born_on, day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]
    assert reaches_age_on(born_on, 20) == date(2028, 2, 29)


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="3 May 1984 is later than 2 May 1984"):
        age_on(BORN, date(1984, 5, 2))
    assert age_on(BORN, BORN) == 0


@given(births, st.integers(0, 100))
def test_an_age_is_reached_on_its_day_and_not_the_day_before(born_on, years):
    birthday = reaches_age_on(born_on, years)
    assert age_on(born_on, birthday) == years
    if years:
        assert age_on(born_on, birthday - timedelta(days=1)) == years - 1


def test_a_birth_date_may_be_today_and_not_tomorrow():
    assert problems_with_birth_date(ON, on=ON) == []
    assert problems_with_birth_date(date(2026, 9, 4), on=ON) == ["The birth date 4 September 2026 is in the future."]


def test_nobody_is_older_than_130_years():
    assert problems_with_birth_date(date(1895, 9, 4), on=ON) == []
    assert problems_with_birth_date(date(1895, 9, 3), on=ON) == [
        "The birth date 3 September 1895 makes the person more than 130 years old."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1984-05-03",
        "1984/5/3",
        "1984.05.03",
        "03.05.1984",
        "3.5.1984",
        "3.5.84",
        "03/05/1984",
        "3-5-84",
        "3 5 1984",
        "03051984",
        "19840503",
        "030584",
        "3 May 1984",
        "3rd of May, 1984",
        "May 3, 1984",
        "may 3rd 84",
        "1984 May 3",
        "3 of the May 1984",
        "3May1984",
        " 3 MAY 1984 ",
        "٣/٥/١٩٨٤",
        "３．５．１９８４",
    ],
)
def test_a_birth_date_is_understood_in_any_usual_form(text):
    assert parse_birth_date(text, on=ON) == BORN


@pytest.mark.parametrize(
    "text",
    ["", "anna", "31.2.1984", "3.13.84.1", "29 Feb 1983", "3 Foo 1984", "1.1.1", "0.5.1984", "3 4 May", "May",
     "3 ju 1984", "99999999", "2100-01-01", "1800-01-01", "+48 601 234 567", "9" * 5000],
)  # fmt: skip
def test_what_is_no_birth_date_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"is not a birth date\. Write it like 3 May 1984"):
        parse_birth_date(text, on=ON)


def test_a_clinic_that_writes_the_month_first_reads_it_so():
    assert parse_birth_date("03/05/1984", on=ON, month_first=True) == date(1984, 3, 5)
    assert parse_birth_date("05/13/1984", on=ON) == date(1984, 5, 13)
    assert parse_birth_date("03051984", on=ON, month_first=True) == date(1984, 3, 5)


def test_an_ambiguous_date_has_both_readings_and_a_clear_one_has_one():
    assert birth_date_readings("03/05/1984", on=ON) == (date(1984, 5, 3), date(1984, 3, 5))
    assert birth_date_readings("13/05/1984", on=ON) == (date(1984, 5, 13),)
    assert birth_date_readings("05/05/1984", on=ON) == (date(1984, 5, 5),)


def test_a_two_digit_year_is_the_latest_that_has_been():
    assert parse_birth_date("3.9.26", on=ON) == date(2026, 9, 3)
    assert parse_birth_date("13.9.26", on=ON) == date(1926, 9, 13)
    assert parse_birth_date("1.1.27", on=ON) == date(1927, 1, 1)


def test_a_month_of_30_days_has_no_31st():
    assert parse_birth_date("30.4.1984", on=ON) == date(1984, 4, 30)
    assert birth_date_readings("31.4.1984", on=ON) == ()


def test_six_digits_with_the_month_first_read_so():
    assert birth_date_readings("050384", on=ON, month_first=True)[0] == BORN
    assert birth_date_readings("251284", on=ON) == (date(1984, 12, 25),)


@given(births)
def test_every_birth_date_is_understood_as_it_is_written(born_on):
    for text in (born_on.isoformat(), f"{born_on:%d.%m.%Y}", in_words(born_on), f"{born_on:%d%m%Y}"):
        assert born_on in birth_date_readings(text, on=ON)
    assert parse_birth_date(born_on.isoformat(), on=ON) == born_on
    assert parse_birth_date(in_words(born_on), on=ON) == born_on


@given(st.text(max_size=40))
def test_any_text_is_either_a_possible_birth_date_or_refused(text):
    for born_on in birth_date_readings(text, on=ON):
        assert problems_with_birth_date(born_on, on=ON) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("March 2019", date(2019, 3, 1), date(2019, 3, 31)),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("2019-03", date(2019, 3, 1), date(2019, 3, 31)),
        ("Sept 2019", date(2019, 9, 1), date(2019, 9, 30)),
        ("12/2019", date(2019, 12, 1), date(2019, 12, 31)),
        ("1/2019", date(2019, 1, 1), date(2019, 1, 31)),
        ("1880", date(1880, 1, 1), date(1880, 12, 31)),
        ("1.1.1880", date(1880, 1, 1), date(1880, 1, 1)),
        ("31.12.2036", date(2036, 12, 31), date(2036, 12, 31)),
        ("3.3.2019", date(2019, 3, 3), date(2019, 3, 3)),
        ("12 Dec 2027", date(2027, 12, 12), date(2027, 12, 12)),
        ("1.1.36", date(2036, 1, 1), date(2036, 1, 1)),
        ("1.1.37", date(1937, 1, 1), date(1937, 1, 1)),
    ],
)
def test_a_date_without_its_day_stands_for_its_period(text, first, last):
    assert parse_loose_date(text, on=ON) == first
    assert parse_loose_date(text, on=ON, latest=True) == last


@pytest.mark.parametrize(
    "text",
    [
        "",
        "long ago",
        "13/2019",
        "0/2019",
        "1879",
        "2037-01-01",
        "31.4.2020",
        "1 2",
        "1879-12-31",
        "3 May June",
        "foo 2019",
        "9" * 5000,
    ],
)
def test_what_is_no_date_at_all_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"is not a date\. Write it like 3 May 2024, May 2024 or 2024"):
        parse_loose_date(text, on=ON)


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_either_a_date_or_refused_in_words(text, latest):
    told = date_or_problem(text, latest=latest)
    assert isinstance(told, date) or "is not a date" in told


def date_or_problem(text, *, latest):
    try:
        return parse_loose_date(text, on=ON, latest=latest)
    except ValueError as problem:
        return str(problem)


def test_digits_of_other_scripts_become_plain_ones():
    assert ascii_digits("٠٧٧٠ x ０１") == "0770 x 01"
