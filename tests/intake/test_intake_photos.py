"""The five photos of an intake: by the patient and by staff, only with consent, each kept once, an older one too."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from intake import actions, defaults
from intake.actions import links
from intake.actors import by_link
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests.make import make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db
PHOTOS = "/my-intake/photos/"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


@pytest.fixture(autouse=True)
def _clinic(settings, tmp_path):
    defaults.install()
    settings.PUBLIC_URL, settings.PRIVATE_ROOT = "https://clinic.example", tmp_path / "files"


@pytest.fixture
def reception():
    return staff(make_user(display_name="Rosa Reception"))


@pytest.fixture
def patient():
    return make_patient(full_name="Anna Kowalska", born_on=date(1984, 5, 3))


@pytest.fixture
def intake(patient, reception):
    return actions.start_intake(patient=patient, by=reception)


@pytest.fixture
def agreed(patient):
    actions.give_consent(
        patient=patient, kind="photos_record", granted=True, signed_name="Anna", exact_text="Yes.", by=by_link(patient)
    )


@pytest.fixture
def phone(intake, reception):
    link = links.offer_link(intake=intake, channel="qr", by=reception)
    client = Client()
    client.post(f"/i/{links.mint_token(link=link, by=reception)}/", {"born_on": "3 May 1984"})
    return client


def picture(colour="tan", kind="JPEG"):
    file = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(file, kind)
    return SimpleUploadedFile(f"head.{kind.lower()}", file.getvalue(), f"image/{kind.lower()}")


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def send(client, view="front", photo=None, url=PHOTOS, **more):
    return client.post(url, {"view": view, "photo": photo or picture()}, **more)


def test_without_the_consent_no_photo_is_asked_or_taken(phone, patient):
    page = text_of(phone.get(PHOTOS))
    assert "You have not agreed to photos" in page
    assert 'type="file"' not in page
    assert send(phone).status_code == 422
    assert not patient.photos.exists()


def test_five_views_each_with_its_drawing(phone, agreed):
    page = text_of(phone.get(PHOTOS))
    assert [view for view in ("Front", "Top", "Left", "Right", "Back") if f"<h2>{view}" in page] == [
        "Front", "Top", "Left", "Right", "Back",
    ]  # fmt: skip
    assert page.count('capture="environment"') == 5
    assert page.count('<svg viewBox="0 0 120 120"') == 5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_patient_sends_a_photo_and_sees_it(phone, agreed, patient, intake, kind):
    answer = send(phone, photo=picture(kind=kind))
    assert answer.url == f"{PHOTOS}#slot-front"
    photo = patient.photos.get()
    assert (photo.intake, photo.view, photo.taken_by) == (intake, "front", None)
    shown = phone.get(reverse("intake:own_photo", args=[photo.public_id]))
    assert shown.content.startswith(b"\xff\xd8")
    assert shown.headers["Cache-Control"] == "no-store"
    assert AccessEntry.objects.filter(what="own photo", actor_kind="patient_link").exists()


def test_another_photo_of_the_patient_stays_closed(phone, agreed, patient):
    other = actions.add_photo(patient=patient, view="front", upload=picture(), by=staff(make_practitioner()))
    assert phone.get(reverse("intake:own_photo", args=[other.public_id])).status_code == 404
    assert phone.get(reverse("intake:photo", args=[other.public_id])).status_code == 302


def test_sent_twice_it_is_kept_once_and_a_new_one_leaves_the_old_in_the_record(phone, agreed, patient):
    for colour in ("tan", "tan", "gray"):
        send(phone, photo=picture(colour))
    assert patient.photos.count() == 2
    page = text_of(phone.get(PHOTOS))
    newest = patient.photos.order_by("-id").first()
    assert str(newest.public_id) in page
    assert page.count("<img") == 1


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (SimpleUploadedFile("a.heic", HEIC, "image/heic"), "Most Compatible"),
        (SimpleUploadedFile("a.jpg", b"not a photo at all", "image/jpeg"), "not a photo in JPEG, PNG or WebP"),
        (SimpleUploadedFile("a.jpg", b"", "image/jpeg"), "That file is empty"),
    ],
    ids=["heic", "text", "empty"],
)
def test_a_wrong_file_is_refused_at_its_place_and_the_others_stay(phone, agreed, patient, photo, words):
    send(phone, "top")
    answer = send(phone, "front", photo)
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page.replace("&#x27;", "'")
    assert page.index(words.split()[0]) < page.index("<h2>Top")
    assert patient.photos.get().view == "top"


def test_the_place_alone_is_answered_where_the_page_sends_it_by_itself(phone, agreed):
    answer = send(phone, headers={"HX-Request": "true"})
    assert "<html" not in text_of(answer)
    assert 'id="slot-front"' in text_of(answer)
    refused = send(phone, photo=SimpleUploadedFile("a.jpg", b"no"), headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "<html" not in text_of(refused)


@pytest.mark.parametrize("fields", [{"view": "moon"}, {"view": "front\0"}, {"view": ""}, {"view": "front"}])
def test_nonsense_is_refused_and_breaks_nothing(phone, agreed, fields):
    for headers in ({}, {"HX-Request": "true"}):
        assert phone.post(PHOTOS, fields, headers=headers).status_code == 422


def test_staff_at_the_desk_adds_a_photo_without_seeing_others(intake, agreed, patient):
    client = Client()
    client.force_login(make_user())
    url = reverse("intake:step", args=[intake.public_id, "photos"])
    assert send(client, url=url).status_code == 302
    page = text_of(client.get(url))
    assert "Kept at" in page
    assert "<img" not in page
    client.force_login(make_practitioner())
    assert str(patient.photos.get().public_id) in text_of(client.get(url))


def test_the_summary_and_the_review_tell_which_views_there_are(phone, agreed, intake, reception):
    send(phone, "top")
    send(phone, "front")
    assert "Front, Top" in text_of(phone.get("/my-intake/check/"))
    answers = {"reasons": ["scar"], "causes": [{"cause": "hereditary"}]}
    actions.save_answers(intake=intake, answers=answers, by=reception)
    actions.submit_intake(intake=intake, by=reception)
    client = Client()
    client.force_login(reception.user)
    assert "Front, Top" in text_of(client.get(reverse("intake:review", args=[intake.public_id])))


def test_no_photo_is_added_by_the_patient_after_handing_in(agreed, intake, patient, reception):
    answers = {"reasons": ["scar"], "causes": [{"cause": "hereditary"}]}
    actions.save_answers(intake=intake, answers=answers, by=reception)
    actions.submit_intake(intake=intake, by=reception)
    with pytest.raises(ValidationError, match="handed in"):
        actions.add_photo(patient=patient, view="front", upload=picture(), by=by_link(patient), intake=intake)
    assert actions.add_photo(patient=patient, view="front", upload=picture(), by=reception, intake=intake)


def test_one_link_cannot_fill_the_disk(phone, agreed, monkeypatch, patient):
    monkeypatch.setattr("intake.views.photo_slots.MOST_OF_A_LINK", (2, 60))
    answers = [send(phone, view).status_code for view in ("front", "top", "left")]
    assert answers == [302, 302, 422]
    assert patient.photos.count() == 2
