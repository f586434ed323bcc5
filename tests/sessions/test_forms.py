"""The forms at the chair: what they carry over, refuse beside the field, and keep."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from planning.models import ShadeStep
from sessions import actions
from sessions.forms.closing import ReactionForm
from sessions.forms.lots import label_of, lots_of
from sessions.forms.materials import LotForm, MachineForm
from sessions.forms.mix_start import from_step, like
from sessions.forms.mixing import MixBuilder, shelf_of
from sessions.forms.passes import PassForm
from sessions.forms.readiness import RoomForm
from sessions.forms.times import moment_on, time_of
from sessions.last_time import last_time, mix_to_repeat, start_of_pass
from sessions.treated import density_of, earlier_passes, marks_of, zone_name, zones_of
from sessions.zone_page import passes_of
from smpclinic.actors import staff
from tests.make import approve, make_lot, make_pass, make_plan, make_practitioner, make_product, make_session, sign
from tests.sessions.room import NOW, arrived, begun, mixed, opened, pass_fields, worked

pytestmark = pytest.mark.usefixtures("today")


def typed(form, **changes):
    """What the browser would send for a form as it was shown, with some fields changed."""
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | changes).items() if value not in (None, "")}


class TestPassForm:
    def test_times_that_were_not_touched_keep_their_seconds(self):
        session = begun()
        row = worked(session, started_at=NOW + timedelta(seconds=27))
        form = PassForm(typed(PassForm(session=session, row=row), depth_mm="1.2"), session=session, row=row)
        assert form.is_valid()
        assert "started_at" not in form.pass_fields()
        assert form.pass_fields()["depth_mm"] == Decimal("1.2")

    def test_a_typed_time_is_on_the_day_of_the_visit(self):
        session = begun()
        row = worked(session)
        form = PassForm(typed(PassForm(session=session, row=row), started="10:01"), session=session, row=row)
        assert form.is_valid()
        assert form.pass_fields()["started_at"] == NOW.replace(hour=10, minute=1)

    def test_a_start_taken_away_takes_stop_and_pauses_with_it(self):
        session = begun()
        row = worked(session)
        form = PassForm(typed(PassForm(session=session, row=row), started=""), session=session, row=row)
        assert form.is_valid()
        assert form.pass_fields() | {"started_at": None, "stopped_at": None, "pauses": []} == form.pass_fields()

    @pytest.mark.parametrize("zone", ["", "elbow", "scar_elbow", "scar_"])
    def test_a_zone_off_the_scalp_is_none(self, zone):
        session = begun()
        form = PassForm(pass_fields(zone=zone), session=session)
        assert "zone" in form.errors

    def test_a_mix_of_another_session_cannot_be_chosen(self):
        session, other = begun(), mixed(opened())
        form = PassForm(pass_fields(mix=str(other.public_id)), session=session)
        assert "mix" in form.errors

    def test_what_was_seen_comes_back(self):
        session = begun()
        row = worked(session)
        form = PassForm(typed(PassForm(session=session, row=row)), session=session, row=row)
        assert form.is_valid()
        assert form.seen_before()["depth_mm"] == "1.0"

    @pytest.mark.parametrize("seen", ["", "[]", "{", "[" * 5000, '{"depth_mm": {"a": 1}}'])
    def test_a_seen_mark_that_is_not_whole_counts_as_nothing_seen(self, seen):
        session = begun()
        row = worked(session)
        form = PassForm(typed(PassForm(session=session, row=row), seen=seen), session=session, row=row)
        assert form.is_valid()
        assert form.seen_before()["depth_mm"] != "1.0"


class TestStartOfAPass:
    def start(self, session, zone="vertex"):
        planned = next((each for each in zones_of(session.appointment) if each.code == zone), None)
        return start_of_pass(
            zone,
            planned=planned,
            today=passes_of(session),
            earlier=earlier_passes(session),
            newest_mix=session.mixes.order_by("-id").first(),
        )

    def test_a_first_pass_starts_from_the_default_and_the_plans_share(self):
        start = self.start(begun())
        assert (start["needle_group"], start["depth_mm"], start["angle_degrees"]) == ("3RL", Decimal("1.0"), 90)
        assert (start["dots_per_cm2"], start["area_cm2"]) == (36, Decimal("50.0"))

    def test_the_band_starts_with_one_needle(self):
        assert self.start(begun(zones=("hairline_band",)), "hairline_band")["needle_group"] == "1RL"

    def test_the_last_pass_of_the_zone_is_carried_over_with_its_mix(self):
        session = begun()
        row = worked(session, depth_mm=Decimal("1.3"), needle_group="5RL")
        start = self.start(session)
        assert (start["depth_mm"], start["needle_group"], start["mix"]) == (Decimal("1.3"), "5RL", row.mix)
        assert start["dots_per_cm2"] is None

    def test_the_last_session_is_carried_over_to_the_next(self):
        plan = make_plan(agreed=True, zones=("vertex",), practitioner=make_practitioner())
        first = past_session(plan, depth_mm=Decimal("0.8"), angle_degrees=80)
        session = opened(plan=plan, number=2)
        start = self.start(session)
        assert (start["depth_mm"], start["angle_degrees"], start["mix"]) == (Decimal("0.8"), 80, None)
        assert mix_to_repeat(session) == first.mixes.get()
        assert last_time(session.appointment).session == first

    def test_density_counts_by_the_part_of_the_zone(self):
        session = begun()
        worked(session, area_cm2=Decimal("25.0"), dots_per_cm2=40)
        assert density_of(session.passes.all(), "vertex", area_cm2=Decimal("50.0")) == Decimal("20.0")

    def test_a_void_session_is_not_last_time(self):
        plan = make_plan(agreed=True, zones=("vertex",), practitioner=make_practitioner())
        first = past_session(plan)
        actions.void_session(session=first, reason="Wrong patient", by=staff(first.practitioner))
        assert last_time(opened(plan=plan, number=2).appointment) is None


def past_session(plan, **fields):
    """Session 1 of a plan, signed, ten days before the visit that is looked at."""
    visit = arrived(plan=plan, number=1, state="done", starts_at=NOW - timedelta(days=10))
    session = make_session(appointment=visit, passes=0)
    mix = mixed(session)
    make_pass(session, zone="vertex", mix=mix, dots_per_cm2=36, **fields)
    sign(session)
    return session


class TestTreatedZones:
    def test_a_scar_is_a_zone_of_its_own_and_a_mark_is_left_alone(self):
        plan = make_plan(zones=("occipital",), practitioner=make_practitioner(), approved=False)
        version = plan.newest_version()
        version.zones.create(
            zone="occipital", treatment="scar", area_cm2="25.0", length_cm="25.0", width_cm="1.0", dots_per_cm2=90
        )
        version.zones.create(zone="vertex", treatment="do_not_treat", area_cm2="1.0", measured_by="ruler", note="Mole")
        approve(plan)
        visit = arrived(plan=plan)
        assert [(zone.code, zone.area_cm2) for zone in zones_of(visit)] == [
            ("occipital", Decimal("80.0")),
            ("scar_occipital", Decimal("25.0")),
        ]
        assert zone_name("scar_occipital") == "Scar (occipital)"
        assert marks_of(visit) == ["Vertex (crown) · Mole"]


class TestMixBuilder:
    def build(self, session, *portions, water="1.8", **form):
        data = {"portions-TOTAL_FORMS": len(portions), "portions-INITIAL_FORMS": 0, "diluent_ml": water} | form
        for index, portion in enumerate(portions):
            data |= {f"portions-{index}-{name}": value for name, value in portion.items()}
        return MixBuilder(data, session=session)

    def test_drops_and_water_make_a_strength(self):
        session, lot = opened(), make_lot()
        builder = self.build(session, {"source": str(lot.public_id), "drops": 4})
        assert builder.is_valid()
        assert builder.preview()["words"] == "1 part pigment to 9 parts water (10 %)"
        assert builder.fields()["name"] == "Mix 1"

    def test_an_empty_mix_is_none(self):
        builder = self.build(opened(), {"source": ""})
        assert not builder.is_valid()
        assert builder.form.non_field_errors() == ["A mix needs at least one pigment."]

    @pytest.mark.parametrize(
        ("amounts", "field"), [({}, "drops"), ({"drops": 1, "ml": "1"}, "ml"), ({"drops": 0}, "drops")]
    )
    def test_one_amount_is_given(self, amounts, field):
        lot = make_lot()
        builder = self.build(opened(), {"source": str(lot.public_id)} | amounts)
        assert not builder.is_valid()
        assert field in builder.formset.forms[0].errors

    def test_an_amount_of_nothing_is_refused(self):
        builder = self.build(opened(), {"drops": 3})
        assert not builder.is_valid()
        assert "source" in builder.formset.forms[0].errors

    def test_a_lot_on_recall_is_shown_shut_and_refused_beside_the_field(self):
        lot = make_lot(recalled_at=timezone.now(), recall_reason="bacteria")
        builder = self.build(opened(), {"source": str(lot.public_id), "drops": 1})
        assert not builder.is_valid()
        assert "on recall" in builder.formset.forms[0].errors["source"][0]
        assert "disabled" in str(builder.formset.forms[0]["source"])

    def test_the_same_again_takes_another_lot_where_the_old_one_has_run_out(self):
        product = make_product()
        old, new = make_lot(product=product, expires_on=NOW.date()), make_lot(product=product)
        session = opened()
        mix = mixed(session, lot=old)
        assert like(mix, shelf_of(session))["portions"][0]["source"] == str(old.public_id)
        old.expires_on = NOW.date() - timedelta(days=1)
        old.save()
        assert like(mix, shelf_of(session))["portions"][0] == {"source": str(new.public_id), "ml": "0.2"}

    def test_a_step_of_the_ladder_is_a_recipe(self):
        lot = make_lot()
        step = ShadeStep.objects.create(
            number=9, name="Deep", product=lot.product, pigment_ml=Decimal("1.50"), water_ml=Decimal("3.5")
        )
        first = from_step(step, shelf_of(opened()))
        assert first["portions"] == [{"source": str(lot.public_id), "ml": "1.5"}]
        assert first["form"] == {"diluent_ml": "3.5", "name": "Deep", "shade_step": step.pk}


class TestLots:
    def test_usable_lots_come_first_and_recalled_ones_last(self):
        needle = make_product(kind="needle")
        recalled = make_lot(product=needle, recalled_at=timezone.now(), recall_reason="blunt")
        expired = make_lot(product=needle, expires_on=NOW.date() - timedelta(days=1))
        later = make_lot(product=needle, expires_on=NOW.date() + timedelta(days=60))
        sooner = make_lot(product=needle, expires_on=NOW.date())
        assert lots_of("needle", on=NOW.date()) == [sooner, later, expired, recalled]
        labels = [label_of(lot, on=NOW.date()) for lot in (sooner, expired, recalled)]
        assert [label.split(" (")[1] for label in labels] == [
            "until 8 Jan 2035)",
            "expired on 7 Jan 2035)",
            "on recall)",
        ]

    def test_a_recalled_needle_is_refused(self):
        lot = make_lot(product=make_product(kind="needle"), recalled_at=timezone.now(), recall_reason="blunt")
        form = LotForm({"lot": str(lot.public_id)}, session=opened())
        assert "on recall" in form.errors["lot"][0]


class TestOnceASession:
    def test_the_machine_of_last_time_is_carried_over(self):
        session, before = opened(), opened()
        before.machine, before.speed_hz = "Rotary pen", Decimal("120.0")
        assert MachineForm(row=session, before=before).initial["machine"] == "Rotary pen"
        session.machine = "Coil"
        assert MachineForm(row=session, before=before).initial["machine"] == "Coil"

    def test_the_skin_is_one_list(self):
        form = MachineForm({"resistance": "tough", "states": ["dry", "flaky"], "on": "10:05"}, row=opened())
        assert form.is_valid()
        assert form.values()["skin"] == ["tough", "dry", "flaky"]
        assert form.values()["anaesthetic_on_at"] == NOW

    def test_a_box_that_is_not_ticked_is_a_no(self):
        form = RoomForm({"room_cleaned": "on"}, row=opened())
        assert form.is_valid()
        assert form.values() == {
            "room_cleaned": True,
            "needles_opened_before_patient": False,
            "ink_information_given": False,
        }

    def test_the_reaction_offers_the_zones_worked(self):
        session = begun()
        worked(session)
        assert [code for code, _name in ReactionForm(row=session).fields["zone"].choices] == ["", "vertex"]


class TestTimes:
    def test_a_time_belongs_to_its_day_on_the_clinics_clock(self):
        with timezone.override("Europe/Madrid"):
            moment = moment_on(NOW.date(), NOW.time())
            assert time_of(moment) == NOW.time()
        assert moment == NOW - timedelta(hours=1)

    def test_no_time_is_no_moment(self):
        assert (moment_on(NOW.date(), None), time_of(None)) == (None, None)
