"""What a tablet kept while it was cut off is made in its order, each change exactly once."""

import json
import random
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sessions import actions
from sessions.models import AppliedChange
from smpclinic.actors import staff
from smpclinic.roles import Role
from tests.make import make_user
from tests.sessions.room import at, begun, mixed, opened, ready_to_sign, sent, signed, worked

pytestmark = pytest.mark.usefixtures("today")


class Tablet:
    """A device that numbers what is done on it and sends it to one record."""

    def __init__(self, browser, session):
        self.browser, self.session, self.device, self.made = browser, session, str(uuid4()), 0

    def change(self, target, field, value, *, was=None, at=None) -> dict:
        self.made += 1
        told = {"id": str(uuid4()), "sequence": self.made, "target": target, "field": field, "value": value}
        return told | {"was": was, "at": at and at.isoformat()}

    def send(self, *changes):
        body = json.dumps({"device": self.device, "changes": changes})
        return self.browser.post(at(self.session, "changes"), body, content_type="application/json")

    def results(self, *changes) -> list[str]:
        return [outcome["result"] for outcome in self.send(*changes).json()["outcomes"]]

    def words(self, *changes) -> str:
        return str([outcome["words"] for outcome in self.send(*changes).json()["outcomes"]])

    def make(self, target, field, value, **told) -> str:
        return self.results(self.change(target, field, value, **told))[0]


@pytest.fixture
def tablet(chair):
    def sit(session=None, browser=None):
        session = session or begun()
        return Tablet(browser or chair(session), session)

    return sit


def pass_of(session):
    return f"pass:{session.passes.get().public_id}"


class TestOnce:
    def test_a_change_sent_three_times_is_made_once(self, tablet):
        one = tablet()
        change = one.change("session", "machine", "Pen 3", was="")
        assert one.results(change, change) == ["applied", "already"]
        assert one.results(change) == ["already"]
        one.session.refresh_from_db()
        assert (one.session.machine, one.session.revision) == ("Pen 3", 2)  # made ready, then this
        assert AppliedChange.objects.count() == 1

    def test_an_older_change_that_comes_again_undoes_nothing(self, tablet):
        one = tablet()
        first = one.change("session", "machine", "Pen 3", was="")
        one.results(first, one.change("session", "machine", "Pen 4", was="Pen 3"))
        one.results(first)
        one.session.refresh_from_db()
        assert one.session.machine == "Pen 4"

    def test_whatever_is_sent_again_or_in_pieces_the_end_is_the_same(self, tablet):
        one, chance = tablet(), random.Random(4)
        depths = [f"{0.5 + n / 10:.1f}" for n in range(10)]
        worked(one.session, depth_mm=Decimal("0.4"))
        before = ["0.4", *depths]
        kept = [
            one.change(pass_of(one.session), "depth_mm", depth, was=was)
            for was, depth in zip(before, depths, strict=False)
        ]
        acknowledged = 0
        while acknowledged < len(kept):
            until = min(len(kept), acknowledged + chance.randrange(1, 4))
            one.send(*kept[acknowledged:until])
            if chance.random() < 0.6:  # else the answer is lost, and the same is sent again
                acknowledged = until
        assert one.session.passes.get().depth_mm == Decimal("1.4")
        assert AppliedChange.objects.count() == 10

    def test_what_was_made_is_never_forgotten(self, tablet):
        one = tablet()
        one.make("session", "machine", "Pen 3")
        for attempt in (lambda rows: rows.delete(), lambda rows: rows.update(sequence=9)):
            with pytest.raises(IntegrityError, match="never forgotten"), transaction.atomic():
                attempt(AppliedChange.objects.all())

    def test_changes_are_made_in_the_order_of_the_device(self, tablet):
        one = tablet()
        first = one.change("session", "machine", "Pen 3", was="")
        second = one.change("session", "machine", "Pen 4", was="Pen 3")
        assert one.results(second, first) == ["applied", "applied"]
        one.session.refresh_from_db()
        assert one.session.machine == "Pen 4"

    def test_a_change_of_another_record_is_not_taken_for_made(self, tablet):
        one, other = tablet(), tablet()
        change = one.change("session", "machine", "Pen 3", was="")
        one.browser.force_login(one.session.practitioner)
        assert one.results(change) == ["applied"]
        other.browser.force_login(other.session.practitioner)
        assert "belongs to another record" in other.words(change)


