"""The shade ladder: what a manager may change, what stays as plans have it, and what is said of it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planning import defaults
from planning.actions.ladder import add_step, change_healed_look, change_step
from planning.ladder_page import cup_colour, ladder_shown
from planning.mixing import HealedLook
from planning.models import ShadeStep
from planning.plan_zones import rows_of
from planning.shade import cautions_about_ladder
from planning.shade_settings import clinic_healed_look
from smpclinic.actors import staff
from smpclinic.colour import lab_of
from smpclinic.models import AuditEntry, ClinicProfile
from tests.make import make_clinic, make_manager, make_practitioner, make_product
from tests.planning.plan_makers import approved
from tests.sessions.room import text

pytestmark = pytest.mark.django_db


def step(number=3):
    defaults.install()
    return ShadeStep.objects.get(number=number)


def manager():
    return staff(make_manager())


def test_a_step_told_in_drops_counts_by_the_drop_of_its_product():
    large = make_product(drop_ml="0.060")
    made = add_step(
        number=7,
        name="Darkest",
        product=large,
        pigment_drops=10,
        water_ml=Decimal("0.40"),
        is_active=True,
        by=manager(),
    )
    assert (made.pigment_ml, made.pigment_percent) == (Decimal("0.60"), Decimal("60.0"))


def test_a_change_is_in_the_audit_trail_with_what_changed():
    found = step()
    change_step(step=found, water_ml=Decimal("3.25"), by=manager())
    entry = AuditEntry.objects.get(verb="changed shade step")
    assert entry.fields == ["water_ml"]


def test_a_needle_is_no_pigment():
    with pytest.raises(ValidationError, match="is no pigment"):
        change_step(step=step(), product=make_product(kind="needle"), by=manager())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pigment_ml": Decimal(0)}, "A step needs pigment"),
        ({"water_ml": Decimal("-0.1")}, "Water is 0 mL or more"),
        ({"number": 4}, "The ladder has this step already"),
        ({"number": 0}, "greater than or equal to 1"),
    ],
)
def test_what_is_no_step_is_refused_and_nothing_is_saved(fields, words):
    found = step()
    with pytest.raises(ValidationError, match=words):
        change_step(step=found, by=manager(), **fields)
    found.refresh_from_db()
    assert (found.number, found.pigment_ml) == (3, Decimal("0.75"))


def test_a_retired_step_stays_in_its_plan_and_is_not_offered_anew(client):
    plan = approved()
    change_step(step=step(), is_active=False, by=manager())
    assert plan.current_version.shade_step.number == 3
    assert rows_of(plan.current_version)
    client.force_login(plan.practitioner)
    page = client.get(reverse("planning:draft", args=[plan.patient.public_id]))
    assert "3 Medium light" not in text(page)
    assert [row["plans"] for row in ladder_shown()["retired"]] == [1]


def test_a_changed_recipe_leaves_the_sealed_plan_as_it_was():
    plan = approved()
    change_step(step=step(), water_ml=Decimal("9.00"), by=manager())
    assert '"water_ml":"4.25"' in plan.current_version.sealed.content


@pytest.mark.parametrize(("second", "said"), [("10.1", 0), ("10.0", 1), ("9.9", 1)])
def test_a_ladder_that_does_not_grow_darker_is_said(second, said):
    assert len(cautions_about_ladder([(1, Decimal("10.0")), (2, Decimal(second))])) == said


def test_the_default_ladder_grows_darker_in_the_cup():
    defaults.install()
    cups = [lab_of(cup_colour(each)).lightness for each in ShadeStep.objects.all()]
    assert cups == sorted(cups, reverse=True)
    assert ladder_shown()["cautions"] == []


def test_a_step_has_the_colour_of_its_pigment():
    found = step()
    black = cup_colour(found)
    found.product = make_product(colour="#7a3a20")
    assert lab_of(cup_colour(found)).a > lab_of(black).a + 5


class TestHealedLook:
    def test_it_is_the_clinics_and_audited(self):
        make_clinic(settings={"patch_test_demanded": True})
        change_healed_look(look=HealedLook(10, 0, -2), by=manager())
        assert clinic_healed_look() == HealedLook(10, 0, -2)
        assert ClinicProfile.current().settings["patch_test_demanded"] is True
        assert AuditEntry.objects.filter(details__section="healed_look").count() == 1

    @pytest.mark.parametrize("value", [-41.0, float("nan"), float("inf")])
    def test_an_absurd_one_is_refused_beside_the_field(self, value):
        make_clinic()
        with pytest.raises(ValidationError) as refusal:
            change_healed_look(look=HealedLook(b=value), by=manager())
        assert set(refusal.value.error_dict) == {"b"}


class TestPages:
    def test_a_manager_changes_a_step_and_sees_it(self, client):
        client.force_login(make_manager())
        step()
        sent = {"number": 3, "name": "Ash", "pigment_drops": 20, "water_ml": "4.00", "is_active": "on"}
        assert client.post(reverse("planning:step", args=[3]), sent).url == reverse("planning:ladder")
        page = text(client.get(reverse("planning:ladder")))
        assert "3 Ash 20 drops pigment, water 4 mL" in page

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"pigment_drops": "", "pigment_ml": ""}, "Say how much pigment: drops or mL"),
            ({"pigment_drops": "4", "pigment_ml": "0.2"}, "Give drops or mL, one of the two."),
            ({"pigment_drops": "4", "number": "4"}, "The ladder has this step already."),
            ({"pigment_drops": "99999999999999"}, "less than or equal to"),
            ({"pigment_ml": "1e400"}, "no more than 5 digits"),
        ],
    )
    def test_what_was_typed_stays_beside_the_refusal(self, client, sent, words):
        client.force_login(make_manager())
        step()
        whole = {"number": "3", "name": "My own shade", "water_ml": "4.00", "is_active": "on"} | sent
        page = client.post(reverse("planning:step", args=[3]), whole)
        assert words in text(page)
        assert 'value="My own shade"' in page.content.decode()

    def test_a_practitioner_reads_it_and_changes_nothing(self, client):
        step()
        client.force_login(make_practitioner())
        page = client.get(reverse("planning:ladder"))
        assert "Medium light" in text(page)
        assert reverse("planning:step", args=[3]) not in page.content.decode()
        assert client.get(reverse("planning:step", args=[3])).status_code == 403

    def test_an_empty_ladder_says_so(self, client):
        client.force_login(make_manager())
        assert "The ladder is empty" in text(client.get(reverse("planning:ladder")))

    def test_a_step_more_costs_no_query_more(self, client):
        client.force_login(make_manager())
        step()
        ShadeStep.objects.exclude(number=1).delete()
        client.get(reverse("planning:ladder"))
        with CaptureQueriesContext(
            connection,
        ) as for_one:
            client.get(reverse("planning:ladder"))
        defaults.install()
        with CaptureQueriesContext(connection) as for_six:
            client.get(reverse("planning:ladder"))
        assert len(for_one) == len(for_six)

    def test_a_product_gets_its_colour_and_drop_later(self, client):
        client.force_login(make_manager())
        product = make_product(name="Grey", brand="Carbon")
        url = reverse("change_product", args=[product.public_id])
        sent = {"brand": "Carbon", "name": "Grey", "colour": "#5a5a60", "drop_ml": "0.04"}
        assert client.post(url, sent | {"colour": "grey"}).status_code == 200
        client.post(url, sent)
        product.refresh_from_db()
        assert (product.colour, product.drop_ml) == ("#5a5a60", Decimal("0.040"))
