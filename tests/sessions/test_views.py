"""The pages of a session: who may, what each shows, and that a stale or double press does no harm."""

import re

import pytest
from django.urls import reverse

from sessions import actions
from sessions.models import TreatmentSession
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests.make import make_consent, make_manager, make_practitioner, make_user
from tests.sessions.room import (
    HEALTHY,
    arrived,
    at,
    begun,
    hidden,
    jpeg,
    opened,
    ready_to_begin,
    ready_to_sign,
    sent,
    signed,
    text,
)

pytestmark = pytest.mark.usefixtures("today")
PAGES = ("record", "mixes", "materials", "reaction", "sign")


class TestWhoMay:
    @pytest.mark.parametrize("make", [make_user, make_manager])
    def test_reception_and_managers_read_no_record(self, client, make):
        session = signed()
        client.force_login(make())
        for page in ("start", "record", "sign", "amend"):
            assert client.get(at(session, page)).status_code == 403

    def test_an_unknown_record_is_no_page(self, chair):
        session = begun()
        address = at(session, "record").replace(str(session.public_id), "0" * 8 + "-0000-4000-8000-" + "0" * 12)
        assert chair(session).get(address).status_code == 404

    @pytest.mark.parametrize("page", ["start", *PAGES])
    def test_a_page_is_read_once_in_the_access_log(self, chair, page):
        session = begun()
        assert chair(session).get(at(session, page)).status_code == 200
        assert AccessEntry.objects.filter(patient_id=session.patient.public_id).count() == 1


class TestStart:
    def test_reading_opens_nothing(self, chair):
        visit = arrived()
        response = chair(visit).get(reverse("sessions:start", args=[visit.public_id]))
        assert "Open the record" in text(response)
        assert TreatmentSession.objects.count() == 0

    def test_posting_twice_opens_one(self, chair):
        visit = arrived()
        for _again in range(2):
            chair(visit).post(reverse("sessions:start", args=[visit.public_id]))
        assert TreatmentSession.objects.count() == 1

    def test_a_patient_who_has_not_come_is_said_so(self, chair):
        visit = arrived(state="booked")
        response = chair(visit).post(reverse("sessions:start", args=[visit.public_id]))
        assert response.status_code == 409
        assert "Mark the patient as arrived first." in text(response)

    def test_what_is_missing_stands_there_in_words(self, chair):
        session = opened()
        page = text(chair(session).get(at(session, "start")))
        assert "Confirm that the room was cleaned." in page
        assert "This is the first session recorded for this patient." in page

    def test_the_whole_way_to_the_first_needle(self, chair):
        session = opened()
        make_consent(patient=session.patient, kind="photos_record")
        browser = chair(session)
        browser.post(at(session, "health"), HEALTHY | {"unchanged": "on"})
        seen = hidden(browser.get(at(session, "start")), "seen")
        ticks = dict.fromkeys(("room_cleaned", "needles_opened_before_patient", "ink_information_given"), "on")
        browser.post(at(session, "room"), ticks | {"seen": seen})
        browser.post(at(session, "photo"), {"moment": "before", "view": "top", "file": jpeg()})
        assert "Everything is in order" in text(browser.get(at(session, "start")))
        assert browser.post(at(session, "begin")).url == at(session, "record")

    def test_a_forgotten_question_is_named_and_the_rest_kept(self, chair):
        session = opened()
        told = {"alcohol_or_drugs_today": "no"}
        response = chair(session).post(at(session, "health"), told)
        assert response.status_code == 200
        assert "Answer “" in text(response)
        assert re.search(r'name="alcohol_or_drugs_today" value="no"[^>]*checked', response.content.decode())

    def test_a_stale_room_form_is_told_what_changed_and_then_saves(self, chair):
        session = opened()
        browser = chair(session)
        seen = hidden(browser.get(at(session, "start")), "seen")
        actions.prepare_session(session=session, ink_information_given=True, by=staff(session.practitioner))
        told = {"room_cleaned": "on", "ink_information_given": "on", "seen": seen}
        response = browser.post(at(session, "room"), told)
        assert response.status_code == 409
        assert "Pigment information given was changed meanwhile" in text(response)
        browser.post(at(session, "room"), told | {"seen": hidden(response, "seen")})
        session.refresh_from_db()
        assert session.room_cleaned

    def test_going_ahead_needs_a_reason(self, chair):
        session = opened()
        address = at(session, "override") + "?item=room_cleaned"
        assert "Say why you go ahead." in text(chair(session).post(address, {"reason": " "}))
        chair(session).post(address, {"reason": "Cleaned by the nurse"})
        assert "Dr Lis goes ahead: Cleaned by the nurse" in text(chair(session).get(at(session, "start")))

    def test_a_photo_that_is_none_is_refused_beside_the_field(self, chair):
        session = opened()
        make_consent(patient=session.patient, kind="photos_record")
        broken = jpeg()
        broken.seek(0)
        broken.write(b"not a photo")
        broken.seek(0)
        response = chair(session).post(at(session, "photo"), {"moment": "before", "view": "top", "file": broken})
        assert response.status_code == 200
        assert session.photos.count() == 0

    def test_beginning_too_early_is_refused_in_words(self, chair):
        session = opened()
        response = chair(session).post(at(session, "begin"))
        assert response.status_code == 409
        assert "Confirm that the room was cleaned." in text(response)

    def test_another_practitioner_takes_over(self, client):
        session, other = opened(), make_practitioner(display_name="Dr Mota")
        client.force_login(other)
        assert "Dr Lis keeps this record" in text(client.get(at(session, "start")))
        client.post(at(session, "take_over"))
        session.refresh_from_db()
        assert session.practitioner == other

    def test_the_record_of_a_patient_who_waits_leads_to_the_start(self, chair):
        session = ready_to_begin()
        assert chair(session).get(at(session, "record")).url == at(session, "start")


