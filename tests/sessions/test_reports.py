"""Reports: what is counted, how sure a share is, and that one row costs as many queries as three."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from intake.models import HairLossCause, Intake, IntakeAnswers, PatternGrade
from planning.models import Appointment, PaceSample, WeeklyHours
from sessions.forms.reports import PERIODS, usual_period
from sessions.models import AdverseEvent, OutcomeCheck
from sessions.reports import KINDS, Period
from sessions.reports.bars import LEFT, RIGHT, WIDTH, Value, bar_chart
from sessions.reports.calendar import no_show_report, room_report
from sessions.reports.intervals import share_of
from sessions.reports.outcomes import outcomes_report
from sessions.reports.patients import patients_report
from sessions.reports.work import pace_report, times_report
from tests import make
from tests.sessions.room import text

pytestmark = pytest.mark.django_db
YEAR = Period(date(2035, 1, 1), date(2035, 12, 31))
NOON = make.MONDAY
A_YEAR = "first=2035-01-01&last=2035-12-31"


def rows_of(report, number=0):
    return [list(row) for row in report.sections[number].table.rows]


def sample(user, *, session, minutes=50, planned=40, dots=3000, needle="3RL", **fields):
    told = {"zone": "vertex", "needle_group": needle, "dots": dots, "minutes": Decimal(minutes)}
    planned = None if planned is None else Decimal(planned)
    told |= {"planned_minutes": planned, "signed_at": NOON, "session_id": session.public_id, "session_number": 1}
    return PaceSample.objects.create(practitioner=user, **told | fields)


def check(plan, look, *, seen_on=date(2035, 3, 1), months=1, **fields):
    return OutcomeCheck.objects.create(
        plan=plan, counted_from=date(2035, 1, 8), months=months, seen_on=seen_on, look_score=look, fading="none",
        colour="true", dots="crisp", noted_at=timezone.now(), noted_by=plan.practitioner, **fields,
    )  # fmt: skip


class TestIntervals:
    @given(st.integers(0, 400), st.integers(0, 400))
    def test_the_interval_holds_the_share_and_lies_between_nothing_and_all(self, hits, misses):
        share = share_of(hits, hits + misses)
        assert 0 <= share.low <= share.part + 1e-12
        assert share.part - 1e-12 <= share.high <= 1 or share.count == 0

    @given(st.integers(1, 100), st.integers(1, 100))
    def test_more_of_the_same_makes_it_narrower_and_the_mirror_is_the_mirror(self, hits, misses):
        one, ten = share_of(hits, hits + misses), share_of(10 * hits, 10 * (hits + misses))
        assert ten.high - ten.low < one.high - one.low
        mirror = share_of(misses, hits + misses)
        assert abs(mirror.low - (1 - one.high)) < 1e-9

    def test_published_figures_come_out(self):
        """Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
        for hits, count, low, high in (
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
        ):  # fmt: skip
            share = share_of(hits, count)
            assert (round(share.low, 4), round(share.high, 4)) == (low, high)

    def test_under_five_nothing_is_said(self):
        assert (share_of(4, 4).percent, share_of(4, 4).range) == ("", "")
        assert share_of(5, 5).percent == "100 %"
        with pytest.raises(ValueError):
            share_of(2, 1)


class TestChart:
    @given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8))
    def test_every_bar_stays_within_the_axis(self, values):
        chart = bar_chart([Value("a", (value,)) for value in values])
        assert all(bar.x + bar.width <= WIDTH - RIGHT + 0.1 for bar in chart.bars)
        assert chart.ticks[0].x == LEFT
        assert len(chart.ticks) <= 8

    def test_two_values_stand_below_one_another_and_a_whisker_on_the_first(self):
        chart = bar_chart([Value("a", (50, 20), 40, 60)], most=100)
        assert [bar.kind for bar in chart.bars] == [1, 2]
        assert chart.bars[0].y < chart.bars[1].y
        assert chart.whiskers[0].x1 < chart.bars[0].x + chart.bars[0].width < chart.whiskers[0].x2


