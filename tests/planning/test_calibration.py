"""Learning the pace: who leans on whom, what a slip does, what stands behind a range, and how it reaches a plan."""

import random
import uuid
from decimal import Decimal
from unittest import mock

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import learned as kept
from planning import pace
from planning.actions.protocol import change_protocol
from planning.calibration import learn
from planning.clinic_protocol import clinic_protocol
from planning.estimation import DEFAULT_PROTOCOL, estimate
from planning.learned import learn_anew, paces_for
from planning.models import LearnedPace, PaceSample
from planning.needle_time import factor_of
from planning.past_work import NEWEST, PastWork
from planning.plan_estimate import basis_in_words, range_explained
from planning.protocol import Protocol
from planning.work_pace import SessionPace, ShownPace, chosen_pace, usual_pace
from planning.zones import TreatedArea
from smpclinic.actors import staff
from smpclinic.models import Outbox
from tests.bench.calibration import simulate
from tests.make import make_clinic, make_manager, make_practitioner
from tests.planning.plan_makers import drafted


def done(person, paces, *, number=1, zones=("vertex",), key=0, planned=None):
    """Signed work of one zone each session, at these dots per minute (of a zone of factor 1)."""
    return [
        PastWork(
            (person, number, key, at), person, number, zone, False, "3RL", 1800,
            1800 / (each * float(factor_of(zone, False))), planned,
        )
        for at, each in enumerate(paces)
        for zone in zones
    ]  # fmt: skip


class TestLearning:
    def test_without_a_session_the_usual_pace_stands_with_the_published_range(self):
        nothing = learn([])
        assert (nothing.clinic.median, nothing.clinic.sessions) == (70.0, 0)
        assert nothing.clinic.low < 58 < 100 < nothing.clinic.high

    def test_more_sessions_draw_the_pace_from_the_usual_one_to_the_shown_one(self):
        told = [learn(done("Ana", [100] * count)).pace_for("Ana", 1).median for count in (1, 3, 30)]
        assert 70 < told[0] < told[1] < told[2] < 101
        assert told[2] > 98

    def test_a_slip_pulls_little(self):
        steady = learn(done("Ana", [90] * 20)).pace_for("Ana", 1).median
        slipped = learn(done("Ana", [90] * 20 + [9])).pace_for("Ana", 1).median
        assert abs(steady / slipped - 1) < 0.02

    def test_a_newcomer_leans_on_the_clinic(self):
        work = [*done("Ana", [110] * 30), *done("Ben", [105] * 30)]
        learned = learn(work)
        assert learned.pace_for("New", 1) == learned.clinic
        assert 80 < learned.clinic.median < 110
        quick, slow = (learn([*base, *done("New", [85])]).pace_for("New", 1) for base in (work, done("Ana", [60] * 30)))
        assert quick.median > slow.median

    def test_a_session_number_leans_on_the_practitioners_others(self):
        learned = learn([*done("Ana", [100] * 30, number=1), *done("Ana", [80] * 30, number=2)])
        first, second, third = (learned.pace_for("Ana", number).median for number in (1, 2, 3))
        assert second < third < first

    def test_the_range_narrows_with_sessions_and_widens_with_scatter(self):
        def width(paces):
            told = learn(done("Ana", paces)).pace_for("Ana", 1)
            return told.high / told.low

        chance = random.Random(1)
        even, uneven = ([90 * chance.lognormvariate(0, sd) for _ in range(60)] for sd in (0.05, 0.3))
        assert width([]) > width(even[:3]) > width(even)
        assert width(uneven) > width(even)

    def test_a_zone_that_is_slower_than_its_factor_is_learned_within_sessions(self):
        work = done("Ana", [90] * 30, zones=("vertex", "mid_scalp"))
        slow = [each._replace(minutes=each.minutes * 1.5) if each.zone == "vertex" else each for each in work]
        zones = learn(slow).zones
        assert zones["vertex", False, ""].ratio < 0.9 < 1.1 < zones["mid_scalp", False, ""].ratio
        assert learn(work).zones["vertex", False, ""].ratio == pytest.approx(1)
        assert learn(slow[:16]).zones == {}  # eight sessions carry nothing of a zone yet

    def test_past_error_is_the_middle_miss_of_the_plan(self):
        work = done("Ana", [90] * 4, planned=1800 / 90 / 1.25)
        assert learn(work).pace_for("Ana", 1).error == pytest.approx(0.25)
        assert learn(work[:2]).pace_for("Ana", 1).error is None

    def test_only_the_newest_sessions_of_a_practitioner_count(self):
        told = learn([*done("Ana", [100] * NEWEST), *done("Ana", [60] * 300, key=1)]).pace_for("Ana", 1)
        assert told.sessions == NEWEST
        assert told.median == pytest.approx(100, rel=0.01)

    @settings(max_examples=15)
    @given(st.lists(st.floats(20, 250), min_size=1, max_size=12), st.randoms())
    def test_the_order_of_sessions_is_irrelevant_and_the_range_holds_the_median(self, paces, chance):
        work = done("Ana", paces)
        mixed = list(work)
        chance.shuffle(mixed)
        one, other = (learn(each).pace_for("Ana", 1) for each in (work, mixed))
        assert one.median == pytest.approx(other.median)
        assert one.low < one.median < one.high


