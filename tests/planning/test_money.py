"""What a plan costs and what was paid: proposed from a list, agreed in writing, noted once and never rewritten."""

import html
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from planning.actions.money import correct_payment, note_payment, set_price_list
from planning.actions.plan import approve_plan, revise_plan, stop_plan
from planning.models import Payment, PriceBand
from planning.plan_lock import clinic_today
from planning.plan_sheet import sheet_of
from planning.prices import account_of
from planning.pricing import Band, problems_with_list
from planning.treatment_consent import facts_for_patient
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from smpclinic.roles import Role
from tests.make import make_clinic, make_manager, make_user
from tests.planning.plan_makers import approved, drafted, whole_fields

pytestmark = pytest.mark.django_db

LIST = (Band("shaved", Decimal(50), 90_000), Band("shaved", Decimal(150), 160_000), Band("scar", Decimal(30), 40_000))
VERTEX = ({"zone": "vertex"},)  # 50 cm²


@pytest.fixture
def listed():
    make_clinic()
    set_price_list(listed=LIST, by=staff(make_manager()))


@pytest.fixture
def desk():
    make_clinic()
    return make_user(roles=(Role.RECEPTION,))


def paid(plan, by, minor=30_000, **fields):
    return note_payment(
        plan=plan, amount_minor=minor, by=staff(by), **{"paid_on": clinic_today(), "method": "card"} | fields
    )


