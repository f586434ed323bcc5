"""Photos shown to others: with a consent of its own, by place, until they are taken down."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from intake import actions
from intake.actions.photo_uses import end_photo_use, use_photo
from intake.models import PhotoUse
from intake.withdrawal import effects_of
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests import make
from tests.sessions.room import jpeg, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def treating(client):
    user = make.make_practitioner()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def photo(treating):
    patient = make.make_patient()
    make.make_consent(patient=patient, kind="photos_record", granted=True)
    return actions.add_photo(patient=patient, view="top", upload=jpeg(), by=staff(treating.user))


def agreed(photo):
    return make.make_consent(patient=photo.patient, kind="photos_marketing", granted=True)


def page(name, photo, *more):
    return reverse(f"intake:{name}", args=[photo.public_id, *more])


def test_the_consent_to_photos_in_the_record_is_not_one_to_show_them(treating, photo):
    with pytest.raises(ValidationError, match="not agreed that photos are shown to others"):
        use_photo(photo=photo, place="Website", by=staff(treating.user))
    assert treating.get(page("photo_copy", photo)).status_code == 403
    assert "has not agreed" in text(treating.get(page("photo_uses", photo)))


def test_a_copy_is_taken_with_the_consent_and_the_look_is_noted(treating, photo):
    agreed(photo)
    answer = treating.get(page("photo_copy", photo))
    assert answer["Content-Disposition"].startswith("attachment")
    assert photo.patient.full_name.encode() not in answer.content
    assert AccessEntry.objects.filter(what="photo copied for others").exists()


def test_where_it_is_shown_is_written_down_and_taken_down_by_name(treating, photo):
    agreed(photo)
    assert "Write where it is shown" in text(treating.post(page("photo_uses", photo), {"place": " "}))
    treating.post(page("photo_uses", photo), {"place": "Website"})
    assert "is shown there already" in text(treating.post(page("photo_uses", photo), {"place": "Website"}))
    use = PhotoUse.objects.get()
    treating.post(page("end_photo_use", photo, use.public_id))
    assert "taken down by" in text(treating.get(page("photo_uses", photo)))
    end_photo_use(use=use, by=staff(make.make_practitioner()))
    use.refresh_from_db()
    assert use.ended_by == treating.user
    treating.post(page("photo_uses", photo), {"place": "Website"})
    assert PhotoUse.objects.count() == 2


def test_a_consent_taken_back_names_the_places_and_closes_the_copy(treating, photo):
    consent = agreed(photo)
    for place in ("Website", "Leaflet"):
        use_photo(photo=photo, place=place, by=staff(treating.user))
    assert "Take the photos down where the clinic shows them: Leaflet, Website." in effects_of(consent)
    actions.withdraw_consent(consent=consent, note="", by=staff(treating.user))
    (alert,) = photo.patient.alerts.all()
    assert alert.words.endswith("(Leaflet, Website)")
    assert treating.get(page("photo_copy", photo)).status_code == 403
    assert text(treating.get(page("photo_uses", photo))).count("to be taken down") == 2