@pytest.mark.parametrize("seed", [1, 2])
def test_in_simulated_clinics_learning_pays_and_the_range_is_honest(seed):
    """The bench's promise in small; a formula that never learned would fail the first line."""
    found = simulate(random.Random(seed), clinics=30, counts=(0, 2, 20))
    assert found[20].ratio < 0.7
    assert found[0].ratio == 1
    assert all(70 <= one.covered_percent <= 90 for one in found.values())


class TestEstimating:
    areas = (TreatedArea(code="mid_scalp", area_cm2=Decimal(145)),)

    def shown(self, **fields):
        values = {"low_dots_per_min": Decimal(80), "high_dots_per_min": Decimal(120), "sessions": 34, "is_own": True}
        return ShownPace(**{"dots_per_min": Decimal(100), "words": "learned"} | values | fields)

    def first(self, pace: SessionPace | None):
        paces = {1: pace} if pace else {}
        return estimate(zones=self.areas, session_count=3, consulted_before=True, paces=paces).sessions[0]

    @pytest.mark.parametrize("usual", [Decimal(40), Decimal(70), Decimal(117)])
    def test_the_range_before_any_session_is_what_calibration_believes_then(self, usual):
        protocol = Protocol(pace_dots_per_min=usual)
        told, believed = usual_pace(protocol).shown, learn([], protocol=protocol).clinic
        assert float(told.low_dots_per_min) == pytest.approx(believed.low, rel=0.002)
        assert float(told.high_dots_per_min) == pytest.approx(believed.high, rel=0.002)

    def test_nothing_learned_is_the_formula_to_the_minute(self):
        assert self.first(None) == self.first(usual_pace(DEFAULT_PROTOCOL))

    def test_a_learned_pace_shortens_the_booking_and_gives_the_range_of_real_sessions(self):
        # 145 × 36 / 100 = 52.2 + 30 = 82.2; quickest tenth 43.5 + 30, slowest tenth 65.25 + 30, outward to 5 minutes
        session = self.first(SessionPace(booked=self.shown(), shown=self.shown()))
        assert (session.booked_min, session.low_min, session.high_min) == (90, 70, 100)
        assert session.pace_words == "Booked by learned: 100 dots per min."

    def test_the_formula_may_book_while_the_range_is_learned(self):
        session = self.first(SessionPace(booked=usual_pace(DEFAULT_PROTOCOL).booked, shown=self.shown()))
        assert (session.booked_min, session.low_min, session.high_min) == (105, 70, 100)
        assert "the clinic's usual pace: 70 dots per min" in session.pace_words

    def test_a_zone_shown_to_be_slower_takes_longer(self):
        slow = self.shown(ratios={("mid_scalp", False): Decimal("0.5")})
        assert (
            self.first(SessionPace(booked=slow, shown=slow)).needle_min
            == 2 * self.first(SessionPace(booked=self.shown(), shown=self.shown())).needle_min
        )

    @pytest.mark.parametrize(
        ("source", "sessions", "is_own", "is_learned"),
        [
            ("learned_when_enough", 20, True, True),
            ("learned_when_enough", 19, True, False),
            ("learned_when_enough", 500, False, False),
            ("learned", 1, True, True),
            ("formula", 500, True, False),
        ],
    )
    def test_the_clinic_says_which_pace_books(self, source, sessions, is_own, is_learned):
        shown = self.shown(sessions=sessions, is_own=is_own)
        assert (chosen_pace(Protocol(pace_from=source), shown).booked is shown) is is_learned


