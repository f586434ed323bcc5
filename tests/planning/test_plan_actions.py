"""Drafting, revising, approving, agreeing and stopping a plan."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from intake.actions import withdraw_consent
from intake.models import Consent
from planning.actions.agreement import is_agreed
from planning.actions.plan import (
    agree_plan,
    approve_plan,
    discard_draft,
    draft_plan,
    revise_plan,
    stop_plan,
)
from planning.actions.touch_up import draft_touch_up
from planning.models import Agreement, PlanVersion, ShadeStep, TreatmentPlan
from planning.plan_content import token_of
from planning.plan_lock import ChangedMeanwhile
from planning.plan_zones import rows_of
from planning.treatment_consent import wording_for
from smpclinic import chain
from smpclinic.actors import SYSTEM, staff
from smpclinic.models import AuditEntry
from tests.make import make_appointment, make_manager, make_patient, make_practitioner
from tests.planning.plan_makers import (
    NORWOOD_III_VERTEX,
    NORWOOD_VI,
    agreed,
    approved,
    done_visit,
    drafted,
    install_treatment_text,
    whole_fields,
)

pytestmark = pytest.mark.django_db


def words_of(refusal) -> str:
    return " ".join(refusal.value.messages)


def token(plan):
    version = plan.newest_version()
    return token_of(version, rows_of(version))


def revise(plan, *, zones=NORWOOD_III_VERTEX, by=None, **fields):
    return revise_plan(plan=plan, fields=whole_fields(**fields), zones=zones, by=staff(by or plan.practitioner))


class TestDrafting:
    def test_a_draft_keeps_the_worked_minutes_of_each_session(self):
        version = drafted().newest_version()

        assert version.estimate_minutes == [150, 105, 90]
        assert [line["booked_min"] for line in version.estimate_working] == [150, 105, 90]

    def test_an_area_left_out_is_the_usual_one_of_this_head(self):
        plan = drafted(zones=[{"zone": "vertex"}], head_circumference_cm=Decimal("60.0"))

        assert plan.newest_version().zones.get().area_cm2 == Decimal("55.4")

    def test_a_measured_area_stays_as_measured(self):
        plan = drafted(zones=[{"zone": "vertex", "area_cm2": Decimal("61.5"), "measured_by": "ruler"}])

        assert plan.newest_version().zones.get().area_cm2 == Decimal("61.5")

    def test_a_scar_is_taken_from_its_zone_and_timed_by_itself(self):
        scar = {"zone": "occipital", "treatment": "scar", "length_cm": Decimal(25), "width_cm": Decimal(1)}
        plan = drafted(zones=[scar], look="scar")

        assert plan.newest_version().estimate_minutes == [75, 60, 60]

    @pytest.mark.parametrize("count", [1, 4])
    def test_a_plan_has_two_or_three_sessions(self, count):
        with pytest.raises(ValidationError) as refusal:
            drafted(session_count=count)

        assert words_of(refusal) == f"A plan has 2 or 3 sessions, not {count}."
        assert not TreatmentPlan.objects.exists()

    def test_a_plan_without_a_zone_is_refused(self):
        with pytest.raises(ValidationError) as refusal:
            drafted(zones=[])

        assert words_of(refusal) == "Choose at least one zone or scar to treat."

    def test_a_zone_is_not_both_treated_and_left_alone(self):
        with pytest.raises(ValidationError) as refusal:
            drafted(zones=[{"zone": "vertex"}, {"zone": "vertex", "treatment": "do_not_treat", "note": "mole"}])

        assert words_of(refusal) == "Vertex (crown) is both treated and marked do not treat; choose one."

    def test_a_session_over_four_hours_wants_a_reason(self):
        with pytest.raises(ValidationError) as refusal:
            drafted(zones=NORWOOD_VI, session_count=2)
        plan = drafted(zones=NORWOOD_VI, session_count=2, long_session_reason="Lives far away.")

        assert "long_session_reason" in refusal.value.message_dict
        assert plan.newest_version().estimate_minutes == [315, 240]

    def test_a_merged_record_gets_no_plan(self):
        with pytest.raises(ValidationError):
            drafted(patient=make_patient(merged_into=make_patient()))

    def test_only_somebody_signed_in_drafts(self):
        with pytest.raises(ValidationError):
            draft_plan(
                patient=make_patient(),
                practitioner=make_practitioner(),
                fields=whole_fields(),
                zones=NORWOOD_III_VERTEX,
                by=SYSTEM,
            )

    def test_drafting_is_audited(self):
        plan = drafted()

        entry = AuditEntry.objects.get(verb="drafted")
        assert (entry.subject_id, entry.patient_id) == (str(plan.public_id), plan.patient.public_id)


class TestRevising:
    def test_a_draft_is_changed_in_place(self):
        plan = drafted()

        version = revise(plan, session_count=2)

        assert (version.number, version.session_count, plan.versions.count()) == (1, 2, 1)

    def test_an_approved_plan_gets_a_new_version_and_is_a_draft_again(self):
        plan = approved()
        first = plan.current_version

        version = revise(plan, price_minor=99_000)

        plan.refresh_from_db()
        first.refresh_from_db()
        assert (version.number, version.is_approved, plan.state) == (2, False, "draft")
        assert (first.price_minor, plan.current_version) == (145_000, first)

    def test_the_second_writer_is_told_and_overwrites_nothing(self):
        plan = drafted()
        opened = token(plan)
        revise(plan, note="first")

        with pytest.raises(ChangedMeanwhile) as refusal:
            revise_plan(
                plan=plan,
                fields=whole_fields(note="second"),
                zones=NORWOOD_III_VERTEX,
                by=staff(plan.practitioner),
                token=opened,
            )

        assert str(plan.practitioner) in str(refusal.value)
        assert plan.newest_version().note == "first"

    def test_a_version_approved_meanwhile_stops_the_save(self):
        plan = drafted()
        opened = token(plan)
        approve_plan(plan=plan, by=staff(plan.practitioner))

        with pytest.raises(ChangedMeanwhile):
            revise_plan(plan=plan, fields=whole_fields(), zones=NORWOOD_VI, by=staff(plan.practitioner), token=opened)

    def test_the_token_of_what_stands_lets_the_save_through(self):
        plan = drafted()

        revise_plan(
            plan=plan,
            fields=whole_fields(note="mine"),
            zones=NORWOOD_III_VERTEX,
            by=staff(plan.practitioner),
            token=token(plan),
        )

        assert plan.newest_version().note == "mine"

    def test_the_audit_names_what_changed(self):
        plan = drafted()

        revise(plan, session_count=2, zones=[{"zone": "vertex"}])

        entry = AuditEntry.objects.get(verb="revised")
        assert entry.fields == ["Sessions"]

    @pytest.mark.parametrize("state", ["complete", "stopped"])
    def test_a_closed_plan_is_not_changed(self, state):
        plan = approved()
        plan.state, plan.stopped_reason = state, "enough"
        plan.save()

        with pytest.raises(ValidationError):
            revise(plan)

    def test_a_discarded_draft_gives_the_agreed_version_back(self):
        plan = agreed()
        revise(plan, note="never mind")

        discard_draft(plan=plan, by=staff(plan.practitioner))

        plan.refresh_from_db()
        assert (plan.state, plan.newest_version()) == ("agreed", plan.current_version)

    def test_a_discarded_draft_gives_back_the_practitioner_whom_the_patient_agreed_to(self):
        plan = agreed()
        named, other = plan.practitioner, make_practitioner()
        revise_plan(plan=plan, fields=whole_fields(), zones=NORWOOD_III_VERTEX, by=staff(named), practitioner=other)

        discard_draft(plan=plan, by=staff(named))

        plan.refresh_from_db()
        assert (plan.state, plan.practitioner) == ("agreed", named)

    def test_a_stopped_plan_is_not_taken_up_again_by_discarding_its_draft(self):
        plan = agreed()
        by = staff(plan.practitioner)
        revise_plan(plan=plan, fields=whole_fields(session_count=2), zones=NORWOOD_III_VERTEX, by=by)
        stop_plan(plan=plan, reason="Moved away.", by=by)

        with pytest.raises(ValidationError, match="stopped and is no longer changed"):
            discard_draft(plan=plan, by=by)

    def test_a_first_draft_is_not_discarded_but_stopped(self):
        with pytest.raises(ValidationError):
            discard_draft(plan=drafted(), by=staff(make_practitioner()))


class TestApproving:
    def test_approval_seals_the_version_and_gives_the_plan_its_sessions(self):
        plan = approved()

        version = plan.current_version
        content = json.loads(version.sealed.content)
        assert (plan.state, version.approved_by) == ("approved", plan.practitioner)
        assert [session.number for session in plan.planned_sessions.all()] == [1, 2, 3]
        assert (content["version"], content["price_minor"], len(content["zones"])) == (1, 145_000, 4)
        assert chain.problems() == []

    def test_a_shorter_version_drops_the_third_session_and_a_longer_one_takes_it_up_again(self):
        plan = approved()
        third = plan.planned_sessions.get(number=3)
        for count, dropped in ((2, True), (3, False)):
            revise(plan, session_count=count)
            approve_plan(plan=plan, by=staff(plan.practitioner))
            third.refresh_from_db()
            assert third.is_dropped is dropped
        assert plan.planned_sessions.count() == 3

    def test_a_booked_session_is_not_dropped(self):
        plan = approved()
        make_appointment(planned_session=plan.planned_sessions.get(number=3))
        revise(plan, session_count=2)

        with pytest.raises(ValidationError) as refusal:
            approve_plan(plan=plan, by=staff(plan.practitioner))

        assert "Session 3 of 3 on 8 January 2035" in words_of(refusal)
        assert plan.newest_version().approved_at is None

    def test_somebody_unqualified_cannot_approve(self):
        plan = drafted(practitioner=make_practitioner(qualified=False))

        with pytest.raises(ValidationError) as refusal:
            approve_plan(plan=plan, by=staff(plan.practitioner))

        assert "no qualification that is valid today" in words_of(refusal)

    def test_a_manager_cannot_approve(self):
        plan = drafted()

        with pytest.raises(ValidationError) as refusal:
            approve_plan(plan=plan, by=staff(make_manager(qualified=True)))

        assert "does not plan treatments" in words_of(refusal)

    @pytest.mark.parametrize("years", [None, 17])
    def test_an_unknown_or_too_low_age_blocks(self, years):
        born_on = years and timezone.localdate() - timedelta(days=years * 365)
        plan = drafted(patient=make_patient(born_on=born_on))

        with pytest.raises(ValidationError) as refusal:
            approve_plan(plan=plan, by=staff(plan.practitioner))

        assert "age" in words_of(refusal)
        assert TreatmentPlan.objects.get().state == "draft"

    @pytest.mark.parametrize(
        ("lacking", "words"),
        [
            ({"shade_step": None}, "Choose the target shade."),
            ({"price_minor": None}, "Enter the price: the patient agrees to it."),
            ({"hairline_shape": ""}, "Choose the hairline's shape: the front edge is treated."),
        ],
    )
    def test_what_the_patient_must_be_told_is_asked_for(self, lacking, words):
        plan = drafted(**lacking)

        with pytest.raises(ValidationError) as refusal:
            approve_plan(plan=plan, by=staff(plan.practitioner))

        assert words_of(refusal) == words

    def test_no_hairline_is_asked_for_where_the_front_edge_stays(self):
        assert approved(zones=[{"zone": "vertex"}], hairline_shape="").state == "approved"

    def test_a_version_is_approved_once(self):
        plan = approved()

        with pytest.raises(ValidationError) as refusal:
            approve_plan(plan=plan, by=staff(plan.practitioner))

        assert words_of(refusal) == "Version 1 is approved already."

    def test_what_was_changed_after_it_was_read_is_not_approved(self):
        plan = drafted()
        read = token(plan)
        revise(plan, price_minor=1)

        with pytest.raises(ChangedMeanwhile):
            approve_plan(plan=plan, by=staff(plan.practitioner), token=read)


class TestAgreeing:
    def test_the_patient_signs_exactly_the_text_of_this_version(self):
        plan = agreed()

        consent = Consent.objects.get(kind="treatment")
        agreement = Agreement.objects.get()
        assert plan.state == "agreed"
        assert (agreement.consent, agreement.plan_version) == (consent, plan.current_version)
        assert consent.exact_text == wording_for(plan.current_version).exact
        for said in ("version 1", "Natural", "3 Medium light", "2 h 30 min", "1,450.00", str(plan.practitioner)):
            assert said in consent.exact_text
        assert chain.problems() == []

    def test_a_changed_version_needs_a_new_agreement(self):
        plan = agreed()
        revise(plan, price_minor=150_000)
        approve_plan(plan=plan, by=staff(plan.practitioner))
        plan.refresh_from_db()
        assert plan.state == "approved"

        agree_plan(plan=plan, signed_name="Once More", witness=None, by=staff(plan.practitioner))

        assert sorted(Agreement.objects.values_list("plan_version__number", flat=True)) == [1, 2]

    def test_a_plan_in_treatment_is_in_treatment_again_after_the_new_agreement(self):
        plan = agreed()
        done_visit(plan, number=1, at=datetime(2026, 3, 2, 10, tzinfo=UTC))
        revise(plan, price_minor=150_000)
        approve_plan(plan=plan, by=staff(plan.practitioner))

        agree_plan(plan=plan, signed_name="Once More", witness=None, by=staff(plan.practitioner))

        plan.refresh_from_db()
        assert plan.state == "in_treatment"

    def test_a_draft_cannot_be_agreed(self):
        with pytest.raises(ValidationError) as refusal:
            agree_plan(plan=drafted(), signed_name="A", witness=None, by=staff(make_practitioner()))

        assert "must be approved" in words_of(refusal)

    def test_an_agreed_version_is_not_signed_twice(self):
        plan = agreed()

        with pytest.raises(ValidationError) as refusal:
            agree_plan(plan=plan, signed_name="Again", witness=None, by=staff(plan.practitioner))

        assert "agreed already" in words_of(refusal)
        assert Consent.objects.count() == 1

    def test_what_was_taken_back_is_agreed_anew_to_the_same_version(self):
        plan = agreed()
        withdraw_consent(consent=Consent.objects.get(), note="thinking", by=staff(plan.practitioner))
        assert not is_agreed(plan)

        again = agree_plan(plan=plan, signed_name="Anew", witness=None, by=staff(plan.practitioner))

        assert is_agreed(plan)
        assert list(Agreement.objects.in_force()) == [again]
        assert Agreement.objects.count() == 2  # what was signed first stays
        assert plan.versions.count() == 1
        assert chain.problems() == []

    def test_a_text_that_changed_since_it_was_shown_is_not_signed(self):
        install_treatment_text()
        plan = approved()
        shown = wording_for(plan.current_version).sha256
        plan.patient.full_name = "Somebody Else"
        plan.patient.save()

        with pytest.raises(ValidationError) as refusal:
            agree_plan(plan=plan, signed_name="A", witness=None, by=staff(plan.practitioner), shown_sha256=shown)

        assert "read it again" in words_of(refusal)
        assert not Consent.objects.exists()

    def test_two_plans_of_a_patient_have_two_agreements(self):
        patient = make_patient()
        practitioner = make_practitioner()

        for _time in range(2):
            agreed(patient=patient, practitioner=practitioner)

        assert Agreement.objects.count() == Consent.objects.count() == 2


class TestStopping:
    def test_a_plan_is_stopped_with_a_reason(self):
        plan = agreed()

        stop_plan(plan=plan, reason="Moved abroad.", by=staff(plan.practitioner))

        plan.refresh_from_db()
        assert (plan.state, plan.stopped_reason) == ("stopped", "Moved abroad.")

    def test_without_a_reason_it_goes_on(self):
        plan = drafted()

        with pytest.raises(ValidationError) as refusal:
            stop_plan(plan=plan, reason="  ", by=staff(plan.practitioner))

        assert refusal.value.message_dict == {"reason": ["Say why the plan is stopped."]}

    def test_what_is_booked_is_cancelled_first(self):
        plan = approved()
        make_appointment(planned_session=plan.planned_sessions.get(number=1))

        with pytest.raises(ValidationError) as refusal:
            stop_plan(plan=plan, reason="Enough.", by=staff(plan.practitioner))

        assert "Session 1 of 3 on 8 January 2035" in words_of(refusal)


class TestTouchUp:
    def complete_plan(self, *, last: date):
        plan = agreed()
        at = datetime.combine(last, datetime.min.time(), UTC) + timedelta(hours=10)
        done_visit(plan, number=1, at=at)
        plan.state = "complete"
        plan.save()
        return plan

    def draft(self, plan):
        return draft_touch_up(
            parent_plan=plan,
            practitioner=plan.practitioner,
            fields=whole_fields(),
            zones=[{"zone": "vertex"}],
            by=staff(plan.practitioner),
        )

    def test_it_is_one_session_of_its_parent(self):
        plan = self.complete_plan(last=timezone.localdate() - timedelta(days=30))

        touch_up = self.draft(plan)
        approve_plan(plan=touch_up, by=staff(plan.practitioner))

        version = touch_up.newest_version()
        assert (touch_up.kind, touch_up.parent_plan) == ("touch_up", plan)
        assert (version.session_count, len(version.estimate_minutes)) == (1, 1)
        assert [session.number for session in touch_up.planned_sessions.all()] == [None]

    def test_it_waits_for_thirty_days(self):
        plan = self.complete_plan(last=timezone.localdate() - timedelta(days=29))

        with pytest.raises(ValidationError) as refusal:
            self.draft(plan)

        assert "30 days after the last session" in words_of(refusal)

    def test_it_follows_a_complete_plan_only(self):
        with pytest.raises(ValidationError) as refusal:
            self.draft(agreed())

        assert "this one is agreed" in words_of(refusal)

    def test_it_does_not_follow_a_touch_up(self):
        touch_up = self.draft(self.complete_plan(last=timezone.localdate() - timedelta(days=40)))

        with pytest.raises(ValidationError):
            self.draft(touch_up)


class TestLadder:
    def test_installing_twice_keeps_what_the_clinic_edited(self):
        whole_fields()
        step = ShadeStep.objects.get(number=2)
        step.name = "Our own light"
        step.save()

        whole_fields()

        assert list(ShadeStep.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
        assert ShadeStep.objects.get(number=2).name == "Our own light"

    def test_each_step_is_darker_than_the_one_before(self):
        whole_fields()

        percents = [step.pigment_percent for step in ShadeStep.objects.all()]
        assert percents == sorted(set(percents))


def test_an_approved_version_stays_as_it_is_whatever_tries():
    plan = approved()

    with pytest.raises(DatabaseError), transaction.atomic():
        PlanVersion.objects.filter(plan=plan).update(price_minor=1)
