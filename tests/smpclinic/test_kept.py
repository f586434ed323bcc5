"""What is read once in a piece of work, and when it is read anew."""

import itertools

import pytest

from intake.rules import active_rules
from smpclinic.kept import forget, once, one_piece_of_work
from smpclinic.models import ClinicProfile
from tests import make


def counted():
    numbers = itertools.count(1)
    return lambda: next(numbers)


def test_outside_a_piece_of_work_nothing_is_kept():
    read = counted()
    assert [once("it", read), once("it", read)] == [1, 2]


def test_within_one_it_is_read_once_and_forgotten_after_it():
    read = counted()
    with one_piece_of_work():
        assert [once("it", read), once("it", read)] == [1, 1]
        with one_piece_of_work():
            assert once("it", read) == 2
    assert once("it", read) == 3


def test_what_was_changed_is_read_anew():
    read = counted()
    with one_piece_of_work():
        once("it", read)
        forget("it")
        assert once("it", read) == 2


@pytest.mark.django_db
def test_the_profile_is_read_once_and_anew_after_it_was_saved(django_assert_num_queries):
    make.make_clinic(gap_days=2)
    with one_piece_of_work():
        with django_assert_num_queries(1):
            ClinicProfile.current()
            profile = ClinicProfile.current()
        profile.gap_days = 5
        assert ClinicProfile.current().gap_days == 2  # a form that was filled and refused changes nobody else's
        profile.save()
        assert ClinicProfile.current().gap_days == 5


@pytest.mark.django_db
def test_the_rules_are_read_once(django_assert_num_queries):
    with one_piece_of_work(), django_assert_num_queries(1):
        assert active_rules() == active_rules()