class TestPasses:
    def test_a_pass_is_added_its_clock_pressed_and_a_field_changed_while_cut_off(self, tablet, today):
        one, new, pressed = tablet(), uuid4(), timezone.now()
        today.shift(timedelta(minutes=40))
        mix = mixed(one.session)
        told = sent(mix=mix.public_id)
        assert (
            one.results(
                one.change(f"pass:{new}", "add", told),
                one.change(f"pass:{new}", "clock", "start", at=pressed),
                one.change(f"pass:{new}", "depth_mm", "0.8", was=told["depth_mm"]),
                one.change(f"pass:{new}", "clock", "stop", at=pressed + timedelta(minutes=20)),
            )
            == ["applied"] * 4
        )
        row = one.session.passes.get()
        assert (row.public_id, row.mix, row.depth_mm) == (new, mix, Decimal("0.8"))
        assert (row.started_at, row.stopped_at) == (pressed, pressed + timedelta(minutes=20))

    def test_a_pass_the_form_added_already_is_one_pass(self, tablet):
        one, new = tablet(), uuid4()
        one.browser.post(at(one.session, "add_pass"), sent() | {"new_id": str(new)})
        one.make(f"pass:{new}", "add", sent())
        assert one.session.passes.count() == 1

    def test_a_press_of_a_tablet_whose_clock_is_ahead_counts_as_now(self, tablet):
        one = tablet()
        worked(one.session, started_at=None, stopped_at=None)
        assert one.make(pass_of(one.session), "clock", "start", at=timezone.now() + timedelta(days=1)) == "applied"
        assert one.session.passes.get().started_at == timezone.now()

    def test_a_refusal_names_its_field_and_stops_nothing_else(self, tablet):
        one = tablet()
        worked(one.session)
        target = pass_of(one.session)
        answer = one.send(
            one.change(target, "depth_mm", "9.0", was="1.0"), one.change(target, "angle_degrees", "80", was="90")
        ).json()["outcomes"]
        assert answer[0]["result"] == "refused"
        assert answer[0]["words"] == {"depth_mm": ["The depth must be 0.1-4.0 mm, not 9.0 mm."]}
        assert answer[1]["result"] == "applied"
        assert one.session.passes.get().angle_degrees == 80

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("depth_mm", "deep", "Enter a number"),
            ("mix", "none", "not a valid UUID"),
            ("elbow", "1", "no such field"),
            ("clock", "explode", "started, paused or stopped"),
            ("stopped", "08:00", "before the start"),
            ("add", {"zone": "elbow"}, "Choose a zone of the scalp"),
        ],
    )
    def test_nonsense_is_refused_in_words(self, tablet, field, value, words):
        one = tablet()
        worked(one.session)
        assert words in one.words(one.change(pass_of(one.session), field, value))

    def test_a_pass_that_was_taken_out_is_said_so(self, tablet):
        one = tablet()
        assert "not in the record" in one.words(one.change(f"pass:{uuid4()}", "depth_mm", "1.0"))


