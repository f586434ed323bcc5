"""Products and lots, and a lot on recall."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from smpclinic.actions import stock
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Lot, Product
from tests.make import make_lot, make_manager, make_practitioner, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_manager()


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def test_a_product_and_its_lot_are_taken_in(desk):
    told = {"kind": "pigment", "brand": "Ink", "name": "Black", "colour": "#202020", "label_statement": "Carbon"}
    assert desk.post(reverse("add_product"), told).url == reverse("stock")
    product = Product.objects.get()
    desk.post(reverse("add_lot"), {"product": product.pk, "number": "A1", "expires_on": "2036-01-01"})
    assert Lot.objects.get().number == "A1"
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["added product", "added lot"]


def test_the_same_lot_twice_is_named_beside_the_form(desk):
    lot = make_lot(number="A1")
    answer = desk.post(reverse("add_lot"), {"product": lot.product.pk, "number": "A1"})
    assert "already has a lot of that number" in answer.content.decode()
    assert Lot.objects.count() == 1


def test_a_recall_needs_a_reason_and_happens_once(manager):
    lot = make_lot()
    with pytest.raises(ValidationError, match="Say who recalled it"):
        stock.recall_lot(lot=lot, reason=" ", by=staff(manager))
    recalled = stock.recall_lot(lot=lot, reason="Bacteria", by=staff(manager))
    assert recalled.is_recalled
    with pytest.raises(ValidationError, match="already on recall"):
        stock.recall_lot(lot=lot, reason="Bacteria", by=staff(manager))


def test_a_lot_is_opened_once(manager):
    lot = stock.open_lot(lot=make_lot(), on=date(2026, 1, 1), by=staff(manager))
    with pytest.raises(ValidationError, match="already opened"):
        stock.open_lot(lot=lot, on=date(2026, 1, 2), by=staff(manager))


def test_each_lot_is_shown_with_its_state_in_words(desk):
    make_lot(number="GOOD")
    make_lot(number="OLD", expires_on=date(2020, 1, 1))
    make_lot(number="BAD", recall_reason="Bacteria", recalled_at="2026-01-01T00:00:00Z")
    rows = {row["lot"].number: row["words"] for row in desk.get(reverse("stock")).context["lots"]}
    assert rows == {"GOOD": "Usable", "OLD": "Past its date", "BAD": "On recall: Bacteria"}


@pytest.mark.parametrize("lots", [1, 3])
def test_the_list_asks_as_often_for_one_lot_as_for_three(desk, lots, django_assert_num_queries):
    for _ in range(lots):
        make_lot(product=make_product())
    desk.get(reverse("stock"))
    with django_assert_num_queries(5):
        desk.get(reverse("stock"))


def test_a_practitioner_sees_the_stock_and_changes_nothing(client):
    client.force_login(make_practitioner())
    make_lot()
    page = client.get(reverse("stock")).content.decode()
    assert reverse("add_lot") not in page
    assert client.get(reverse("add_lot")).status_code == 403


@pytest.mark.parametrize(
    "query", ["who=x", "day=2026-99-99", "page=0", "page=99999999999999999999", "page=x", "who=%00"]
)
def test_the_trail_answers_an_unreadable_address(desk, query):
    assert desk.get(f"{reverse('audit')}?{query}").status_code == 200


def test_the_trail_shows_who_did_what(desk, manager):
    stock.recall_lot(lot=make_lot(), reason="Bacteria", by=staff(manager))
    page = desk.get(reverse("audit")).content.decode()
    assert "recalled lot" in page
    assert "Bacteria" not in page
