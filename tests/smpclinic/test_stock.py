"""Products and lots, and a lot on recall."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from smpclinic.actions import stock, stock_ledger
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Lot, Product
from smpclinic.pages.stock.shelf import LotLine, ending, lines_of, low
from smpclinic.pages.todo import tasks_for
from tests.make import make_lot, make_manager, make_practitioner, make_product

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)


@pytest.fixture
def manager():
    return make_manager()


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def told(**fields):
    usual = {"kind": "pigment", "brand": "Ink", "name": "Black", "colour": "#202020", "label_statement": "Carbon"}
    return usual | {"is_active": "on"} | fields


def test_a_product_and_its_lot_are_taken_in(desk):
    answer = desk.post(reverse("add_product"), told(low_level="5", gtin="4006381333931"))
    product = Product.objects.get()
    assert answer.url == reverse("stock_product", args=[product.public_id])
    desk.post(reverse("add_lot"), {"product": product.pk, "number": "A1", "expires_on": "2036-01-01", "quantity": "15"})
    (line,) = lines_of([product], on=ON)
    assert [(each.lot.number, each.left) for each in line.lots] == [("A1", "15 mL")]
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["added product", "added lot"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"gtin": "4006381333932"}, "The last digit does not fit the others"),
        ({"gtin": "12"}, "A GTIN has 8, 12, 13 or 14 digits"),
        ({"colour": "black"}, "Write a colour as #2b2a29"),
        ({"low_level": "-1"}, "This cannot be below 0"),
        ({"drop_ml": "-0.05"}, "A drop holds 0.001 to 1 mL."),
        ({"months_after_opening": "121"}, "At most 120 months."),
        ({"drop_ml": "1.001"}, "A drop holds 0.001 to 1 mL."),
        ({"name": ""}, "required"),
    ],
)
def test_a_product_that_cannot_stand_is_named_and_nothing_typed_is_lost(desk, fields, words):
    answer = desk.post(reverse("add_product"), told(supplier="Maker of ink", **fields))
    page = answer.content.decode()
    assert "Maker of ink" in page
    assert words in page
    assert not Product.objects.exists()


def test_a_safety_sheet_is_looked_through_kept_and_handed_out(desk):
    sheet = SimpleUploadedFile(
        "sheet.pdf",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n",
        content_type="application/pdf",
    )
    desk.post(reverse("add_product"), told(safety_sheet=sheet))
    product = Product.objects.get()
    answer = desk.get(reverse("safety_sheet", args=[product.public_id]))
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="safety-sheet-ink-black.pdf"'


def test_a_file_that_is_no_sheet_is_refused_beside_its_field(desk):
    broken = SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 broken", content_type="application/pdf")
    answer = desk.post(reverse("add_product"), told(safety_sheet=broken))
    assert "damaged and cannot be read" in answer.content.decode()
    assert not Product.objects.exists()


def test_without_a_sheet_there_is_none_to_hand_out(desk):
    assert desk.get(reverse("safety_sheet", args=[make_product().public_id])).status_code == 404


def test_a_changed_product_keeps_its_kind_and_says_who_changed_it(desk, manager):
    product = make_product(brand="Old", kind="needle")
    desk.post(reverse("change_product", args=[product.public_id]), told(kind="pigment", brand="New"))
    product.refresh_from_db()
    assert (product.brand, product.kind) == ("New", "needle")
    assert f"Last changed by {manager}" in desk.get(reverse("stock_product", args=[product.public_id])).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"received_on": "2999-01-01"}, "This day is still to come"),
        ({"opened_on": "2999-01-01"}, "This day is still to come"),
        ({"received_on": "2026-02-02", "opened_on": "2026-02-01"}, "opened before it came"),
        ({"quantity": "-1"}, "quantity"),
        ({"expires_on": "31.31.2026"}, "valid date"),
    ],
)
def test_a_lot_that_cannot_stand_is_named(desk, fields, words):
    product = make_product()
    answer = desk.post(reverse("add_lot"), {"product": product.pk, "number": "A1", **fields})
    assert words in answer.content.decode()
    assert not Lot.objects.exists()


def test_a_scanned_label_fills_the_form_of_a_new_lot(desk):
    page = desk.get(reverse("add_lot"), {"code": "(01)04006381333931(17)350630(10)CB-7"}).content.decode()
    assert 'value="CB-7"' in page
    assert 'value="2035-06-30"' in page


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


def state_of(lot, on=ON):
    return LotLine(Lot.objects.with_on_hand().select_related("product").get(pk=lot.pk), on).words


def test_each_lot_is_shown_with_its_state_in_words():
    assert state_of(make_lot()) == "Usable"
    assert state_of(make_lot(expires_on=ON)) == "Ends soon"
    assert state_of(make_lot(expires_on=ON - timedelta(days=1))) == "Past its date"
    assert state_of(make_lot(recall_reason="Bacteria", recalled_at="2026-01-01T00:00:00Z")) == "On recall: Bacteria"


@pytest.mark.parametrize(("days", "ends_soon"), [(30, True), (31, False)])
def test_a_lot_that_ends_within_30_days_is_named(days, ends_soon):
    lot = make_lot(expires_on=ON + timedelta(days=days))
    assert [line.lot for line in ending(on=ON)] == [lot] * ends_soon


def test_a_lot_open_too_long_ends_too_and_one_used_up_is_named_no_more(manager):
    opened = make_lot(product=make_product(months_after_opening=1), opened_on=ON - timedelta(days=10))
    empty = make_lot(expires_on=ON)
    stock_ledger.count_lot(lot=empty, counted=Decimal(0), reason="", by=staff(manager))
    assert [line.lot for line in ending(on=ON)] == [opened]


@pytest.mark.parametrize(("counted", "is_low"), [("4.999", True), ("5", False)])
def test_a_product_is_low_below_its_level(manager, counted, is_low):
    product = make_product(low_level=5)
    stock_ledger.count_lot(lot=make_lot(product=product), counted=Decimal(counted), reason="", by=staff(manager))
    stock_ledger.count_lot(
        lot=make_lot(product=product, expires_on=ON - timedelta(days=1)),
        counted=Decimal(9),
        reason="",
        by=staff(manager),
    )
    assert [line.product for line in low(on=ON)] == [product] * is_low


def test_of_a_product_never_counted_nobody_says_that_it_is_low():
    make_lot(product=make_product(low_level=5))
    assert low(on=ON) == []


@pytest.mark.parametrize("lots", [1, 3])
def test_the_list_asks_as_often_for_one_lot_as_for_three(desk, lots, django_assert_num_queries):
    for _ in range(lots):
        make_lot(product=make_product(low_level=3))
    desk.get(reverse("stock"))
    with django_assert_num_queries(10):
        desk.get(reverse("stock"))


def test_a_search_finds_by_name_lot_and_scanned_label(desk):
    black = make_product(name="Black", gtin="4006381333931")
    make_lot(product=black, number="CB-7", code="QR TEXT 9")
    make_lot(product=make_product(name="Grey"))
    for text in ("blac", "cb-7", "qr text 9", "(01)04006381333931(10)CB-7", "4006381333931"):
        assert [row.product for row in desk.get(reverse("stock"), {"q": text}).context["rows"]] == [black]
    assert "Nothing found" in desk.get(reverse("stock"), {"q": "violet"}).content.decode()


@pytest.mark.parametrize("query", ["q=%00", "kind=x", "page=0", "page=99999999999999", "page=x", "q=" + "a" * 300])
def test_the_stock_answers_an_unreadable_address(desk, query):
    assert desk.get(f"{reverse('stock')}?{query}").status_code == 200


def test_an_empty_stock_says_what_belongs_there(desk):
    assert "Nothing in stock yet" in desk.get(reverse("stock")).content.decode()


def test_today_tells_the_manager_what_is_low_and_what_ends(desk, manager):
    product = make_product(low_level=5, brand="Ink", name="Black")
    stock_ledger.count_lot(
        lot=make_lot(product=product, number="A1", expires_on=timezone.localdate() + timedelta(days=3)),
        counted=Decimal(2),
        reason="",
        by=staff(manager),
    )
    words = [task.words for task in tasks_for(manager)]
    assert "Ink Black is low: 2 mL left" in words
    assert any(each.startswith("Ink Black, lot A1 ends on") for each in words)


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
    assert "Recalled lot" in page
    assert "Bacteria" not in page
