"""The pages of a session: who may, what each shows, and that a stale or double press does no harm."""

import html
import re

import pytest
from django.urls import reverse

from sessions import actions
from sessions.models import TreatmentSession
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from tests.make import make_consent, make_lot, make_manager, make_practitioner, make_product, make_user
from tests.sessions.room import (
    HEALTHY,
    arrived,
    begun,
    jpeg,
    mixed,
    opened,
    pass_fields,
    ready_to_begin,
    ready_to_sign,
    signed,
    worked,
)

pytestmark = pytest.mark.usefixtures("today")
PAGES = ("record", "mixes", "materials", "reaction", "sign")


@pytest.fixture
def chair(client):
    """A browser in which the practitioner of a record is signed in."""

    def sit(session_or_visit):
        client.force_login(session_or_visit.practitioner)
        return client

    return sit


def at(session, page, *more):
    if page == "start":
        return reverse("sessions:start", args=[session.appointment.public_id])
    return reverse(f"sessions:{page}", args=[session.public_id, *more])


def text(response) -> str:
    """The words of a page, without its tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode())))


def hidden(response, name) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1])


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
        assert "This field is required." in text(response)
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


class TestZones:
    def sent(self, **fields):
        told = {"needle_diameter_mm": "0.20", "depth_known_by": "dialled"} | pass_fields(**fields)
        return {name: str(value) for name, value in told.items()}

    def test_the_first_zone_of_the_plan_is_shown_with_its_share(self, chair):
        session = begun(zones=("vertex", "hairline_band"))
        page = text(chair(session).get(at(session, "record")))
        assert "Frontal hairline band" in page
        assert "about 36 dots per cm²" in page

    def test_a_zone_besides_the_plan_is_said_so(self, chair):
        session = begun()
        page = text(chair(session).get(at(session, "record") + "?zone=nape"))
        assert "Nape is not in the plan the patient agreed to." in page

    @pytest.mark.parametrize("zone", ["", "elbow", "%00", "x" * 400])
    def test_an_odd_zone_in_the_address_is_no_error(self, chair, zone):
        session = begun()
        assert chair(session).get(at(session, "record") + f"?zone={zone}").status_code == 200

    def test_a_pass_is_saved_and_its_clock_started_at_one_press(self, chair):
        session = begun()
        response = chair(session).post(at(session, "add_pass"), self.sent() | {"start": "yes"})
        assert response.url == at(session, "record") + "?zone=vertex"
        assert session.passes.get().started_at is not None

    def test_what_was_typed_stays_beside_the_refusal(self, chair):
        session = begun()
        response = chair(session).post(at(session, "add_pass"), self.sent(depth_mm="9.0"))
        assert response.status_code == 200
        assert "The depth must be 0.1-4.0 mm, not 9.0 mm." in text(response)
        assert 'value="9.0"' in response.content.decode()
        assert session.passes.count() == 0

    def test_an_unusual_depth_is_saved_with_a_warning(self, chair):
        session = begun()
        chair(session).post(at(session, "add_pass"), self.sent(depth_mm="2.5"))
        assert "The depth is usually 0.5-2.0 mm, here 2.5 mm." in text(chair(session).get(at(session, "record")))

    def test_too_dense_a_zone_is_warned_of(self, chair):
        session = begun()
        for _pass in range(2):
            worked(session, dots_per_cm2=60)
        page = text(chair(session).get(at(session, "record") + "?zone=vertex"))
        assert "here 120.0 dots per cm2" in page

    def test_a_stale_change_is_told_and_keeps_what_was_typed(self, chair):
        session = begun()
        worked(session)
        browser = chair(session)
        address = at(session, "change_pass", 1)
        seen = hidden(browser.get(address), "seen")
        by = staff(session.practitioner)
        actions.save_pass(session=session, number=1, fields={"angle_degrees": 80}, by=by)
        response = browser.post(address, self.sent(depth_mm="1.4") | {"seen": seen})
        assert response.status_code == 409
        assert "Angle to the skin was changed meanwhile: it was 90, it is 80." in text(response)
        assert 'value="1.4"' in response.content.decode()

    def test_the_clock_runs_on_after_a_reload(self, chair, today):
        session = begun()
        chair(session).post(at(session, "add_pass"), self.sent() | {"start": "yes"})
        today.shift(65)
        page = chair(session).get(at(session, "record"))
        assert 'data-worked="65"' in page.content.decode()
        chair(session).post(at(session, "clock", 1), {"press": "pause"})
        today.shift(60)
        assert "0:01:05" in text(chair(session).get(at(session, "record") + "?zone=vertex"))

    @pytest.mark.parametrize("press", ["", "explode"])
    def test_an_unknown_press_changes_nothing(self, chair, press):
        session = begun()
        chair(session).post(at(session, "add_pass"), self.sent())
        assert chair(session).post(at(session, "clock", 1), {"press": press}).status_code == 409
        assert session.passes.get().started_at is None

    def test_a_pass_that_is_gone_is_said_so(self, chair):
        session = begun()
        assert chair(session).post(at(session, "clock", 4), {"press": "start"}).status_code == 409
        assert chair(session).get(at(session, "change_pass", 4)).status_code == 404

    def test_stop_goes_on_to_the_next_zone(self, chair):
        session = begun(zones=("vertex", "mid_scalp"))
        chair(session).post(at(session, "add_pass"), self.sent() | {"start": "yes"})
        response = chair(session).post(at(session, "clock", 1), {"press": "stop"})
        assert response.url == at(session, "record") + "?zone=mid_scalp"


class TestMaterials:
    def test_working_out_saves_nothing_and_saving_does(self, chair):
        session, lot = opened(), make_lot()
        told = {
            "portions-TOTAL_FORMS": 1,
            "portions-INITIAL_FORMS": 0,
            "portions-0-source": str(lot.public_id),
            "portions-0-drops": 4,
            "diluent_ml": "1.8",
        }
        response = chair(session).post(at(session, "mixes"), told | {"work_out": "yes"})
        assert "1 part pigment to 9 parts water (10 %)" in text(response)
        assert session.mixes.count() == 0
        chair(session).post(at(session, "mixes"), told | {"save": "yes"})
        assert session.mixes.get().name == "Mix 1"

    @pytest.mark.parametrize("count", ["", "x", "-1", "99999999999"])
    def test_a_broken_list_of_pigments_is_no_error(self, chair, count):
        session = opened()
        make_lot()
        told = {"portions-TOTAL_FORMS": count, "portions-INITIAL_FORMS": 0, "save": "yes"}
        assert chair(session).post(at(session, "mixes"), told).status_code == 200

    def test_a_mix_is_discarded_or_the_reason_why_not_said(self, chair):
        session = begun()
        spare, used = mixed(session), worked(session).mix
        chair(session).post(at(session, "discard_mix", spare.public_id))
        response = chair(session).post(at(session, "discard_mix", used.public_id))
        assert response.status_code == 409
        assert list(session.mixes.all()) == [used]

    def test_a_lot_is_noted_and_put_back(self, chair):
        session, lot = opened(), make_lot(product=make_product(kind="needle"))
        chair(session).post(at(session, "use_lot"), {"lot": str(lot.public_id), "count": "2"})
        assert session.lots.get().lot == lot
        chair(session).post(at(session, "put_back", lot.public_id))
        assert session.lots.count() == 0

    def test_a_voltage_outside_the_usual_is_warned_of(self, chair):
        session = opened()
        seen = hidden(chair(session).get(at(session, "materials")), "seen")
        chair(session).post(at(session, "machine"), {"machine": "Pen", "voltage_v": "11", "seen": seen})
        assert "usually at most 10 V" in text(chair(session).get(at(session, "materials")))

    def test_the_reaction_and_the_note_are_saved_together_or_not_at_all(self, chair):
        session = begun()
        seen = hidden(chair(session).get(at(session, "reaction")), "seen")
        told = {"kinds": ["none", "redness"], "note": "Calm", "seen": seen}
        assert "beside another reaction" in text(chair(session).post(at(session, "reaction"), told))
        chair(session).post(at(session, "reaction"), told | {"kinds": ["redness"]})
        session.refresh_from_db()
        assert (session.note, session.reactions.get().kind) == ("Calm", "redness")


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
        told = TestZones().sent() | HEALTHY | {"unchanged": "on", "kinds": ["none"]}
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


class TestManyRows:
    def test_the_zones_page_asks_as_much_with_three_passes_as_with_one(self, chair, django_assert_num_queries):
        session = begun()
        browser = chair(session)
        counts = []
        for passes in (1, 3):
            while session.passes.count() < passes:
                worked(session)
            counts.append(_queries(browser, at(session, "record") + "?zone=vertex"))
        assert counts[0] == counts[1]


def _queries(browser, address) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        browser.get(address)
    return len(seen)
