"""What people type and what it is taken for; our drawings; the clinic's texts as paragraphs."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from intake import drawings
from intake.actions.questionnaire import answers_as_mapping
from intake.causes import CAUSES, CauseKind, TreatmentGroup
from intake.forms.causes import CausesForm
from intake.forms.fields import BirthDateField, LooseDateField
from intake.forms.steps import HairForm
from intake.grading import BASP_WORDS, FIRST_SCALES, HAIR_LEVELS, PICTURES, SCALES, Scale
from intake.templatetags.wording import wording

TODAY = "2026-09-03 12:00:00+00:00"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def nothing_said():
    return answers_as_mapping(None)


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("3 May 1984", date(1984, 5, 3)),
            ("03.05.84", date(1984, 5, 3)),
            ("1984-05-03", date(1984, 5, 3)),
            ("", None),
        ],
    )
    def test_a_birth_date_in_any_usual_form(self, typed, meant):
        assert BirthDateField(required=False).clean(typed) == meant

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("4 September 2026", "The birth date 4 September 2026 is in the future."),
            ("1 May 1890", "more than 130 years old"),
            ("soon", "'soon' is not a birth date."),
            ("x" * 10_000, "This is not a date."),
            ("3 May\0 1984", "This is not a date."),
        ],
    )
    def test_a_birth_date_that_cannot_be_is_refused_in_words(self, typed, words):
        with pytest.raises(ValidationError) as error:
            BirthDateField().clean(typed)
        assert words in " ".join(error.value.messages)

    def test_a_month_means_its_first_day_or_where_a_wait_counts_its_last(self):
        assert LooseDateField().clean("March 2019") == date(2019, 3, 1)
        assert LooseDateField(latest=True).clean("March 2019") == date(2019, 3, 31)

    def test_an_end_in_this_year_is_not_in_the_future(self):
        assert LooseDateField(latest=True).clean("2026") == date(2026, 9, 3)

    def test_a_day_ahead_is_refused_unless_it_may_be_planned(self):
        with pytest.raises(ValidationError):
            LooseDateField().clean("4 September 2026")
        assert LooseDateField(may_be_ahead=True).clean("4 September 2026") == date(2026, 9, 4)

    def test_a_kept_date_is_shown_as_it_is_read_aloud(self):
        assert LooseDateField().prepare_value(date(2019, 3, 1)) == "1 March 2019"
        assert LooseDateField().prepare_value("nonsense typed") == "nonsense typed"


class TestCauses:
    def test_every_cause_and_every_group_has_its_line(self, nothing_said):
        lines = {(kind, group) for kind, group, _words in CausesForm(present=nothing_said).lines.values()}
        plain = {(choice.kind, None) for choice in CAUSES if choice.kind is not CauseKind.MEDICATION}
        assert lines == plain | {(CauseKind.MEDICATION, group) for group in TreatmentGroup}

    def test_a_second_row_of_a_line_is_kept_though_the_form_cannot_show_it(self, nothing_said):
        told = {"group": "", "since": None, "until": None, "is_ongoing": False, "detail": ""}
        rows = [{"cause": "other", "name": name} | told for name in ("Diet", "Divers' disease")]
        form = CausesForm({"other-is": "on", "other-name": "Diet"}, present=nothing_said | {"causes": rows})
        assert form.is_valid()
        assert [row["name"] for row in form.answers()["causes"]] == ["Diet", "Divers' disease"]

    def test_details_of_a_line_not_ticked_are_left_out(self, nothing_said):
        form = CausesForm({"areata-is": "on", "trauma-name": "left from before"}, present=nothing_said)
        assert form.is_valid()
        assert [row["cause"] for row in form.answers()["causes"]] == ["areata"]


class TestHair:
    def test_shaved_hair_has_no_length(self, nothing_said):
        form = HairForm({"is_shaved": "on", "length_mm": "3"}, present=nothing_said)
        assert set(form.errors) == {"length_mm"}

    def test_a_date_of_a_transplant_needs_its_kind(self, nothing_said):
        for kind in ("", "none"):
            told = {"transplant_on": "2020", "transplant_kind": kind}
            assert set(HairForm(told, present=nothing_said).errors) == {"transplant_kind"}

    def test_only_what_was_said_is_told(self, nothing_said):
        form = HairForm({"level": "4", "grey_percent": "0"}, present=nothing_said)
        assert form.is_valid()
        assert form.answers()["hair_told"] == {"level": 4, "grey_percent": 0}


class TestDrawings:
    def test_the_files_are_what_the_module_draws(self):
        kept = {path.stem: path.read_text(encoding="utf-8") for path in drawings.FOLDER.glob("*.svg")}
        assert kept == drawings.drawings()

    def test_every_grade_that_can_be_drawn_and_every_picture_has_one(self):
        shown = (*FIRST_SCALES, Scale.OLSEN, Scale.AREATA, Scale.SCAR)
        wanted = {f"{scale}_{grade.code.replace(' ', '_')}" for scale in shown for grade in SCALES[scale].grades}
        wanted |= {f"basp_{code}" for code in BASP_WORDS} | {f"level_{grade.code}" for grade in HAIR_LEVELS}
        assert drawings.drawings().keys() == wanted | {f"picture_{grade.code}" for grade in PICTURES}

    def test_no_two_grades_look_the_same(self):
        drawn = drawings.drawings()
        grades = [
            drawing for name, drawing in drawn.items() if name.startswith(("norwood", "ludwig", "sinclair", "scar"))
        ]
        assert len(set(grades)) == len(grades)

    @pytest.mark.parametrize(
        ("milder", "graver"), [("I", "III"), ("III", "IV"), ("IV", "V"), ("V", "VI"), ("VI", "VII")]
    )
    def test_a_graver_grade_shows_fewer_dots(self, milder, graver):
        drawn = drawings.drawings()
        assert drawn[f"norwood_{graver}"].count("h0") < drawn[f"norwood_{milder}"].count("h0")

    def test_no_style_stands_in_a_drawing(self):
        assert not [name for name, drawing in drawings.drawings().items() if "style" in drawing or "<script" in drawing]


class TestWording:
    def test_paragraphs_and_lists(self):
        assert (
            wording("One.\n\n- a\n- b\n\nTwo\nthree.") == "<p>One.</p><ul><li>a</li><li>b</li></ul><p>Two<br>three.</p>"
        )

    def test_everything_is_escaped(self):
        assert wording("<script>\n\n- <b>") == "<p>&lt;script&gt;</p><ul><li>&lt;b&gt;</li></ul>"
