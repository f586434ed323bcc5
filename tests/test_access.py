"""Every address x every role x GET and POST, really requested: who may, who may not, and nothing leaks."""

import pytest

from smpclinic.roles import GRANTS, Role
from tests.addresses import ANYBODY, POLICY, SIGNED_IN, World, addresses

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "head", "put", "delete")
OPENED = {200, 302, 400, 405, 409}
guarded = pytest.mark.parametrize(
    "address", [a for a in addresses() if POLICY.get(a.name) not in (ANYBODY, SIGNED_IN)], ids=lambda a: a.name
)


@pytest.fixture
def world(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "files"
    return World()


def test_every_address_is_declared_and_every_line_is_an_address():
    assert sorted(POLICY) == sorted(address.name for address in addresses())


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
def test_a_view_asks_for_a_permission_unless_it_is_open(address):
    """... and the permissions it asks for are those of the roles in the table, no more and no fewer."""
    if POLICY[address.name] in (ANYBODY, SIGNED_IN):
        assert address.permissions is None
        return
    assert address.permissions
    allowed = {role for role in Role if set(address.permissions) <= GRANTS[role]}
    assert allowed == set(POLICY[address.name])


@guarded
def test_strangers_are_sent_to_sign_in(address, world, client):
    for method in METHODS:
        response = getattr(client, method)(world.path(address))
        assert (response.status_code, response.url.partition("?")[0]) == (302, "/accounts/login/"), method


@guarded
@pytest.mark.parametrize("role", [*Role, None])
def test_a_role_opens_what_the_table_says(address, role, world, client):
    client.force_login(world.staff(*[role] if role else []))
    path = world.path(address)
    for method in METHODS:
        response = getattr(client, method)(path)
        if role in POLICY[address.name]:
            assert response.status_code in OPENED, (method, response.status_code)
        else:
            assert response.status_code in {403, 405}, (method, response.status_code)
            assert world.patient.full_name.encode() not in response.content
            assert response.status_code == 403 or method not in ("get", "post") or _other(client, path, method) == 403


def _other(client, path, method) -> int:
    """What the method says that the view takes, where this one is none of them."""
    return getattr(client, {"get": "post", "post": "get"}[method])(path).status_code


@guarded
def test_an_account_out_of_use_opens_nothing(address, world, client):
    user = world.staff(*Role)
    client.force_login(user)
    user.is_active = False
    user.save()
    response = client.get(world.path(address))
    assert (response.status_code, response.url.partition("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("address", [a for a in addresses() if a.is_about_a_patient], ids=lambda a: a.name)
def test_where_patients_are_not_shared_another_location_opens_none_of_them(address, world, client):
    client.force_login(world.staff(*Role, location=world.south))
    for method in METHODS:
        response = getattr(client, method)(world.path(address))
        assert response.status_code in {404, 405}, (method, response.status_code)
        assert world.patient.full_name.encode() not in response.content
    client.force_login(world.staff(*Role, location=world.north))
    assert client.get(world.path(address)).status_code in OPENED


@pytest.mark.parametrize("address", [a for a in addresses() if not a.is_about_a_patient], ids=lambda a: a.name)
def test_where_patients_are_not_shared_no_list_names_them_elsewhere(address, world, client):
    client.force_login(world.staff(*Role, location=world.south))
    response = client.get(world.path(address), {"q": "Wilhelmina", "patient": str(world.patient.public_id)})
    assert world.patient.full_name.encode() not in response.content


@pytest.mark.parametrize("address", [a for a in addresses() if POLICY.get(a.name) == SIGNED_IN], ids=lambda a: a.name)
def test_ones_own_account_needs_a_sign_in(address, world, client):
    response = client.get(world.path(address))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