class TestSigning:
    def sign(self, browser, session, **told):
        told = {"shown": hidden(browser.get(at(session, "sign")), "shown")} | told
        return browser.post(at(session, "sign"), told)

    def test_a_draft_never_looks_signed(self, chair):
        page = text(chair(session := ready_to_sign()).get(at(session, "sign")))
        assert "Draft, not signed" in page
        assert "Seal" not in page

    def test_signing_locks_and_shows_the_seal(self, chair):
        session = ready_to_sign()
        browser = chair(session)
        assert self.sign(browser, session).url == at(session, "record")
        page = text(browser.get(at(session, "record")))
        assert "Signed by Dr Lis on 8 January 2035 at 11:05" in page
        assert "Draft" not in page

    def test_signing_twice_leads_to_the_record(self, chair):
        session = ready_to_sign()
        browser = chair(session)
        shown = hidden(browser.get(at(session, "sign")), "shown")
        for _again in range(2):
            assert browser.post(at(session, "sign"), {"shown": shown}).url == at(session, "record")

    def test_without_what_was_read_nothing_is_signed(self, chair):
        session = ready_to_sign()
        assert self.sign(chair(session), session, shown="").status_code == 409
        session.refresh_from_db()
        assert not session.is_signed

    def test_what_stands_in_the_way_is_said_and_there_is_no_button(self, chair):
        session = begun()
        response = chair(session).get(at(session, "sign"))
        assert "Record at least one pass." in text(response)
        assert 'name="shown"' not in response.content.decode()

    def test_another_practitioner_reads_but_does_not_sign(self, client):
        session = ready_to_sign()
        client.force_login(make_practitioner())
        response = client.get(at(session, "sign"))
        assert "Only Dr Lis, who treated, can sign this record." in text(response)
        assert 'name="shown"' not in response.content.decode()

    @pytest.mark.parametrize("page", ["start", "mixes", "materials", "reaction", "sign"])
    def test_the_pages_of_writing_lead_to_the_locked_record(self, chair, page):
        session = signed()
        assert chair(session).get(at(session, page)).url == at(session, "record")

    @pytest.mark.parametrize("page", ["add_pass", "room", "health", "machine", "reaction", "begin", "use_lot"])
    def test_a_late_press_on_a_signed_record_changes_nothing(self, chair, page):
        session = signed()
        told = sent() | HEALTHY | {"unchanged": "on", "kinds": ["none"]}
        assert chair(session).post(at(session, page), told).url == at(session, "record")
        assert session.passes.count() == 1

    def test_an_amendment_stands_beside_the_record(self, chair):
        session = signed()
        browser = chair(session)
        assert "Say why it is amended." in text(browser.post(at(session, "amend"), {"text": "1.2 mm"}))
        browser.post(at(session, "amend"), {"field": "Depth", "text": "1.2 mm", "reason": "Typed wrong"})
        page = text(browser.get(at(session, "record")))
        assert "1.2 mm" in page
        assert "Reason: Typed wrong" in page

    def test_voiding_needs_a_reason_and_is_done_once(self, chair):
        session = signed()
        browser = chair(session)
        assert browser.post(at(session, "void"), {"reason": ""}).status_code == 409
        browser.post(at(session, "void"), {"reason": "Wrong patient"})
        assert "This record is void" in text(browser.get(at(session, "record")))
        assert browser.post(at(session, "void"), {"reason": "Again"}).status_code == 409
