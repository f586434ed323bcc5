"""Random plans and visits, one action after another: the program allows, refuses and remembers what the model does.

Hypothesis chooses the actions. Each run of them happens in one transaction that is rolled back; after each action the
two are compared whole: what was allowed, the state of every plan and the place of every visit.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from planning.actions import booking
from planning.actions.plan import agree_plan, approve_plan, discard_draft, draft_plan, revise_plan, stop_plan
from planning.actions.touch_up import draft_touch_up
from planning.clashes import Clash, find_clashes
from planning.models import Appointment, TreatmentPlan
from sessions import actions as chair
from sessions.models import TreatmentSession
from smpclinic.actors import staff
from tests import make
from tests.planning.booking_makers import minute, open_clinic
from tests.planning.plan_makers import install_treatment_text, whole_fields
from tests.proofs.model_of_clinic import DAY, GAP_DAYS, TOUCH_UP_DAYS, Model, Plan, Visit
from tests.sessions import room as at_the_chair

STEPS, FULL_STEPS = 120, 10_000
STEPS_OF_A_RUN = 60
MOST_PLANS = 2
FIRST_HOUR_MIN = 7 * 60  # the program's clock begins at seven on the first Monday

pick = st.integers(0, 10_000)
# What is usual comes first: Hypothesis leans towards it.
days, quarters = st.integers(0, 13), st.sampled_from([40, 48, 56, *range(34, 72)])
counts = st.sampled_from([1, 2, 2, 3, 3, 4])

told: Counter = Counter()


def prove(*, full: bool, sabotage: bool, seed: int) -> dict[str, object]:
    told.clear()
    if sabotage:
        booking.find_clashes = _one_day_too_far
    wanted, found, runs = FULL_STEPS if full else STEPS, "", 0
    while told["steps"] < wanted and not found:
        found = _run(seed * 1_000_000 + runs)
        runs += 1
    return {
        "broken": bool(found) or not told["allowed"] or not told["refused"],
        "divergences": int(bool(found)),
        "first": found,
        **dict(sorted(told.items())),
    }


def _one_day_too_far(wanted, **besides):
    """The sabotage: ``<=`` for ``<``, so that sessions exactly the gap apart are refused."""
    return find_clashes(replace(wanted, gap_days=wanted.gap_days + 1), **besides)


def _run(seed: int) -> str:
    options = settings(
        max_examples=5,
        stateful_step_count=STEPS_OF_A_RUN,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seeded(seed)(Clinic), settings=options)
    except Diverged as divergence:
        return str(divergence)
    return ""


class Diverged(AssertionError):
    """The program and the model did not do the same."""


class Clinic(RuleBasedStateMachine):
    """The real clinic beside the model; ``plans`` and ``visits`` pair what belongs together."""

    def __init__(self):
        super().__init__()
        self.model = Model(now=FIRST_HOUR_MIN)
        self.plans: list[tuple[Plan, TreatmentPlan]] = []
        self.visits: list[tuple[Visit, Appointment]] = []
        self.records: dict[Visit, TreatmentSession] = {}
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.clock = time_machine.travel(0, tick=False)
        self.traveller = self.clock.start()
        clinic = open_clinic(time_zone="UTC")
        self.people = (clinic.practitioner, clinic.colleague)
        self.rooms = (clinic.room, clinic.other_room)
        self.learner = make.make_practitioner(qualified=False)
        self.patients = [make.make_patient() for _each in range(2)]
        self.fields = whole_fields()
        install_treatment_text()
        at_the_chair.install_day_questions()
        self.go_to(self.model.now)
        try:
            self.begin()
        except BaseException:
            self.teardown()  # Hypothesis asks it only of a machine that was built.
            raise

    def begin(self) -> None:
        """One plan is agreed and booked, so that there is something beside which to book, and to sign."""
        self._drafted(0, 2)
        self._approved(*self.plans[0], self.people[0])
        self._agreed(*self.plans[0])
        plan, stored = self.plans[0]
        for number, day in ((2, 3 + GAP_DAYS), (1, 3)):
            visit = Visit(plan, number, 0, 0, day * DAY + 10 * 60, 60)
            self.put(visit, stored.planned_sessions.get(number=number))

    @initialize(goes_on=st.sampled_from(["", "", "complete", "touch up"]))
    def begin_later(self, goes_on):
        """Some stories begin with that plan complete, some with its touch-up agreed: chance alone rarely gets there."""
        if goes_on:
            for _session in (1, 2):
                self.sign_next()
        if goes_on == "touch up":
            self.go_to((self.model.now // DAY + TOUCH_UP_DAYS) * DAY + FIRST_HOUR_MIN)
            self._touch_up(*self.plans[0])
            self._approved(*self.plans[1], self.people[0])
            self._agreed(*self.plans[1])

    def teardown(self):
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)
        self.clock.stop()

    def go_to(self, now: int) -> None:
        self.model.now = now
        self.traveller.move_to((minute(hour=0) + now) * 60)

    def both(self, is_allowed: bool, act) -> object:
        """Let the program act, and compare whether it did; what it made, where it did."""
        told["steps"] += 1
        try:
            with transaction.atomic():
                made = act()
        except (ValidationError, Clash) as refusal:
            told["refused"] += 1
            if is_allowed:
                raise Diverged(f"the program refuses what the model allows: {refusal}") from refusal
            return None
        told["allowed"] += 1
        told[act.__qualname__.split(".")[1]] += 1  # the rule that the act stands in
        if not is_allowed:
            raise Diverged(f"the program allows what the model refuses: {act.__qualname__}, {self.model}")
        return made

    def check(self) -> None:
        """Every plan and visit of the program is as the model has it."""
        for plan, stored in self.plans:
            stored.refresh_from_db()
            sessions = stored.planned_sessions.filter(is_dropped=False).count()
            if (stored.state, sessions) != (plan.state, plan.count):
                raise Diverged(f"plan is {stored.state} with {sessions} sessions, model: {plan}")
        for visit, stored in self.visits:
            stored.refresh_from_db()
            if (stored.state, stored.starts_min - minute(hour=0)) != (visit.state, visit.start):
                raise Diverged(f"visit is {stored.state} at {stored.starts_min - minute(hour=0)}, model: {visit}")
        for visit, record in self.records.items():
            if (record.amendments.count(), record.amendments.filter(kind="void").exists()) != (
                visit.corrections,
                visit.is_void,
            ):
                raise Diverged(f"record has {record.amendments.count()} corrections, model: {visit}")

    def a_plan(self, number):
        return self.plans[number % len(self.plans)]

    def a_visit(self, number):
        return self.visits[number % len(self.visits)]

    @property
    def by(self):
        return staff(self.people[0])

    # Plans

    @precondition(lambda self: len(self.plans) < MOST_PLANS)
    @rule(patient=st.integers(0, 1), count=counts)
    def draft(self, patient, count):
        self._drafted(patient, count)

    def _drafted(self, patient, count):
        plan = Plan(patient, is_touch_up=False, draft=count)
        made = self.both(
            self.model.may_draft(count),
            lambda: draft_plan(
                patient=self.patients[patient],
                practitioner=self.people[0],
                fields=self.fields | {"session_count": count},
                zones=[{"zone": "vertex"}],
                by=self.by,
            ),
        )
        self.keep(plan, made)

    def keep(self, plan: Plan, made: object) -> None:
        if made is not None:
            self.model.plans.append(plan)
            self.plans.append((plan, made))
        self.check()

    @precondition(lambda self: self.plans)
    @rule(number=pick)
    def touch_up(self, number):
        self._touch_up(*self.a_plan(number))

    def _touch_up(self, parent, stored):
        made = self.both(
            parent.state == "complete" and self.model.may_touch_up(parent),
            lambda: draft_touch_up(
                parent_plan=stored,
                practitioner=self.people[0],
                fields=self.fields,
                zones=[{"zone": "vertex", "dots_per_cm2": 30}],
                by=self.by,
            ),
        )
        self.keep(Plan(parent.patient, is_touch_up=True, draft=1), made)

    @precondition(lambda self: self.plans)
    @rule(number=pick, count=counts)
    def change(self, number, count):
        plan, stored = self.a_plan(number)
        fields = self.fields | {"session_count": count}
        is_done = self.both(
            self.model.may_change(plan, count),
            lambda: revise_plan(plan=stored, fields=fields, zones=[{"zone": "vertex"}], by=self.by),
        )
        if is_done:
            plan.draft, plan.state = count, "draft"
        self.check()

    @precondition(lambda self: self.plans)
    @rule(number=pick, is_qualified=st.sampled_from([True, True, True, False]))
    def approve(self, number, is_qualified):
        self._approved(*self.a_plan(number), self.people[0] if is_qualified else self.learner)

    def _approved(self, plan, stored, who):
        is_qualified = who != self.learner
        is_done = self.both(
            self.model.may_approve(plan, is_qualified), lambda: approve_plan(plan=stored, by=staff(who))
        )
        if is_done:
            plan.count, plan.draft, plan.state, plan.is_agreed = plan.draft, None, "approved", False
        self.check()

    @precondition(lambda self: self.plans)
    @rule(number=pick)
    def agree(self, number):
        self._agreed(*self.a_plan(number))

    def _agreed(self, plan, stored):
        is_done = self.both(
            self.model.may_agree(plan),
            lambda: agree_plan(plan=stored, signed_name="The patient", witness=self.people[0], by=self.by),
        )
        if is_done:
            plan.is_agreed = True
            plan.state = self.model.state_after_discard(plan)
        self.check()

    @precondition(lambda self: self.plans)
    @rule(number=pick)
    def discard(self, number):
        plan, stored = self.a_plan(number)
        if self.both(self.model.may_discard(plan), lambda: discard_draft(plan=stored, by=self.by)):
            plan.draft, plan.state = None, self.model.state_after_discard(plan)
        self.check()

    @precondition(lambda self: self.plans)
    @rule(number=pick, is_meant=st.sampled_from([True, *[False] * 7]))
    def stop(self, number, is_meant):
        plan, stored = self.a_plan(number)
        reason = "The patient moved away." if is_meant else "  "
        if self.both(is_meant and self.model.may_stop(plan), lambda: stop_plan(plan=stored, reason=reason, by=self.by)):
            plan.state = "stopped"
        self.check()

    # Visits

    @precondition(lambda self: any(plan.count for plan, _ in self.plans))
    @rule(
        number=pick,
        session=st.integers(0, 2),
        who=st.integers(0, 1),
        where=st.integers(0, 1),
        day=days,
        quarter=quarters,
    )
    def book(self, number, session, who, where, day, quarter):
        begun = [pair for pair in self.plans if pair[0].count]
        plan, stored = begun[number % len(begun)]
        planned = list(stored.planned_sessions.order_by("number"))[session % stored.planned_sessions.count()]
        start = (self.model.now // DAY + day) * DAY + quarter * 15
        self.put(Visit(plan, planned.number or 1, who, where, start, 60), planned)

    def put(self, visit: Visit, planned) -> None:
        made = self.both(self.model.may_place(visit), lambda: self._booked(visit, planned))
        if made is not None:
            self.model.visits.append(visit)
            self.visits.append((visit, made))
        self.check()

    @precondition(lambda self: self.visits)
    @rule(
        number=pick,
        session=st.sampled_from([1, 2, 0]),
        apart=st.sampled_from([2, 1, -2, -1, 3, 0]),
        later=st.sampled_from([0, *range(-5, 6)]),
    )
    def book_near(self, number, session, apart, later):
        """Beside a visit that is there: where one day or a quarter of an hour decides."""
        near, stored = self.a_visit(number)
        sessions = stored.planned_session.plan.planned_sessions.order_by("number")
        planned = sessions[session % sessions.count()]
        start = near.start + apart * DAY + later * 15
        self.put(Visit(near.plan, planned.number or 1, near.practitioner, near.room, start, 60), planned)

    def _booked(self, visit: Visit, planned) -> Appointment:
        return booking.book_appointment(
            kind="touch_up" if visit.plan.is_touch_up else "treatment",
            patient=self.patients[visit.plan.patient],
            practitioner=self.people[visit.practitioner],
            room=self.rooms[visit.room],
            starts_min=minute(hour=0) + visit.start,
            minutes=visit.minutes,
            planned_session=planned,
            by=self.by,
        )

    @precondition(lambda self: self.visits)
    @rule(number=pick, day=days, quarter=quarters)
    def move(self, number, day, quarter):
        visit, stored = self.a_visit(number)
        before, visit.start = visit.start, (self.model.now // DAY + day) * DAY + quarter * 15
        is_allowed = visit.state == "booked" and self.model.may_place(visit)
        visit.start, wanted = before, visit.start
        starts_min = minute(hour=0) + wanted
        if self.both(
            is_allowed, lambda: booking.move_appointment(appointment=stored, starts_min=starts_min, by=self.by)
        ):
            visit.start = wanted
        self.check()

    @precondition(lambda self: self.visits)
    @rule(number=pick, reason=st.sampled_from(["Ill", "Ill", ""]))
    def cancel(self, number, reason):
        visit, stored = self.a_visit(number)
        is_allowed = visit.state in ("booked", "no_show") and bool(reason)
        if self.both(is_allowed, lambda: booking.cancel_appointment(appointment=stored, reason=reason, by=self.by)):
            visit.state = "cancelled"
        self.check()

    @precondition(lambda self: self.visits)
    @rule(number=pick)
    def miss(self, number):
        visit, stored = self.a_visit(number)
        is_allowed = visit.state == "booked"
        if self.both(is_allowed, lambda: booking.change_state(appointment=stored, state="no_show", by=self.by)):
            visit.state = "no_show"
        self.check()

    @precondition(
        lambda self: any(visit.state == "booked" and visit.start >= self.model.now for visit, _ in self.visits)
    )
    @rule()
    def sign(self):
        self.sign_next()

    def sign_next(self):
        """The next visit happens: the patient comes, is treated, and the record is signed."""
        ahead = [pair for pair in self.visits if pair[0].state == "booked" and pair[0].start >= self.model.now]
        visit, stored = min(ahead, key=lambda pair: pair[0].start)
        self.go_to(visit.start)
        record = self.both(self.model.may_sign(visit), lambda: self._signed(stored))
        if record is not None:
            self.records[visit] = record
            visit.state = "done"
            visit.plan.state = self.model.state_after_signing(visit.plan)
            self.go_to(visit.end)
        self.check()

    def _signed(self, stored: Appointment):
        visit = booking.change_state(appointment=stored, state="arrived", by=self.by)
        by = staff(visit.practitioner)
        session = at_the_chair.settled(chair.open_session(appointment=visit, by=by), was_treated=True)
        chair.start_treatment(session=session, by=by)
        began = visit.starts_at
        self.traveller.move_to((minute(hour=0) + self.model.now + 45) * 60)
        at_the_chair.worked(session, started_at=began, stopped_at=began + timedelta(minutes=30))
        needle = make.make_lot(product=make.make_product(kind="needle"))
        chair.use_lot(session=session, lot=needle, count=1, by=by)
        chair.note_reaction(session=session, kinds=["redness"], by=by)
        return chair.sign_session(session=session, by=by)

    @precondition(lambda self: self.records)
    @rule(number=pick, words=st.sampled_from(["Depth was 1.1 mm.", " "]))
    def amend(self, number, words):
        visit, record = list(self.records.items())[number % len(self.records)]
        act = lambda: chair.amend_session(session=record, text=words, reason="Read again", by=self.by)  # noqa: E731
        if self.both(bool(words.strip()), act):
            visit.corrections += 1
        self.check()

    @precondition(lambda self: self.records)
    @rule(number=pick, reason=st.sampled_from(["Wrong patient", " "]))
    def void(self, number, reason):
        """The record no longer counts as performed: its session is still to come, and completes the plan later."""
        visit, record = list(self.records.items())[number % len(self.records)]
        is_allowed = bool(reason.strip()) and self.model.may_void(visit)
        if self.both(is_allowed, lambda: chair.void_session(session=record, reason=reason, by=self.by)):
            visit.corrections, visit.is_void = visit.corrections + 1, True
        self.check()

    @precondition(lambda self: not any(visit.state == "booked" for visit, _ in self.visits))
    @rule(passed=st.sampled_from([29, 31, 1]))
    def wait(self, passed):
        """Days pass while nothing is booked; the clock of both goes on to the next opening."""
        self.go_to((self.model.now // DAY + passed) * DAY + FIRST_HOUR_MIN)