@pytest.mark.django_db
class TestKeeping:
    def samples(self, person, count, *, pace_dots=100, **fields):
        for _each in range(count):
            PaceSample.objects.create(
                **{
                    "practitioner": person, "session_number": 1, "session_id": uuid.uuid4(), "zone": "vertex",
                    "needle_group": "3RL", "dots": pace_dots * 20, "minutes": 20, "planned_minutes": 25,
                    "signed_at": timezone.now(),
                } | fields
            )  # fmt: skip

    def test_a_plan_goes_by_what_was_learned_and_says_so(self):
        make_clinic()
        ana, ben = make_practitioner(), make_practitioner()
        self.samples(ana, 25)
        learn_anew(DEFAULT_PROTOCOL)
        line = drafted(practitioner=ana, zones=[{"zone": "mid_scalp"}]).newest_version().estimate_working[0]
        learned_at = LearnedPace.objects.first().learned_at.isoformat()
        assert line["shown"] == {"sessions": 25, "is_own": True, "error_percent": 20, "learned_at": learned_at}
        assert "the pace learned from 25 sessions of the practitioner" in line["pace"]
        other = drafted(practitioner=ben, zones=[{"zone": "mid_scalp"}]).newest_version().estimate_working[0]
        assert other["shown"]["is_own"] is False
        assert "the clinic's usual pace: 70 dots per min" in other["pace"]

    def test_what_stands_behind_a_range_is_said_in_words(self):
        own = {"sessions": 34, "is_own": True, "error_percent": 8}
        words = basis_in_words(own, "Ana Ruiz")
        assert words.startswith("from 34 signed sessions of Ana Ruiz; past error 8 %")
        assert basis_in_words({**own, "is_own": False, "error_percent": None}, "Ana Ruiz") == (
            "from 34 signed sessions of the clinic, none of Ana Ruiz yet"
        )
        assert basis_in_words(None, "Ana Ruiz") == ""
        assert basis_in_words({**own, "sessions": 0}, "Ana Ruiz") == "by published paces, as no session is signed yet"

    def test_the_range_is_explained_as_what_it_is(self):
        own = {"sessions": 34, "is_own": True, "error_percent": 8, "learned_at": "2026-05-12T08:30:00+00:00"}
        assert "as learned from signed ones on 12 May 2026" in range_explained(own)
        assert "the range of published paces" in range_explained({**own, "sessions": 0, "learned_at": None})
        assert "as learned from signed ones." in range_explained({**own, "learned_at": None})  # saved before
        assert "areas that turn out smaller or larger" in range_explained(None)  # saved before paces were learned

    def test_a_voided_session_teaches_nothing(self):
        ana = make_practitioner()
        wrong = uuid.uuid4()
        self.samples(ana, 1, session_id=wrong)
        pace.forget_session(wrong)
        learn_anew(DEFAULT_PROTOCOL)
        assert not LearnedPace.objects.exists()
        assert paces_for(ana, protocol=DEFAULT_PROTOCOL) == {}

    def test_learning_again_takes_the_place_of_the_last_result(self):
        ana = make_practitioner()
        self.samples(ana, 3)
        for _time in range(2):
            learn_anew(DEFAULT_PROTOCOL)
        assert LearnedPace.objects.filter(practitioner=ana).count() == 4
        assert LearnedPace.objects.filter(practitioner=None).count() == 1

    def test_signing_voiding_and_new_factors_have_it_learned_in_the_background(self):
        make_clinic()
        with mock.patch.object(kept, "learn_anew", side_effect=AssertionError("waited for")):
            for change in (
                lambda: pace.note_session([], session_id=uuid.uuid4(), signed_at=timezone.now()),
                lambda: pace.forget_session(uuid.uuid4()),
                lambda: change_protocol(protocol=clinic_protocol(), by=staff(make_manager())),
            ):
                change()
                assert Outbox.objects.filter(kind=pace.LEARN_PACE).count() == 1
                Outbox.objects.all().delete()

    def test_one_item_in_wait_serves_all(self):
        for _session in range(3):
            pace.forget_session(uuid.uuid4())
        assert Outbox.objects.filter(kind=pace.LEARN_PACE).count() == 1
