"""The mix builder over the stock: scanned, drawn down, refused in words, made again in one press."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from planning.models import ShadeStep
from sessions import actions
from sessions.actions import Portion
from sessions.actions.mixing import dilution_of
from sessions.mix_page import words_about_low
from smpclinic.actions import stock, stock_ledger
from smpclinic.actors import SYSTEM, staff
from tests.make import make_lot, make_product
from tests.sessions.room import MONDAY, at, begun, mixed, opened, text

pytestmark = pytest.mark.usefixtures("today")


def received(quantity="10", number="A1", **product):
    fields = {"brand": "Ink", "name": "Black"} | product
    return stock.add_lot(by=SYSTEM, product=make_product(**fields), number=number, quantity=Decimal(quantity))


def left(lot):
    return stock_ledger.locked(lot).on_hand


def row(number, lot="", drops="", ml=""):
    source = getattr(lot, "public_id", lot)
    return {f"portions-{number}-source": str(source), f"portions-{number}-drops": drops, f"portions-{number}-ml": ml}


def sent(*rows, **fields):
    told = {"portions-TOTAL_FORMS": "2", "portions-INITIAL_FORMS": "0", "diluent_ml": "1.8", "name": "Light"}
    for each in rows:
        told |= each
    return told | fields


class TestDrawing:
    def test_a_mix_takes_from_its_lots_what_it_holds_and_gives_it_back_when_discarded(self):
        session, lot = opened(), received("10")
        mix = mixed(session, lot=lot, ml="0.2")
        assert left(lot) == Decimal("9.8")
        actions.discard_mix(mix=mix, by=staff(session.practitioner))
        assert left(lot) == 10

    def test_a_leftover_draws_nothing_a_second_time(self):
        session, lot = opened(), received("10")
        first = mixed(session, lot=lot, ml="1", water="1")
        actions.mix_pigment(
            session=session,
            name="2",
            portions=[Portion(leftover=first, ml=Decimal("0.5"))],
            diluent_ml=Decimal(0),
            by=staff(session.practitioner),
        )
        assert left(lot) == 9

    def test_water_from_a_lot_is_drawn_and_found_by_a_recall(self):
        session, lot = opened(), received("10")
        water = received("50", number="W1", kind="diluent", name="Water")
        mix = actions.mix_pigment(
            session=session,
            name="1",
            portions=[Portion(lot=lot, drops=4)],
            diluent_ml=Decimal("1.8"),
            diluent_lot=water,
            by=staff(session.practitioner),
        )
        assert (left(lot), left(water)) == (Decimal("9.8"), Decimal("48.2"))
        assert {each.lot for each in mix.lots.all()} == {lot, water}
        assert dilution_of(mix).pigment_percent == 10

    def test_more_than_is_there_is_refused_whole(self):
        session, lot = opened(), received("0.1")
        with pytest.raises(ValidationError, match=r"Ink Black, lot A1 holds 0.1 mL, this takes 0.2 mL"):
            mixed(session, lot=lot, ml="0.2")
        assert (session.mixes.count(), left(lot)) == (0, Decimal("0.1"))

    def test_needles_are_drawn_when_noted_and_come_back_when_put_back(self):
        session, lot = begun(), received("3", kind="needle")
        by = staff(session.practitioner)
        actions.use_lot(session=session, lot=lot, count=Decimal(2), by=by)
        actions.use_lot(session=session, lot=lot, count=Decimal(3), by=by)
        assert left(lot) == 0
        with pytest.raises(ValidationError, match="holds 3 pieces, this takes 4 pieces"):
            actions.use_lot(session=session, lot=lot, count=Decimal(4), by=by)
        assert left(lot) == 0
        actions.put_back_lot(session=session, lot=lot, by=by)
        assert left(lot) == 3


class TestStrength:
    def test_the_water_of_a_leftover_counts_as_water(self):
        session = opened()
        tenth = mixed(session, ml="0.2", water="1.8")
        again = actions.mix_pigment(
            session=session,
            name="2",
            portions=[Portion(leftover=tenth, ml=Decimal(1))],
            diluent_ml=Decimal(1),
            by=staff(session.practitioner),
        )
        assert dilution_of(again).pigment_percent == 5

    def test_a_mix_of_a_mix_of_a_mix_keeps_every_lot_in_proportion(self):
        session, lot = opened(), make_lot()
        mix = mixed(session, lot=lot, ml="1", water="1")
        for share in ("0.5", "0.25"):
            mix = actions.mix_pigment(
                session=session,
                name=share,
                portions=[Portion(leftover=mix, ml=Decimal(1))],
                diluent_ml=Decimal(1),
                by=staff(session.practitioner),
            )
        assert [each.ml for each in mix.lots.all()] == [Decimal("0.250")]
        assert dilution_of(mix).pigment_percent == Decimal("12.5")


class TestAtTheChair:
    def test_a_scanned_label_puts_its_lot_into_the_builder_and_keeps_what_was_typed(self, chair):
        session, one, two = opened(), received(number="CB-7"), received(number="WG-1", name="Grey")
        page = chair(session).post(
            at(session, "mixes"), sent(row(0, one, drops="7"), row(1), code="wg-1", find="yes", name="My own")
        )
        builder = page.context["builder"]
        assert [form.initial.get("source") for form in builder.formset.forms[:2]] == [
            str(one.public_id),
            str(two.public_id),
        ]
        assert builder.formset.forms[0].initial["drops"] == "7"
        assert builder.form.initial["name"] == "My own"

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("nothing", "No pigment here has the lot number or code “nothing”."),
            ("BAD", "is on recall and cannot be used: Bacteria."),
            ("TWICE", "Several products have a lot of this number"),
            ("\0", "No pigment here has"),
        ],
    )
    def test_a_code_that_leads_to_no_lot_is_answered_in_words(self, chair, code, words):
        make_lot(number="BAD", recalled_at=MONDAY, recall_reason="Bacteria")
        for _ in range(2):
            make_lot(number="TWICE")
        session = opened()
        page = chair(session).post(at(session, "mixes"), sent(row(0), code=code, find="yes", name="My own"))
        assert words in text(page)
        assert "My own" in page.content.decode()

    def test_more_than_is_there_is_said_beside_the_amount(self, chair):
        session, lot = opened(), received("0.1")
        page = chair(session).post(at(session, "mixes"), sent(row(0, lot, drops="4"), row(1), save="yes"))
        form = page.context["builder"].formset.forms[0]
        assert "holds 0.1 mL, this takes 0.2 mL" in form.errors["drops"][0]
        assert not session.mixes.exists()

    def test_a_step_of_the_ladder_is_not_made_of_another_product(self, chair):
        session, lot = opened(), received()
        step = ShadeStep.objects.create(
            number=91, name="Step 91", product=make_product(brand="Ink", name="Grey"), pigment_ml=1, water_ml=9
        )
        page = chair(session).post(
            at(session, "mixes"), sent(row(0, lot, drops="4"), row(1), shade_step=step.pk, save="yes")
        )
        assert "Step 91 is made with Ink Grey, and this mix holds none" in text(page)
        assert not session.mixes.exists()

    def test_the_same_again_is_one_press_and_sent_twice_is_one_mix(self, chair):
        session, lot = opened(), received("10")
        mixed(session, lot=lot)
        key = str(uuid4())
        for _ in range(2):
            chair(session).post(at(session, "mixes"), {"repeat": key})
        assert session.mixes.count() == 2
        assert left(lot) == Decimal("9.6")

    @pytest.mark.parametrize("key", ["x", ""])
    def test_an_unreadable_press_makes_nothing(self, chair, key):
        session = opened()
        mixed(session)
        assert chair(session).post(at(session, "mixes"), {"repeat": key}).status_code == 200
        assert session.mixes.count() == 1

    def test_a_lot_past_its_date_is_looked_at_before_it_is_taken_again(self, chair):
        session, lot = opened(), make_lot()
        mixed(session, lot=lot)
        lot.expires_on = date(2020, 1, 1)
        lot.save()
        page = chair(session).post(at(session, "mixes"), {"repeat": str(uuid4())})
        assert "cannot be made as before without a look" in text(page)
        assert session.mixes.count() == 1

    def test_what_is_low_after_a_mix_is_said(self):
        session, lot = opened(), received("5", low_level=5)
        assert words_about_low(mixed(session, lot=lot)) == ["Ink Black is low: 4.8 mL left."]
        other = received("6", low_level=5, name="Grey")
        assert words_about_low(mixed(session, lot=other)) == []
