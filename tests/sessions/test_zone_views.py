"""The pages of the work itself: zones, clocks, mixes, materials, reaction."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions import actions
from smpclinic.actors import staff
from tests.make import make_lot, make_product
from tests.sessions.room import (
    at,
    begun,
    hidden,
    mixed,
    opened,
    sent,
    text,
    worked,
)

pytestmark = pytest.mark.usefixtures("today")


class TestZones:
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
        response = chair(session).post(at(session, "add_pass"), sent() | {"start": "yes"})
        assert response.url == at(session, "record") + "?zone=vertex"
        assert session.passes.get().started_at is not None

    def test_what_was_typed_stays_beside_the_refusal(self, chair):
        session = begun()
        response = chair(session).post(at(session, "add_pass"), sent(depth_mm="9.0"))
        assert response.status_code == 200
        assert "The depth must be 0.1-4.0 mm, not 9.0 mm." in text(response)
        assert 'value="9.0"' in response.content.decode()
        assert session.passes.count() == 0

    def test_an_unusual_depth_is_saved_with_a_warning(self, chair):
        session = begun()
        chair(session).post(at(session, "add_pass"), sent(depth_mm="2.5"))
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
        response = browser.post(address, sent(depth_mm="1.4") | {"seen": seen})
        assert response.status_code == 409
        assert "Angle to the skin was changed meanwhile: it was 90, it is 80." in text(response)
        assert 'value="1.4"' in response.content.decode()

    def test_clocks_that_overlap_are_named_and_nothing_is_refused(self, chair):
        session = begun(zones=("vertex", "mid_scalp"))
        worked(session, minutes=20)
        worked(session, minutes=30, zone="mid_scalp")
        page = text(chair(session).get(at(session, "record")))
        assert "The clocks of pass 1 and pass 2 overlap from 10:05 to 10:25." in page

    def test_clocks_that_only_touch_are_not_named(self, chair):
        session = begun(zones=("vertex", "mid_scalp"))
        first = worked(session, minutes=20)
        stop = first.stopped_at + timedelta(minutes=10)
        worked(session, zone="mid_scalp", started_at=first.stopped_at, stopped_at=stop)
        assert "overlap" not in text(chair(session).get(at(session, "record")))

    def test_the_clock_runs_on_after_a_reload(self, chair, today):
        session = begun()
        chair(session).post(at(session, "add_pass"), sent() | {"start": "yes"})
        today.shift(65)
        page = chair(session).get(at(session, "record"))
        assert 'data-worked="65"' in page.content.decode()
        chair(session).post(at(session, "clock", 1), {"press": "pause"})
        today.shift(60)
        assert "0:01:05" in text(chair(session).get(at(session, "record") + "?zone=vertex"))

    @pytest.mark.parametrize("press", ["", "explode"])
    def test_an_unknown_press_changes_nothing(self, chair, press):
        session = begun()
        chair(session).post(at(session, "add_pass"), sent())
        assert chair(session).post(at(session, "clock", 1), {"press": press}).status_code == 409
        assert session.passes.get().started_at is None

    def test_a_pass_that_is_gone_is_said_so(self, chair):
        session = begun()
        assert chair(session).post(at(session, "clock", 4), {"press": "start"}).status_code == 409
        assert chair(session).get(at(session, "change_pass", 4)).status_code == 404

    def test_stop_goes_on_to_the_next_zone(self, chair):
        session = begun(zones=("vertex", "mid_scalp"))
        chair(session).post(at(session, "add_pass"), sent() | {"start": "yes"})
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


class TestManyRows:
    def test_the_zones_page_asks_as_much_with_three_passes_as_with_one(self, chair):
        session = begun()
        browser = chair(session)
        counts = []
        for passes in (1, 3):
            while session.passes.count() < passes:
                worked(session)
            counts.append(_queries(browser, at(session, "record") + "?zone=vertex"))
        assert counts[0] == counts[1]


def _queries(browser, address) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        browser.get(address)
    return len(seen)
