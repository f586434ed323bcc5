"""A row is saved first; only where the database refuses are the words looked for."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from smpclinic.models import Location, Room
from smpclinic.saving import check_values, save_all_checked, save_checked
from tests import make

pytestmark = pytest.mark.django_db


def test_a_good_row_is_saved_without_asking_the_constraints(django_assert_num_queries):
    place = make.make_location()
    with django_assert_num_queries(3):  # savepoint, row, end of the savepoint
        save_checked(Room(location=place, name="Blue"))
    assert Room.objects.get(name="Blue").cleaning_min == 15


def test_a_constraint_answers_in_words_beside_its_field_and_nothing_is_saved():
    place = make.make_location()
    save_checked(Room(location=place, name="Blue"))
    with pytest.raises(ValidationError) as caught:
        save_checked(Room(location=place, name="Blue"))
    assert caught.value.messages == ["This location already has a room of that name."]
    assert Room.objects.filter(name="Blue").count() == 1  # and the transaction goes on


def test_values_and_constraints_are_told_together():
    place = make.make_location()
    save_checked(Room(location=place, name="Blue"))
    with pytest.raises(ValidationError) as caught:
        save_checked(Room(location=place, name="Blue", equipment="x" * 201))
    assert set(caught.value.message_dict) == {"equipment", "__all__"}


def test_a_check_of_the_database_answers_in_words():
    with pytest.raises(ValidationError, match="room_cleaning_at_most_two_hours"):
        save_checked(Room(location=make.make_location(), name="Blue", cleaning_min=121))


@pytest.mark.parametrize("location_id", [None, 10**9])
def test_a_row_that_is_not_there_is_refused_beside_the_field(location_id):
    with pytest.raises(ValidationError) as caught:
        save_checked(Room(location_id=location_id, name="Blue"))
    assert set(caught.value.message_dict) == {"location"}


def test_a_row_that_was_never_saved_is_not_at_hand():
    with pytest.raises((ValidationError, ValueError)):
        save_checked(Room(location=Location(pk=10**9, name="Nowhere"), name="Blue"))


def test_a_null_character_is_refused_beside_its_field():
    with pytest.raises(ValidationError) as caught:
        check_values(Room(location=make.make_location(), name="a\0b"))
    assert caught.value.message_dict == {"name": ["Null characters are not allowed."]}


def test_a_guards_refusal_goes_up_as_it_is():
    visit = make.make_appointment(kind="consultation")
    visit.pk, visit.public_id, visit._state.adding = None, uuid4(), True
    with pytest.raises(IntegrityError):
        save_checked(visit)


def test_rows_inserted_together_stand_or_fall_together():
    place = make.make_location()
    with pytest.raises(ValidationError, match="already has a room"):
        save_all_checked([Room(location=place, name="Blue"), Room(location=place, name="Blue")])
    assert not Room.objects.filter(name="Blue").exists()
    assert len(save_all_checked([Room(location=place, name="Blue"), Room(location=place, name="Red")])) == 2
    assert save_all_checked([]) == []
