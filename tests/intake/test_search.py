"""The one search box: what finds whom; and who may be known already."""

from datetime import date

import pytest
from django.db import connection

from intake import actions
from intake.register import likely_duplicates
from intake.search import FIRST, find_patients
from smpclinic.actors import staff
from tests.make import make_clinic, make_location, make_merge, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 3)


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def anna(user):
    return register(user, "Anna Kowalska-Łęcka", "+44 7700 900123", born_on=date(1984, 5, 3))


def register(user, name, phone="01234 567890", **fields):
    return actions.register_patient(full_name=name, phone=phone, by=staff(user), **fields)


def found(text, user):
    return [patient.full_name for patient in find_patients(text, user=user, on=TODAY)]


@pytest.mark.parametrize(
    "text",
    [
        "anna",
        "KOW",
        "kow ann",
        "Anna Kowalska",
        "lecka",
        "ŁĘCKA",
        "07700 900",
        "+44 7700",
        "0123",
        "3 May 1984",
        "03.05.84",
        "1984-05-03",
        "0001-3",
        "00013",
        "walsk",
        "kow 3.5.1984",
    ],
)
def test_a_patient_is_found_by_the_beginning_of_anything_told(user, anna, text):
    register(user, "Bernd Ohlsen", "030 7654321", born_on=date(1970, 1, 1))
    assert found(text, user) == ["Anna Kowalska-Łęcka"]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\0", "%", "_", "'; drop table", "anna ohlsen", "x" * 10_000, "9999-9", "\U0010ffff", "😀", "zalsk%"],
)
def test_what_fits_nobody_finds_nobody(user, anna, text):
    assert found(text, user) == []


def test_at_most_the_first_twenty_are_given_in_a_steady_order(user):
    for number in range(FIRST + 3):
        register(user, f"Kim{number:02} Kimura")
    names = found("kim", user)
    assert len(names) == FIRST
    assert names == found("kim", user)
    assert names[0] == "Kim00 Kimura"


def test_a_name_in_chinese_is_found_by_any_sign(user):
    register(user, "山田 太郎")
    assert found("田", user) == ["山田 太郎"]


def test_a_merged_patient_is_not_found(user, anna):
    other = register(user, "Anna Kowal")
    make_merge(anna, other)
    assert found("kowal", user) == ["Anna Kowalska-Łęcka"]


def test_patients_of_another_location_stay_hidden_where_they_are_not_shared(user, anna):
    here, there = make_location(), make_location()
    user.locations.add(here)
    register(user, "Anna There", home_location=there)
    make_clinic(patients_shared=False)
    assert found("anna", user) == ["Anna Kowalska-Łęcka"]


class TestLikelyDuplicates:
    def likely(self, user, **typed):
        return [one.patient.full_name for one in likely_duplicates(user=user, **typed)]

    def test_same_phone_and_a_name_with_a_slip(self, user, anna):
        assert self.likely(user, full_name="Ana Kowalska Lecka", phone="07700 900123") == [anna.full_name]

    def test_same_name_and_a_birth_date_with_a_slip(self, user, anna):
        typed = {"full_name": "Kowalska-Łęcka Anna", "phone": "600 1001", "born_on": date(1984, 3, 5)}
        assert self.likely(user, **typed) == [anna.full_name]

    def test_same_name_alone_is_not_enough(self, user, anna):
        assert self.likely(user, full_name=anna.full_name, phone="0800 111 222") == []

    def test_a_relative_with_the_same_phone_and_another_birth_date_is_another_person(self, user, anna):
        typed = {"full_name": "Jan Kowalski", "phone": anna.phone, "born_on": date(1950, 7, 7)}
        assert self.likely(user, **typed) == []

    def test_is_told_with_reasons(self, user, anna):
        [one] = likely_duplicates(full_name=anna.full_name, phone=anna.phone, user=user)
        assert one.likeness.reasons == ("same name", "same phone")


@pytest.mark.postgres
def test_terms_are_compared_by_their_bytes_whatever_the_locale_of_the_server():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns"
            " WHERE table_name = 'intake_searchterm' AND column_name = 'term'"
        )
        assert cursor.fetchall() == [("C",)]
