"""Every address x every role x every method, really requested: who may, who may not, and nothing leaks."""

import pytest
from django.urls import reverse

from smpclinic.roles import GRANTS, Role
from tests import crawl
from tests.addresses import ANYBODY, POLICY, SIGNED_IN, World, addresses

every_address = pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)


def test_every_address_is_declared_and_every_line_is_an_address():
    assert sorted(POLICY) == sorted(address.name for address in addresses())


@every_address
def test_a_view_asks_for_a_permission_unless_it_is_open(address):
    """... and the permissions it asks for are those of the roles in the table, no more and no fewer."""
    if POLICY[address.name] in (ANYBODY, SIGNED_IN):
        assert address.permissions is None
        return
    assert address.permissions
    allowed = {role for role in Role if set(address.permissions) <= GRANTS[role]}
    assert allowed == set(POLICY[address.name])


@pytest.fixture
def world(db, tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "files"
    return World()


@every_address
def test_each_visitor_opens_what_the_table_says_and_nothing_else(address, world):
    found = {
        (visitor.name, method): problem
        for visitor, method, response in crawl.visit(world, address)
        if (problem := crawl.problem_with_access(world, address, visitor, response))
    }
    assert found == {}


@every_address
def test_every_answer_carries_the_strict_headers(address, world):
    found = {
        (visitor.name, method, *problems)
        for visitor, method, response in crawl.visit(world, address, methods=("get", "post"))
        if (problems := crawl.problems_with_headers(response))
    }
    assert found == set()


def test_a_list_names_no_patient_of_a_location_that_does_not_share(world):
    """Searching for the name finds nobody either."""
    afar = next(visitor for visitor in crawl.visitors(world) if not visitor.is_near)
    for address in addresses():
        if not address.is_about_a_patient:
            asked = {"q": "Wilhelmina", "patient": str(world.patient.public_id)}
            response = afar.client.get(world.path(address), asked)
            assert world.patient.full_name.encode() not in response.getvalue(), address.name


def test_reception_sees_the_portrait_and_no_other_photo(world, client):
    client.force_login(world.staff(Role.RECEPTION))
    assert client.get(reverse("intake:photo", args=[world.photo.public_id])).status_code == 200
    assert client.get(reverse("intake:photo", args=[world.other_photo.public_id])).status_code == 403
    client.force_login(world.staff(Role.PRACTITIONER))
    assert client.get(reverse("intake:photo", args=[world.other_photo.public_id])).status_code == 200
