"""The plan editor's forms: what is refused, beside which field, and what stays typed."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from planning.forms.editor import PlanEditor
from planning.forms.plan import initial_of
from planning.models import ShadeStep
from planning.models.plan import PlanKind
from planning.plan_start import rows_for, start_for
from planning.plan_zones import rows_of
from planning.protocol import DEFAULT_PROTOCOL
from planning.zones import ZONES
from tests.make import make_patient, make_practitioner, make_user
from tests.planning.plan_makers import drafted, whole_fields

pytestmark = pytest.mark.django_db


def posted(practitioner=None, **fields) -> QueryDict:
    """What a browser sends: every zone's fields, the lists' counts, the plan's fields."""
    whole_fields()
    practitioner = practitioner or make_practitioner()
    sent = QueryDict(mutable=True)
    for zone in ZONES:
        sent[f"{zone.code}-part_percent"] = "100"
        sent[f"{zone.code}-among_hair"] = "False"
        sent[f"{zone.code}-dots_per_cm2"] = "90"
    for prefix in ("scars", "marks"):
        sent.update({f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"})
    sent["scars-0-dots_per_cm2"] = "90"
    sent.update({
        "look": "shaved",
        "hairline_shape": "natural",
        "shade_step": str(ShadeStep.objects.get(number=3).pk),
        "head_circumference_cm": "57",
        "session_count": "3",
        "consulted_before": "on",
        "practitioner": str(practitioner.pk),
        "price": "1450.00",
        "vertex-treat": "on",
    })  # fmt: skip
    for name, value in fields.items():
        sent[name.replace("__", "-")] = value
    return sent


def editor(sent, **first) -> PlanEditor:
    return PlanEditor(sent, currency="EUR", protocol=DEFAULT_PROTOCOL, **first)


def zone(made, code):
    return next(form for form in made.zones if form.zone.code == code)


class TestZones:
    def test_a_scar_has_a_shade_of_its_own_and_the_reason_where_it_is_lighter(self):
        typed = {"zone": "occipital", "length_cm": "12", "width_cm": "1", "lighter_reason": "Lightened around it."}
        made = editor(posted(**{f"scars__0__{name}": value for name, value in typed.items()}))
        made.scars.data["scars-0-shade_step"] = str(ShadeStep.objects.get(number=2).pk)
        assert made.is_valid(), made.errors_beside_zones
        row = made.zone_rows()[-1]
        assert (row["shade_step"].number, row["lighter_reason"]) == (2, "Lightened around it.")

    def test_a_chosen_zone_is_a_row_and_the_others_are_not(self):
        made = editor(posted(vertex__note="Thin skin."))

        assert made.is_valid()
        assert made.zone_rows() == [
            {
                "zone": "vertex",
                "part_percent": 100,
                "among_hair": False,
                "dots_per_cm2": 90,
                "shade_step": None,
                "note": "Thin skin.",
                "lighter_reason": "",
            }
        ]

    def test_no_zone_is_refused_in_words(self):
        made = editor(posted(vertex__treat=""))

        assert not made.is_valid()
        assert made.form.non_field_errors() == ["Choose at least one zone or scar to treat."]

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("area_cm2", "-3", "An area is more than 0 cm²."),
            ("area_cm2", "0", "An area is more than 0 cm²."),
            ("area_cm2", "wide", "Enter a number."),
            ("dots_per_cm2", "0", "At least 1 dot per cm²."),
            ("dots_per_cm2", "301", "300 dots per cm² is the most; dense hair has no more."),
            ("part_percent", "33", "Select a valid choice. 33 is not one of the available choices."),
        ],
    )
    def test_a_wrong_value_is_refused_beside_its_field_and_stays_typed(self, field, typed, words):
        made = editor(posted(vertex__measured_by="ruler", **{f"vertex__{field}": typed}))

        assert not made.is_valid()
        assert zone(made, "vertex").errors[field] == [words]
        assert zone(made, "vertex")[field].value() == typed

    def test_an_absurd_area_is_refused_beside_its_zone(self):
        made = editor(posted(vertex__area_cm2="500", vertex__measured_by="ruler"))

        assert not made.is_valid()
        assert zone(made, "vertex").errors["treat"] == [
            "Vertex (crown): 500 cm² is more than 3 times the usual 50 cm²; check the measurement."
        ]

    @pytest.mark.parametrize(("area", "method", "field"), [("40", "", "measured_by"), ("", "ruler", "area_cm2")])
    def test_area_and_method_go_together(self, area, method, field):
        made = editor(posted(vertex__area_cm2=area, vertex__measured_by=method))

        assert not made.is_valid()
        assert list(zone(made, "vertex").errors) == [field]

    def test_what_stands_in_a_zone_that_is_not_chosen_is_not_looked_at(self):
        assert editor(posted(nape__dots_per_cm2="nonsense")).is_valid()

    def test_a_zone_is_not_both_treated_and_left_alone(self):
        made = editor(posted(marks__0__zone="vertex", marks__0__note="mole"))

        assert not made.is_valid()
        assert zone(made, "vertex").errors["treat"] == [
            "Vertex (crown) is both treated and marked do not treat; choose one."
        ]


