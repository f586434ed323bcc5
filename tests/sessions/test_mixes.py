"""How strong a mix is, and whether its lots may be used."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.mixes import (
    Component,
    Dilution,
    LotFacts,
    dilution_of,
    problems_with_lot,
    problems_with_mix,
    usable_until,
    warnings_for_lot,
)

ON = date(2026, 9, 3)
volumes = st.decimals("0.05", "50", places=2)


def ml(amount, lot="A1"):
    return Component(lot, ml=Decimal(amount))


def drops(amount, lot="A1", **given):
    return Component(lot, drops=Decimal(amount), **given)


def test_a_drop_is_a_twentieth_of_a_millilitre_unless_the_product_says_otherwise():
    assert drops("4").volume_ml == Decimal("0.2000")
    assert drops("4", drop_ml=Decimal("0.04")).volume_ml == Decimal("0.1600")


@pytest.mark.parametrize(
    ("components", "diluent", "dilution", "words"),
    [
        ([drops("4")], "1.8", ("0.2", "1.8", "10.00"), "1 part pigment to 9 parts water (10 %)"),
        ([ml("1")], "2", ("1", "2", "33.33"), "1 part pigment to 2 parts water (33.33 %)"),
        ([ml("0.3"), drops("2", "B2")], "0.6", ("0.4", "0.6", "40.00"), "1 part pigment to 1.5 parts water (40 %)"),
        ([ml("1")], "0", ("1", "0", "100.00"), "undiluted (100 %)"),
        ([ml("1")], "10", ("1", "10", "9.09"), "1 part pigment to 10 parts water (9.09 %)"),
    ],
)
def test_a_dilution_is_computed_and_said(components, diluent, dilution, words):
    found = dilution_of(components, Decimal(diluent))
    assert found == Dilution(*(Decimal(number) for number in dilution))
    assert found.words == words
    assert found.total_ml == found.pigment_ml + found.diluent_ml


@given(st.lists(volumes, min_size=1, max_size=5), volumes, st.integers(2, 10))
def test_a_mix_of_twice_or_more_of_everything_is_as_strong(amounts, diluent, times):
    once = dilution_of([ml(a) for a in amounts], diluent)
    many = [ml(amount) for amount in amounts for _ in range(times)]
    if diluent * times <= 100:
        assert dilution_of(many, diluent * times).pigment_percent == once.pigment_percent


@given(volumes, volumes, volumes)
def test_more_water_is_never_stronger(pigment, less, more):
    less, more = sorted([less, more])
    strong, weak = (dilution_of([ml(pigment)], water).pigment_percent for water in (less, more))
    assert 0 < weak <= strong < 100


@given(st.lists(volumes, min_size=2, max_size=4), volumes)
def test_the_order_of_pigments_never_matters(amounts, diluent):
    components = [ml(amount) for amount in amounts]
    assert dilution_of(components, diluent) == dilution_of(components[::-1], diluent)


@pytest.mark.parametrize(
    ("components", "diluent", "problem"),
    [
        ([], "1", "A mix needs at least one pigment."),
        ([Component("A1")], "1", "A1: give mL or drops, one of the two."),
        ([Component("A1", Decimal(1), Decimal(1))], "1", "A1: give mL or drops, one of the two."),
        ([ml("0")], "1", "A1: the amount must be more than 0 and at most 10000, not 0."),
        ([drops("-1")], "1", "A1: the amount must be more than 0 and at most 10000, not -1."),
        ([ml("NaN")], "1", "A1: the amount must be more than 0 and at most 10000, not NaN."),
        ([drops("10001")], "1", "A1: the amount must be more than 0 and at most 10000, not 10001."),
        ([ml("1E+40")], "1", "A1: the amount must be more than 0 and at most 10000, not 1E+40."),
        (
            [drops("4", drop_ml=Decimal(0))],
            "1",
            "A1: a drop must be more than 0 and at most 1 mL, not 0 mL.",
        ),
        (
            [drops("4", drop_ml=Decimal("NaN"))],
            "1",
            "A1: a drop must be more than 0 and at most 1 mL, not NaN mL.",
        ),
        ([ml("0.00004")], "1", "A1: the amount must be 0.0001-100 mL, not 0.0000 mL."),
        ([ml("100.0001")], "1", "A1: the amount must be 0.0001-100 mL, not 100.0001 mL."),
        ([ml("1")], "-0.1", "The water must be 0-100 mL, not -0.1 mL."),
        ([ml("1")], "100.1", "The water must be 0-100 mL, not 100.1 mL."),
        ([ml("1")], "Infinity", "The water must be 0-100 mL, not Infinity mL."),
    ],
)
def test_what_is_no_mix_is_explained_and_refused(components, diluent, problem):
    assert problems_with_mix(components, Decimal(diluent)) == [problem]
    with pytest.raises(ValueError) as refused:
        dilution_of(components, Decimal(diluent))
    assert str(refused.value) == problem


def test_a_component_without_an_amount_has_no_volume():
    assert Component("A1").volume_ml == 0


def test_the_largest_and_smallest_amounts_are_mixed():
    assert problems_with_mix([ml("100"), ml("0.0001")], Decimal("100")) == []
    assert problems_with_mix([drops("100", drop_ml=Decimal(1))], Decimal(0)) == []
    assert problems_with_mix([drops("10000", drop_ml=Decimal("0.01"))], Decimal(0)) == []


@pytest.mark.parametrize(
    ("lot", "until"),
    [
        (LotFacts("A1"), None),
        (LotFacts("A1", date(2027, 1, 31)), date(2027, 1, 31)),
        (LotFacts("A1", date(2027, 1, 31), date(2026, 3, 31), 6), date(2026, 9, 30)),
        (LotFacts("A1", date(2026, 9, 1), date(2026, 3, 31), 6), date(2026, 9, 1)),
        (LotFacts("A1", None, date(2026, 3, 31), 6), date(2026, 9, 30)),
        (LotFacts("A1", None, date(2026, 3, 31)), None),
        (LotFacts("A1", None, None, 6), None),
    ],
)
def test_a_lot_is_usable_until_the_earlier_of_expiry_and_life_once_open(lot, until):
    assert usable_until(lot) == until


@pytest.mark.parametrize(("expires_on", "expired"), [(date(2026, 9, 3), False), (date(2026, 9, 2), True)])
def test_a_lot_is_good_on_its_last_day(expires_on, expired):
    expected = ["A1 expired on 2 September 2026."] if expired else []
    assert warnings_for_lot(LotFacts("A1", expires_on), on=ON) == expected


@pytest.mark.parametrize(("opened_on", "is_too_long"), [(date(2026, 3, 3), False), (date(2026, 3, 2), True)])
def test_an_open_lot_is_good_until_its_months_are_over(opened_on, is_too_long):
    expected = ["A1 has been open too long: opened on 2 March 2026, usable until 2 September 2026."]
    assert warnings_for_lot(LotFacts("A1", None, opened_on, 6), on=ON) == (expected if is_too_long else [])


def test_an_old_lot_is_warned_of_and_a_recalled_one_refused():
    old = LotFacts("A1", date(2020, 1, 1), date(2019, 1, 1), 6)
    assert len(warnings_for_lot(old, on=ON)) == 2
    assert problems_with_lot(old) == []
    recalled = LotFacts("A1", recalled="bacteria")
    assert problems_with_lot(recalled) == ["A1 is on recall and cannot be used: bacteria."]
    assert warnings_for_lot(recalled, on=ON) == []
