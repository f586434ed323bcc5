"""A patch test: placed, due after the clinic's hours, read once, valid for its months; a reaction blocks."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from intake import actions
from intake.dates import add_months
from intake.defaults import install
from intake.figures import Figures
from intake.findings import findings_for
from intake.models import IssuedDocument, PatchTest
from intake.screening import Kind
from smpclinic.actors import staff
from tests.make import make_clinic, make_lot, make_manager, make_patient, make_practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(client):
    install()
    make_clinic(phone="+44 20 7946 0000")
    client.user = make_practitioner(display_name="Pia Practitioner")
    client.force_login(client.user)
    return client


@pytest.fixture
def patient(chair):
    return make_patient()


def url_of(patient) -> str:
    return reverse("intake:patch_tests", args=[patient.public_id])


def placed(patient, by, *, hours_ago=0, lot=None) -> PatchTest:
    at = timezone.now() - timedelta(hours=hours_ago)
    return actions.place_patch_test(patient=patient, lot=lot or make_lot(), site="Neck", placed_at=at, by=staff(by))


def found(patient):
    on = timezone.localdate()
    return [(f.kind, f.blocking) for f in findings_for(patient, on=on) if f.code == "patch_test_result"]


class TestReading:
    def test_it_is_due_when_the_clinics_hours_have_passed(self, chair, patient):
        actions.set_figures(figures=Figures(patch_test_wait_hours=72), by=staff(make_manager()))
        test = placed(patient, chair.user)
        due = test.placed_at + timedelta(hours=72)
        assert test.read_from == due
        assert not PatchTest.objects.to_read(at=due - timedelta(seconds=1))
        assert list(PatchTest.objects.to_read(at=due)) == [test]

    def test_a_changed_setting_leaves_a_placed_test_as_it_is(self, chair, patient):
        test = placed(patient, chair.user)
        actions.set_figures(figures=Figures(patch_test_wait_hours=96), by=staff(make_manager()))
        test.refresh_from_db()
        assert test.read_from == test.placed_at + timedelta(hours=48)

    def test_what_is_due_stands_in_the_to_do_list(self, chair, patient):
        placed(patient, chair.user, hours_ago=49)
        assert "Read the patch test of" in chair.get(reverse("home"), follow=True).content.decode()

    def test_too_early_it_is_refused_and_what_was_typed_stays(self, chair, patient):
        test = placed(patient, chair.user, hours_ago=47)
        sent = {"read": "yes", "test": test.public_id, "result": "pass", "note": "Faint 🙂"}
        page = chair.post(url_of(patient), sent).content.decode()
        assert "48 hours after it was done" in page
        assert "Faint 🙂" in page
        test.refresh_from_db()
        assert test.result == ""

    def test_a_reaction_is_noted_whenever_it_comes_and_blocks(self, chair, patient):
        test = placed(patient, chair.user, hours_ago=3)
        chair.post(url_of(patient), {"read": "yes", "test": test.public_id, "result": "fail", "note": "Red, itching"})
        assert found(patient) == [(Kind.BLOCK, True)]

    def test_a_later_clear_test_takes_the_reaction_back(self, chair, patient):
        for result, hours_ago in (("fail", 100), ("pass", 50)):
            test = placed(patient, chair.user, hours_ago=hours_ago)
            actions.read_patch_test(test=test, result=result, by=staff(chair.user))
        assert found(patient) == []

    def test_inconclusive_asks_for_another(self, chair, patient):
        test = placed(patient, chair.user, hours_ago=49)
        actions.read_patch_test(test=test, result="inconclusive", by=staff(chair.user))
        assert found(patient) == [(Kind.CAUTION, False)]

    def test_the_validity_is_the_clinics(self, chair, patient):
        actions.set_figures(figures=Figures(patch_test_valid_months=3), by=staff(make_manager()))
        test = placed(patient, chair.user, hours_ago=49)
        test = actions.read_patch_test(test=test, result="pass", by=staff(chair.user))
        assert test.valid_until == add_months(timezone.localdate(test.placed_at), 3)

    def test_a_photo_is_kept_with_the_reading(self, chair, patient):
        consent = {"kind": "photos_record", "granted": True, "signed_name": "A", "by": staff(chair.user)}
        actions.give_consent(patient=patient, **consent)
        test = placed(patient, chair.user, hours_ago=49)
        file = io.BytesIO()
        Image.new("RGB", (300, 200), "pink").save(file, "PNG")
        file.seek(0)
        file.name = "neck.png"
        chair.post(url_of(patient), {"read": "yes", "test": test.public_id, "result": "pass", "photo": file})
        test.refresh_from_db()
        assert (test.result, test.photo.patient) == ("pass", patient)

    def test_without_the_consent_no_photo_is_asked_for(self, chair, patient):
        placed(patient, chair.user, hours_ago=49)
        assert 'type="file"' not in chair.get(url_of(patient)).content.decode()

    @pytest.mark.parametrize("sent", [{}, {"result": "perfect"}, {"result": "pass", "read_at": "2999-01-01T10:00"}])
    def test_what_is_no_reading_is_refused(self, chair, patient, sent):
        test = placed(patient, chair.user, hours_ago=49)
        page = chair.post(url_of(patient), {"read": "yes", "test": test.public_id} | sent)
        assert page.status_code == 200
        test.refresh_from_db()
        assert test.result == ""


class TestPlacing:
    def test_one_placed_in_the_future_is_refused_beside_the_field(self, chair, patient):
        sent = {"place": "yes", "lot": make_lot().pk, "site": "Neck", "placed_at": "2999-01-01T10:00"}
        page = chair.post(url_of(patient), sent)
        assert page.context["place"].errors["placed_at"] == ["This moment is in the future."]
        assert not PatchTest.objects.exists()

    def test_sent_twice_it_is_placed_once(self, chair, patient):
        sent = {"place": "yes", "lot": make_lot().pk, "site": "Neck"}
        for _time in range(2):
            chair.post(url_of(patient), sent)
        assert PatchTest.objects.count() == 1

    @pytest.mark.parametrize("site", ["x" * 10_000, "a\0b", "   "])
    def test_a_site_that_cannot_be_stored_is_refused(self, chair, patient, site):
        page = chair.post(url_of(patient), {"place": "yes", "lot": make_lot().pk, "site": site})
        assert "site" in page.context["place"].errors
        assert not PatchTest.objects.exists()


def test_the_note_says_that_a_clear_test_never_excludes_a_later_allergy_and_prints_the_same_twice(chair, patient):
    test = placed(patient, chair.user)
    url = reverse("intake:patch_test_note", args=[test.public_id])
    first, second = chair.post(url), chair.post(url)
    assert first.url == second.url
    assert IssuedDocument.objects.filter(kind="patch_test_note").count() == 1
    paper = pypdf.PdfReader(io.BytesIO(chair.get(first.url).content))
    words = " ".join("".join(sheet.extract_text() for sheet in paper.pages).split())
    assert "A clear patch test never excludes a later allergy." in words
    assert patient.full_name in words