class TestWork:
    def test_minutes_of_a_session_are_the_sum_of_its_zones(self):
        user = make.make_practitioner(display_name="Dr Lis")
        for _number in range(5):
            session = make.make_session(passes=0)
            sample(user, session=session, minutes=50, planned=40)
            sample(user, session=session, minutes=10, planned=10)
        assert rows_of(times_report(YEAR)) == [["Dr Lis", "5", "50 min", "60 min", "+20 %"]]

    def test_void_unplanned_and_other_times_are_not_in_it(self):
        user, session = make.make_practitioner(), make.make_session(passes=0)
        sample(user, session=session, is_void=True)
        sample(user, session=session, planned=None)
        sample(user, session=session, signed_at=NOON - timedelta(days=30))
        assert rows_of(times_report(YEAR)) == []

    def test_pace_is_dots_by_minutes_and_few_sessions_say_nothing(self):
        user = make.make_practitioner(display_name="Dr Lis")
        for _number in range(5):
            sample(user, session=make.make_session(passes=0), minutes=50, dots=3500)
        sample(user, session=make.make_session(passes=0), minutes=50, dots=9999, needle="1RL")
        assert rows_of(pace_report(YEAR), 1) == [["1RL", "1", "too few"], ["3RL", "5", "70"]]


class TestOutcomes:
    def treated(self, *looks, needle="3RL", depth="0.8"):
        for look in looks:
            plan = make.make_plan()
            visit = make.make_appointment(planned_session=plan.planned_sessions.get(number=1))
            session = make.make_session(appointment=visit, passes=0)
            make.make_pass(session, needle_group=needle, depth_mm=depth)
            make.make_pass(session, number=2, needle_group=needle, depth_mm=depth)
            check(plan, look)

    def test_good_results_by_needle_count_each_plan_once(self):
        self.treated(5, 4, 4, 3, 2, needle="3RL")
        self.treated(5, needle="5RL")
        assert rows_of(outcomes_report(YEAR)) == [
            ["3RL", "5", "3", "60 %", "23–88 %"],
            ["5RL", "1", "1", "too few", ""],
        ]

    @pytest.mark.parametrize(("depth", "told"), [
        ("0.5", "up to 0.5 mm"), ("0.6", "over 0.5 to 1.0 mm"), ("1.0", "over 0.5 to 1.0 mm"), ("1.6", "over 1.5 mm"),
    ])  # fmt: skip
    def test_depths_are_told_in_bands(self, depth, told):
        self.treated(4, depth=depth)
        assert rows_of(outcomes_report(YEAR), 1) == [[told, "1", "1", "too few", ""]]

    def test_the_newest_judgement_counts_and_a_replaced_one_does_not(self):
        self.treated(5)
        plan = OutcomeCheck.objects.get().plan
        check(plan, 2, seen_on=date(2035, 7, 1), months=6)
        check(plan, 5, seen_on=date(2035, 8, 1), months=0, is_replaced=True)
        assert rows_of(outcomes_report(YEAR))[0][1:3] == ["1", "0"]

    def test_events_stand_beside_the_signed_sessions(self):
        AdverseEvent.objects.create(
            patient=make.make_patient(), kind="infection", severity="severe", noticed_on=date(2035, 2, 1), words="Pus",
            reported_at=timezone.now(), actor_kind="staff", actor_label="A",
        )  # fmt: skip
        assert rows_of(outcomes_report(YEAR), 4) == [["Infection", "1", "1", "1"]]


class TestPatients:
    def test_causes_and_patterns_count_patients_not_answers(self):
        patient = make.make_patient()
        intake = Intake.objects.create(patient=patient)
        for number in (1, 2):
            told = {"at": NOON, "actor_kind": "staff", "actor_label": "A"}
            answers = IntakeAnswers.objects.create(intake=intake, number=number, **told)
            HairLossCause.objects.create(answers=answers, cause="hereditary")
        HairLossCause.objects.create(answers=IntakeAnswers.objects.get(number=1), cause="trauma")
        user = make.make_practitioner()
        for grade, day in (("III", 8), ("IV", 9)):
            on = date(2035, 1, day)
            PatternGrade.objects.create(patient=patient, scale="norwood", grade=grade, assessed_on=on, assessor=user)
        report = patients_report(YEAR)
        assert rows_of(report) == [["Hereditary", "1"]]
        assert [row[1] for row in rows_of(report, 1)] == ["1"]
        assert rows_of(report, 1)[0][0].endswith("IV")


