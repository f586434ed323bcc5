"""Grading by picture, by four sliders and by code; the existing hair, with what cannot be true refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.grading import BASP_WORDS, SCALES, Scale
from tests.make import make_clinic, make_patient, make_practitioner

pytestmark = pytest.mark.django_db
VIEWS = {"top": "50", "back": "25", "right": "0", "left": "10"}


@pytest.fixture
def chair(client):
    make_clinic()
    client.force_login(make_practitioner(display_name="Pia Practitioner"))
    return client


@pytest.fixture
def patient(chair):
    return make_patient()


def url_of(patient, scale="") -> str:
    return reverse("intake:assess", args=[patient.public_id]) + (f"?scale={scale}" if scale else "")


def grade(chair, patient, scale, **told):
    today = timezone.localdate()
    return chair.post(url_of(patient, scale), {"grade_it": "yes", "assessed_on": today} | told)


class TestSalt:
    def test_the_live_score_is_worked_out_by_the_rule_that_the_saved_one_follows(self, chair, patient):
        live = chair.get(url_of(patient), VIEWS | {"scale": "salt"}, headers={"HX-Request": "true"}).content.decode()
        assert "27.8" in live
        assert "<strong>S2</strong>" in live
        assert "<html" not in live

    @pytest.mark.parametrize("told", [{}, VIEWS | {"left": ""}, VIEWS | {"left": "101"}, VIEWS | {"left": "\0"}])
    def test_without_four_losses_there_is_no_score(self, chair, patient, told):
        live = chair.get(url_of(patient), told | {"scale": "salt"}, headers={"HX-Request": "true"})
        assert "once all four views are filled in" in live.content.decode()

    def test_without_scripts_a_button_works_the_score_out_and_saves_nothing(self, chair, patient):
        page = chair.post(url_of(patient, "salt"), VIEWS | {"work_out": "yes", "assessed_on": timezone.localdate()})
        assert "27.8" in page.content.decode()
        assert not patient.grades.exists()

    def test_a_saved_score_stands_in_the_history_with_its_class(self, chair, patient):
        grade(chair, patient, "salt", **VIEWS)
        row = patient.grades.get()
        assert (row.grade, Decimal(row.components["top"])) == ("S2", 50)
        assert "SALT 27.8 (S2)" in chair.get(url_of(patient, "salt")).content.decode()

    def test_a_view_left_out_is_asked_for_beside_its_field(self, chair, patient):
        page = grade(chair, patient, "salt", **VIEWS | {"back": ""})
        assert "back" in page.context["grade"].errors
        assert "Write the loss in percent, 0 where there is none." in page.content.decode()
        assert not patient.grades.exists()


class TestOtherScales:
    def test_a_basp_grade_is_put_together_from_pictures(self, chair, patient):
        page = chair.get(url_of(patient, "basp")).content.decode()
        assert all(words in page for words in BASP_WORDS.values())
        grade(chair, patient, "basp", basic="M2", front="", crown="V1")
        assert patient.grades.get().grade == "M2V1"

    @pytest.mark.parametrize(("scale", "told"), [
        ("basp", {"basic": "not_graded"}), ("salt", {"not_graded": "on"}), ("norwood", {"grade": "not_graded"}),
    ])  # fmt: skip
    def test_not_graded_is_a_value_on_every_scale(self, chair, patient, scale, told):
        grade(chair, patient, scale, **told)
        assert [(row.scale, row.grade) for row in patient.grades.all()] == [(scale, "")]

    @pytest.mark.parametrize("scale", ["basp", "norwood", "scar"])
    def test_nothing_chosen_is_no_grade(self, chair, patient, scale):
        grade(chair, patient, scale)
        assert not patient.grades.exists()

    @pytest.mark.parametrize("sex", ["female", "male", "not_said"])
    def test_every_scale_is_offered_to_everybody(self, chair, sex):
        page = chair.get(url_of(make_patient(sex=sex))).content.decode()
        assert all(SCALES[scale].name in page for scale in Scale if scale is not Scale.FITZPATRICK)

    def test_every_grade_is_a_radio_button_with_a_line_of_text(self, chair, patient):
        page = chair.get(url_of(patient, "norwood")).content.decode()
        assert page.count('type="radio" name="grade"') == 13
        assert all(each.words in page for each in SCALES[Scale.NORWOOD].grades)

    def test_a_grade_of_tomorrow_is_refused_and_what_was_typed_stays(self, chair, patient):
        tomorrow = timezone.localdate() + timedelta(days=1)
        page = grade(chair, patient, "norwood", grade="IV", note="Typed 🙂 مرحبا", assessed_on=tomorrow)
        assert "is in the future" in page.content.decode()
        assert "Typed 🙂 مرحبا" in page.content.decode()
        assert not patient.grades.exists()

    def test_saving_twice_keeps_one_and_a_second_grade_stands_beside_the_first(self, chair, patient):
        for code in ("III", "III", "IV"):
            grade(chair, patient, "norwood", grade=code)
        assert [row.grade for row in patient.grades.all()] == ["IV", "III"]


class TestHair:
    def hair(self, chair, patient, **told):
        return chair.post(url_of(patient), {"record_hair": "yes"} | told)

    def test_what_was_seen_is_kept_and_shown(self, chair, patient):
        self.hair(
            chair, patient, level="4", measured_colour="#3d2b1f", calibre="fine", length_mm="12", grey_percent="30",
            skin_type="II", head_circumference_cm="57.5", density_vertex="40", density_back="95",
        )  # fmt: skip
        row = patient.hair.get()
        assert row.density_by_zone == {"vertex": 40, "back": 95}
        page = chair.get(url_of(patient)).content.decode()
        assert "Crown 40/cm², Back 95/cm²" in page
        assert "Medium brown (level 4)" in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("head_circumference_cm", "500"),
            ("head_circumference_cm", "39.9"),
            ("density_vertex", "201"),
            ("density_vertex", "-1"),
            ("grey_percent", "101"),
            ("length_mm", "1501"),
            ("level", "11"),
            ("measured_colour", "brown"),
            ("measured_colour", "#" + "a" * 10_000),
            ("skin_type", "VII"),
        ],
    )
    def test_what_cannot_be_true_is_refused_beside_the_field_and_stays_typed(self, chair, patient, field, value):
        page = self.hair(chair, patient, calibre="fine", **{field: value})
        assert field in page.context["hair"].errors
        assert page.context["hair"]["calibre"].value() == "fine"
        assert not patient.hair.exists()

    def test_the_ten_levels_are_swatches_with_words(self, chair, patient):
        page = chair.get(url_of(patient)).content.decode()
        assert page.count('name="level"') == 11
        assert "Lightest blond" in page
