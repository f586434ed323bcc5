"""How long sessions really took: the numbers, the chart, who sees whose, and the page while there is nothing."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from planning.learned import learn_anew
from planning.models import PaceSample
from planning.protocol import DEFAULT_PROTOCOL
from planning.session_times import FEWEST_FOR_MISS, FEWEST_FOR_RANGE, Took, times_by_number
from planning.times_chart import chart_of
from planning.times_page import NEWEST
from smpclinic.roles import Role
from tests.bench.web import counted_queries
from tests.make import make_clinic, make_manager, make_practitioner, make_user

minutes = st.integers(1, 2000)
PAGE = "planning:session_times"


def took(number, *actual, planned=50):
    return [Took(7, number, planned, each) for each in actual]


class TestNumbers:
    def test_the_sessions_of_each_number_are_told_apart_and_touch_ups_come_last(self):
        told = times_by_number([*took(0, 20), *took(2, 60, 70), *took(1, 50)])
        assert [(one.number, one.count, one.actual_min) for one in told] == [(1, 1, 50), (2, 2, 65), (0, 1, 20)]

    @pytest.mark.parametrize("has_enough", [True, False])
    def test_a_range_and_an_error_are_told_only_where_enough_sessions_carry_them(self, has_enough):
        [range_of] = times_by_number(took(1, *[50] * (FEWEST_FOR_RANGE - (not has_enough))))
        [error_of] = times_by_number(took(1, *[60] * (FEWEST_FOR_MISS - (not has_enough))))
        assert (range_of.low_min is not None) is has_enough
        assert (error_of.missed is not None) is has_enough

    def test_the_error_counts_too_short_as_much_as_too_long(self):
        assert times_by_number(took(1, 40, 50, 60, 65))[0].missed == pytest.approx(0.2)

    @given(st.lists(st.tuples(minutes, minutes), min_size=FEWEST_FOR_RANGE, max_size=30))
    def test_the_median_lies_within_the_range_and_order_does_not_matter(self, pairs):
        sessions = [Took(7, 1, planned, actual) for planned, actual in pairs]
        [one] = times_by_number(sessions)
        assert one.low_min <= one.actual_min <= one.high_min
        assert times_by_number(reversed(sessions)) == [one]


class TestChart:
    @given(st.lists(st.tuples(minutes, minutes), max_size=20))
    def test_every_dot_lies_within_the_axes_and_the_ticks_are_few(self, pairs):
        chart = chart_of([Took(7, 1, planned, actual) for planned, actual in pairs])
        assert all(chart.left <= dot.x <= chart.right and chart.top <= dot.y <= chart.bottom for dot in chart.dots)
        assert 2 <= len(chart.ticks) <= 8

    def test_a_session_that_took_what_was_planned_lies_on_the_line(self):
        chart = chart_of(took(1, 50))
        dot = chart.dots[0]
        along = (dot.x - chart.left) / (chart.right - chart.left)
        up = (chart.bottom - dot.y) / (chart.bottom - chart.top)
        assert along == pytest.approx(up, abs=0.002)


@pytest.mark.django_db
class TestPage:
    def signed(self, person, *actual, number=1, planned=50, **fields):
        for each in actual:
            session = uuid.uuid4()
            for zone in ("vertex", "mid_scalp"):
                PaceSample.objects.create(
                    **{
                        "practitioner": person, "session_number": number, "session_id": session, "zone": zone,
                        "needle_group": "3RL", "dots": 2000, "minutes": each / 2,
                        "planned_minutes": planned and planned / 2, "signed_at": timezone.now(),
                    } | fields
                )  # fmt: skip

    def groups(self, client, person):
        client.force_login(person)
        return {group["name"]: group for group in client.get(reverse(PAGE)).context["groups"]}

    @pytest.fixture
    def ana(self):
        make_clinic()
        return make_practitioner(display_name="Ana Ruiz")

    def test_a_session_counts_once_with_the_minutes_of_all_its_zones(self, client, ana):
        self.signed(ana, 40, 60, 80)
        group = self.groups(client, ana)["Your sessions"]
        assert [(row["count"], row["planned"], row["actual"]) for row in group["rows"]] == [(3, 50, 60)]
        assert group["words"] == "3 sessions: 2 took longer than planned, 1 did not."

    def test_a_practitioner_sees_their_own_and_the_clinics_and_nobody_by_name(self, client, ana):
        self.signed(ana, 60)
        self.signed(make_practitioner(display_name="Ben Okafor"), 70, 80)
        found = self.groups(client, ana)
        assert {name: group["count"] for name, group in found.items()} == {"Your sessions": 1, "The clinic": 3}
        assert "Ben Okafor" not in client.get(reverse(PAGE)).content.decode()

    def test_who_sees_reports_sees_everybody(self, client, ana):
        self.signed(ana, 60)
        self.signed(make_practitioner(display_name="Ben Okafor"), 70)
        assert list(self.groups(client, make_manager())) == ["The clinic", "Ana Ruiz", "Ben Okafor"]
        both = make_user(display_name="Cleo", roles=(Role.PRACTITIONER, Role.MANAGER))
        assert list(self.groups(client, both)) == ["The clinic", "Ana Ruiz", "Ben Okafor"]

    def test_the_clinic_is_not_shown_twice_where_one_person_did_everything(self, client, ana):
        self.signed(ana, 60)
        assert list(self.groups(client, make_manager())) == ["Ana Ruiz"]

    def test_a_voided_session_does_not_count_and_one_planned_without_minutes_is_told(self, client, ana):
        self.signed(ana, 60)
        self.signed(ana, 70, is_void=True)
        self.signed(ana, 80, planned=None)
        assert self.groups(client, ana)["Your sessions"]["count"] == 1
        assert "1 session was planned without minutes" in client.get(reverse(PAGE)).content.decode()

    def test_of_very_many_sessions_the_newest_count(self, client, ana):
        now = timezone.now()
        PaceSample.objects.bulk_create(
            PaceSample(
                practitioner=ana, session_number=1, session_id=uuid.uuid4(), zone="vertex", needle_group="3RL",
                dots=1000, minutes=20 + (each == NEWEST), planned_minutes=20, signed_at=now - timedelta(days=each),
            )
            for each in range(NEWEST + 1)
        )  # fmt: skip
        group = self.groups(client, ana)["Your sessions"]
        assert (group["count"], group["words"][:34]) == (NEWEST, "500 sessions: 0 took longer than p")
        assert "Of the newest 500 sessions." in client.get(reverse(PAGE)).content.decode()

    def test_nothing_yet_is_said_in_words(self, client, ana):
        client.force_login(ana)
        assert "No session to compare yet" in client.get(reverse(PAGE)).content.decode()
        self.signed(ana, 60, planned=None)
        assert "1 session is signed, but was planned without minutes" in client.get(reverse(PAGE)).content.decode()

    def test_it_tells_when_the_pace_was_learned(self, client, ana):
        self.signed(ana, 60)
        client.force_login(ana)
        assert "Estimates go by what was learned" not in client.get(reverse(PAGE)).content.decode()
        learn_anew(DEFAULT_PROTOCOL)
        assert "Estimates go by what was learned on" in client.get(reverse(PAGE)).content.decode()

    def test_three_practitioners_cost_as_many_queries_as_one(self, client, ana):
        counts = []
        client.force_login(make_manager())
        for people in ([ana], [make_practitioner(), make_practitioner()]):
            for person in people:
                self.signed(person, 60, 70)
            client.get(reverse(PAGE))
            with counted_queries() as sent:
                client.get(reverse(PAGE))
            counts.append(len(sent))
        assert counts[0] == counts[1]