class TestScarsAndMarks:
    def test_a_scar_alone_is_a_plan(self):
        sent = posted(vertex__treat="", scars__0__zone="occipital", scars__0__length_cm="25", scars__0__width_cm="1")
        made = editor(sent)

        assert made.is_valid()
        assert made.zone_rows()[0] | {"note": ""} == {
            "zone": "occipital",
            "treatment": "scar",
            "length_cm": Decimal("25"),
            "width_cm": Decimal("1"),
            "dots_per_cm2": 90,
            "shade_step": None,
            "note": "",
            "lighter_reason": "",
            "spot": [],
        }

    def test_a_scar_without_a_size_is_refused(self):
        made = editor(posted(scars__0__zone="occipital", scars__0__length_cm="-2", scars__0__width_cm=""))

        assert not made.is_valid()
        assert made.scars.forms[0].errors == {
            "length_cm": ["More than 0 cm."],
            "width_cm": ["This field is required."],
        }

    def test_a_scar_larger_than_its_zone_is_refused(self):
        made = editor(posted(scars__0__zone="nape", scars__0__length_cm="20", scars__0__width_cm="2"))

        assert not made.is_valid()
        assert zone(made, "nape").errors["treat"] == ["Nape: its scars take 40 cm², but the zone has 15 cm²."]

    def test_a_removed_scar_is_gone(self):
        sent = posted(
            scars__0__zone="occipital", scars__0__length_cm="2", scars__0__width_cm="1", scars__0__DELETE="on"
        )

        made = editor(sent)

        assert made.is_valid()
        assert [row["zone"] for row in made.zone_rows()] == ["vertex"]

    def test_a_mark_says_what_it_is(self):
        made = editor(posted(marks__0__zone="mid_scalp"))

        assert not made.is_valid()
        assert made.marks.forms[0].errors == {"note": ["This field is required."]}

    @pytest.mark.parametrize("count", ["9999", "many", ""])
    def test_a_hostile_count_of_rows_is_refused_not_followed(self, count):
        made = editor(posted(**{"scars-TOTAL_FORMS": count}))

        assert made.is_valid() is False
        assert made.zone_rows()


class TestPlan:
    @pytest.mark.parametrize("count", ["1", "4", "", "x"])
    def test_a_plan_has_two_or_three_sessions(self, count):
        made = editor(posted(session_count=count))

        assert not made.is_valid()
        assert "session_count" in made.form.errors

    def test_a_touch_up_has_one(self):
        assert editor(posted(session_count="1"), kind=PlanKind.TOUCH_UP).is_valid()
        assert not editor(posted(session_count="2"), kind=PlanKind.TOUCH_UP).is_valid()

    @pytest.mark.parametrize(("typed", "minor"), [("1450.00", 145_000), ("0", 0), ("", None), ("99.9", 9_990)])
    def test_a_price_is_kept_in_minor_units(self, typed, minor):
        made = editor(posted(price=typed))

        assert made.is_valid()
        assert made.form.version_fields()["price_minor"] == minor

    @pytest.mark.parametrize("typed", ["-1", "1.005", "99999999999", "a lot"])
    def test_a_price_that_cannot_be_is_refused(self, typed):
        made = editor(posted(price=typed))

        assert not made.is_valid()
        assert list(made.form.errors) == ["price"]

    @pytest.mark.parametrize("typed", ["39.9", "75.1", "NaN", "Infinity"])
    def test_a_head_that_cannot_be_is_refused(self, typed):
        made = editor(posted(head_circumference_cm=typed))

        assert not made.is_valid()
        assert list(made.form.errors) == ["head_circumference_cm"]

    def test_a_custom_hairline_must_be_drawn(self):
        made = editor(posted(hairline_shape="custom"))

        assert not made.is_valid()
        assert list(made.form.errors) == ["hairline_shape"]

    @pytest.mark.parametrize(
        "sent", ["[[1]]", "{}", "[[1, 2], 3]", '[["a", 1]]', "[" * 500, "[[1e9, 2]]", "[[true, 1]]"]
    )
    def test_a_hairline_that_did_not_arrive_whole_is_refused(self, sent):
        made = editor(posted(hairline_shape="custom", hairline_points=sent))

        assert not made.is_valid()
        assert "hairline_points" in made.form.errors

    def test_somebody_who_does_not_treat_is_no_practitioner(self):
        made = editor(posted(practitioner=make_user()))

        assert not made.is_valid()
        assert list(made.form.errors) == ["practitioner"]


