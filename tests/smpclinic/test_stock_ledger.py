"""The ledger of a lot: what comes and goes is added up, never overwritten."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from smpclinic import printed_codes
from smpclinic.actions import stock, stock_ledger
from smpclinic.actors import SYSTEM, staff
from smpclinic.models import Lot, StockMovement
from smpclinic.printed_codes import PrintedCode
from tests.make import make_lot, make_manager, make_practitioner, make_product, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return staff(make_manager())


def received(quantity="10", by=SYSTEM, **fields):
    product = make_product(**fields)
    return stock.add_lot(by=by, product=product, number="A1", quantity=Decimal(quantity))


def left(lot):
    return stock_ledger.locked(lot).on_hand


def test_what_came_is_there_and_what_is_drawn_is_gone(by):
    lot = received("10")
    stock_ledger.draw(lot=lot, amount=Decimal("0.3"), cause=uuid.uuid4(), by=by)
    assert left(lot) == Decimal("9.7")


def test_a_lot_of_which_nobody_said_how_much_came_refuses_no_draw(by):
    lot = make_lot()
    stock_ledger.draw(lot=lot, amount=Decimal(999), cause=uuid.uuid4(), by=by)
    assert left(lot) is None


@pytest.mark.parametrize(("amount", "fits"), [("10", True), ("10.001", False)])
def test_a_lot_gives_what_it_holds_and_not_more(by, amount, fits):
    lot = received("10", brand="Ink", name="Black")
    if fits:
        stock_ledger.draw(lot=lot, amount=Decimal(amount), cause=uuid.uuid4(), by=by)
        assert left(lot) == 0
        return
    with pytest.raises(ValidationError, match=r"Ink Black, lot A1 holds 10 mL, this takes 10.001 mL. Count the lot"):
        stock_ledger.draw(lot=lot, amount=Decimal(amount), cause=uuid.uuid4(), by=by)
    assert left(lot) == 10


def test_a_past_visit_draws_more_than_is_there_and_the_lot_is_to_be_counted(by):
    lot = received("1", kind="needle")
    stock_ledger.draw(lot=lot, amount=Decimal(3), cause=uuid.uuid4(), by=by, may_overdraw=True)
    assert left(lot) == -2


def test_what_one_cause_drew_comes_back_once(by):
    lot, cause = received("10"), uuid.uuid4()
    stock_ledger.draw(lot=lot, amount=Decimal("0.2"), cause=cause, by=by)
    stock_ledger.draw(lot=lot, amount=Decimal("0.1"), cause=cause, by=by)
    for _ in range(2):
        stock_ledger.give_back(cause=cause, by=by)
    assert left(lot) == 10
    assert StockMovement.objects.filter(kind="given_back").count() == 1


@settings(max_examples=40)
@given(steps=st.lists(st.tuples(st.sampled_from(["draw", "count"]), st.decimals("0", "5", places=3)), max_size=8))
def test_the_sum_is_what_somebody_with_a_pencil_would_write(steps):
    lot = received("10")
    pencil = Decimal(10)
    for step, amount in steps:
        if step == "count":
            stock_ledger.count_lot(lot=lot, counted=amount, reason="stock-take", by=SYSTEM)
            pencil = amount
        elif amount <= pencil:
            stock_ledger.draw(lot=lot, amount=amount, cause=uuid.uuid4(), by=SYSTEM)
            pencil -= amount
        else:
            with pytest.raises(ValidationError):
                stock_ledger.draw(lot=lot, amount=amount, cause=uuid.uuid4(), by=SYSTEM)
    assert left(lot) == pencil


def test_a_count_that_differs_says_why(by):
    lot = received("10")
    with pytest.raises(ValidationError, match="The ledger says 10 mL, you count 8 mL: say why"):
        stock_ledger.count_lot(lot=lot, counted=Decimal(8), reason=" ", by=by)
    stock_ledger.count_lot(lot=lot, counted=Decimal(10), reason="", by=by)
    row = stock_ledger.count_lot(lot=lot, counted=Decimal(8), reason="Spilled", by=by)
    assert (row.amount, row.counted, left(lot)) == (-2, 8, 8)


@pytest.mark.parametrize("counted", ["-0.001", "100000.001"])
def test_nobody_counts_less_than_nothing_or_more_than_a_warehouse(by, counted):
    with pytest.raises(ValidationError, match="Count from 0 to 100,000"):
        stock_ledger.count_lot(lot=received(), counted=Decimal(counted), reason="x", by=by)


@pytest.mark.parametrize("quantity", ["10", None])
def test_the_rest_of_a_lot_is_thrown_away_with_a_reason(by, quantity):
    lot = received(quantity) if quantity else make_lot()
    with pytest.raises(ValidationError, match="Say why"):
        stock_ledger.throw_away(lot=lot, reason="", by=by)
    stock_ledger.throw_away(lot=lot, reason="Fell on the floor", by=by)
    assert left(lot) == 0


def test_a_line_of_the_ledger_is_never_saved_again(by):
    with pytest.raises(TypeError):
        received().movements.get().save()


def test_a_practitioner_counts_opens_and_throws_away_and_reception_does_not(client):
    lot = received()
    client.force_login(make_practitioner())
    client.post(reverse("count_lot", args=[lot.public_id]), {"counted": "7", "reason": "Stock-take"})
    client.post(reverse("open_lot", args=[lot.public_id]), {"on": "2026-01-02"})
    lot.refresh_from_db()
    assert (left(lot), lot.opened_on) == (7, date(2026, 1, 2))
    client.post(reverse("throw_away_lot", args=[lot.public_id]), {"reason": "Old"})
    assert left(lot) == 0
    client.force_login(make_user())
    assert client.post(reverse("count_lot", args=[lot.public_id]), {"counted": "7"}).status_code == 403


@pytest.mark.parametrize(
    ("address", "sent", "words"),
    [
        ("count_lot", {"counted": "-1"}, "greater than or equal to 0"),
        ("count_lot", {"counted": "many", "reason": "kept text"}, "Enter a number"),
        ("count_lot", {"counted": "4"}, "say why, in a few words"),
        ("open_lot", {"on": "yesterday"}, "valid date"),
        ("open_lot", {"on": "2999-01-01"}, "still to come"),
        ("throw_away_lot", {"reason": ""}, "required"),
    ],
)
def test_what_cannot_be_noted_of_a_lot_is_said_beside_its_field(client, address, sent, words):
    client.force_login(make_manager())
    lot = received()
    page = client.post(reverse(address, args=[lot.public_id]), sent).content.decode()
    assert words in page
    assert sent.get("reason", "") in page
    assert (left(lot), Lot.objects.get().opened_on) == (10, None)


@pytest.mark.parametrize("lines", [1, 3])
def test_the_page_of_a_lot_asks_as_often_for_one_line_as_for_three(client, lines, django_assert_num_queries):
    client.force_login(make_manager())
    lot = received()
    for number in range(1, lines):
        stock_ledger.count_lot(lot=lot, counted=Decimal(number), reason="Count", by=SYSTEM)
    client.get(reverse("stock_lot", args=[lot.public_id]))
    with django_assert_num_queries(8):
        client.get(reverse("stock_lot", args=[lot.public_id]))


class TestPrintedCodes:
    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("  CB-7 ", PrintedCode("CB-7")),
            ("4006381333931", PrintedCode("4006381333931", "4006381333931")),
            ("4006381333932", PrintedCode("4006381333932")),
            (
                "]d2010400638133393117350600" + "10CB-7\x1d21S9",
                PrintedCode("010400638133393117350600" + "10CB-7|21S9", "4006381333931", "CB-7", date(2035, 6, 30)),
            ),
            ("(01)04006381333931(10)CB-7", PrintedCode("(01)04006381333931(10)CB-7", "4006381333931", "CB-7")),
            ("(17)351399", PrintedCode("(17)351399")),
            ("01not a code", PrintedCode("01not a code")),
            ("0104006381333931" + "17", PrintedCode("010400638133393117")),
            ("", PrintedCode("")),
        ],
    )
    def test_a_label_tells_what_stands_on_it(self, text, read):
        assert printed_codes.read(text) == read

    @given(st.text(max_size=200))
    def test_any_text_is_read_and_read_again_alike(self, text):
        read = printed_codes.read(text)
        assert len(read.text) <= printed_codes.LONGEST
        assert not read.gtin or printed_codes.read(read.gtin).text == read.gtin

    def test_a_lot_is_found_by_its_code_its_number_and_its_label(self):
        lot = make_lot(product=make_product(gtin="4006381333931"), number="CB-7", code="MAKER/9")
        make_lot(number="CB-8")
        for text in ("cb-7", "maker/9", "(01)04006381333931(10)CB-7"):
            assert list(Lot.objects.with_code(text)) == [lot]
        assert not Lot.objects.with_code("(01)00012345678905(10)CB-7").exists()
