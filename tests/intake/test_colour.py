"""The eyedropper: true colours by a grey card, by click, by touch and by figures; without a card it says why not."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from intake.models import ExistingHair, Photo
from smpclinic import storage
from smpclinic.colour import Srgb, lab_of, srgb_from_hex
from smpclinic.grey_card import Patch, balanced, problems_with_card
from tests.make import make_clinic, make_consent, make_location, make_patient, make_practitioner
from tests.sessions.room import text

parts = st.integers(45, 230)
cards = st.builds(Srgb, parts, parts, parts)
CARD = (118, 118, 118)


@given(cards)
def test_the_card_itself_comes_out_neutral(card):
    assert balanced(card, card=card) == Srgb(118, 118, 118)


@given(st.builds(Srgb, *[st.integers(0, 255)] * 3))
def test_in_neutral_light_nothing_changes(seen):
    true = balanced(seen, card=Srgb(*CARD))
    assert max(abs(true.red - seen.red), abs(true.green - seen.green), abs(true.blue - seen.blue)) <= 2


@given(cards, st.integers(0, 255), st.integers(0, 255))
def test_the_order_of_lighter_and_darker_never_changes(card, one, other):
    darker, lighter = (balanced(Srgb(grey, grey, grey), card=card) for grey in sorted((one, other)))
    assert lab_of(darker).lightness <= lab_of(lighter).lightness


@pytest.mark.parametrize(
    ("colour", "spread", "words"),
    [
        (CARD, 12, ""),
        (CARD, 13, "not even"),
        ((39, 60, 60), 0, "too dark"),
        ((236, 230, 230), 0, "overexposed"),
        ((200, 90, 60), 0, "no grey card"),
    ],
)
def test_what_cannot_be_the_card_is_told(colour, spread, words):
    found = " ".join(problems_with_card(Patch(Srgb(*colour), spread)))
    assert words in found
    assert bool(words) == bool(found)


@pytest.fixture
def photo(db):
    """Left third a card, middle hair, right skin; the light is warm: red is stronger, blue weaker than it was."""
    picture = Image.new("RGB", (600, 300))
    for number, colour in enumerate(((140, 118, 96), (66, 50, 36), (230, 170, 120))):
        picture.paste(colour, (200 * number, 0, 200 * number + 200, 300))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    kept = storage.store(file.getvalue(), folder="photos", suffix="jpg")
    patient = make_patient()
    make_consent(patient=patient, kind="photos_record")
    return Photo.objects.create(
        patient=patient, view="top", taken_at=timezone.now(), file=kept.name, sha256=kept.sha256,
        width_px=600, height_px=300,
    )  # fmt: skip


@pytest.fixture
def chair(client, db):
    client.force_login(make_practitioner())
    return client


def url(photo):
    return reverse("intake:colour", args=[photo.public_id])


MARKED = {"card": "160,500", "hair": "500,500", "skin": "830,500"}


def test_without_a_card_a_colour_is_refused_in_words(chair, photo):
    page = text(chair.get(url(photo), {"hair": "500,500"}))
    assert "Mark the grey card first." in page
    assert "Keep this colour" not in page


def test_a_click_marks_where_the_photo_was_shown(chair, photo):
    page = chair.get(url(photo), {"mark": "card", "at.x": "53", "at.y": "80", "shown_px": "320"})
    assert 'name="card" value="166,500"' in page.content.decode()
    assert "Mark the hair, or the skin." in text(page)


def test_the_same_place_by_figures_and_the_marks_before_stay(chair, photo):
    sent = {"card": "166,500", "mark": "hair", "across": "50", "down": "50"}
    page = chair.get(url(photo), sent).content.decode()
    assert 'name="card" value="166,500"' in page
    assert 'name="hair" value="500,500"' in page


def test_the_light_of_the_photo_is_taken_out_and_the_colour_kept_with_how_it_was_measured(chair, photo):
    seen = ExistingHair.objects.create(
        patient=photo.patient, observed_on=timezone.localdate(), level=3, skin_type="III"
    )
    assert chair.post(url(photo), MARKED).status_code == 302
    kept = photo.patient.hair.order_by("-id").first()
    assert kept.pk != seen.pk
    hair = srgb_from_hex(kept.measured_colour)
    assert max(abs(hair.red - 55), abs(hair.green - 50), abs(hair.blue - 46)) <= 3
    assert kept.measured_skin
    assert (kept.level, kept.skin_type, kept.colour_known_by, kept.colour_photo) == (3, "III", "card", photo)


def test_what_is_marked_as_card_but_is_none_keeps_nothing(chair, photo):
    page = chair.post(url(photo), MARKED | {"card": "830,500"})
    assert "no grey card" in text(page)
    assert not photo.patient.hair.exists()


@pytest.mark.parametrize(
    "absurd",
    [
        {"card": "9999,9999", "hair": "0,0"},
        {"card": "1e9,-4"},
        {"mark": "nose", "at.x": "1", "at.y": "1"},
        {"at.x": "99999999999999999999", "at.y": "²"},
        {"at.x": "0", "at.y": "0"},
        {"across": "50"},
        {"across": "NaN", "down": "101"},
        {"shown_px": "0", "at.x": "5", "at.y": "5"},
    ],
)
def test_absurd_places_get_a_sentence_and_never_an_error(chair, photo, absurd):
    page = chair.get(url(photo), absurd)
    assert page.status_code == 200
    assert "Keep this colour" not in text(page)


def test_a_photo_whose_consent_was_taken_back_is_read_no_more(chair, photo):
    photo.patient.consents.update(withdrawn_at=timezone.now())
    assert chair.get(url(photo), MARKED).status_code == 403


def test_the_photo_of_a_patient_out_of_sight_is_not_there(client, photo):
    make_clinic(patients_shared=False)
    photo.patient.home_location = make_location()
    photo.patient.save()
    client.force_login(make_practitioner(locations=[make_location()]))
    assert client.get(url(photo)).status_code == 404
