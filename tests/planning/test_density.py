"""The dots a zone holds: what counts, from when, and what is said of too many."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.density import Placed, ZoneDensity, counted_from, densities, warnings_about_density
from planning.dots_done import densities_of, note_dots, targets_of, warnings_for_density
from planning.plan_zones import unsaved_rows
from tests.make import make_clinic, make_plan

TODAY = date(2026, 6, 15)
placed = st.builds(
    Placed,
    zone=st.sampled_from(["vertex", "nape"]),
    dots_per_cm2=st.decimals(1, 60, places=1),
    on=st.dates(date(2023, 1, 1), TODAY),
    in_this_plan=st.booleans(),
)


def of_vertex(*work, target=90):
    return densities({"vertex": Decimal(target)}, work, on=TODAY)["vertex"]


def work(dots, *, days_ago=30, in_this_plan=True):
    return Placed("vertex", Decimal(dots), TODAY - timedelta(days=days_ago), in_this_plan)


def test_what_is_done_in_the_plan_is_no_longer_to_come():
    density = of_vertex(work(36), work(30))
    assert (density.done, density.to_come, density.total, density.percent_done) == (66, 24, 90, 73)


def test_more_done_than_planned_leaves_nothing_to_come_and_counts_whole():
    density = of_vertex(work(95))
    assert (density.to_come, density.total, density.percent_done) == (0, 95, 100)


def test_earlier_plans_come_on_top():
    density = of_vertex(work(40, in_this_plan=False), work(36))
    assert (density.before, density.done, density.total) == (40, 36, 130)


def test_earlier_plans_count_for_24_months_to_the_day_and_the_plans_own_sessions_always():
    oldest = counted_from(TODAY)
    kept = Placed("vertex", Decimal(10), oldest, in_this_plan=False)
    faded = Placed("vertex", Decimal(20), oldest - timedelta(days=1), in_this_plan=False)
    own = Placed("vertex", Decimal(5), oldest - timedelta(days=1), in_this_plan=True)
    assert (oldest, of_vertex(kept, faded, own).before, of_vertex(kept, faded, own).done) == (date(2024, 6, 15), 10, 5)


def test_a_zone_outside_the_plan_is_told_with_what_lies_in_it():
    found = densities({}, [work(36, in_this_plan=False)], on=TODAY)
    assert found == {"vertex": ZoneDensity("vertex", before=Decimal(36))}
    assert found["vertex"].percent_done == 100


@given(st.lists(placed, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_sessions_does_not_matter(work, chance):
    shuffled = list(work)
    chance.shuffle(shuffled)
    targets = {"vertex": Decimal(90), "nape": Decimal(60)}
    assert densities(targets, work, on=TODAY) == densities(targets, shuffled, on=TODAY)


@given(st.lists(placed, max_size=8), placed)
def test_a_session_more_never_lowers_a_total(work, one_more):
    targets = {"vertex": Decimal(90), "nape": Decimal(60)}
    before, after = (densities(targets, each, on=TODAY) for each in (work, [*work, one_more]))
    assert all(after[zone].total >= density.total for zone, density in before.items())


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("70", []),
        ("70.5", ["Nape: 100.5 dots per cm² in all (30 from earlier plans, 70.5 planned); the clinic’s limit is 100."]),
    ],
)
def test_more_than_the_limit_is_warned_of_and_the_limit_itself_is_not(target, said):
    density = ZoneDensity("nape", target=Decimal(target), before=Decimal(30))
    assert warnings_about_density(density, "Nape") == said


def test_two_scars_in_a_zone_count_as_the_denser_and_marks_as_nothing():
    rows = [
        {"zone": "nape", "treatment": "scar", "length_cm": "5", "width_cm": "1", "dots_per_cm2": dots}
        for dots in (70, 80)
    ]
    rows += [{"zone": "nape", "treatment": "do_not_treat", "note": "mole"}, {"zone": "vertex", "dots_per_cm2": 90}]
    assert targets_of(unsaved_rows(rows, circumference_cm=Decimal(57))) == {"scar_nape": 80, "vertex": 90}


@pytest.mark.django_db
class TestOfAPatient:
    def placed_by(self, plan, dots, *, on=TODAY, zone="vertex"):
        session = plan.planned_sessions.first()
        note_dots({zone: Decimal(dots)}, planned_session=session, session_id=plan.public_id, performed_on=on)

    def warnings(self, plan, *, target, on=TODAY):
        rows = unsaved_rows([{"zone": "vertex", "dots_per_cm2": target}], circumference_cm=Decimal(57))
        return warnings_for_density(densities_of(plan.newest_version(), rows, on=on))

    def test_a_touch_up_places_its_share_on_what_its_plan_placed(self):
        parent = make_plan(zones=("vertex",))
        self.placed_by(parent, 80)
        touch_up = make_plan(parent=parent, practitioner=parent.practitioner, zones=("vertex",))
        assert self.warnings(touch_up, target=66) == []
        (said,) = self.warnings(touch_up, target=67)
        assert said.startswith("Vertex (crown): 100.1 dots per cm² in all (80 from earlier plans, 20.1 planned)")

    def test_a_touch_up_that_has_placed_its_share_is_done(self):
        parent = make_plan(zones=("vertex",))
        touch_up = make_plan(parent=parent, practitioner=parent.practitioner, zones=("vertex",))
        self.placed_by(touch_up, 27)
        version = touch_up.newest_version()
        assert densities_of(version, version.zones.all(), on=TODAY)["vertex"].percent_done == 100

    def test_the_limit_is_the_clinics(self):
        make_clinic(settings={"protocol": {"most_dots_per_cm2": "80"}})
        plan = make_plan(zones=("vertex",))
        assert self.warnings(plan, target=80) == []
        assert "the clinic’s limit is 80." in self.warnings(plan, target=81)[0]

    def test_what_is_done_later_does_not_count_yet(self):
        plan = make_plan(zones=("vertex",))
        self.placed_by(plan, 95, on=TODAY + timedelta(days=1))
        assert self.warnings(plan, target=90) == []