class TestEstimate:
    def test_it_runs_on_what_is_right_so_far(self):
        made = editor(posted(price="a lot", vertex__part_percent="50"))

        estimates, problems = made.estimates()

        assert (estimates[3].booked_minutes, problems) == ((60, 60, 60), [])

    def test_it_says_what_stands_in_the_way(self):
        estimates, problems = editor(posted(vertex__treat="")).estimates()

        assert (estimates, problems) == ({}, ["Choose at least one zone or scar to treat."])

    def test_a_larger_head_takes_longer(self):
        sent = {"hairline_band-treat": "on", "left_temple-treat": "on", "right_temple-treat": "on"}
        usual, _ = editor(posted(**sent)).estimates()
        large, _ = editor(posted(head_circumference_cm="62", **sent)).estimates()

        assert usual[3].booked_minutes == (150, 105, 90)
        assert sum(large[3].booked_minutes) > sum(usual[3].booked_minutes)


class TestCautions:
    def test_a_zone_that_is_not_right_yet_is_named_as_left_out(self):
        made = editor(posted(vertex__dots_per_cm2="many"))

        assert made.left_out() == ["Vertex (crown) is not counted yet: check what is typed there."]


class TestBeginning:
    def test_a_saved_version_comes_back_as_it_was(self):
        mark = {"zone": "nape", "treatment": "do_not_treat", "note": "mole", "area_cm2": "2", "measured_by": "ruler"}
        scar = {"zone": "occipital", "treatment": "scar", "length_cm": 5, "width_cm": 1}
        vertex = {"zone": "vertex", "part_percent": 75, "area_cm2": "48.5", "measured_by": "grid"}
        version = drafted(zones=[vertex, scar, mark]).newest_version()

        made = PlanEditor(currency="EUR", protocol=DEFAULT_PROTOCOL, initial=initial_of(version), rows=rows_of(version))

        assert [form.zone.code for form in made.zones if form.is_chosen] == ["vertex"]
        assert zone(made, "vertex")["area_cm2"].value() == Decimal("48.5")
        assert made.form["price"].value() == Decimal("1450.00")
        assert (made.has_scars, made.has_marks) == (True, True)
        assert made.estimates()[0][3].booked_minutes == tuple(version.estimate_minutes)

    def test_the_latest_grade_fills_the_zones_in(self):
        patient = make_patient()
        for scale, grade, day in (
            ("norwood", "II", "2026-01-01"),
            ("ludwig", "II", "2026-02-01"),
            ("fitzpatrick", "II", "2026-03-01"),
        ):
            patient.grades.create(scale=scale, grade=grade, assessed_on=day, assessor=make_practitioner())

        start = start_for(patient)

        assert [(row.zone, row.among_hair, row.dots_per_cm2) for row in start.rows] == [
            ("frontal_third", True, 60),
            ("mid_scalp", True, 60),
            ("vertex", True, 60),
        ]
        assert (start.grade.scale, start.look) == ("ludwig", "kept_hair")

    def test_the_measured_head_scales_the_areas(self):
        patient = make_patient()
        patient.hair.create(observed_on="2026-01-01", head_circumference_cm=Decimal("60.0"))
        patient.grades.create(scale="ludwig", grade="III", assessed_on="2026-01-01", assessor=make_practitioner())

        assert start_for(patient).rows[2].area_cm2 == Decimal("55.4")

    def test_no_grade_fills_nothing_in(self):
        assert start_for(make_patient()).rows == []

    def test_a_scale_that_says_nothing_of_zones_fills_nothing_in(self):
        patient = make_patient()
        patient.grades.create(scale="basp", grade="M2V1", assessed_on="2026-01-01", assessor=make_practitioner())

        assert rows_for(patient.grades.get()) == []