class TestList:
    def test_a_plan_without_a_typed_price_takes_the_lists(self, listed):
        version = drafted(zones=VERTEX, price_minor=None).newest_version()
        assert (version.price_minor, version.price_listed_minor) == (90_000, 90_000)

    def test_another_price_needs_a_reason(self, listed):
        with pytest.raises(ValidationError, match=r"The price list asks €900\.00"):
            drafted(zones=VERTEX, price_minor=80_000)
        version = drafted(zones=VERTEX, price_minor=80_000, price_reason="Model for the course").newest_version()
        assert (version.price_minor, version.price_listed_minor) == (80_000, 90_000)

    def test_above_the_list_nothing_is_proposed_and_nothing_refused(self, listed):
        version = drafted(zones=[{"zone": "occipital"}, {"zone": "vertex"}], price_minor=None).newest_version()
        assert version.price_minor is None
        assert drafted(zones=VERTEX, look="kept_hair", price_minor=1).newest_version().price_listed_minor is None

    def test_prices_of_another_currency_no_longer_count(self, listed):
        make_clinic(currency="CHF")
        assert drafted(zones=VERTEX, price_minor=None).newest_version().price_minor is None

    def test_a_list_that_contradicts_itself_is_refused_and_the_old_one_stays(self, listed):
        doubled = (*LIST, Band("shaved", Decimal(50), 1))
        assert problems_with_list(doubled) == ["Two prices stand for the same look up to 50 cm²."]
        assert problems_with_list([Band("scar", Decimal(9), 2), Band("scar", Decimal(10), 1)]) == [
            "Up to 10 cm² costs less than up to 9 cm² of the same look."
        ]
        with pytest.raises(ValidationError):
            set_price_list(listed=doubled, by=staff(make_manager()))
        assert PriceBand.objects.count() == 3

    def opened(self, client) -> dict:
        """What the page of the list would send, untouched."""
        context = client.get(reverse("planning:price_list")).context
        rows = context["rows"]
        typed = {name: str(rows.management_form[name].value()) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        typed = {f"form-{name}": value for name, value in typed.items()} | {"seen": context["seen"]["seen"].value()}
        for number, form in enumerate(rows):
            typed |= {f"form-{number}-{name}": form[name].value() or "" for name in ("look", "up_to_cm2", "price")}
        return typed

    def test_of_two_managers_at_once_the_second_is_told_and_loses_nothing(self, client, listed):
        client.force_login(make_manager())
        path, typed = reverse("planning:price_list"), self.opened(client)
        other = tuple(band for band in LIST if band.look != "scar")
        set_price_list(listed=other, by=staff(make_manager()))

        page = client.post(path, typed | {"form-0-price": "45.50"})

        assert page.status_code == 409
        assert "For Scar it says now: nothing." in html.unescape(page.content.decode())
        assert 'value="45.50"' in page.content.decode()
        assert not PriceBand.objects.filter(look="scar").exists()
        client.post(path, typed | {"form-0-price": "45.50", "seen": page.context["seen"]["seen"].value()})
        assert PriceBand.objects.get(look="scar").price_minor == 4550

    def test_the_same_list_saved_twice_at_once_is_no_clash(self, client, listed):
        client.force_login(make_manager())
        path, typed = reverse("planning:price_list"), self.opened(client)
        typed |= {"form-0-price": "45.50"}
        assert [client.post(path, typed).status_code for _press in range(2)] == [302, 302]
        assert AuditEntry.objects.filter(verb="changed the price list").count() == 2  # with the first wording

    def test_the_manager_edits_it_on_a_page_and_the_trail_tells(self, client, listed):
        client.force_login(make_manager())
        path, typed = reverse("planning:price_list"), self.opened(client)
        wrong = client.post(path, typed | {"form-3-up_to_cm2": "10", "form-3-price": "-5"})
        assert "Enter a price of 0 or more" in wrong.content.decode()
        assert PriceBand.objects.count() == 3
        client.post(path, typed | {"form-0-price": "45.50"})
        assert PriceBand.objects.get(look="scar").price_minor == 4550
        assert AuditEntry.objects.filter(verb="changed the price list").first().fields == ["scar"]


class TestAgreed:
    def test_the_agreement_and_the_paper_name_price_deposit_and_what_is_owed(self):
        make_clinic(locale="en_GB")
        plan = approved(deposit_minor=20_000)
        facts = dict(facts_for_patient(plan.current_version))
        assert (facts["Price of the whole plan"], facts["Deposit"]) == ("€1,450.00", "€200.00")
        paid(plan, plan.practitioner, 20_000)
        assert sheet_of(plan.current_version)["account"].balance == "€1,250.00"

    def test_a_deposit_above_the_price_is_refused_beside_its_field(self):
        make_clinic()
        with pytest.raises(ValidationError) as refused:
            drafted(deposit_minor=145_001)
        assert list(refused.value.message_dict) == ["deposit"]
        assert drafted(deposit_minor=145_000).newest_version().deposit_minor == 145_000


class TestPayments:
    def test_the_balance_falls_with_payments_and_rises_with_what_is_paid_back(self, desk):
        plan = approved()
        paid(plan, desk, 45_000)
        paid(plan, desk, 5_000, is_refund=True, note="Too much taken")
        assert account_of(plan).balance_minor == 145_000 - 45_000 + 5_000

    @pytest.mark.parametrize(
        ("minor", "fields", "words"),
        [
            (145_001, {}, "That is more than is owed: €1,450.00 of €1,450.00."),
            (0, {}, "Enter an amount of more than 0."),
            (-5, {}, "Enter an amount of more than 0."),
            (1, {"is_refund": True}, "Only €0.00 was paid; no more can be paid back."),
            (1, {"paid_on": clinic_today}, "This day is still to come."),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, desk, minor, fields, words):
        make_clinic(locale="en_GB")
        if "paid_on" in fields:
            fields = {"paid_on": clinic_today() + timedelta(days=1)}
        with pytest.raises(ValidationError, match=words):
            paid(approved(), desk, minor, **fields)
        assert not Payment.objects.exists()

    def test_a_plan_without_a_price_takes_no_money(self, desk):
        with pytest.raises(ValidationError, match="no price yet"):
            paid(drafted(price_minor=None), desk)

    def test_a_slip_is_corrected_once_by_an_entry_against_it(self, desk):
        plan = approved()
        slip = paid(plan, desk)
        with pytest.raises(ValidationError, match="Say why"):
            correct_payment(payment=slip, reason=" ", by=staff(desk))
        entry = correct_payment(payment=slip, reason="Wrong patient", by=staff(desk))
        assert (entry.amount_minor, account_of(plan).paid_minor) == (-30_000, 0)
        for row in (slip, entry):
            with pytest.raises(ValidationError, match="corrected already"):
                correct_payment(payment=row, reason="Again", by=staff(desk))

    def test_the_same_form_sent_twice_notes_one_payment(self, desk):
        plan, key = approved(), uuid4()
        assert paid(plan, desk, public_id=key) == paid(plan, desk, public_id=key)
        assert Payment.objects.count() == 1

    def test_a_price_lowered_below_what_was_paid_says_what_is_to_be_paid_back(self, client, desk):
        plan = approved(price_minor=245_000)
        paid(plan, desk, 245_000)
        assert account_of(plan).to_pay_back == ""
        revise_plan(plan=plan, fields=whole_fields(price_minor=225_000), zones=VERTEX, by=staff(plan.practitioner))
        plan.refresh_from_db()
        approve_plan(plan=plan, by=staff(plan.practitioner))
        client.force_login(desk)
        page = client.get(reverse("planning:payments", args=[plan.public_id])).content.decode()
        assert "€2,450.00 was paid; €200.00 are to be paid back." in page

    def test_a_changed_plan_keeps_what_was_paid(self, desk):
        plan = approved()
        paid(plan, desk)
        revise_plan(plan=plan, fields=whole_fields(price_minor=50_000), zones=VERTEX, by=staff(plan.practitioner))
        assert account_of(plan, plan.newest_version()).balance_minor == 20_000

    def test_a_price_lowered_below_what_was_paid_leaves_money_to_give_back(self, desk):
        make_clinic(locale="en_GB")
        plan = approved(price_minor=20_000)
        paid(plan, desk, 20_000)
        with pytest.raises(ValidationError, match=r"Nothing is owed any more: €200\.00 of €200\.00"):
            paid(plan, desk, 1)
        revise_plan(plan=plan, fields=whole_fields(price_minor=15_000), zones=VERTEX, by=staff(plan.practitioner))
        account = account_of(plan, plan.newest_version())
        assert (account.balance_name, account.balance) == ("To be paid back", "€50.00")


def test_nothing_is_owed_of_a_draft_and_a_stopped_plan_says_so(client):
    make_clinic(locale="en_GB")
    plan = approved()
    client.force_login(plan.practitioner)
    assert "Still owed" in client.get(plan.get_absolute_url()).content.decode()
    assert "Still owed" not in client.get(drafted().get_absolute_url()).content.decode()
    stop_plan(plan=plan, reason="Moved away.", by=staff(plan.practitioner))
    assert "Not paid of the stopped plan" in client.get(plan.get_absolute_url()).content.decode()


def test_reception_notes_and_corrects_on_the_page_and_loses_nothing_typed(client, desk):
    plan = approved()
    client.force_login(desk)
    path = reverse("planning:payments", args=[plan.public_id])
    new_id = client.get(path).context["form"]["new_id"].value()
    typed = {
        "amount": "2000",
        "paid_on": clinic_today().isoformat(),
        "method": "cash",
        "note": "At the desk",
        "new_id": new_id,
    }
    page = client.post(path, typed)
    assert "That is more than is owed" in page.content.decode()
    assert page.context["form"]["note"].value() == "At the desk"
    client.post(path, typed | {"amount": "200"})
    row = Payment.objects.get()
    assert (row.amount_minor, row.noted_by, row.note) == (20_000, desk, "At the desk")
    correct = reverse("planning:correct_payment", args=[plan.public_id, row.public_id])
    for reason, words in (("x" * 201, "Say in 200 letters or fewer"), ("", "Say why this entry is corrected")):
        refused = client.post(correct, {"reason": reason}).content.decode()
        assert words in refused
        assert f'value="{reason}" aria-invalid="true"' in refused
    client.post(correct, {"reason": "Slip"})
    assert account_of(plan).paid_minor == 0
    assert "Still owed" in client.get(plan.patient.get_absolute_url()).content.decode()
