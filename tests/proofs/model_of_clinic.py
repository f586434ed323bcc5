"""A clinic in a hundred lines: what planning and booking must allow, said once more and as plainly as possible.

Minutes count from the first midnight, which begins a Monday; people, rooms and patients are numbers.
"""

from dataclasses import dataclass, field

DAY = 24 * 60
OPENS, CLOSES, CLEANING = 9 * 60, 18 * 60, 15
GAP_DAYS, TOUCH_UP_DAYS = 2, 30
OPEN_STATES = ("approved", "agreed", "in_treatment")
CLOSED_STATES = ("complete", "stopped")


@dataclass(eq=False)
class Plan:
    patient: int
    is_touch_up: bool
    state: str = "draft"
    count: int = 0  # sessions of the version in force; 0 before the first approval
    draft: int | None = None  # sessions of the version being written
    is_agreed: bool = False

    def sessions(self) -> list[int]:
        return list(range(1, self.count + 1))


@dataclass(eq=False)
class Visit:
    plan: Plan
    number: int
    practitioner: int
    room: int
    start: int
    minutes: int
    state: str = "booked"
    is_void: bool = False  # its record was taken out of use; the visit was held all the same
    corrections: int = 0  # amendments and voidings that stand beside its record

    day = property(lambda self: self.start // DAY)
    end = property(lambda self: self.start + self.minutes)
    is_active = property(lambda self: self.state in ("booked", "done"))


@dataclass
class Model:
    now: int = 0
    plans: list[Plan] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def active(self, plan: Plan) -> list[Visit]:
        return [visit for visit in self.visits if visit.plan is plan and visit.is_active]

    def may_draft(self, count: int) -> bool:
        return count in (2, 3)

    def may_touch_up(self, parent: Plan) -> bool:
        held = [visit.day for visit in self.visits if visit.plan is parent and visit.state == "done"]
        is_whole = not parent.is_touch_up and parent.state == "complete"
        return is_whole and self.now // DAY - max(held) >= TOUCH_UP_DAYS

    def may_change(self, plan: Plan, count: int) -> bool:
        return plan.state not in CLOSED_STATES and count in ((1,) if plan.is_touch_up else (2, 3))

    def may_approve(self, plan: Plan, is_qualified: bool) -> bool:
        is_left_out = any(visit.number > (plan.draft or 0) for visit in self.active(plan))
        return is_qualified and plan.draft is not None and plan.state not in CLOSED_STATES and not is_left_out

    def may_agree(self, plan: Plan) -> bool:
        return plan.state == "approved" and not plan.is_agreed

    def may_discard(self, plan: Plan) -> bool:
        return plan.draft is not None and plan.count > 0 and plan.state not in CLOSED_STATES

    def may_stop(self, plan: Plan) -> bool:
        is_ahead = any(visit.state == "booked" for visit in self.active(plan))
        return plan.state not in CLOSED_STATES and not is_ahead

    def may_place(self, visit: Visit) -> bool:
        """Whether a visit may stand where it is; for one that is moved, where it would be."""
        others = [each for each in self.visits if each is not visit and each.is_active]
        in_hours = visit.start % DAY >= OPENS and visit.start % DAY + visit.minutes <= CLOSES and visit.day % 7 != 6
        is_free = not any(self._clash(visit, other) for other in others)
        same = [other for other in others if other.plan is visit.plan]
        in_order = all(
            (other.number < visit.number) == (other.day < visit.day) and other.day != visit.day
            for other in same
            if other.number != visit.number
        )
        # A session that was broken off goes on another day: only one visit of it may lie ahead.
        is_new = all(other.number != visit.number or other.state != "booked" for other in same)
        return (
            visit.plan.state in OPEN_STATES
            and visit.number in visit.plan.sessions()
            and self.now <= visit.start
            and in_hours and is_free and in_order and is_new
        )  # fmt: skip

    @staticmethod
    def _clash(one: Visit, other: Visit) -> bool:
        people = one.start < other.end and other.start < one.end
        rooms = one.start < other.end + CLEANING and other.start < one.end + CLEANING
        is_close = abs(one.day - other.day) < GAP_DAYS
        return (
            (people and one.practitioner == other.practitioner)
            or (rooms and one.room == other.room)
            or (one.plan.patient == other.plan.patient and (people or is_close))
        )

    def may_sign(self, visit: Visit) -> bool:
        return visit.state == "booked" and visit.plan.state in ("agreed", "in_treatment")

    def may_void(self, visit: Visit) -> bool:
        return visit.state == "done" and not visit.is_void

    def state_after_discard(self, plan: Plan) -> str:
        is_held = any(visit.state == "done" for visit in self.active(plan))
        return ("in_treatment" if is_held else "agreed") if plan.is_agreed else "approved"

    def state_after_signing(self, plan: Plan) -> str:
        done = {visit.number for visit in self.active(plan) if visit.state == "done" and not visit.is_void}
        return "complete" if done >= set(plan.sessions()) else "in_treatment"