class TestCalendar:
    def test_no_shows_by_weekday_leave_cancelled_visits_out(self):
        for number, state in enumerate(["done", "done", "done", "done", "no_show", "cancelled"]):
            visit = make.make_appointment(kind="consultation", starts_at=NOON + timedelta(days=7 * number))
            gone = {"active": state == "done", "cancel_reason": "ill" if state == "cancelled" else ""}
            Appointment.objects.filter(pk=visit.pk).update(state=state, **gone)
        past = Period(YEAR.first, YEAR.last)

        with time_machine.travel(NOON + timedelta(days=100), tick=False):
            report = no_show_report(past)
        assert rows_of(report, 1) == [["Monday", "5", "1", "20 %", "4–62 %"]]
        assert rows_of(report)[0][:3] == ["Consultation", "5", "1"]

    def test_room_use_is_booked_by_open_hours(self):
        location = make.make_location()
        room = make.make_room(location=location, name="Blue")
        WeeklyHours.objects.create(location=location, weekday=0, starts_min=540, ends_min=780)
        make.make_appointment(kind="consultation", starts_at=NOON, minutes=60, room=room)
        day = Period(NOON.date(), NOON.date())
        (row,) = [row for row in rows_of(room_report(day)) if "Blue" in row[0]]
        assert row[1:] == ["1", "1 h", "4 h", "25 %"]


class TestPages:
    @pytest.fixture
    def manager(self, client):
        client.force_login(make.make_manager())
        return client

    @pytest.mark.parametrize("kind", [kind.code for kind in KINDS])
    def test_an_empty_clinic_is_told_so(self, manager, kind):
        page = manager.get(reverse("sessions:report", args=[kind]))
        assert page.status_code == 200
        assert "Nothing in this period" in text(page) or kind == "rooms"

    def test_an_unknown_report_is_not_there(self, manager):
        assert manager.get(reverse("sessions:report", args=["x"])).status_code == 404

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"first": "2035-02-01", "last": "2035-01-01"}, "ends before it begins"),
            ({"first": "2000-01-01", "last": "2035-01-01"}, "Ten years at most"),
            ({"first": "x", "last": "2035-01-01"}, "valid date"),
            ({"first": "0001-01-01", "last": "2035-01-01"}, "does not reach that far"),
        ],
    )
    def test_a_period_that_cannot_be_is_named_and_stays_in_its_fields(self, manager, asked, told):
        page = manager.get(reverse("sessions:report", args=["rooms"]), asked)
        assert told in text(page)
        assert f'value="{asked["last"]}"' in page.content.decode()

    @pytest.mark.parametrize("code", PERIODS)
    @pytest.mark.parametrize("today", [date(2035, 1, 1), date(2036, 2, 29), date(2035, 12, 31)])
    def test_usual_periods_are_in_order(self, code, today):
        period = usual_period(code, today)
        assert period.first <= period.last <= today

    def test_one_needle_and_three_take_the_same_queries(self, manager):
        page, user = (
            f"{reverse('sessions:report', args=['pace'])}?first=2035-01-01&last=2035-12-31",
            make.make_practitioner(),
        )
        sample(user, session=make.make_session(passes=0))
        manager.get(page)
        with CaptureQueriesContext(connection) as one:
            manager.get(page)
        for needle in ("1RL", "5RL"):
            sample(make.make_practitioner(), session=make.make_session(passes=0), needle=needle)
        with CaptureQueriesContext(connection) as three:
            manager.get(page)
        assert len(one) == len(three)

    def test_the_spreadsheet_holds_the_same_numbers_as_text(self, manager):
        user = make.make_practitioner(display_name="=HYPERLINK(1)")
        for _number in range(5):
            sample(user, session=make.make_session(passes=0))
        answer = manager.get(
            reverse("sessions:report_file", args=["times"]), {"first": "2035-01-01", "last": "2035-12-31"}
        )
        sheet = load_workbook(io.BytesIO(answer.content)).active
        told = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert ["=HYPERLINK(1)", "5", "40 min", "50 min", "+25 %"] in told
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
