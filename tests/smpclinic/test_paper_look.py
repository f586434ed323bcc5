"""The clinic's colour and logo on its papers: chosen on one page, readable, and never in the way of a paper."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from smpclinic import storage
from smpclinic.letterhead import letterhead
from smpclinic.models import AuditEntry, ClinicProfile
from smpclinic.paper_look import TEAL, look_of, problems_with_colour
from tests.make import make_clinic, make_manager
from tests.pictures import JPEG

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    make_clinic()
    client.force_login(make_manager())
    return client


def save(manager, **told):
    return manager.post(reverse("paper_look"), {"paper": "A4", "colour": TEAL} | told)


def test_a_clinic_without_a_choice_has_the_programs_colour_and_no_logo(manager):
    assert look_of(ClinicProfile.current()).colour == TEAL
    assert letterhead()["logo"] == ""
    assert manager.get(reverse("paper_look")).status_code == 200


def test_colour_paper_and_logo_are_on_the_next_paper_and_in_the_trail(manager):
    save(manager, paper="letter", colour="#7A1F3D", logo=SimpleUploadedFile("logo.jpg", JPEG, "image/jpeg"))
    clinic = ClinicProfile.current()
    assert (clinic.paper, letterhead(clinic)["accent"]) == ("letter", "#7a1f3d")
    assert letterhead(clinic)["logo"].startswith("data:image/jpeg;base64,")
    assert set(AuditEntry.objects.get(subject_type="smpclinic.ClinicProfile").fields) >= {"paper", "colour", "logo"}
    save(manager, without_logo="on")
    assert letterhead()["logo"] == ""


def test_a_later_change_of_the_colour_keeps_the_logo(manager):
    save(manager, logo=SimpleUploadedFile("logo.jpg", JPEG, "image/jpeg"))
    save(manager, colour="#123456")
    assert look_of(ClinicProfile.current()).logo


@pytest.mark.parametrize("colour", ["#777777", "#ffff00", "red", "#12345"])
def test_a_colour_that_cannot_be_read_or_is_none_is_refused_in_words(manager, colour):
    answer = save(manager, colour=colour)
    assert answer.context["form"].errors["colour"]
    assert look_of(ClinicProfile.current()).colour == TEAL


def test_the_darkest_grey_refused_and_the_lightest_allowed_lie_side_by_side():
    assert problems_with_colour("#767676") == []  # 4.54 : 1
    assert problems_with_colour("#777777") != []  # 4.48 : 1


def test_a_file_that_is_no_picture_is_refused_in_words(manager):
    answer = save(manager, logo=SimpleUploadedFile("logo.jpg", b"no picture", "image/jpeg"))
    assert "not a photo" in str(answer.context["form"].errors["logo"])


def test_a_broken_logo_is_said_in_words_and_papers_are_printed_without_it(manager):
    save(manager, logo=SimpleUploadedFile("logo.jpg", JPEG, "image/jpeg"))
    storage.PrivateStorage().delete(look_of(ClinicProfile.current()).logo)
    assert letterhead()["logo"] == ""
    assert "missing or damaged" in manager.get(reverse("paper_look")).content.decode()
