"""Taking a consent back: what it changes is told before, and happens."""

import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from intake import actions
from intake.defaults import install
from intake.messages import may_confirm, may_remind
from intake.models import Photo
from intake.withdrawal import effects_of, shown_photos
from sessions.models import SessionPhoto
from smpclinic import storage
from smpclinic.actors import staff
from tests.addresses import _JPEG
from tests.make import make_appointment, make_clinic, make_patient, make_practitioner, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    install()
    make_clinic()
    client.user = make_user()
    client.force_login(client.user)
    return client


@pytest.fixture
def patient(desk):
    return make_patient(email="a@example.org")


def agree(patient, kind, by, *, granted=True):
    return actions.give_consent(patient=patient, kind=kind, granted=granted, signed_name="A", by=staff(by))


def photo_of(patient) -> Photo:
    kept = storage.store(_JPEG, folder="photos", suffix="jpg")
    return Photo.objects.create(
        patient=patient,
        view="front",
        taken_at=timezone.now(),
        file=kept.name,
        sha256=kept.sha256,
        width_px=1,
        height_px=1,
    )


class TestPhotos:
    @pytest.fixture
    def photos(self, desk, patient):
        """One of the intake, one that documents a session, and the consent to both."""
        consent = agree(patient, "photos_record", desk.user)
        loose, of_session = photo_of(patient), photo_of(patient)
        session = make_session(appointment=make_appointment(patient=patient))
        SessionPhoto.objects.create(session=session, photo=of_session, moment="before")
        patient.photo = loose
        patient.save()
        return consent, loose, of_session

    def test_what_it_affects_is_told_before_it_is_confirmed(self, desk, patient, photos):
        page = desk.get(reverse("intake:consent", args=[photos[0].public_id])).content.decode()
        assert "1 photo is no longer shown." in page
        assert "1 photo that documents a treatment stays in the record of the session." in page
        assert "The portrait at the head of the record is taken off." in page

    def test_afterwards_no_photo_is_shown_but_those_of_the_sessions(self, desk, patient, photos):
        consent, loose, of_session = photos
        desk.post(reverse("intake:consent", args=[consent.public_id]), {"note": "changed my mind"})

        patient.refresh_from_db()
        assert patient.photo is None
        assert list(shown_photos(patient)) == [of_session]
        desk.force_login(make_practitioner())
        assert desk.get(reverse("intake:photo", args=[loose.public_id])).status_code == 403
        assert desk.get(reverse("intake:photo", args=[of_session.public_id])).status_code == 200
        page = desk.get(reverse("intake:photos", args=[patient.public_id])).content.decode()
        assert str(loose.public_id) not in page
        assert "1 photo is kept and not shown." in page

    def test_agreed_anew_they_are_shown_again(self, desk, patient, photos):
        actions.withdraw_consent(consent=photos[0], note="", by=staff(desk.user))
        agree(patient, "photos_record", desk.user)
        assert shown_photos(patient).count() == 2

    def test_a_no_that_follows_a_yes_hides_them_as_well(self, desk, patient, photos):
        agree(patient, "photos_record", desk.user, granted=False)
        assert shown_photos(patient).count() == 1


class TestOthers:
    def test_messages_stop(self, desk, patient):
        consent = agree(patient, "messages", desk.user)
        assert (may_confirm(patient), may_remind(patient)) == (True, True)
        assert "E-mails that wait are not sent, and no reminder follows." in effects_of(consent)
        actions.withdraw_consent(consent=consent, note="", by=staff(desk.user))
        assert (may_confirm(patient), may_remind(patient)) == (False, False)

    def test_photos_shown_to_others_are_to_be_taken_down_and_an_alert_says_so(self, desk, patient):
        consent = agree(patient, "photos_marketing", desk.user)
        actions.withdraw_consent(consent=consent, note="", by=staff(desk.user))
        actions.withdraw_consent(consent=consent, note="", by=staff(desk.user))
        assert [alert.words for alert in patient.alerts.all()] == [
            "Photos: take down whatever is shown to others; consent taken back"
        ]

    def test_a_no_from_the_start_raises_no_alert(self, desk, patient):
        agree(patient, "photos_marketing", desk.user, granted=False)
        assert not patient.alerts.exists()

    def test_what_was_signed_stays_with_its_hash_and_version(self, desk, patient):
        consent = agree(patient, "privacy", desk.user)
        actions.withdraw_consent(consent=consent, note="", by=staff(desk.user))
        page = desk.get(reverse("intake:consent", args=[consent.public_id])).content.decode()
        assert consent.text_sha256 == hashlib.sha256(consent.exact_text.encode()).hexdigest()
        assert "Version of the text" in page
        assert "This is what changes:" not in page
