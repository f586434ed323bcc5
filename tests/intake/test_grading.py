"""Scales, grades, SALT and BASP."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.grading import (
    BASP_WORDS,
    CALIBRES,
    FITZPATRICK_GRADES,
    HAIR_LEVELS,
    NOT_SURE,
    PICTURES,
    SALT_BANDS,
    SCALES,
    Scale,
    Sex,
    basp_code,
    grade_in_words,
    problems_with_basp,
    problems_with_grade,
    problems_with_salt,
    salt_band,
    salt_score,
    scales_for,
)

percents = st.decimals(0, 100, places=1)


def codes(scale):
    return [grade.code for grade in SCALES[scale].grades]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (Scale.NORWOOD, "I II IIa III IIIa III_vertex IV IVa V Va VI VII"),
        (Scale.LUDWIG, "I II III"),
        (Scale.SINCLAIR, "1 2 3 4 5"),
        (Scale.AREATA, "patchy ophiasis totalis universalis diffuse"),
        (Scale.SCAR, "fut_strip fue_dots trauma burn cicatricial"),
        (Scale.FITZPATRICK, "I II III IV V VI"),
        (Scale.SALT, "S0 S1 S2 S3 S4 S5"),
        (Scale.OLSEN, "frontal"),
    ],
)
def test_a_scale_has_its_grades_in_order(scale, expected):
    assert [code.replace(" ", "_") for code in codes(scale)] == expected.split()


def test_every_scale_is_described():
    assert set(SCALES) == set(Scale)
    assert all(text.name and text.words for text in SCALES.values())


def test_every_grade_has_its_own_line_of_text():
    for text in SCALES.values():
        lines = [grade.words for grade in text.grades]
        assert all(lines)
        assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("sex", list(Sex))
def test_every_scale_of_the_pattern_is_offered_whatever_the_sex(sex):
    assert sorted(scales_for(sex)) == sorted(scale for scale in Scale if scale is not Scale.FITZPATRICK)


def test_only_the_order_of_the_scales_is_suggested_by_sex():
    assert scales_for(Sex.FEMALE)[:3] == (Scale.LUDWIG, Scale.SINCLAIR, Scale.NORWOOD)
    assert scales_for(Sex.MALE)[:3] == (Scale.NORWOOD, Scale.LUDWIG, Scale.SINCLAIR)
    assert scales_for(Sex.NOT_SAID) == scales_for(Sex.MALE)


@pytest.mark.parametrize("scale", list(Scale))
def test_not_graded_is_a_grade_of_every_scale(scale):
    assert problems_with_grade(scale, "") == []
    assert grade_in_words(scale, "") == "Not graded."


def test_a_grade_of_another_scale_is_refused_with_the_right_ones():
    assert problems_with_grade(Scale.SINCLAIR, "6") == ["Sinclair has no grade 6. It has 1, 2, 3, 4, 5."]
    assert problems_with_grade(Scale.SINCLAIR, "5") == []
    with pytest.raises(ValueError, match="Ludwig has no grade IV"):
        grade_in_words(Scale.LUDWIG, "IV")


def test_a_grade_reads_as_its_plain_line():
    assert grade_in_words(Scale.LUDWIG, "I") == "The parting is wider and the top thinner, hidden by combing."


BASIC = ["L", *(f"{letter}{n}" for letter, n in product("MC", range(4))), "U1", "U2", "U3"]


@pytest.mark.parametrize("basic", BASIC)
def test_every_basic_type_stands_alone_or_with_front_and_crown(basic):
    for front, crown in product(["", "F1", "F2", "F3"], ["", "V1", "V2", "V3"]):
        assert problems_with_basp(basic + front + crown) == []
        assert basp_code(f" {basic.lower()} {crown} {front} ") == basic + front + crown


@pytest.mark.parametrize(
    "code", ["M4", "C4", "U0", "U4", "L1", "F1", "V1", "M2M1", "M2F0", "M2V4", "M2F1V1F2", "M2V1V2", "M", "2", "M2X"]
)
def test_what_is_no_basp_code_is_refused_with_an_example(code):
    assert problems_with_grade(Scale.BASP, code) == [
        f"{code!r} is not a BASP grade. Write a basic type (L, M0-M3, C0-C3, U1-U3), then F1-F3, V1-V3: M2V1."
    ]
    with pytest.raises(ValueError, match="is not a BASP grade"):
        basp_code(code)


def test_each_part_of_a_basp_code_has_its_words():
    assert set(BASP_WORDS) == {*BASIC, "F1", "F2", "F3", "V1", "V2", "V3"}
    assert grade_in_words(Scale.BASP, "lf1") == f"{BASP_WORDS['L']} {BASP_WORDS['F1']}"


@pytest.mark.parametrize(
    ("view", "score"), [("top", "40.00"), ("back", "24.00"), ("right", "18.00"), ("left", "18.00")]
)
def test_each_view_weighs_its_share_of_the_scalp(view, score):
    losses = dict.fromkeys(("top", "back", "right", "left"), Decimal(0)) | {view: Decimal(100)}
    assert salt_score(**losses) == Decimal(score)


@given(percents)
def test_the_same_loss_on_every_view_is_the_score(loss):
    assert salt_score(top=loss, back=loss, right=loss, left=loss) == loss


@given(percents, percents, percents, percents)
def test_a_salt_score_lies_between_the_least_and_the_greatest_loss(top, back, right, left):
    score = salt_score(top=top, back=back, right=right, left=left)
    assert min(top, back, right, left) <= score <= max(top, back, right, left)


@given(percents, percents)
def test_more_loss_is_never_a_lower_band(one, other):
    less, more = sorted([one, other])
    assert salt_band(less) <= salt_band(more)


@pytest.mark.parametrize(
    ("score", "band"),
    [("0", "S0"), ("0.01", "S1"), ("24.99", "S1"), ("25", "S2"), ("49.99", "S2"), ("50", "S3"), ("74.99", "S3"),
     ("75", "S4"), ("99.99", "S4"), ("100", "S5")],
)  # fmt: skip
def test_a_band_begins_at_its_score(score, band):
    assert salt_band(Decimal(score)) == band
    assert band in codes(Scale.SALT)


@pytest.mark.parametrize("loss", ["-0.1", "100.1", "NaN", "Infinity"])
def test_a_loss_outside_0_to_100_percent_is_refused(loss):
    losses = dict.fromkeys(("top", "right", "left"), Decimal(0)) | {"back": Decimal(loss)}
    assert problems_with_salt(**losses) == [f"Loss on the back must be from 0 to 100 %, not {loss} %."]
    with pytest.raises(ValueError, match="Loss on the back"):
        salt_score(**losses)


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_a_score_outside_0_to_100_has_no_band(score):
    with pytest.raises(ValueError, match="from 0 to 100"):
        salt_band(Decimal(score))


def test_the_patient_picks_one_of_six_pictures_or_is_not_sure():
    assert len({picture.code for picture in PICTURES}) == 6
    assert NOT_SURE not in PICTURES


def test_hair_is_described_by_ten_levels_and_three_calibres():
    assert [level.code for level in HAIR_LEVELS] == [str(level) for level in range(1, 11)]
    assert [calibre.code for calibre in CALIBRES] == ["fine", "medium", "coarse"]
    assert len(FITZPATRICK_GRADES) == len(SALT_BANDS) == 6