class TestTwoDevices:
    def test_different_fields_are_merged(self, tablet):
        one = tablet()
        two = tablet(one.session, one.browser)
        worked(one.session)
        target = pass_of(one.session)
        assert one.make(target, "depth_mm", "1.2", was="1.0") == "applied"
        assert two.make(target, "angle_degrees", "80", was="90") == "applied"
        row = one.session.passes.get()
        assert (row.depth_mm, row.angle_degrees) == (Decimal("1.2"), 80)

    def test_the_same_field_is_said_so_and_kept_as_the_first_had_it(self, tablet):
        one = tablet()
        two = tablet(one.session, one.browser)
        worked(one.session)
        target = pass_of(one.session)
        one.make(target, "depth_mm", "1.2", was="1.0")
        clash = two.change(target, "depth_mm", "0.8", was="1.0")
        outcome = two.send(clash).json()["outcomes"][0]
        assert outcome["result"] == "changed"
        assert outcome["words"] == {"depth_mm": ["Depth was changed meanwhile: it was 1.0, it is 1.2."]}
        assert two.make(target, "depth_mm", "0.8", was="1.2") == "applied"

    def test_the_same_value_from_both_is_no_clash(self, tablet):
        one = tablet()
        worked(one.session)
        one.make(pass_of(one.session), "depth_mm", "1.2", was="1.0")
        assert one.make(pass_of(one.session), "depth_mm", "1.2", was="1.0") == "applied"

    def test_what_the_device_knew_is_compared_as_a_value(self, tablet):
        one = tablet()
        worked(one.session)
        assert one.make(pass_of(one.session), "needle_diameter_mm", "0.25", was="0.2") == "applied"


class TestSession:
    def test_each_kind_of_field_of_the_session(self, tablet):
        one = tablet(opened())
        told = [
            ("machine", "Pen 3"),
            ("speed_hz", "120"),
            ("skin", ["tough", "dry"]),
            ("on", "12:05"),
            ("room_cleaned", True),
            ("note", "Calm.\nAsked about the sun."),
        ]
        assert one.results(*(one.change("session", field, value) for field, value in told)) == ["applied"] * 6
        session = one.session
        session.refresh_from_db()
        assert (session.machine, session.speed_hz, session.skin) == ("Pen 3", Decimal(120), ["tough", "dry"])
        assert (session.room_cleaned, session.note) == (True, "Calm.\nAsked about the sun.")
        assert f"{timezone.localtime(session.anaesthetic_on_at):%H:%M}" == "12:05"

    def test_the_reaction_is_one_change(self, tablet):
        one = tablet()
        told = {"kinds": ["pain", "redness"], "pain": "3", "zone": "", "reaction_note": "mild"}
        assert one.make("reaction", "reaction", told) == "applied"
        assert sorted(one.session.reactions.values_list("kind", "pain")) == [("pain", 3), ("redness", None)]
        alone = {"kinds": ["none"], "pain": "", "zone": "", "reaction_note": ""}
        assert one.make("reaction", "reaction", alone, was={"kinds": [], "pain": ""}) == "changed"
        assert one.make("reaction", "reaction", alone, was=told) == "applied"

    def test_a_signed_record_takes_no_change_and_says_what_to_do(self, tablet):
        session = signed()
        one = tablet(session)
        assert "Add an amendment" in one.words(one.change("session", "machine", "Pen"))
        assert AppliedChange.objects.count() == 0

    def test_a_change_made_before_the_signature_is_still_known_after_it(self, tablet):
        one = tablet(ready_to_sign())
        change = one.change("session", "machine", "Pen 3", was="")
        one.send(change)
        actions.sign_session(session=one.session, by=staff(one.session.practitioner))
        assert one.results(change) == ["already"]


class TestAddress:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "{",
            "[]",
            '{"changes": 3}',
            '{"changes": [3], "device": "x"}',
            '{"changes": [], "device": "x"}',
            "[" * 100_000,
            json.dumps({"device": str(uuid4()), "changes": [{"id": "x"}]}),
            json.dumps({"device": str(uuid4()), "changes": [{}] * 201}),
        ],
        ids=range(9),
    )
    def test_what_is_none_of_ours_is_refused_in_words(self, tablet, body):
        one = tablet()
        answer = one.browser.post(at(one.session, "changes"), body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["problems"]

    def test_a_stranger_reaches_nothing(self, tablet, client):
        one = tablet()
        client.logout()
        assert one.send(one.change("session", "machine", "Pen")).status_code == 302
        client.force_login(make_user(roles=[Role.RECEPTION]))
        assert one.send(one.change("session", "machine", "Pen")).status_code == 403
