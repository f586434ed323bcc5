"""The first set-up of an empty clinic: once, with the code from the terminal."""

import stat

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from planning.models import WeeklyHours
from smpclinic.actions.setup import is_set_up, setup_code
from smpclinic.models import ClinicProfile, Room, User
from smpclinic.pages import setup
from tests.make import make_user

pytestmark = pytest.mark.django_db
TOLD = {
    "name": "Clínica Sol",
    "phone": "+34 910 1",
    "time_zone": "Europe/Madrid",
    "emergency_number": "112",
    "location": "Centro",
    "room": "Room 1",
    "opens": "09:00",
    "closes": "18:00",
    "display_name": "Ana Ruiz",
    "username": "ana",
    "password": "a long enough phrase",
    "roles": ["practitioner", "reception"],
    "qualification": "SMP, advanced",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_ROOT = tmp_path


def test_the_code_is_for_whoever_can_read_the_folder_alone(folder, settings):
    assert setup_code() == setup_code()
    assert stat.S_IMODE((settings.DATA_ROOT / "setup_code").stat().st_mode) == 0o600


def test_makes_the_clinic_its_hours_and_an_owner_with_all_roles(client):
    answer = client.post(reverse("setup"), TOLD | {"code": setup_code()})
    assert answer.url == reverse("account_login")
    owner = User.objects.get()
    assert owner.roles == {"manager", "practitioner", "reception"}
    assert owner.check_password("a long enough phrase")
    assert (ClinicProfile.current().name, Room.objects.get().name) == ("Clínica Sol", "Room 1")
    assert WeeklyHours.objects.filter(user=owner, starts_min=540, ends_min=1080).count() == 5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "0"}, "code"),
        ({"code": "é"}, "code"),
        ({"password": "short"}, "password"),
        ({"closes": "08:00"}, "closes"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(client, wrong, field):
    answer = client.post(reverse("setup"), TOLD | {"code": setup_code()} | wrong)
    assert field in answer.context["form"].errors
    assert not is_set_up()
    assert not ClinicProfile.objects.exists()
    assert 'value="Centro"' in answer.content.decode()


def test_is_no_page_once_somebody_can_sign_in(client):
    make_user()
    assert client.get(reverse("setup")).status_code == 404
    assert client.post(reverse("setup"), TOLD).status_code == 404


def test_guessing_the_code_is_stopped(client):
    for _ in range(10):
        client.post(reverse("setup"), TOLD | {"code": "x"})
    answer = client.post(reverse("setup"), TOLD | {"code": setup_code()})
    assert "Too many tries" in answer.content.decode()
    assert not is_set_up()


def test_a_refusal_of_the_hours_leaves_nothing_half_made(client, monkeypatch):
    def refuse(**hours):
        raise ValidationError("These hours cannot be.")

    monkeypatch.setattr(setup, "set_weekly_hours", refuse)
    answer = client.post(reverse("setup"), TOLD | {"code": setup_code()})
    assert "These hours cannot be." in answer.text
    assert not is_set_up()
    assert not ClinicProfile.objects.exists()
