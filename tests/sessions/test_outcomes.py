"""Results looked at again, and what went wrong: from the day it is due to the day it is closed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from intake.dates import add_months
from intake.models import ConsentKind, Intake, PatternGrade
from sessions import actions
from sessions.documents.evidence import evidence_of
from sessions.due_list import count_due, due_follow_ups, lines_of
from sessions.follow_up import check_due, nearest_check, next_check
from sessions.models import AdverseEvent, FollowUp, OutcomeCheck
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from smpclinic.pages.todo import tasks_for
from smpclinic.roles import Role
from tests import make
from tests.sessions.room import NOW, signed, text, words

JUDGED = {
    "look_score": 4, "satisfaction": 5, "fading": "slight", "colour": "true", "dots": "crisp", "wants_touch_up": False,
    "note": "",
}  # fmt: skip


@pytest.fixture
def healed(today):
    """A signed session of a plan that was stopped after it, two months ago."""
    session = signed()
    plan = session.appointment.planned_session.plan
    type(plan).objects.filter(pk=plan.pk).update(state="stopped", stopped_reason="Enough")
    today.shift(timedelta(days=61))
    return session


def plan_of(session):
    return session.appointment.planned_session.plan


def note(session, *, months=1, seen_on=None, **judged):
    by = staff(session.practitioner)
    seen_on = seen_on or timezone.localdate()
    return actions.note_check(plan=plan_of(session), seen_on=seen_on, months=months, judged=JUDGED | judged, by=by)


class TestWhen:
    @given(st.integers(0, 590))
    def test_the_next_check_lies_ahead_and_within_a_year(self, months):
        assert months < next_check(months) <= months + 12

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000))
    def test_the_check_that_is_due_is_the_last_whose_day_has_come(self, treated, days):
        on = treated + timedelta(days=days)
        due = check_due(treated, 1, on)
        assert due == 1 or add_months(treated, due) <= on
        assert add_months(treated, next_check(due)) > on

    def test_a_visit_counts_as_the_check_it_is_near_to_unless_that_is_noted(self):
        treated = date(2026, 1, 10)
        assert nearest_check(treated, date(2026, 2, 5), []) == 1
        assert nearest_check(treated, date(2026, 2, 5), [1]) == 0
        assert nearest_check(treated, date(2027, 1, 3), [1, 6]) == 12


class TestSchedule:
    def test_signing_begins_the_checks_a_month_later(self, today):
        row = FollowUp.objects.get(plan=plan_of(signed()))
        assert (row.counted_from, row.months, row.due_on) == (NOW.date(), 1, add_months(NOW.date(), 1))
        assert row.touch_up_on == add_months(NOW.date(), 48)

    def test_a_void_record_is_not_followed_up(self, today):
        session = signed()
        actions.void_session(session=session, reason="Wrong patient", by=staff(session.practitioner))
        assert not FollowUp.objects.exists()

    def test_a_plan_in_treatment_is_not_due(self, today):
        signed()
        assert not FollowUp.objects.due(on=date(2099, 1, 1), today=date(2099, 1, 1)).exists()

    def test_a_noted_check_makes_the_next_one_due(self, healed):
        note(healed)
        assert FollowUp.objects.get().months == 6

    def test_a_wished_touch_up_is_due_at_once(self, healed):
        note(healed, wants_touch_up=True)
        assert FollowUp.objects.get().touch_up_on == timezone.localdate()

    def test_the_same_check_is_noted_once_and_a_correction_replaces_it(self, healed):
        first = note(healed)
        with pytest.raises(ValidationError, match="noted already"):
            note(healed)
        by = staff(healed.practitioner)
        fields = {"months": 1, "seen_on": timezone.localdate(), "judged": JUDGED | {"look_score": 2}}
        actions.note_check(plan=plan_of(healed), replaces=first, by=by, **fields)
        assert [row.look_score for row in OutcomeCheck.objects.standing()] == [2]
        assert OutcomeCheck.objects.count() == 2

    @pytest.mark.parametrize(("days", "is_refused"), [(-61, True), (-60, False), (0, False), (1, True)])
    def test_a_result_is_seen_after_the_session_and_not_tomorrow(self, healed, days, is_refused):
        seen_on = timezone.localdate() + timedelta(days=days)
        if is_refused:
            with pytest.raises(ValidationError, match="after the last session"):
                note(healed, seen_on=seen_on)
        else:
            assert note(healed, seen_on=seen_on).seen_on == seen_on

    def test_the_desk_does_not_judge(self, healed):
        with pytest.raises(ValidationError, match="Only a practitioner"):
            actions.note_check(
                plan=plan_of(healed), seen_on=timezone.localdate(), months=1, judged=JUDGED, by=staff(make.make_user())
            )


class TestList:
    def lines(self):
        today = timezone.localdate()
        desk = make.make_user()
        return lines_of(list(due_follow_ups(desk, today=today)), today=today)

    def test_a_line_says_what_is_due_and_how_to_reach_the_patient(self, healed):
        (line,) = self.lines()
        assert (line.what, line.is_late, line.email) == ("Check after 1 month", True, "")
        assert line.book_url.endswith("?kind=healing_check")

    def test_who_agreed_to_messages_may_be_written_to(self, healed):
        type(healed.patient).objects.filter(pk=healed.patient.pk).update(email="a@example.org")
        make.make_consent(patient=healed.patient, kind=ConsentKind.MESSAGES, granted=True)
        assert self.lines()[0].email == "a@example.org"

    def test_a_missed_check_gives_way_to_the_next(self, healed, today):
        today.shift(timedelta(days=200))
        assert self.lines()[0].what == "Check after 6 months"

    def test_a_booked_visit_takes_the_line_out_of_the_count(self, healed):
        desk, on = make.make_user(), timezone.localdate()
        assert count_due(desk, today=on) == 1
        make.make_appointment(
            patient=healed.patient, kind="healing_check", starts_at=timezone.now() + timedelta(days=3)
        )
        assert count_due(desk, today=on) == 0
        assert self.lines()[0].booked

    def test_later_and_no_more(self, healed, client, today):
        client.force_login(make.make_user())
        client.post(reverse("sessions:ask_later", args=[plan_of(healed).public_id]))
        assert self.lines() == []
        today.shift(timedelta(days=14))
        assert len(self.lines()) == 1
        client.force_login(make.make_user())
        ending = reverse("sessions:end_checks", args=[plan_of(healed).public_id])
        refused = client.post(ending, {"reason": " "})
        assert (refused.status_code, "Say why" in text(refused)) == (409, True)
        client.post(ending, {"reason": "Moved away"})
        assert self.lines() == []

    def test_one_line_and_three_take_the_same_queries(self, healed, client):
        client.force_login(make.make_user())
        client.get(reverse("sessions:follow_up"))
        with CaptureQueriesContext(connection) as one:
            client.get(reverse("sessions:follow_up"))
        for _number in range(2):
            plan = make.make_plan()
            type(plan).objects.filter(pk=plan.pk).update(state="complete")
            FollowUp.objects.create(plan=plan, counted_from=NOW, months=1, due_on=NOW)
        with CaptureQueriesContext(connection) as three:
            page = client.get(reverse("sessions:follow_up"))
        assert page.content.count(b"Check after") == 3
        assert len(one) == len(three)


class TestNextThing:
    def page(self, healed, client):
        type(plan_of(healed)).objects.filter(pk=plan_of(healed).pk).update(state="complete", stopped_reason="")
        client.force_login(make.make_user())
        return client.get(reverse("patient", args=[healed.patient.public_id])).content.decode()

    def test_a_due_check_is_the_one_next_thing_until_it_is_booked(self, healed, client):
        Intake.objects.create(patient=healed.patient, state="accepted")
        grade = {"scale": "norwood", "grade": "III", "assessed_on": NOW.date(), "assessor": healed.practitioner}
        PatternGrade.objects.create(patient=healed.patient, **grade)
        assert "Book the check of the result" in self.page(healed, client)
        ahead = timezone.now() + timedelta(days=3)
        make.make_appointment(patient=healed.patient, kind="healing_check", starts_at=ahead)
        assert "Book the check of the result" not in self.page(healed, client)


class TestResultPage:
    def test_the_result_is_judged_on_the_page_and_corrected_there(self, healed, chair):
        page = reverse("sessions:result", args=[plan_of(healed).public_id])
        browser, sent = chair(healed), JUDGED | {"seen_on": timezone.localdate(), "months": 1}
        refused = browser.post(page, sent | {"look_score": ""})
        assert "“Healed look”" in text(refused)
        del sent["wants_touch_up"]
        assert browser.post(page, sent).status_code == 302
        check = OutcomeCheck.objects.get()
        assert "Healed look 4 of 5" in text(browser.get(page))
        browser.post(f"{page}?correct={check.public_id}", sent | {"look_score": 1})
        assert OutcomeCheck.objects.standing().get().look_score == 1
        assert "Replaced by a correction" in text(browser.get(page))

    def test_before_anything_is_signed_there_is_nothing_to_judge(self, today, client):
        plan = make.make_plan(agreed=True)
        client.force_login(plan.practitioner)
        assert "Nothing to judge yet" in text(client.get(reverse("sessions:result", args=[plan.public_id])))


class TestEvents:
    def report(self, healed, **fields):
        told = {"kind": "infection", "severity": "moderate", "noticed_on": timezone.localdate(), "words": "Pus"}
        return actions.report_event(patient=healed.patient, by=staff(make.make_user()), **told | fields)

    def test_what_the_desk_reports_stands_on_today_and_the_patients_page_until_it_is_closed(self, healed, client):
        client.force_login(make.make_user())
        told = {"kind": "infection", "severity": "severe", "noticed_on": timezone.localdate(), "words": "Pus, fever"}
        client.post(reverse("sessions:report_event", args=[healed.patient.public_id]), told)
        event = AdverseEvent.objects.get()
        page = text(client.get(reverse("patient", args=[healed.patient.public_id])))
        assert "Something was reported" in page
        assert "Pus" not in page
        client.force_login(healed.practitioner)
        assert "Pus, fever" in text(client.get(reverse("patient", args=[healed.patient.public_id])))
        assert any("Infection" in task.words for task in tasks_for(healed.practitioner))
        client.post(event.get_absolute_url(), {"words": "Sent to the doctor"})
        closing = reverse("sessions:close_event", args=[event.public_id])
        assert "Say how it ended" in text(client.post(closing, {"words": "Better"}))
        client.post(closing, {"ended_as": "healed", "words": "Antibiotics, seen again"})
        event.refresh_from_db()
        assert (event.is_open, event.ended_as, event.steps.count()) == (False, "healed", 2)
        assert not any("Infection" in task.words for task in tasks_for(healed.practitioner))
        assert "Closed" in text(client.get(reverse("patient", args=[healed.patient.public_id])))

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"words": " "}, "Write what was seen"),
            ({"noticed_on": date(2099, 1, 1)}, "lies in the future"),
        ],
    )
    def test_a_report_says_what_and_when(self, healed, fields, told):
        with pytest.raises(ValidationError, match=told):
            self.report(healed, **fields)

    def test_it_is_of_the_same_patient_and_after_the_session(self, healed):
        other = make.make_session()
        with pytest.raises(ValidationError, match="of another patient"):
            self.report(healed, session=other)
        before = healed.appointment.day - timedelta(days=1)
        with pytest.raises(ValidationError, match="before the session"):
            self.report(healed, session=healed, noticed_on=before)

    def test_a_closed_event_takes_no_more(self, healed):
        event, by = self.report(healed), staff(healed.practitioner)
        actions.close_event(event=event, ended_as="healed", words="Healed by itself", by=by)
        for act in (
            lambda: actions.add_step(event=event, words="More", by=by),
            lambda: actions.close_event(event=event, ended_as="trace", words="x", by=by),
        ):
            with pytest.raises(ValidationError, match="closed already") as refusal:
                act()
            assert "event of its own" in words(refusal)

    def test_who_does_not_treat_closes_nothing(self, healed):
        event = self.report(healed)
        with pytest.raises(ValidationError, match="Only a practitioner"):
            actions.add_step(event=event, words="x", by=staff(make.make_user(roles=[Role.RECEPTION])))
        assert AuditEntry.objects.filter(verb="reported").exists()


def test_the_evidence_pack_tells_results_and_events(healed):
    note(healed, note="Soft at the temples", look_score=3)
    by = staff(healed.practitioner)
    told = {
        "kind": "infection",
        "severity": "moderate",
        "noticed_on": timezone.localdate(),
        "words": "Pus on the crown",
    }
    event = actions.report_event(patient=healed.patient, by=by, **told)
    actions.close_event(event=event, ended_as="healed", words="Antibiotics", by=by)
    paper = " ".join(
        render_to_string("pdf/evidence.html", evidence_of(healed.patient) | {"patient": healed.patient}).split()
    )
    for told in ("healed look 3 of 5", "Soft at the temples", "Pus on the crown", "Antibiotics", "Healed"):
        assert told in paper
