"""Who a patient is: alerts, the identity document, the portrait, what is still to be asked, likely duplicates."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from intake import actions
from intake.contact import problems_with_sending_a_link, still_to_ask
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from tests.make import make_consent, make_patient, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reception():
    return make_user(display_name="Rosa Reception")


@pytest.fixture
def desk(client, reception):
    client.force_login(reception)
    return client


@pytest.fixture
def patient():
    return make_patient(full_name="Anna Kowalska")


def page_of(name, *args):
    return reverse(f"intake:{name}", args=args)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def face():
    file = io.BytesIO()
    Image.new("RGB", (40, 60), "tan").save(file, "JPEG")
    return SimpleUploadedFile("face.jpg", file.getvalue(), content_type="image/jpeg")


class TestAlerts:
    def test_is_raised_with_a_name_and_shown_at_the_head_of_the_record(self, desk, patient, reception):
        desk.post(page_of("raise_alert", patient.public_id), {"words": "Faints  easily"})
        alert = patient.alerts.get()
        assert (alert.words, alert.raised_by) == ("Faints easily", reception)
        assert "Faints easily" in text_of(desk.get(patient.get_absolute_url()))

    def test_ends_with_a_name_and_stays_in_the_history(self, desk, patient, reception):
        alert = actions.raise_alert(patient=patient, words="Allergic to latex", by=staff(reception))
        desk.post(page_of("end_alert", alert.pk))
        alert.refresh_from_db()
        assert (alert.ended_at is not None, alert.ended_by) == (True, reception)
        assert "Allergic to latex" not in text_of(desk.get(patient.get_absolute_url()))
        assert "ended by Rosa Reception" in text_of(desk.get(page_of("edit", patient.public_id)))

    def test_the_same_words_stand_once_and_end_once(self, patient, reception):
        by = staff(reception)
        first, second = (actions.raise_alert(patient=patient, words="Latex", by=by) for _ in range(2))
        assert first == second
        ended = [actions.end_alert(alert=first, by=by).ended_at for _ in range(2)]
        assert ended[0] == ended[1]
        assert AuditEntry.objects.count() == 2

    @pytest.mark.parametrize("words", ["", "   ", "x" * 201, "a\0b"])
    def test_a_refusal_keeps_what_was_typed(self, desk, patient, words):
        answer = desk.post(page_of("raise_alert", patient.public_id), {"words": words})
        assert answer.status_code == 200
        assert answer.context["alert_form"].errors["words"]
        assert not patient.alerts.exists()


class TestIdentity:
    def test_one_press_records_what_by_whom_and_when(self, desk, patient, reception):
        desk.post(page_of("identity", patient.public_id), {"kind": "Passport"})
        patient.refresh_from_db()
        assert (patient.id_kind, patient.id_seen_by) == ("Passport", reception)
        assert "Passport, seen by Rosa Reception on" in text_of(desk.get(page_of("edit", patient.public_id)))

    def test_a_document_without_a_name_is_refused(self, desk, patient):
        answer = desk.post(page_of("identity", patient.public_id), {"kind": " "})
        assert answer.context["identity_form"].errors["kind"]


class TestPortrait:
    def test_needs_the_consent_to_photos(self, desk, patient):
        desk.post(page_of("portrait", patient.public_id), {"portrait": face()})
        patient.refresh_from_db()
        assert patient.photo is None

    def test_is_taken_shown_at_the_head_of_every_page_and_taken_off(self, desk, patient):
        make_consent(patient=patient, kind="photos_record")
        desk.post(page_of("portrait", patient.public_id), {"portrait": face()})
        patient.refresh_from_db()
        assert page_of("photo", patient.photo.public_id) in text_of(desk.get(page_of("consents", patient.public_id)))
        desk.post(page_of("portrait", patient.public_id), {"portrait": "none"})
        patient.refresh_from_db()
        assert (patient.photo, patient.photos.count()) == (None, 1)

    def test_is_never_a_photo_of_somebody_else(self, desk, patient, reception):
        other = make_patient()
        make_consent(patient=other, kind="photos_record")
        photo = actions.take_portrait(patient=other, upload=face(), by=staff(reception)).photo
        with pytest.raises(ValidationError, match="another patient"):
            actions.choose_portrait(patient=patient, photo=photo, by=staff(reception))


class TestWhatIsMissing:
    def test_is_told_in_words_and_never_an_error(self, reception):
        patient = actions.register_patient(full_name="Suharto", phone="1", by=staff(reception))
        assert still_to_ask(patient) == [
            "date of birth", "sex", "postal address", "whom to call in an emergency", "doctor", "an identity document",
        ]  # fmt: skip

    def test_a_link_needs_the_date_of_birth_but_no_e_mail_address(self):
        assert problems_with_sending_a_link(make_patient(email="")) == []
        assert problems_with_sending_a_link(make_patient(born_on=None)) == [
            "Ask for the date of birth first: the link asks for it before it opens."
        ]


class TestSecondPhone:
    def test_is_saved_and_finds_the_patient(self, desk, patient):
        form = desk.get(page_of("edit", patient.public_id)).context["form"]
        told = {name: form[name].value() or "" for name in form.fields} | {"second_phone": "0800 765432"}
        told = {name: value for name, value in told.items() if value is not False}
        assert desk.post(page_of("edit", patient.public_id), told).status_code == 302
        assert "Anna Kowalska" in text_of(desk.get(page_of("patients"), {"q": "0800765"}))


def test_a_record_number_with_a_slip_is_told_as_such(desk, patient):
    wrong = patient.record_number[:-1] + str((int(patient.record_number[-1]) + 1) % 10)
    assert "a digit is wrong or two are swapped" in text_of(desk.get(page_of("patients"), {"q": wrong}))
