"""Zones of the scalp: areas, prefill by grade, and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.grading import LUDWIG_GRADES, NORWOOD_GRADES, OLSEN_GRADES, SALT_WEIGHTS, SINCLAIR_GRADES
from planning.zones import (
    ZONE_BY_CODE,
    ZONES,
    DoNotTreatMark,
    Scar,
    Surface,
    ZoneChoice,
    plain,
    problems_with_zones,
    treated_areas,
    usual_area_cm2,
    zones_for_grade,
)

codes = st.sampled_from(sorted(ZONE_BY_CODE))
circumferences = st.decimals(40, 75, places=1)


def make_scar(length="25", width="1", zone="occipital", **changes):
    return Scar(zone=zone, length_cm=Decimal(length), width_cm=Decimal(width), **changes)


def make_choice(zone="vertex", **changes):
    return ZoneChoice(zone=zone, **changes)


def areas_of(*args, **kwargs):
    return {area.code: area.area_cm2 for area in treated_areas(*args, **kwargs)}


# Areas -----------------------------------------------------------------------------------------------------------


def test_the_zones_of_a_head_of_57_cm_add_up_to_500_cm2():
    assert sum(zone.area_cm2 for zone in ZONES) == 500


@pytest.mark.parametrize(
    ("code", "area_cm2"),
    [
        ("hairline_band", 25),
        ("left_temple", 15),
        ("right_temple", 15),
        ("frontal_third", 45),
        ("mid_scalp", 50),
        ("vertex", 50),
        ("left_upper_side", 30),
        ("right_upper_side", 30),
        ("left_lower_side", 60),
        ("right_lower_side", 60),
        ("occipital", 105),
        ("nape", 15),
    ],
)
def test_each_zone_has_its_area(code, area_cm2):
    assert usual_area_cm2(code) == area_cm2


def test_the_regions_have_the_weights_of_the_salt_score():
    for region, weight in SALT_WEIGHTS.items():
        assert sum(zone.area_cm2 for zone in ZONES if zone.region == region) == 500 * weight


@given(codes, circumferences)
def test_an_area_grows_with_the_square_of_the_head(code, circumference_cm):
    exact = ZONE_BY_CODE[code].area_cm2 * (circumference_cm / 57) ** 2
    assert abs(usual_area_cm2(code, circumference_cm=circumference_cm) - exact) <= Decimal("0.05") + Decimal("1e-20")


def test_a_measured_area_stands_whatever_the_head():
    choice = make_choice(measured_cm2=Decimal("62.5"))
    assert areas_of([choice], circumference_cm=Decimal(60)) == {"vertex": Decimal("62.5")}


def test_a_scar_takes_its_area_from_its_zone_and_is_work_of_its_own():
    areas = areas_of([make_choice("occipital")], scars=[make_scar()])
    assert areas == {"occipital": Decimal(80), "scar": Decimal(25)}


def test_a_scar_that_is_not_treated_only_takes():
    assert areas_of([make_choice("occipital")], scars=[make_scar(is_treated=False)]) == {"occipital": Decimal(80)}


def test_a_do_not_treat_mark_takes_its_area_from_its_zone_alone():
    marks = [DoNotTreatMark(zone="vertex", area_cm2=Decimal("1.5"))]
    areas = areas_of([make_choice("vertex"), make_choice("mid_scalp")], marks=marks)
    assert areas == {"mid_scalp": Decimal(50), "vertex": Decimal("48.5")}


def test_a_part_is_taken_of_what_scars_and_marks_leave():
    (area,) = treated_areas([make_choice("occipital", part_percent=50)], scars=[make_scar(is_treated=False)])
    assert area.treated_cm2 == 40


@given(st.permutations(sorted(ZONE_BY_CODE)))
def test_areas_come_in_the_order_of_the_table(in_any_order):
    areas = treated_areas([make_choice(code) for code in in_any_order])
    assert [area.code for area in areas] == [zone.code for zone in ZONES]


@given(codes, circumferences, st.decimals("0.1", 5, places=1), st.decimals("0.1", 2, places=1))
def test_scar_and_rest_together_are_the_zone(code, circumference_cm, length_cm, width_cm):
    scar = Scar(zone=code, length_cm=length_cm, width_cm=width_cm)
    if problems_with_zones([make_choice(code)], scars=[scar], circumference_cm=circumference_cm):
        return
    areas = areas_of([make_choice(code)], scars=[scar], circumference_cm=circumference_cm)
    assert sum(areas.values()) == usual_area_cm2(code, circumference_cm=circumference_cm)


@given(st.decimals(-1000, 1000, places=2))
def test_a_number_written_plainly_is_the_same_number(number):
    assert Decimal(plain(number)) == number


# Prefill by grade ------------------------------------------------------------------------------------------------

FRONT = {"hairline_band", "left_temple", "right_temple"}
TOP = {"frontal_third", "mid_scalp", "vertex"}
UPPER_SIDES = {"left_upper_side", "right_upper_side"}


def split(choices):
    bare = {choice.zone for choice in choices if choice.surface == Surface.BARE}
    return bare, {choice.zone for choice in choices} - bare


@pytest.mark.parametrize(
    ("scale", "grade", "bare", "among_hair"),
    [
        ("norwood", "III vertex", FRONT | {"vertex"}, set()),
        ("norwood", "VI", FRONT | TOP, UPPER_SIDES),
        ("norwood", "VII", FRONT | TOP, UPPER_SIDES),
        ("ludwig", "II", set(), TOP),
    ],
)
def test_the_stated_grades_fill_in_exactly_their_zones(scale, grade, bare, among_hair):
    choices = zones_for_grade(scale, grade)
    assert split(choices) == (bare, among_hair)
    assert {choice.part_percent for choice in choices} == {100}


@pytest.mark.parametrize(
    ("scale", "grades"),
    [
        ("norwood", NORWOOD_GRADES),
        ("ludwig", LUDWIG_GRADES),
        ("sinclair", SINCLAIR_GRADES),
        ("olsen", OLSEN_GRADES),
    ],
)
def test_every_grade_fills_in_zones_that_can_be_planned_and_no_loss_fills_in_none(scale, grades):
    for grade in grades:
        choices = zones_for_grade(scale, grade.code)
        shows_no_loss = (scale, grade.code) in {("norwood", "I"), ("sinclair", "1")}
        assert (choices == ()) == shows_no_loss
        assert shows_no_loss or problems_with_zones(choices) == []


@pytest.mark.parametrize(
    ("scale", "grades"),
    [("norwood", ["I", "II", "III", "IV", "V", "VI"]), ("ludwig", ["I", "II", "III"]), ("sinclair", list("12345"))],
)
def test_a_higher_grade_never_fills_in_less(scale, grades):
    areas = [sum(area.treated_cm2 for area in treated_areas(zones_for_grade(scale, grade))) for grade in grades]
    assert areas == sorted(areas)


def test_a_scale_without_zones_fills_in_none_and_an_unknown_grade_is_an_error():
    assert zones_for_grade("fitzpatrick", "II") == ()
    with pytest.raises(ValueError, match="norwood has no grade 'VIII'"):
        zones_for_grade("norwood", "VIII")


# Refusals --------------------------------------------------------------------------------------------------------


def refusals(*choices, **changes):
    return problems_with_zones(choices, **changes)


def test_nothing_chosen_is_refused_but_a_treated_scar_alone_is_enough():
    assert refusals() == ["Choose at least one zone or scar to treat."]
    assert refusals(scars=[make_scar(is_treated=False)]) == ["Choose at least one zone or scar to treat."]
    assert refusals(scars=[make_scar()]) == []


def test_an_unknown_zone_is_named():
    assert refusals(make_choice("elbow")) == ["There is no zone called elbow."]


def test_a_zone_chosen_twice_is_refused():
    assert refusals(make_choice(), make_choice()) == ["Vertex (crown) is chosen 2 times; choose it once."]


@pytest.mark.parametrize(
    ("part", "is_fine"), [(0, False), (25, True), (33, False), (50, True), (75, True), (100, True), (101, False)]
)
def test_a_part_is_a_quarter_or_more_of_them(part, is_fine):
    assert (refusals(make_choice(part_percent=part)) == []) == is_fine


@pytest.mark.parametrize(
    ("area", "is_fine"),
    [("-1", False), ("0", False), ("0.1", True), ("150", True), ("150.1", False), ("NaN", False), ("Infinity", False)],
)
def test_a_measured_area_is_more_than_nothing_and_at_most_three_times_the_usual(area, is_fine):
    assert (refusals(make_choice(measured_cm2=Decimal(area))) == []) == is_fine


def test_an_absurd_area_is_refused_with_both_figures():
    assert refusals(make_choice(measured_cm2=Decimal(500))) == [
        "Vertex (crown): 500 cm² is more than 3 times the usual 50 cm²; check the measurement."
    ]


@pytest.mark.parametrize(("dots", "is_fine"), [("0", False), ("-5", False), ("0.5", True), ("90", True)])
def test_target_dots_are_more_than_nothing(dots, is_fine):
    assert (refusals(make_choice(target_dots_per_cm2=Decimal(dots))) == []) == is_fine
    assert (refusals(scars=[make_scar(target_dots_per_cm2=Decimal(dots))]) == []) == is_fine


@pytest.mark.parametrize(("length", "is_fine"), [("105", True), ("105.1", False)])
def test_a_scar_is_no_bigger_than_its_zone(length, is_fine):
    assert (refusals(scars=[make_scar(length)]) == []) == is_fine


def test_a_scar_bigger_than_its_zone_is_refused_in_words():
    assert refusals(scars=[make_scar("20", "1", "nape")]) == ["Nape: its scars take 20 cm², but the zone has 15 cm²."]


@pytest.mark.parametrize(("length", "width"), [("0", "1"), ("1", "-1"), ("NaN", "1")])
def test_a_scar_has_a_size(length, width):
    assert "must be more than 0" in " ".join(refusals(scars=[make_scar(length, width)]))


def test_the_smallest_scar_still_takes_a_tenth_of_a_square_centimetre():
    assert make_scar("0.1", "0.1").area_cm2 == Decimal("0.1")


@pytest.mark.parametrize("area", [None, Decimal(50)])
def test_a_zone_is_not_both_treated_and_marked_do_not_treat(area):
    marks = [DoNotTreatMark(zone="vertex", area_cm2=area)]
    assert refusals(make_choice("vertex"), marks=marks) == [
        "Vertex (crown) is both treated and marked do not treat; choose one."
    ]
    assert refusals(make_choice("mid_scalp"), marks=marks) == []


def test_a_scar_is_not_treated_in_a_zone_marked_do_not_treat():
    marks = [DoNotTreatMark(zone="occipital", area_cm2=None)]
    assert refusals(scars=[make_scar()], marks=marks) == [
        "A scar in Occipital is both treated and marked do not treat; choose one."
    ]


@pytest.mark.parametrize(
    ("area", "is_fine"), [("0", False), ("-1", False), ("0.1", True), ("25", True), ("25.1", False)]
)
def test_scars_and_marks_together_fit_into_their_zone(area, is_fine):
    marks = [DoNotTreatMark(zone="occipital", area_cm2=Decimal(area))]
    assert (refusals(make_choice("vertex"), scars=[make_scar("80")], marks=marks) == []) == is_fine


@pytest.mark.parametrize(
    ("circumference", "is_fine"), [("39.9", False), ("40", True), ("75", True), ("75.1", False), ("NaN", False)]
)
def test_a_head_is_40_to_75_cm_around(circumference, is_fine):
    assert (refusals(make_choice(), circumference_cm=Decimal(circumference)) == []) == is_fine
